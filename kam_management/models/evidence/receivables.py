"""What is past due, and of whom, as the accounting says it: in SQL and as a domain.

By line, so that each instalment has its own date; what came in, or was credited, and is
not yet set against an invoice, is taken off what is past due.
"""

from odoo.fields import Domain
from odoo.tools import SQL

from .sources import CUSTOMER

# The accounting counts on this money no more, or on nobody to pay it yet again.
SETTLED = ("blocked", "in_payment", "invoicing_legacy")


def get_overdue_domain(day):
    """Return the domain of the journal items that add up to what is past due.

    :param date day: the day that is looked at, today everywhere by UTC; what remains to
        be paid is of today
    """
    return Domain(
        [
            ("account_id.account_type", "=", "asset_receivable"),
            ("account_id.non_trade", "=", False),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", "!=", 0),
            ("move_id.payment_state", "not in", SETTLED),
        ]
    ) & (
        Domain("amount_residual", "<", 0)
        | Domain("date_maturity", "<", day)
        | Domain("date_maturity", "=", False) & Domain("date", "<", day)
    )


def get_invoiced(scope=None):
    """Return the SQL of who has invoices or credit notes, whatever became of them.

    Columns: company_id, partner_id (commercial entity), is_posted (an invoice is).

    :param SQL scope: a condition on moves ``m`` of partners ``p``; None: all
    """
    # of all, each is looked up once; of some, their invoices alone are found
    moves = SQL(
        """
        SELECT company_id, commercial_partner_id,
               bool_or(move_type = 'out_invoice' AND state = 'posted') AS is_posted
          FROM account_move WHERE move_type IN ('out_invoice', 'out_refund')
         GROUP BY commercial_partner_id, company_id
        """
    )
    if scope is not None:
        moves = SQL(
            """
            SELECT company_id, commercial_partner_id,
                   move_type = 'out_invoice' AND state = 'posted' AS is_posted
              FROM account_move WHERE move_type IN ('out_invoice', 'out_refund')
            """
        )
    return SQL(
        """
        SELECT m.company_id, p.commercial_partner_id AS partner_id,
               bool_or(m.is_posted) AS is_posted
          FROM (%(moves)s) m
          %(customer)s
         WHERE %(scope)s
         GROUP BY p.commercial_partner_id, m.company_id
        """,
        moves=moves,
        customer=CUSTOMER,
        scope=SQL("TRUE") if scope is None else scope,
    )


def get_receivables(day, customers=None, invoiced=None):
    """Return the SQL of what the customers with posted invoices owe.

    Columns: company_id, partner_id (commercial entity), overdue (company currency),
    overdue_since (the oldest day that nothing is set against) and overdue_count (how many
    instalments), all NULL where nothing is past due, see ``get_overdue_domain``.

    :param date day: the day that is looked at
    :param SQL customers: a query of company_id, partner_id; None: all
    :param SQL invoiced: where it stands what ``get_invoiced`` says of all, if it does
    """
    named, due = None, SQL("TRUE")
    if customers is not None:
        named = SQL("(m.company_id, p.commercial_partner_id) IN (%s)", customers)
        due = SQL("(l.company_id, p.commercial_partner_id) IN (%s)", customers)
    return SQL(
        """
        SELECT company_id, partner_id, owed.overdue, owed.overdue_since,
               owed.overdue_count
          FROM (SELECT company_id, partner_id FROM %(invoiced)s known
                 WHERE is_posted) invoiced
          FULL JOIN (%(owed)s) owed USING (company_id, partner_id)
        """,
        invoiced=invoiced or SQL("(%s)", get_invoiced(named)),
        owed=_get_owed(day, due),
    )


def get_matured(since, until):
    """Return the SQL of whom something has become past due of: company_id, partner_id.

    :param date since: the day before the first on which it may have become so
    :param date until: the last day
    """
    matured = SQL(
        """
        SELECT l.company_id, p.commercial_partner_id AS partner_id
          FROM account_account ledger
          JOIN account_move_line l ON l.account_id = ledger.id
          JOIN res_partner p ON p.id = l.partner_id
         WHERE ledger.account_type = 'asset_receivable' AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE AND l.amount_residual > 0
        """
    )
    # apart, as each has an index: what is due on a day is past due on the next
    return SQL(
        """
        %(matured)s AND l.date_maturity >= %(since)s AND l.date_maturity < %(until)s
        UNION ALL
        %(matured)s AND l.date_maturity IS NULL
           AND l.date >= %(since)s AND l.date < %(until)s
        """,
        matured=matured,
        since=since,
        until=until,
    )


def _get_owed(day, scope):
    """Return the SQL of who has something past due, see ``get_receivables``.

    :param SQL scope: a condition on items ``l`` of partners ``p``
    """
    return SQL(
        """
        WITH item AS (
            SELECT l.company_id, p.commercial_partner_id AS partner_id,
                   COALESCE(l.date_maturity, l.date) AS due, l.amount_residual AS amount
              FROM account_account ledger
              JOIN account_move_line l
                ON l.account_id = ledger.id AND l.reconciled IS NOT TRUE
              JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
             WHERE ledger.account_type = 'asset_receivable'
               AND ledger.non_trade IS NOT TRUE
               AND l.parent_state = 'posted' AND l.amount_residual <> 0
               AND COALESCE(m.payment_state, '') NOT IN %(settled)s
               AND (l.amount_residual < 0 OR COALESCE(l.date_maturity, l.date) < %(day)s)
               AND %(scope)s
        ),
        -- what is credited is set against what is due longest
        standing AS (
            SELECT *, sum(amount) FILTER (WHERE amount < 0) OVER customer AS credit,
                   sum(amount) FILTER (WHERE amount > 0) OVER (customer ORDER BY due)
                       AS debit
              FROM item
            WINDOW customer AS (PARTITION BY company_id, partner_id)
        )
        SELECT company_id, partner_id, sum(amount) AS overdue,
               min(due) FILTER (WHERE amount > 0 AND debit + COALESCE(credit, 0) > 0)
                   AS overdue_since,
               count(*) FILTER (WHERE amount > 0) AS overdue_count
          FROM standing
         GROUP BY company_id, partner_id
        HAVING sum(amount) > 0
        """,
        settled=SETTLED,
        day=day,
        scope=scope,
    )
