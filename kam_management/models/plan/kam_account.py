from odoo import api, fields, models

from ..common import clock
from .kam_plan import STATES


class KamAccount(models.Model):
    """The plans for a customer."""

    _inherit = "kam.account"

    plan_ids = fields.One2many("kam.plan", "account_id", string="Service Plans")
    plan_id = fields.Many2one(
        "kam.plan",
        "Current Plan",
        compute="_compute_plan_id",
        help="The current plan, otherwise the next one, otherwise the last one.",
    )

    plan_state = fields.Selection(STATES, "Plan Status", compute="_compute_plan_id")

    @api.depends("plan_ids.date_start", "plan_ids.date_end", "plan_ids.state")
    def _compute_plan_id(self):
        """Find the plan of today, the next, or the last, in one query for all."""
        today = clock.today()
        plans = self.env["kam.plan"].search_fetch(
            [("account_id", "in", self.ids)],
            ["account_id", "date_start", "date_end", "state"],
            order="date_start",
        )
        by_account = plans.grouped("account_id")
        for account in self:
            mine = by_account.get(account, plans.browse())
            coming = mine.filtered(lambda plan: plan.date_end >= today)
            account.plan_id = (coming or mine[::-1])[:1]
            account.plan_state = account.plan_id.state

    def action_open_plan(self):
        """Open the current plan, or begin one.

        :return: action on ``kam.plan`` or ``kam.plan.new``
        """
        self.ensure_one()
        if not self.plan_id:
            return self.action_new_plan()
        action = self._prepare_records_action("kam_management.kam_plan_action")
        return {**action, "res_id": self.plan_id.id, "views": [(False, "form")]}

    def action_new_plan(self):
        """Open the dialog that makes a plan from a template.

        :return: action on ``kam.plan.new``
        """
        action = self._prepare_records_action("kam_management.kam_plan_new_action")
        action["context"] = {"default_account_id": self.id}
        return action

    def _find_work(self, user):
        in_work = [("state", "!=", "closed")]
        return [
            *super()._find_work(user),
            *self._search_work(self.env["kam.plan"], user, in_work),
        ]
