from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # the documents of one customer, for refreshing a single account
    _kam_customer_idx = models.Index(
        "(commercial_partner_id, company_id)"
        " WHERE move_type IN ('out_invoice', 'out_refund')"
    )

    def write(self, vals):
        result = super().write(vals)
        if not {"state", "invoice_date", "partner_id"}.isdisjoint(vals):
            self._kam_report_news()
        return result

    def unlink(self):
        self._kam_report_news()
        return super().unlink()

    def _kam_report_news(self):
        """Report customer invoices and credit notes that were posted, reset or moved."""
        self.env["kam.account.event"]._append(
            (move.company_id, move.commercial_partner_id)
            for move in self
            if move.move_type in ("out_invoice", "out_refund") and move.state != "draft"
        )
