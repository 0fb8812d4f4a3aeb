"""What is past due, and of whom: in SQL and as a domain."""

from odoo.fields import Domain
from odoo.tools import SQL

from .sources import CUSTOMER

NOT_PAID = ("not_paid", "partial")


def get_overdue_domain(day):
    """Return the domain of the customer invoices that are past due.

    :param date day: the day that is looked at, today everywhere by UTC; what remains to
        be paid is of today
    """
    return Domain(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "in", NOT_PAID),
            ("invoice_date_due", "<", day),
        ]
    )


def get_receivables(day, customers=None):
    """Return the SQL of what the customers with posted invoices owe.

    Columns: company_id, partner_id (commercial entity), overdue (company currency) and
    overdue_since, both NULL where nothing is past due, see ``get_overdue_domain``.

    :param date day: the day that is looked at
    :param SQL customers: a query of company_id, partner_id; None: all
    """
    scope = SQL("TRUE")
    if customers is not None:
        scope = SQL("(m.company_id, p.commercial_partner_id) IN (%s)", customers)
    overdue = SQL("m.payment_state IN %s AND m.invoice_date_due < %s", NOT_PAID, day)
    return SQL(
        """
        SELECT m.company_id, p.commercial_partner_id AS partner_id,
               sum(m.amount_residual_signed) FILTER (WHERE %(overdue)s) AS overdue,
               min(m.invoice_date_due) FILTER (WHERE %(overdue)s) AS overdue_since
          FROM account_move m
          %(customer)s
         WHERE m.move_type = 'out_invoice' AND m.state = 'posted' AND %(scope)s
         GROUP BY m.company_id, p.commercial_partner_id
        """,
        customer=CUSTOMER,
        overdue=overdue,
        scope=scope,
    )
