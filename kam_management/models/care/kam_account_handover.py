from odoo import api, fields, models


class KamAccount(models.Model):
    """Who looks after this customer is changing, or has changed."""

    _inherit = "kam.account"

    handover_ids = fields.One2many("kam.handover", "account_id", "Handovers")
    handover_id = fields.Many2one(
        "kam.handover", "Running Handover", compute="_compute_handover_id"
    )

    @api.depends("handover_ids.state")
    def _compute_handover_id(self):
        """Find the handover under way, in one query for all accounts."""
        Handover = self.env["kam.handover"]
        running = Handover.search(
            [("account_id", "in", self.ids), *Handover._get_open()]
        )
        by_account = running.grouped("account_id")
        for account in self:
            account.handover_id = by_account.get(account._origin)

    def action_hand_over(self):
        """Open the handover under way, or the dialog that begins one of these accounts.

        :return: action on ``kam.handover`` or ``kam.handover.new``
        """
        self.check_access("read")
        if len(self) == 1 and self.handover_id:
            return self.handover_id.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_handover_new_action"
        )
        action["context"] = {"default_account_ids": self.ids}
        return action

    def action_view_handovers(self):
        """Open the handovers of this account."""
        action = self._prepare_records_action("kam_management.kam_handover_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id}
        return action

    def _filter_with_history(self):
        """Keep accounts with handovers too: somebody has typed them in."""
        return super()._filter_with_history() | self.filtered("handover_ids")

    def _get_activity_records(self):
        return {
            **super()._get_activity_records(),
            "kam.handover": lambda handover: handover.account_id,
        }
