"""Who is a customer, in SQL: everybody a document or a lead names, and the market."""

from odoo.tools import SQL

from .look import get_members_sql
from .receivables import get_invoiced

# Partner ``p`` sells to us, and has never bought.
IS_VENDOR = SQL(
    "(COALESCE(p.supplier_rank, 0) > 0 AND COALESCE(p.customer_rank, 0) = 0)"
)


def get_customers(looks, partners, as_of, invoiced=None):
    """Return the SQL of whom documents name that may be no sale, several times maybe.

    Quotations, orders to come, invoices whatever became of them, leads, and the
    companies on the market. A company that all of ours share is on the market of each
    (branches excepted), whoever it buys from; mere vendors are not.
    Columns: company_id, partner_id (commercial entity).

    :param list looks: of ``Look``
    :param SQL partners: see ``Look``
    :param date as_of: the day that is looked at
    :param SQL invoiced: where it stands what ``get_invoiced`` says, if it does
    """
    by_order = [
        c for look in looks if look.basis != "invoice" for c in look.company_ids
    ]
    look = looks[0]._replace(partners=partners)
    named = None if partners is None else look.of(SQL("m.commercial_partner_id"))
    return SQL(
        """
        SELECT o.company_id, o.kam_commercial_partner_id AS partner_id
          FROM sale_order o
         WHERE (o.state <> 'sale' OR o.amount_untaxed = 0 OR o.date_order > %(as_of)s
                OR o.company_id NOT IN %(by_order)s)
           AND %(ordered)s
        UNION ALL
        SELECT company_id, partner_id FROM %(invoiced)s invoiced
        UNION ALL
        SELECT company_id, partner_id FROM (%(leads)s) lead
        UNION ALL
        %(market)s
        """,
        as_of=as_of,
        by_order=tuple(by_order) or (0,),
        ordered=look.of(SQL("o.kam_commercial_partner_id")),
        invoiced=invoiced or SQL("(%s)", get_invoiced(named)),
        leads=get_leads(partners),
        market=get_market(look.of(SQL("p.id"))),
    )


def get_market(scope):
    """Return the SQL of the companies on the market: company_id, partner_id.

    :param SQL scope: a condition on partner ``p``
    """
    return SQL(
        """
        SELECT c.id AS company_id, p.id AS partner_id
          FROM res_partner p
          JOIN res_company c
            ON c.id = p.company_id OR (p.company_id IS NULL AND c.parent_id IS NULL)
         WHERE p.is_company AND p.active AND c.active
           AND p.commercial_partner_id = p.id AND NOT %s AND %s
        """,
        IS_VENDOR,
        scope,
    )


def get_mere_vendors(looks, as_of):
    """Return the SQL of accounts whose customer turned out to be a vendor alone.

    Nobody bought, no document or lead names them, nobody is to win them. Columns: id.

    :param list looks: of ``Look``
    :param date as_of: the day that is looked at
    """
    vendors = SQL("SELECT p.id FROM res_partner p WHERE %s", IS_VENDOR)
    return SQL(
        """
        SELECT a.id
          FROM kam_account a
         WHERE a.level = 'potential' AND a.manager_id IS NULL AND a.partner_id IN (%s)
           AND (a.company_id, a.partner_id) NOT IN (
               SELECT company_id, partner_id FROM (%s) customer
                WHERE partner_id IS NOT NULL)
        """,
        vendors,
        get_customers(looks, get_members_sql(vendors), as_of),
    )


# The company of what says nothing of its own.
FIRST_COMPANY = SQL(
    """(SELECT min(id) AS id FROM res_company
         WHERE parent_id IS NULL AND active) first_company"""
)
# Which company of ours a lead ``l`` is of, as ``crm.lead._get_kam_company`` says it, and
# what has to be joined for that.
LEAD_COMPANY = SQL(
    """COALESCE(l.company_id, its_team.company_id, its_user.company_id,
                its_partner.company_id, first_company.id)"""
)
JOIN_LEAD_COMPANY = SQL(
    """
    LEFT JOIN crm_team its_team ON its_team.id = l.team_id
    LEFT JOIN res_users its_user ON its_user.id = l.user_id
    LEFT JOIN res_partner its_partner ON its_partner.id = l.partner_id
   CROSS JOIN %s
    """,
    FIRST_COMPANY,
)


def get_leads(partners=None):
    """Return the SQL of the leads with a customer, one row each.

    Columns: id, company_id, partner_id (commercial entity of today), user_id,
    source_id, create_date, kam_account_id.

    :param SQL partners: see ``Look``
    """
    scope = SQL("TRUE") if partners is None else SQL("l.partner_id IN (%s)", partners)
    return SQL(
        """
        SELECT l.id, its_partner.commercial_partner_id AS partner_id, l.user_id,
               l.source_id, l.create_date, l.kam_account_id, %s AS company_id
          FROM crm_lead l
          %s
         WHERE l.partner_id IS NOT NULL AND %s
        """,
        LEAD_COMPANY,
        JOIN_LEAD_COMPANY,
        scope,
    )


def get_last_sellers(customers=None):
    """Return the SQL of who sold last, or quoted: company_id, partner_id, user_id.

    :param SQL customers: a table with company_id and partner_id; None: all, who are
        sooner summed up than many are found among them
    """
    scope = SQL()
    if customers is not None:
        scope = SQL(
            """JOIN %s c ON c.company_id = o.company_id
                AND c.partner_id = o.kam_commercial_partner_id""",
            customers,
        )
    return SQL(
        """
        -- the greatest number names the salesperson of the last day
        SELECT o.company_id, o.kam_commercial_partner_id AS partner_id,
               (max((o.date_order::date - DATE '2000-01-01')::bigint << 32
                    | o.user_id) & 4294967295)::int AS user_id
          FROM sale_order o
          %s
         GROUP BY o.kam_commercial_partner_id, o.company_id
        """,
        scope,
    )


def get_teams():
    """Return the SQL of the sales teams of documents: res_model, res_id, team_id."""
    return SQL(
        """
        SELECT 'sale.order' AS res_model, id AS res_id, team_id
          FROM sale_order WHERE team_id IS NOT NULL
        UNION ALL
        SELECT 'account.move', id, team_id FROM account_move
         WHERE team_id IS NOT NULL AND move_type IN ('out_invoice', 'out_refund')
        """
    )
