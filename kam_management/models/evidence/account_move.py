from odoo import api, fields, models


class AccountMove(models.Model):
    """An invoice knows whether it bills orders, so that most need not be looked into."""

    _name = "account.move"
    _inherit = ["account.move", "kam.guard"]

    kam_bills_orders = fields.Boolean(
        "Bills Orders",
        compute="_compute_kam_bills_orders",
        store=True,
        recursive=True,
        copy=False,
        help="All lines of this invoice bill lines of orders, or did so before the order"
        " was deleted. Unknown where it was written past Odoo.",
    )

    # the documents of one customer, for refreshing a single account
    _kam_customer_idx = models.Index(
        "(commercial_partner_id, company_id)"
        " WHERE move_type IN ('out_invoice', 'out_refund')"
    )
    # those that have to be looked into
    _kam_direct_idx = models.Index(
        "(invoice_date) WHERE kam_bills_orders IS NOT TRUE AND state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund')"
    )
    _kam_credit_idx = models.Index(
        "(invoice_date) WHERE move_type = 'out_refund' AND state = 'posted'"
    )

    @api.depends(
        "move_type",
        "invoice_line_ids.display_type",
        "invoice_line_ids.sale_line_ids",
        "reversed_entry_id.kam_bills_orders",
    )
    def _compute_kam_bills_orders(self):
        """Note which invoices bill orders alone.

        What is posted goes on to do so when the order is deleted, and a credit note is
        of orders when the invoice it reverses is.
        """
        for move in self:
            if move.move_type not in ("out_invoice", "out_refund"):
                move.kam_bills_orders = False
                continue
            lines = move.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            linked = lines.filtered("sale_line_ids")
            move.kam_bills_orders = (
                bool(lines)
                and lines == linked
                or not linked
                and (
                    move.reversed_entry_id.kam_bills_orders
                    or move.state == "posted"
                    and move.kam_bills_orders
                )
            )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # nobody buys a down payment, see ``sources``
    _kam_downpayment_idx = models.Index("(move_id) WHERE is_downpayment")
