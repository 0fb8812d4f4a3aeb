from odoo import fields, models


class KamAccount(models.Model):
    """The months of an account."""

    _inherit = "kam.account"

    month_ids = fields.One2many("kam.account.month", "account_id", string="Months")

    def action_view_months(self):
        """Open the revenue and the segments of this account, month by month."""
        action = self._prepare_records_action("kam_management.kam_account_month_action")
        action["domain"] = [("account_id", "=", self.id)]
        return action

    def _merge_relations(self, survivor):
        self.env["kam.account.month"]._merge(self, survivor)
        # sudo: figures of the company, of whoever was the largest
        self.env["kam.portfolio.month"].sudo().search(
            [("largest_account_id", "in", self.ids)]
        ).largest_account_id = survivor
        # sudo: alarms are the app's own
        self.env["kam.portfolio.alarm"].sudo().search(
            [("account_id", "in", self.ids)]
        ).account_id = survivor
        return super()._merge_relations(survivor)
