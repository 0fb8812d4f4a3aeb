from odoo import api, fields, models
from odoo.tools import SQL

from .sources import IS_OF_ORDER


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
        exportable=False,
        help="All lines of this invoice bill lines of orders, or did so before the order"
        " was deleted. Unknown where it was written past Odoo.",
    )

    kam_customer_id = fields.Many2one(
        "res.partner",
        string="Current Customer",
        related="commercial_partner_id.commercial_partner_id",
        exportable=False,
        help="The commercial entity of today: another one where the customer became a"
        " contact of it.",
    )

    # the documents of one customer, for refreshing a single account
    _kam_customer_idx = models.Index(
        "(commercial_partner_id, company_id)"
        " WHERE move_type IN ('out_invoice', 'out_refund')"
    )
    # those written past Odoo: none, or few
    _kam_unknown_idx = models.Index(
        "(id) WHERE kam_bills_orders IS NULL"
        " AND move_type IN ('out_invoice', 'out_refund')"
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
        """Note which invoices bill orders alone; ``fill_billing`` says the same.

        What is posted goes on to do so when the order is deleted, and so does what
        reverses it later. As long as there is the order, its credit notes are known by
        their own lines.
        """
        for move in self:
            if move.move_type not in ("out_invoice", "out_refund"):
                move.kam_bills_orders = False
                continue
            lines = move.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            linked = lines.filtered("sale_line_ids")
            if linked:
                move.kam_bills_orders = lines == linked
                continue
            reversed_move = move.reversed_entry_id
            move.kam_bills_orders = (
                move.state == "posted"
                and move.kam_bills_orders
                or reversed_move.kam_bills_orders
                and not reversed_move.invoice_line_ids.sale_line_ids
            )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # nobody buys a down payment, see ``sources``
    _kam_downpayment_idx = models.Index("(move_id) WHERE is_downpayment")
    # what is still owed: next to nothing of all that was ever booked
    _kam_open_idx = models.Index(
        "(partner_id) WHERE amount_residual <> 0 AND reconciled IS NOT TRUE"
        " AND parent_state = 'posted'"
    )


def fill_billing(cr):
    """Note of all customer invoices whether they bill orders alone, as the field says.

    :param cr: database cursor
    :return: list of (company id, partner id) whom these invoices are of
    """
    cr.execute(
        SQL(
            """
            UPDATE account_move m SET kam_bills_orders = CASE
                   WHEN found.some THEN found.every
                   ELSE EXISTS (
                        SELECT FROM account_move gone
                         WHERE gone.id = m.reversed_entry_id AND gone.kam_bills_orders
                           AND NOT EXISTS (
                               SELECT FROM account_move_line l
                                WHERE l.move_id = gone.id AND %(of_order)s))
                   END
              FROM (
                SELECT bill.id, bool_or(%(of_order)s) AS some,
                       bool_and(%(of_order)s) AS every
                  FROM account_move bill
                  LEFT JOIN account_move_line l
                    ON l.move_id = bill.id AND l.display_type = 'product'
                 WHERE bill.move_type IN ('out_invoice', 'out_refund')
                   AND bill.kam_bills_orders IS NULL
                 GROUP BY bill.id
              ) found
             WHERE m.id = found.id
            RETURNING m.company_id, m.commercial_partner_id
            """,
            of_order=IS_OF_ORDER,
        )
    )
    return cr.fetchall()
