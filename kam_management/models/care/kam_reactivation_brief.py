from odoo import api, fields, models
from odoo.fields import Domain

from ..common import formats
from ..contact.kam_cadence import PERSONAL

# So many categories are told.
MOST_BOUGHT = 5


class KamReactivation(models.Model):
    """What one should know before one calls a customer who has fallen silent."""

    _inherit = "kam.reactivation"

    bought = fields.Text("What They Bought", compute="_compute_bought")
    touch_ids = fields.One2many(
        related="account_id.touch_ids", string="Last Conversations"
    )
    complaint_ids = fields.One2many(related="account_id.complaint_ids")
    stakeholder_ids = fields.One2many(
        related="account_id.stakeholder_ids", string="Who Knows Them"
    )
    attempt_count = fields.Integer(
        "Attempts",
        compute="_compute_attempt_count",
        help="Personal contacts of ours since the case was opened.",
    )

    @api.depends("account_id")
    def _compute_bought(self):
        """Tell the categories they bought most of, up to the last purchase."""
        for case in self:
            sales = self.env["kam.sale"].with_context(
                kam_account_ids=case.account_id.ids
            )
            groups = sales._read_group(
                [("account_id", "=", case.account_id.id)],
                ["categ_id"],
                ["amount:sum", "date:max"],
                order="amount:sum desc",
                limit=MOST_BOUGHT,
            )
            case.bought = "\n".join(
                self.env._(
                    "%(category)s: %(amount)s, last on %(day)s",
                    category=category.name or self.env._("Other"),
                    amount=formats.money(self.env, amount, case.currency_id),
                    day=formats.day(self.env, day),
                )
                for category, amount, day in groups
            )

    @api.depends("account_id", "date", "date_closed")
    def _compute_attempt_count(self):
        for case in self:
            case.attempt_count = len(case._get_attempts())

    def _get_attempts(self):
        """Return our personal contacts with the customer while the case was open."""
        self.ensure_one()
        if not self.date:
            return self.env["kam.touch"]
        domain = PERSONAL & Domain("account_id", "=", self.account_id.id)
        domain &= Domain("date", ">=", str(self.date)) & Domain("direction", "=", "out")
        if self.date_closed:
            domain &= Domain("date", "<", f"{self.date_closed} 23:59:59")
        return self.env["kam.touch"].search(domain)

    def action_start_sequence(self):
        """Open the dialog that schedules the attempts to win them back."""
        self.ensure_one()
        action = self.account_id.action_start_sequence()
        plan = self.env.ref("kam_management.plan_win_back", raise_if_not_found=False)
        if plan:
            action["context"] = {**action["context"], "default_plan_id": plan.id}
        return action

    def action_log_touch(self):
        """Open the Talk dialog with this customer."""
        self.ensure_one()
        return self.account_id.action_log_touch()

    def action_new_deal(self):
        """Hand it to a developer: who wins them back does so as a new deal."""
        self.ensure_one()
        self.check_access("write")
        account = self.account_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Deal"),
            "res_model": "crm.lead",
            "views": [(False, "form")],
            "context": {
                "default_type": "opportunity",
                "default_partner_id": account.partner_id.id,
                "default_user_id": account.developer_id.id or self.env.uid,
                "default_company_id": self.company_id.id,
            },
        }
