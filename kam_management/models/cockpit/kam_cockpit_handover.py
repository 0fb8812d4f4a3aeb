from odoo import api, models
from odoo.fields import Domain

from .day import Reason
from .kam_cockpit_day import MOST


class KamCockpit(models.AbstractModel):
    """My Day and My Managers: customers whom somebody else takes over."""

    _inherit = "kam.cockpit"

    @api.model
    def _get_reason_kinds(self):
        return [
            *super()._get_reason_kinds(),
            (self.env._("handovers"), self._find_handovers),
        ]

    @api.model
    def _find_handovers(self):
        """Return the open handovers in which the user hands over or takes over; to a head
        of sales also those that nobody takes over yet.
        """
        Handover = self.env["kam.handover"]
        mine = Domain.OR(
            Domain(name, "in", self._get_people())
            for name in ("user_id", "manager_id", "project_manager_id")
        )
        if self._is_head():
            mine |= Domain("manager_id", "=", False) & Domain(
                "project_manager_id", "=", False
            )
        handovers = Handover.search(
            Handover._get_open() & mine, order="date_due, id", limit=MOST
        )
        today = self._get_today()
        return [
            Reason(
                handover,
                self._tell_due(
                    self.env._(
                        "Handover: %(step)s",
                        step=handover.next_step or self.env._("complete it"),
                    ),
                    handover.date_due,
                ),
                (today - handover.date_due).days,
                handover.account_id,
                button=self._prepare_open(handover),
            )
            for handover in handovers
        ]

    @api.model
    @api.readonly
    def get_managers_cards(self, team_id=False, period="month", previous=False):
        """Add the card of the handovers that are late, or may cost us the customer."""
        result = super().get_managers_cards(team_id, period, previous)
        members = self._find_members(team_id, period, previous)
        result["cards"].append(self._prepare_handovers_card(members))
        return result

    @api.model
    def _prepare_handovers_card(self, members):
        """Return the card of the handovers that need a head of sales.

        :param members: ids of users: only theirs; None: all
        """
        Handover = self.env["kam.handover"]
        alarming, late = Handover._get_alarming_domain(), Handover._get_late_domain()
        domain = Domain("company_id", "=", self.env.company.id) & (alarming | late)
        if members is not None:
            domain &= Domain("user_id", "in", members) | Domain(
                "manager_id", "in", members
            )

        def row(handover):
            return {
                "title": handover.display_name,
                "note": handover.next_step or "",
                **self._prepare_due(handover.date_due),
            }

        return self._prepare_card(
            "handovers",
            self.env._("Handovers at Risk or Late"),
            "fa-exchange",
            "kam.handover",
            domain,
            late,
            "date_due, id",
            row=row,
            empty={"text": self.env._("No handover is late or at risk.")},
        )
