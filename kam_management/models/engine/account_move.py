from odoo import api, models

# What says whom an invoice concerns: who it did is reported as well.
CONCERNS = {"partner_id", "company_id", "invoice_line_ids", "line_ids"}
# What the figures of an account follow from beside: dates, and who sold.
FORCES = {
    *CONCERNS,
    "state",
    "invoice_date",
    "invoice_date_due",
    "invoice_user_id",
    "payment_state",
}


class AccountMove(models.Model):
    """Invoices and credit notes report that their customer bought or took back.

    A draft counts as well where it bills orders: it says how much of what was credited
    is billed anew. What concerns an order is reported to the order's customer, too.
    """

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._kam_filter_counting()._kam_report_news()
        return moves

    def write(self, vals):
        concerned = not FORCES.isdisjoint(vals)
        before = self._kam_filter_counting() if concerned else self.browse()
        if not CONCERNS.isdisjoint(vals):
            before._kam_report_news()
        result = super().write(vals)
        if concerned:
            (before | self._kam_filter_counting())._kam_report_news()
        if "state" in vals:
            entries = self.filtered(lambda move: move.move_type == "entry")
            entries.line_ids._kam_report_owed()
        return result

    def unlink(self):
        self._kam_filter_counting()._kam_report_news()
        return super().unlink()

    def _kam_filter_counting(self):
        """Return those of these that say what a customer bought."""
        # sudo: who writes invoices may see no orders; only whether there are is asked
        return self.filtered(
            lambda move: (
                move.move_type in ("out_invoice", "out_refund")
                and (
                    move.state == "posted"
                    or move.state == "draft"
                    and move.sudo().invoice_line_ids.sale_line_ids
                )
            )
        )

    def _kam_report_news(self):
        if not self:
            return
        # sudo: the orders of colleagues are reported as well, and nothing else is read
        orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
        self.env["kam.account.event"]._append(
            {(move.company_id, move.kam_customer_id) for move in self}
            | {(order.company_id, order.kam_commercial_partner_id) for order in orders}
        )


class AccountMoveLine(models.Model):
    """What customers owe is news when its day moves; what they pay is, too."""

    _inherit = "account.move.line"

    def write(self, vals):
        result = super().write(vals)
        if "date_maturity" in vals:
            self.filtered(lambda line: line.parent_state == "posted")._kam_report_owed()
        return result

    def _kam_report_owed(self):
        """Report the customers of those of these lines that say what somebody owes."""
        # sudo: whoever books payments reports whose they are, and reads nothing else
        lines = self.sudo().filtered(
            lambda line: line.account_type == "asset_receivable" and line.partner_id
        )
        self.env["kam.account.event"]._append(
            (line.company_id, line.partner_id.commercial_partner_id) for line in lines
        )


class AccountPartialReconcile(models.Model):
    """Payments report their customer when they are set against invoices, or taken off."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        (partials.debit_move_id + partials.credit_move_id)._kam_report_owed()
        return partials

    def unlink(self):
        lines = self.debit_move_id + self.credit_move_id
        result = super().unlink()
        lines.exists()._kam_report_owed()
        return result
