from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # the documents of one customer, for refreshing a single account
    _kam_customer_idx = models.Index(
        "(commercial_partner_id, company_id)"
        " WHERE move_type IN ('out_invoice', 'out_refund')"
    )

    def write(self, vals):
        concerned = not {"state", "invoice_date", "partner_id"}.isdisjoint(vals)
        posted = self._kam_get_posted() if concerned else self.browse()
        result = super().write(vals)
        if concerned:
            (posted | self._kam_get_posted())._kam_report_news()
        return result

    def unlink(self):
        self._kam_get_posted()._kam_report_news()
        return super().unlink()

    def _kam_get_posted(self):
        """Return the customer invoices and credit notes in force among these."""
        return self.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_refund")
            )
        )

    def _kam_report_news(self):
        """Report that the customers of these invoices bought or took back."""
        self.env["kam.account.event"]._append(
            (move.company_id, move.commercial_partner_id) for move in self
        )
