from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock, formats
from .kam_cadence import PERSONAL


class KamAccount(models.Model):
    """How we are in contact with the customer: log it, plan it, ask how it is."""

    _inherit = "kam.account"

    touch_ids = fields.One2many("kam.touch", "account_id", string="Touches")
    touch_count = fields.Integer(
        "Touches (12 Months)",
        compute="_compute_touch_count",
        help="Personal contacts of the last 12 months; newsletters and the like do not"
        " count.",
    )
    survey_ids = fields.One2many("kam.survey", "account_id", string="Surveys")
    communication_ids = fields.Many2many(
        "kam.communication",
        string="Planned Communication",
        compute="_compute_communication_ids",
        help="Newsletters, calls and events planned for this customer.",
    )

    @api.depends_context("uid")
    def _compute_touch_count(self):
        counts = dict(
            self.env["kam.touch"]._read_group(
                Domain("account_id", "in", self.ids) & self._get_touches_of_year(),
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.touch_count = counts.get(account, 0)

    @api.model
    def _get_touches_of_year(self):
        """Return the domain of the touches that count as those of the last 12 months."""
        year_ago = clock.today() - relativedelta(years=1)
        return PERSONAL & Domain("date", ">", year_ago)

    def _compute_communication_ids(self):
        plans = self.env["kam.communication"].search(Domain.TRUE)
        by_account = plans._read_reach(
            ["account_id"],
            ["communication_id:recordset"],
            Domain("account_id", "in", self.ids),
        )
        meant = {account.id: plans.ids for account, plans in by_account}
        for account in self:
            account.communication_ids = meant.get(account._origin.id)

    def action_log_touch(self):
        """Open the Talk dialog for this customer."""
        self.ensure_one()
        return self.env["kam.touch"]._prepare_talk_action(account_id=self.id)

    def action_start_sequence(self):
        """Open the dialog that schedules a whole plan of activities."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start Sequence"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "active_id": self.id,
                "plan_mode": True,
            },
        }

    def action_ask_survey(self):
        """Open a survey to send to a person of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Survey"),
            "res_model": "kam.survey",
            "views": [
                (self.env.ref("kam_management.kam_survey_view_form_quick").id, "form")
            ],
            "target": "new",
            "context": {
                "default_account_id": self.id,
                "default_partner_id": self._get_person_to_ask().id,
            },
        }

    def action_view_touches(self):
        """Open the touches of this account, ready to add one in a line.

        Those that are counted, until the user removes the filters.
        """
        action = self._prepare_records_action("kam_management.kam_touch_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {
            "default_account_id": self.id,
            "search_default_personal": 1,
            "search_default_last_year": 1,
        }
        return action

    def action_view_surveys(self):
        """Open the surveys of this account with their trend."""
        action = self._prepare_records_action("kam_management.kam_survey_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id}
        return action

    def _filter_with_history(self):
        """Keep accounts with touches too."""
        return super()._filter_with_history() | self.filtered("touch_ids")

    def _update_now(self):
        """Bring these accounts up to date within this transaction.

        :return: whether it was done; while another refresh runs, it is left to the queue
        """
        # sudo: which customers these are, and nothing else
        pairs = [(a.company_id, a.partner_id) for a in self.sudo()]
        return bool(pairs) and self.env["kam.account.event"]._process_now(pairs)

    def _get_person_to_ask(self):
        """Return whom we were last in contact with and who has a mail address."""
        touch = self.env["kam.touch"].search(
            [("account_id", "=", self.id), ("partner_id.email", "!=", False)], limit=1
        )
        return touch.partner_id or self.env["res.partner"].search(
            [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("email", "!=", False),
            ],
            order="is_company, id",
            limit=1,
        )

    def _tell_touches(self):
        """Return how long ago somebody was reached, and how often it should be."""
        last, age = self.last_reached_date, None
        if last:
            age = self.env._("on %(day)s", day=formats.day(self.env, last))
        ago = (
            formats.ago(self.env, (clock.today() - last).days)
            if last
            else self.env._("no conversation yet")
        )
        frequency = formats.duration(self.env, self.rhythm_days)
        words = self.env._("%(ago)s · contact every %(days)s", ago=ago, days=frequency)
        return words, age
