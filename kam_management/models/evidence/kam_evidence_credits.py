from odoo import api, models
from odoo.tools import SQL

from .sources import Source


class KamEvidence(models.AbstractModel):
    """What of confirmed orders was credited, and is no correction of what was billed."""

    _inherit = "kam.evidence"

    @api.model
    def _get_credits(self, look):
        """Return the source of what is deducted from confirmed orders.

        Of each line of an order: D = max(0, credited - max(0, invoiced - ordered)), in
        the currency of the order at the order's own rate; posted credit notes, posted
        and draft invoices, down payments left out. (A line below zero, such as a
        discount, counts the other way round.) So what an invoice was too much, because
        the order was lowered or the invoice made anew, is no deduction.

        It is deducted from the order's customer on the dates of the credit notes: of
        these the first make up for what was invoiced too much.
        """
        lines = SQL(
            """
            SELECT company_id, partner_id, date, 'account.move' AS res_model,
                   move_id AS res_id, contact_id, shipping_id, product_id, uom_id,
                   -quantity AS quantity, -round(deducted / rate, %(digits)s) AS amount,
                   user_id
              FROM (%(deductions)s) deduction
             WHERE round(deducted / rate, %(digits)s) <> 0 AND %(days)s
            """,
            digits=look.digits,
            deductions=self._get_deductions_sql(look),
            days=look.at(SQL("date")),
        )
        documents = SQL(
            """
            SELECT company_id, partner_id, date, res_model, res_id,
                   min(user_id) AS user_id, 0 AS purchases, sum(amount) AS amount
              FROM (%s) line
             GROUP BY company_id, partner_id, date, res_model, res_id
            """,
            lines,
        )
        return Source(documents, lines)

    @api.model
    def _get_deductions_sql(self, look):
        """Return the SQL of what each line of a credit note deducts from an order line.

        Columns: company_id, partner_id, user_id, contact_id, shipping_id, rate (of the
        order), product_id, uom_id, quantity (taken back: none where only the price was
        lowered), date, move_id (the credit note), deducted (currency of the order).
        """
        return SQL(
            """
            SELECT running.*, sign * part AS deducted,
                   CASE WHEN lowered THEN 0 ELSE units * abs(part / amount) END AS quantity
              FROM (
                SELECT credited.*, sign.sign,
                       GREATEST(sign.sign * (COALESCE(invoiced.amount, 0) - ordered), 0)
                           AS excess,
                       sum(sign.sign * credited.amount) OVER so_far AS until_now,
                       sum(sign.sign * credited.amount) OVER so_far
                           - sign.sign * credited.amount AS until_then
                  FROM (%(credited)s) credited
                 CROSS JOIN LATERAL (%(invoiced)s) invoiced
                 CROSS JOIN LATERAL (
                    SELECT CASE WHEN COALESCE(NULLIF(ordered, 0), invoiced.amount, 0) < 0
                                THEN -1 ELSE 1 END AS sign
                 ) sign
                WINDOW so_far AS (PARTITION BY order_line_id ORDER BY date, line_id
                                  ROWS UNBOUNDED PRECEDING)
              ) running
             CROSS JOIN LATERAL (
                SELECT GREATEST(until_now - excess, 0) - GREATEST(until_then - excess, 0)
                       AS part
             ) part
             WHERE part <> 0
            """,
            credited=self._get_credited_sql(look),
            invoiced=self._get_invoiced_sql(),
        )

    @api.model
    def _get_credited_sql(self, look):
        """Return the SQL of the lines of posted credit notes on confirmed orders.

        Columns: those of the order, its currency_id; order_line_id, ordered; line_id,
        move_id, date, amount (currency of the order, of one link), units, lowered (it
        credits a price, nothing was taken back).
        """
        return SQL(
            """
            SELECT o.company_id, o.kam_commercial_partner_id AS partner_id, o.user_id,
                   o.partner_id AS contact_id, o.partner_shipping_id AS shipping_id,
                   o.currency_id, %(rate)s AS rate,
                   ordered.id AS order_line_id, ordered.price_subtotal AS ordered,
                   ordered.product_id, l.product_uom_id AS uom_id,
                   l.id AS line_id, m.id AS move_id, m.invoice_date AS date,
                   %(amount)s AS amount, l.quantity / links.number AS units,
                   l.currency_id = o.currency_id
                       AND abs(l.price_unit * (100 - COALESCE(l.discount, 0))
                           - ordered.price_unit * (100 - COALESCE(ordered.discount, 0)))
                           > abs(ordered.price_unit) AS lowered
              FROM account_move m
              JOIN account_move_line l
                ON l.move_id = m.id AND l.display_type = 'product'
               AND l.is_downpayment IS NOT TRUE
              JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = l.id
              JOIN sale_order_line ordered
                ON ordered.id = rel.order_line_id AND ordered.is_downpayment IS NOT TRUE
              JOIN sale_order o ON o.id = ordered.order_id AND o.state = 'sale'
              %(within)s
              %(links)s
             WHERE m.move_type = 'out_refund' AND m.state = 'posted'
               AND m.invoice_date <= %(until)s
               AND o.company_id IN %(companies)s AND %(customers)s AND %(days)s
               AND %(products)s
               AND %(amount)s <> 0
            """,
            amount=_in_currency_of_order(SQL("l.balance"), SQL("o.currency_id"), RATE),
            rate=RATE,
            links=LINKS,
            until=look.until,
            companies=look.company_ids,
            customers=look.of(SQL("o.kam_commercial_partner_id")),
            **_get_credited_within(look),
            products=look.of_product(SQL("ordered.product_id")),
        )

    @api.model
    def _get_invoiced_sql(self):
        """Return the SQL of what was invoiced of the order line ``credited`` is of.

        One row: amount (currency of the order).
        """
        return SQL(
            """
            SELECT sum(%(amount)s) AS amount
              FROM sale_order_line_invoice_rel rel
              JOIN account_move_line l
                ON l.id = rel.invoice_line_id AND l.is_downpayment IS NOT TRUE
              JOIN account_move m
                ON m.id = l.move_id AND m.move_type = 'out_invoice'
               AND m.state IN ('posted', 'draft')
              %(links)s
             WHERE rel.order_line_id = credited.order_line_id
            """,
            amount=_in_currency_of_order(
                SQL("-l.balance"), SQL("credited.currency_id"), SQL("credited.rate")
            ),
            links=LINKS,
        )


# The rate of order ``o``
RATE = SQL("COALESCE(NULLIF(o.currency_rate, 0), 1)")
# A line may bill several lines of orders: each its part of it. (The planner may look at
# lines that bill none before it joins the orders; these are divided by 1, then left out.)
LINKS = SQL(
    """CROSS JOIN LATERAL (
           SELECT GREATEST(count(*), 1) AS number FROM sale_order_line_invoice_rel link
            WHERE link.invoice_line_id = l.id) links"""
)


def _in_currency_of_order(balance, currency, rate):
    """Return the SQL of the amount of line ``l``, in the currency of its order.

    :param SQL balance: its amount in company currency
    :param SQL currency: id of that of the order
    :param SQL rate: of the order
    """
    return SQL(
        """(CASE WHEN l.currency_id = %(currency)s THEN l.price_subtotal
                 ELSE %(balance)s * %(rate)s END / links.number)""",
        balance=balance,
        currency=currency,
        rate=rate,
    )


def _get_credited_within(look):
    """Return the SQL that keeps order lines that were credited within the days.

    What was credited before says how much of that counts. Of all customers these lines
    are joined, so that no others are looked into; of some, their own are few.

    :return: dict with within, a join, and days, a condition
    """
    if look.since is None:
        return {"within": SQL(), "days": SQL("TRUE")}
    query = SQL(
        """SELECT DISTINCT link.order_line_id AS id FROM account_move credit
             JOIN account_move_line item ON item.move_id = credit.id
             JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = item.id
            WHERE credit.move_type = 'out_refund' AND credit.state = 'posted' AND %s""",
        look.at(SQL("credit.invoice_date")),
    )
    if look.partners is None:
        join = SQL("JOIN (%s) within ON within.id = rel.order_line_id", query)
        return {"within": join, "days": SQL("TRUE")}
    return {"within": SQL(), "days": SQL("ordered.id IN (%s)", query)}
