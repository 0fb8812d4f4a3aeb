from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..common import formats
from .day import Reason
from .kam_cockpit_day import MOST

# A complaint is looked after so many days before it has to be solved.
COMPLAINT_DAYS = 7


class KamCockpit(models.AbstractModel):
    """My Day: what asks for care at the customers of the user."""

    _inherit = "kam.cockpit"

    @api.model
    def _get_reason_kinds(self):
        return [
            *super()._get_reason_kinds(),
            (self.env._("complaints"), self._find_complaints),
            (self.env._("complaints to assign"), self._find_unassigned),
            (self.env._("plans to update"), self._find_stale_plans),
            (self.env._("key accounts in poor health"), self._find_poor_health),
            (self.env._("decisions to carry out"), self._find_decisions),
        ]

    @api.model
    def _find_unassigned(self):
        """Return, to a head of sales, the mails that wait to become a complaint."""
        if not self._is_head():
            return []
        mails = self.env["kam.complaint.mail"].search(
            [("complaint_id", "=", False)], order="create_date, id", limit=MOST
        )
        today = self._get_today()
        return [
            Reason(
                mail,
                self.env._(
                    "Complaint by mail from %(sender)s: %(name)s",
                    sender=mail.email_from or "",
                    name=mail.name,
                ),
                (today - mail.create_date.date()).days,
                button=self._prepare_open(mail),
            )
            for mail in mails
        ]

    @api.model
    def _find_complaints(self):
        """Return the complaints the user answers for that are due within days, or should
        have been answered by now.
        """
        today = self._get_today()
        soon = Domain("date_due", "<=", str(today + timedelta(days=COMPLAINT_DAYS)))
        mine = Domain("user_id", "in", self._get_people())
        mine |= Domain("account_id.manager_id", "in", self._get_people())
        complaints = self.env["kam.complaint"].search(
            Domain("state", "=", "open")
            & mine
            & (soon | self.env["kam.complaint"]._get_unanswered_domain()),
            order="date_due, id",
            limit=MOST,
        )
        return [self._prepare_complaint(complaint, today) for complaint in complaints]

    @api.model
    def _prepare_complaint(self, complaint, today):
        """Return the reason that a complaint is.

        One that should have been answered is late from that day on.
        """
        days, text = (
            (today - complaint.date_due).days,
            self.env._("Complaint: %(name)s"),
        )
        if complaint.is_answer_late:
            days = max(days, (today - complaint.answer_due.date()).days)
            text = self.env._("Complaint not answered: %(name)s")
        return Reason(
            complaint,
            self._tell_due(text % {"name": complaint.name}, complaint.date_due),
            days,
            complaint.account_id,
            button=self._prepare_open(complaint),
        )

    @api.model
    def _prepare_complaints_card(self, members):
        """Return the card of the complaints that are late, or not answered in time.

        :param members: ids of users: only theirs; None: all
        """
        today = self._get_today()
        late = Domain("date_due", "<", str(today))
        unanswered = self.env["kam.complaint"]._get_unanswered_domain()
        domain = Domain("company_id", "=", self.env.company.id)
        domain &= Domain("state", "=", "open") & (late | unanswered)
        if members is not None:
            domain &= Domain("user_id", "in", members)

        def row(complaint):
            return {
                "title": complaint.customer_id.display_name,
                "note": complaint.name,
                **self._prepare_due(complaint.date_due),
            }

        return self._prepare_card(
            "complaints",
            self.env._("Complaints Not in Time"),
            "fa-exclamation-triangle",
            "kam.complaint",
            domain,
            late,
            "date_due, id",
            row=row,
            empty={"text": self.env._("All complaints are in time.")},
        )

    @api.model
    def _find_stale_plans(self):
        """Return the plans of the user that nobody works by."""
        in_force = self.env["kam.plan"]._get_in_force_domain()
        plans = self.env["kam.plan"].search(
            Domain("user_id", "in", self._get_people())
            & in_force
            & Domain("is_stale", "=", True),
            order="date_end, id",
            limit=MOST,
        )
        return [
            Reason(
                plan,
                self.env._("Plan: %(why)s", why=plan.stale_reason or plan.name),
                account=plan.account_id,
                button=self._prepare_open(plan),
            )
            for plan in plans
        ]

    @api.model
    def _find_poor_health(self):
        """Return the key accounts of the user that are in poor health."""
        accounts = self.env["kam.account"].search(
            [
                ("manager_id", "in", self._get_people()),
                ("is_key_account", "=", True),
                ("health_band", "=", "poor"),
            ],
            order="revenue desc, id",
            limit=MOST,
        )
        return [
            Reason(
                account,
                self.env._(
                    "Health %(health)s, %(trend)s in a month",
                    health=account.health,
                    trend=formats.number(self.env, account.health_trend, signed=True),
                ),
                account=account,
                button=self._prepare_talk(account, "action_log_touch"),
            )
            for account in accounts
        ]

    @api.model
    def _find_decisions(self):
        """Return the decisions about quotas that the user carries out."""
        today = self._get_today()
        decisions = self.env["kam.quota.decision"].search(
            [("state", "=", "decided"), ("owner_id", "=", self.env.uid)],
            order="date_due, id",
            limit=MOST,
        )
        return [
            Reason(
                decision,
                self._tell_due(decision.decision or "", decision.date_due),
                (today - decision.date_due).days if decision.date_due else 0,
                button=self._prepare_open(decision),
            )
            for decision in decisions
        ]

    @api.model
    def _prepare_open(self, record):
        """Return the button that opens a record to deal with it."""
        return {
            **self._prepare_button(
                record, "get_formview_action", self.env._("Open"), "fa-arrow-right"
            ),
            "action": {
                "type": "ir.actions.act_window",
                "res_model": record._name,
                "res_id": record.id,
                "views": [[False, "form"]],
                "target": "current",
            },
        }
