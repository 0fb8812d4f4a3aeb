from odoo import fields, models
from odoo.exceptions import UserError

ACCOUNTING = "account.group_account_invoice"


class KamComplaint(models.Model):
    """What was credited for a complaint, by Odoo's own credit notes."""

    _inherit = "kam.complaint"

    credit_ids = fields.Many2many(
        "account.move",
        "kam_complaint_credit_rel",
        "complaint_id",
        "move_id",
        "Credit Notes",
        readonly=True,
        copy=False,
        groups=ACCOUNTING,
        help="Credit notes that were made because of this complaint.",
    )

    def action_credit(self):
        """Open Odoo's dialog to credit the invoice of the order.

        :raise AccessError: when the user may not make credit notes
        :raise UserError: when there is no posted invoice
        """
        self.ensure_one()
        self.check_access("write")
        self.env["account.move.reversal"].check_access("create")
        invoices = self.order_id.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        if not invoices:
            raise UserError(
                self.env._(
                    "There is no posted invoice to credit. Choose the order it is about,"
                    " and post its invoice first."
                )
            )
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "account.action_view_account_move_reversal"
            ),
            "context": {
                # of several the latest: a credit note is of one invoice
                "active_model": "account.move",
                "active_ids": invoices.sorted("invoice_date")[-1:].ids,
                "default_reason": self.name,
                "kam_complaint_id": self.id,
            },
        }

    def action_view_credits(self):
        """Open the credit notes of this complaint."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_refund_type"
        )
        return {**action, "domain": [("id", "in", self.credit_ids.ids)]}


class AccountMoveReversal(models.TransientModel):
    """A credit note made from a complaint is linked to it."""

    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        action = super().reverse_moves(is_modify=is_modify)
        complaint_id = self.env.context.get("kam_complaint_id")
        if isinstance(complaint_id, int):
            complaint = self.env["kam.complaint"].browse(complaint_id)
            if complaint.exists() and complaint.has_access("write"):
                self._link_complaint(complaint)
        return action

    def _link_complaint(self, complaint):
        """Link what was credited of the complaint's own order."""
        # sudo: the link is the app's; the user may write the complaint, made the credit
        complaint = complaint.sudo()
        invoices = complaint.order_id.invoice_ids & self.move_ids
        complaint.credit_ids |= invoices.reversal_move_ids
