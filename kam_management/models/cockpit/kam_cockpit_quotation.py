from odoo import api, models
from odoo.fields import Domain

from ..common import formats
from .day import Reason
from .kam_cockpit_day import MOST


class KamCockpit(models.AbstractModel):
    """My Day: sent quotations nobody speaks about, concessions that wait for a head."""

    _inherit = "kam.cockpit"

    @api.model
    def _get_reason_kinds(self):
        return [
            *super()._get_reason_kinds(),
            (self.env._("silent quotations"), self._find_silent_quotations),
            (self.env._("concessions to be approved"), self._find_waiting),
        ]

    @api.model
    def _find_waiting(self):
        """Return the concessions that the user has asked for, and nobody has decided."""
        today = self._get_today()
        asked = self.env["kam.concession.approval"].search(
            Domain("state", "=", "requested") & Domain("user_id", "=", self.env.uid),
            order="date, id",
            limit=MOST,
        )
        # sudo: whose quotations these are, whatever the customer's company
        accounts = self._keep_visible({one: one.sudo().account_id for one in asked})
        return [
            Reason(
                one,
                self.env._(
                    "Quotation %(name)s waits for approval: concedes %(value)s",
                    name=one.sudo().order_id.name,
                    value=one._tell_value(),
                ),
                (today - one.date).days - 1,
                accounts.get(one),
                button=self._prepare_open(one),
            )
            for one in asked
        ]

    @api.model
    def _find_silent_quotations(self):
        """Return the quotations of the user that nobody has asked for, or answered."""
        today, rates = self._get_today(), {}
        orders = self.env["sale.order"].search(
            Domain("kam_is_silent", "=", True)
            & Domain("user_id", "in", self._get_people()),
            order="kam_silent_since, id",
            limit=MOST,
        )
        # sudo: whose quotations these are, whatever the customer's company
        accounts = self._keep_visible({o: o.sudo().kam_account_id for o in orders})
        return [
            Reason(
                order,
                self.env._(
                    "Quotation %(name)s silent for %(days)s",
                    name=order.name,
                    days=formats.duration(self.env, days),
                ),
                # sudo: the settings of the company
                days - order.company_id.sudo().kam_silence_days,
                accounts.get(order),
                self._get_order_worth(order, rates),
                self._prepare_talk(order, "action_kam_log_touch"),
            )
            for order in orders
            for days in [(today - order.kam_silent_since).days]
        ]

    @api.model
    def _find_concessions(self):
        """Return the concessions beyond a limit that wait for a head of sales."""
        return [
            self._prepare_matter(
                approval,
                "fa-level-down",
                self._get_title(approval.account_id or approval),
                self._tell_concession(approval),
                approval.date,
                [
                    self._prepare_button(
                        approval, "action_approve", self.env._("Approve"), "fa-check"
                    ),
                    {
                        **self._prepare_deciding(
                            approval, "kam_concession_approval_view_form_decide"
                        ),
                        "label": self.env._("Refuse"),
                        "icon": "fa-times",
                    },
                ],
            )
            for approval in self._search_matters("kam.concession.approval")
        ]

    @api.model
    def _tell_concession(self, approval):
        """Return in one line what is conceded, who asks, why and for what in return."""
        reasons = dict(approval._fields["reason"]._description_selection(self.env))
        why = filter(None, (reasons.get(approval.reason), approval.in_return))
        return " · ".join(
            [
                self.env._(
                    "%(order)s concedes %(value)s: %(user)s",
                    order=self._get_title(approval),
                    value=approval._tell_value(),
                    user=approval.user_id.name or "",
                ),
                *why,
            ]
        )
