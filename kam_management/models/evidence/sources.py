"""Where sales are told, in SQL: orders, and invoices as far as they bill no order.

Each function takes a ``Look``. What the queries mean together, and what their columns
are, stands with ``kam.evidence``.
"""

from typing import NamedTuple

from odoo.tools import SQL

# The customer of invoice ``m`` is ``p.commercial_partner_id``: the commercial entity of
# today of whom it was made for, as ``account.move.kam_customer_id`` is.
CUSTOMER = SQL("JOIN res_partner p ON p.id = m.commercial_partner_id")


class Source(NamedTuple):
    """Somewhere sales are recorded; see ``kam.evidence._get_sources``."""

    documents: SQL
    lines: SQL | None = None  # None: each document is one line, of no product


def get_orders(look):
    """Return the source of confirmed orders."""
    documents = SQL(
        """
        SELECT o.company_id, o.kam_commercial_partner_id AS partner_id,
               o.date_order::date AS date, 'sale.order' AS res_model, o.id AS res_id,
               o.user_id, (o.amount_untaxed > 0)::int AS purchases,
               CASE WHEN o.currency_rate = 1 OR COALESCE(o.currency_rate, 0) = 0
                    THEN o.amount_untaxed
                    ELSE round(o.amount_untaxed / o.currency_rate, %(digits)s)
                    END AS amount,
               o.partner_id AS contact_id, o.partner_shipping_id AS shipping_id,
               o.currency_rate
          FROM sale_order o
         WHERE o.state = 'sale' AND o.amount_untaxed <> 0
           AND o.company_id IN %(companies)s AND %(days)s AND %(customers)s
        """,
        digits=look.digits,
        companies=look.company_ids,
        days=look.at(SQL("o.date_order")),
        customers=look.of(SQL("o.kam_commercial_partner_id")),
    )
    lines = SQL(
        """
        SELECT d.company_id, d.partner_id, d.date, d.res_model, d.res_id, d.user_id,
               d.contact_id, d.shipping_id,
               l.product_id, l.product_uom_id AS uom_id, l.product_uom_qty AS quantity,
               %(amount)s AS amount
          FROM (%(documents)s) d
          LEFT JOIN sale_order_line l
            ON l.order_id = d.res_id AND l.display_type IS NULL
           AND l.is_downpayment IS NOT TRUE
         WHERE %(selling)s
        """,
        documents=documents,
        selling=look.selling("sale_order_line", "order_id"),
        amount=_share_out(
            # most orders are in company currency: what is not divided costs nothing
            SQL(
                """CASE WHEN d.currency_rate = 1 OR COALESCE(d.currency_rate, 0) = 0
                        THEN l.price_subtotal
                        ELSE l.price_subtotal / d.currency_rate END"""
            ),
            look,
        ),
    )
    return Source(documents, lines)


def get_invoices(look):
    """Return the source of posted invoices and credit notes.

    - Basis ``both``: only what bills no order.
    - Basis ``invoice``: all; down payments are revenue, but nobody buys one.

    An invoice that was reversed as a whole is no purchase.
    """
    documents = SQL(
        """
        SELECT m.company_id, p.commercial_partner_id AS partner_id,
               m.invoice_date AS date, 'account.move' AS res_model, m.id AS res_id,
               m.invoice_user_id AS user_id,
               (m.move_type = 'out_invoice' AND %(sold)s > 0
                AND m.payment_state IS DISTINCT FROM 'reversed'
                AND COALESCE(reversal.amount < m.amount_untaxed_signed, TRUE)
               )::int AS purchases,
               %(amount)s AS amount,
               m.partner_id AS contact_id, m.partner_shipping_id AS shipping_id,
               m.move_type
          FROM account_move m
          %(customer)s
          %(reversal)s
          %(apart)s
         WHERE m.move_type IN ('out_invoice', 'out_refund') AND m.state = 'posted'
           AND m.company_id IN %(companies)s AND %(days)s AND %(customers)s
           AND %(counts)s AND (%(amount)s <> 0 OR %(sold)s > 0)
        """,
        reversal=_join_reversal(look),
        companies=look.company_ids,
        days=look.at(SQL("m.invoice_date")),
        customer=CUSTOMER,
        customers=look.of(SQL("m.commercial_partner_id")),
        **_get_invoice_amounts(look),
    )
    billed = SQL("FALSE")
    if look.basis == "both":
        billed = IS_OF_ORDER
    lines = SQL(
        """
        SELECT d.company_id, d.partner_id, d.date, d.res_model, d.res_id, d.user_id,
               d.contact_id, d.shipping_id,
               l.product_id, l.product_uom_id AS uom_id,
               CASE d.move_type WHEN 'out_refund' THEN -l.quantity
                    ELSE l.quantity END AS quantity,
               %(amount)s AS amount
          FROM (%(documents)s) d
          LEFT JOIN account_move_line l
            ON l.move_id = d.res_id AND l.display_type IN ('product', 'rounding')
           AND NOT (%(billed)s)
         WHERE %(selling)s
        """,
        documents=documents,
        selling=look.selling("account_move_line", "move_id"),
        amount=_share_out(SQL("-l.balance"), look),
        billed=billed,
    )
    return Source(documents, lines)


# A line of an invoice that bills, or credits, a line of an order
IS_OF_ORDER = SQL(
    """EXISTS (SELECT FROM sale_order_line_invoice_rel link
                WHERE link.invoice_line_id = l.id)"""
)


def _get_invoice_amounts(look):
    """Return the SQL of what an invoice ``m`` adds to revenue, and of what it sells.

    :return: dict with amount, sold, apart: the join that finds what is left out, and
        counts: the condition that there may be something to count
    """
    if look.basis == "invoice":
        downpayments = SQL(
            """
            LEFT JOIN (
                SELECT l.move_id, -sum(l.balance) AS amount FROM account_move_line l
                 WHERE l.is_downpayment GROUP BY l.move_id
            ) apart ON apart.move_id = m.id"""
        )
        return {
            "amount": SQL("m.amount_untaxed_signed"),
            "sold": SQL("(m.amount_untaxed_signed - COALESCE(apart.amount, 0))"),
            "apart": downpayments,
            "counts": SQL("TRUE"),
        }
    ordered = SQL(
        """
        CROSS JOIN LATERAL (
            SELECT -sum(l.balance) AS amount FROM account_move_line l
             WHERE l.move_id = m.id AND l.display_type = 'product' AND %s
        ) apart""",
        IS_OF_ORDER,
    )
    left = SQL("(m.amount_untaxed_signed - COALESCE(apart.amount, 0))")
    # most bill orders alone: those are not looked into
    counts = SQL("m.kam_bills_orders IS NOT TRUE")
    return {"amount": left, "sold": left, "apart": ordered, "counts": counts}


def _join_reversal(look):
    """Return the SQL that joins what was credited by reversing invoice ``m``: amount.

    The credit note may be another customer's. Of all customers those of all invoices are
    summed up at once; of some, each is looked up.
    """
    reversals = SQL(
        """
        SELECT r.reversed_entry_id AS move_id, -sum(r.amount_untaxed_signed) AS amount
          FROM account_move r
         WHERE r.move_type = 'out_refund' AND r.state = 'posted' AND %s
         GROUP BY r.reversed_entry_id
        """,
        SQL("r.reversed_entry_id IS NOT NULL")
        if look.partners is None
        else SQL("r.reversed_entry_id = m.id"),
    )
    if look.partners is None:
        return SQL("LEFT JOIN (%s) reversal ON reversal.move_id = m.id", reversals)
    return SQL("LEFT JOIN LATERAL (%s) reversal ON TRUE", reversals)


def _share_out(amount, look):
    """Return the SQL of the amount of line ``l``, so that lines add up to document ``d``.

    What rounding and the document's own total leave over goes to the largest line; a
    document without lines is one line.

    :param SQL amount: of the line, in company currency
    """
    rounded = SQL("COALESCE(round(%s, %s), 0)", amount, look.digits)
    return SQL(
        """%(rounded)s
           + CASE row_number() OVER (PARTITION BY d.res_id
                                     ORDER BY abs(%(rounded)s) DESC, l.id)
             WHEN 1 THEN d.amount - sum(%(rounded)s) OVER (PARTITION BY d.res_id)
             ELSE 0 END""",
        rounded=rounded,
    )


def get_ordered_of_deals():
    """Return the SQL of what is ordered of each lead: lead_id, amount (untaxed)."""
    return SQL(
        """
        SELECT o.opportunity_id AS lead_id,
               sum(o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1)) AS amount
          FROM sale_order o
         WHERE o.state = 'sale' AND o.opportunity_id IS NOT NULL
         GROUP BY o.opportunity_id
        """
    )
