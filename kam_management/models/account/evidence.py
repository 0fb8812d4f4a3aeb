"""SQL fragments that say what counts as evidence for a level or a metric."""

from odoo.tools import SQL

# First day on which a purchase dated %(date)s has left the window: the first D with
# date <= D - months. Adding months clamps to the end of a short month (31 Aug + 6
# months = 28 Feb); the window is then left on the day after.
DORMANT_DATE = """
    ((%(date)s + make_interval(months => %(months)s))::date
    + (EXTRACT(day FROM %(date)s + make_interval(months => %(months)s))
       < EXTRACT(day FROM %(date)s))::int)
"""


def dormant_date(date, months):
    """Return the SQL of the day on which a last purchase makes an account dormant.

    :param SQL date: a date expression, the last purchase
    :param SQL months: an integer expression, the window
    """
    return SQL(DORMANT_DATE, date=date, months=months)


def settings(as_of):
    """Return the SQL of one row per company: its rule of levels as of a day.

    Columns: company_id, months, minimum, basis, as_of, window_start, previous_start
    (purchases after a start belong to the window), rounding, hash (of the rule).

    :param date as_of: the day whose state is wanted
    """
    return SQL(
        """
        SELECT c.id AS company_id,
               c.kam_window_months AS months,
               c.kam_min_purchases AS minimum,
               c.kam_purchase_basis AS basis,
               %(as_of)s::date AS as_of,
               (%(as_of)s::date - make_interval(months => c.kam_window_months))::date
                   AS window_start,
               (%(as_of)s::date - make_interval(months => 2 * c.kam_window_months))::date
                   AS previous_start,
               currency.rounding AS rounding,
               hashint8(c.kam_window_months::bigint * 1000000 + c.kam_min_purchases)::bigint
                   AS hash
          FROM res_company c
          JOIN res_currency currency ON currency.id = c.currency_id
        """,
        as_of=as_of,
    )


def documents():
    """Return the SQL of every order, customer invoice and credit note, one row each.

    Columns: company_id, partner_id (commercial entity when the document was made),
    id, user_id, basis ('order', 'invoice' or 'credit'), date (UTC day), amount
    (untaxed, company currency at the document's rate), counts (it is in force).

    - An order is in force when confirmed, an invoice when posted.
    - A credit note lowers revenue whatever the basis; its amount is negative.
    - Documents of no value are no purchases.
    """
    return SQL(
        """
        SELECT o.company_id, o.kam_commercial_partner_id AS partner_id, o.id, o.user_id,
               'order' AS basis, o.date_order::date AS date,
               CASE WHEN o.currency_rate IS NULL OR o.currency_rate IN (0, 1)
                    THEN o.amount_untaxed ELSE o.amount_untaxed / o.currency_rate
               END AS amount,
               o.state = 'sale' AND o.amount_untaxed > 0 AS counts
          FROM sale_order o
        UNION ALL
        SELECT m.company_id, m.commercial_partner_id, m.id, m.invoice_user_id,
               CASE m.move_type WHEN 'out_invoice' THEN 'invoice' ELSE 'credit' END,
               m.invoice_date, m.amount_untaxed_signed,
               m.state = 'posted' AND m.amount_untaxed_signed <> 0
               AND (m.amount_untaxed_signed > 0) = (m.move_type = 'out_invoice')
          FROM account_move m
         WHERE m.move_type IN ('out_invoice', 'out_refund')
        """
    )


def openings():
    """Return the SQL of the purchases made before Odoo, as the opening balances say.

    Columns: account_id, date, purchases. What is not known to have happened earlier
    counts on the last date.
    """
    return SQL(
        """
        SELECT a.id AS account_id, opening.date, opening.purchases
          FROM kam_account a
         CROSS JOIN LATERAL (
            VALUES (a.opening_first_date, 1), (a.opening_last_date, a.opening_count - 1)
         ) opening (date, purchases)
         WHERE a.opening_count > 0 AND opening.purchases > 0
        """
    )


def leads(scope):
    """Return the SQL of the leads with a customer, one row each.

    Columns: id, company_id, partner_id (commercial entity of today), user_id,
    source_id, create_date, kam_account_id. The company is found as
    ``crm.lead._get_kam_company`` does.

    :param SQL scope: a join that narrows ``l.partner_id`` down, or nothing
    """
    return SQL(
        """
        SELECT l.id, p.commercial_partner_id AS partner_id, l.user_id, l.source_id,
               l.create_date, l.kam_account_id,
               COALESCE(l.company_id, t.company_id, u.company_id, p.company_id, first.id)
                   AS company_id
          FROM crm_lead l
          %s
          JOIN res_partner p ON p.id = l.partner_id
          LEFT JOIN crm_team t ON t.id = l.team_id
          LEFT JOIN res_users u ON u.id = l.user_id
         CROSS JOIN (SELECT min(id) AS id FROM res_company WHERE parent_id IS NULL) first
        """,
        scope,
    )


def prospects():
    """Return the SQL of the companies on the market, per company of ours.

    Columns: company_id, partner_id. A customer of no company of ours is on the market
    of each (branches excepted); mere vendors are not on the market.
    """
    return SQL(
        """
        SELECT c.id AS company_id, p.id AS partner_id
          FROM res_partner p
          JOIN res_company c
            ON c.id = p.company_id OR (p.company_id IS NULL AND c.parent_id IS NULL)
         WHERE p.is_company AND p.active AND c.active
           AND p.commercial_partner_id = p.id
           AND NOT (p.supplier_rank > 0 AND COALESCE(p.customer_rank, 0) = 0)
        """
    )
