from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..account.kam_account_overview import ANSWER_DAYS
from ..deal.kam_tender_participant import CUSTOMER
from .day import Reason
from .kam_cockpit_day import MOST

# An objection of longer ago is no matter of today.
OBJECTION_DAYS = 60


class KamCockpit(models.AbstractModel):
    """My Day: what the deals of the user ask for."""

    _inherit = "kam.cockpit"

    @api.model
    def _get_reason_kinds(self):
        return [
            *super()._get_reason_kinds(),
            (self.env._("contacts with participants of tenders"), self._find_tenders),
            (self.env._("decisions that are due"), self._find_deal_decisions),
            (self.env._("pilot projects that end"), self._find_pilots),
            (self.env._("open objections"), self._find_objections),
        ]

    @api.model
    def _find_tenders(self):
        """Return the participants of the user's tenders who are to be contacted by now."""
        today = self._get_today()
        running = self.env["kam.tender"]._get_open_domain()
        participants = self.env["kam.tender.participant"].search(
            Domain("kind", "=", CUSTOMER)
            & Domain("frequency_days", ">", 0)
            & Domain(
                "tender_id",
                "any",
                running & Domain("user_id", "in", self._get_people()),
            )
        )
        due = participants.filtered(lambda one: one.next_touch_date <= today)
        due = due.sorted("next_touch_date")[:MOST]
        tenders = due.tender_id
        accounts = self._keep_visible({one: one.sudo().account_id for one in tenders})
        return [
            Reason(
                one.tender_id,
                self._tell_due(
                    self.env._(
                        "Tender: contact with %(name)s",
                        # sudo: of the participant that the user sees
                        name=one.partner_id.sudo().name,
                    ),
                    one.next_touch_date,
                ),
                (today - one.next_touch_date).days,
                accounts.get(one.tender_id),
                button=self._prepare_talk(one, "action_log_touch"),
            )
            for one in due
        ]

    @api.model
    def _find_deal_decisions(self):
        """Return the deals of the user whose decision date has passed."""
        today = self._get_today()
        leads = self.env["crm.lead"].search(
            self.env["crm.lead"]._get_kam_overdue_domain(today)
            & Domain("user_id", "in", self._get_people()),
            order="expected_revenue desc, id",
            limit=MOST,
        )
        # sudo: whose deals these are, whatever the customer's company
        accounts = self._keep_visible({one: one.sudo().kam_account_id for one in leads})
        rates = {}
        return [
            Reason(
                lead,
                self._tell_deal_decision(lead),
                (today - (lead.date_deadline or lead.kam_proposed_date)).days,
                accounts.get(lead),
                self._get_rate(lead._get_kam_company(), rates) * lead.expected_revenue,
                button=self._prepare_talk(lead, "action_kam_log_touch"),
            )
            for lead in leads
        ]

    @api.model
    def _tell_deal_decision(self, lead):
        """Return what is to be done where a decision is due: ask, or find out when."""
        if not lead.date_deadline:
            return self.env._(
                "“%(deal)s”: ask when they decide, the proposed date has passed",
                deal=lead.name,
            )
        what = self.env._("Decision on “%(deal)s”", deal=lead.name)
        return self._tell_due(what, lead.date_deadline)

    @api.model
    def _find_pilots(self):
        """Return the pilot projects of the user that are to be evaluated by now."""
        today = self._get_today()
        pilots = self.env["kam.pilot"].search(
            Domain("state", "=", "running")
            & Domain("date_end", "<=", str(today))
            & Domain("lead_id.user_id", "in", self._get_people()),
            order="date_end, id",
            limit=MOST,
        )
        # sudo: whose pilots these are, whatever the customer's company
        accounts = self._keep_visible({one: one.sudo().account_id for one in pilots})
        return [
            Reason(
                pilot,
                self._tell_due(
                    self.env._("Evaluate the pilot “%(name)s”", name=pilot.name),
                    pilot.date_end,
                ),
                (today - pilot.date_end).days,
                accounts.get(pilot),
            )
            for pilot in pilots
        ]

    @api.model
    def _find_objections(self):
        """Return the objections to the user that are not answered yet."""
        today = self._get_today()
        objections = self.env["kam.objection"].search(
            Domain("worked", "=", "open")
            & Domain("kind", "=", "objection")
            & Domain("user_id", "in", self._get_people())
            & Domain("date", ">=", str(today - timedelta(days=OBJECTION_DAYS))),
            order="date, id",
            limit=MOST,
        )
        # sudo: whose objections these are, whatever the customer's company
        accounts = self._keep_visible({o: o.sudo().account_id for o in objections})
        return [
            Reason(
                objection,
                self.env._("Objection is open: %(what)s", what=objection.name),
                (today - objection.date).days - ANSWER_DAYS,
                accounts.get(objection),
            )
            for objection in objections
        ]
