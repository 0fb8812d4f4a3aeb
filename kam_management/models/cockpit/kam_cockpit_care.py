from datetime import timedelta

from odoo import api, models, tools
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
            (self.env._("customers to win back"), self._find_reactivations),
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
                    "Complaint by mail from %(sender)s",
                    sender=tools.email_normalize(mail.email_from)
                    or mail.email_from
                    or "",
                ),
                (today - mail.create_date.date()).days,
                button=self._prepare_open(mail),
            )
            for mail in mails
        ]

    @api.model
    def _find_complaints(self):
        """Return the complaints that are next, see ``_get_complaints_domain``."""
        today = self._get_today()
        complaints = self.env["kam.complaint"].search(
            self._get_complaints_domain(), order="date_due, id", limit=MOST
        )
        return [self._prepare_complaint(complaint, today) for complaint in complaints]

    @api.model
    def _get_complaints_domain(self):
        """Return the domain of the complaints the user answers for of which the first
        answer, or the solution, is due within days.
        """
        end = self._get_today() + timedelta(days=COMPLAINT_DAYS)
        soon = Domain("date_due", "<=", str(end))
        soon |= self.env["kam.complaint"]._get_unanswered_domain(str(end))
        mine = Domain("user_id", "in", self._get_people())
        mine |= Domain("account_id.manager_id", "in", self._get_people())
        return Domain("state", "=", "open") & mine & soon

    @api.model
    def _prepare_complaint(self, complaint, today):
        """Return the reason that a complaint is.

        It tells what comes next: the first answer, then the solution.
        """
        due, name = complaint._get_next_due(), complaint.name
        if complaint.is_answer_late:
            text = self.env._("Complaint not answered: %(name)s", name=name)
        elif complaint.date_answered or not complaint.answer_due:
            text = self.env._("Complaint: %(name)s", name=name)
        else:
            text = self.env._("First answer to complaint: %(name)s", name=name)
        return Reason(
            complaint,
            self._tell_due(text, due),
            (today - min(due, complaint.date_due)).days,
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
                **self._prepare_due(complaint._get_next_due()),
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
    def _find_reactivations(self):
        """Return the dormant customers the user is to win back, with nothing planned.

        Who is at risk and not dormant yet is a reason of its own.
        """
        today = self._get_today()
        cases = self.env["kam.reactivation"].search(
            [
                ("state", "=", "open"),
                ("user_id", "in", self._get_people()),
                ("dormant_date", "!=", False),
                ("account_id.activity_ids", "=", False),
                ("activity_ids", "=", False),
            ],
            order="worth desc, id",
            limit=MOST,
        )
        return [
            Reason(
                case,
                self.env._(
                    "Win back: dormant since %(day)s, plan the next attempt",
                    day=formats.day(self.env, case.dormant_date, short=True),
                ),
                (today - case.dormant_date).days,
                case.account_id,
                button=self._prepare_open(case),
            )
            for case in cases
        ]

    @api.model
    def _prepare_reactivations_card(self, members):
        """Return the card of the customers to win back, the most at stake first.

        :param members: ids of users: only theirs; None: all
        """
        domain = Domain("company_id", "=", self.env.company.id)
        domain &= Domain("state", "=", "open")
        if members is not None:
            domain &= Domain("user_id", "in", members)
        unled = Domain("user_id", "=", False)

        def row(case):
            return {
                "title": case.account_id.display_name,
                # sudo: who of us tries
                "note": case.sudo().user_id.name or self.env._("Nobody tries yet"),
                "amount": case.worth,
                "currency_id": case.currency_id.id,
            }

        return self._prepare_card(
            "reactivations",
            self.env._("Customers to Win Back"),
            "fa-undo",
            "kam.reactivation",
            domain,
            unled,
            "worth desc, id",
            row=row,
            empty={"text": self.env._("No A, B or key account has stopped buying.")},
        )

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
