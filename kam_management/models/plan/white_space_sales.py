"""What a customer's branches bought, by product category: SQL for the white space."""

from odoo.tools import SQL


def owners(family, units):
    """Return {partner id: unit id} by the nearest branch above each partner.

    :param dict family: {partner id: parent id or None}
    :param dict units: {partner id: unit id}

    >>> owners({1: None, 2: 1, 3: 2, 4: 1}, {2: 70})
    {2: 70, 3: 70}
    """
    result = {}
    for partner in family:
        above = partner
        while above and above not in units:
            above = family.get(above)
        if above:
            result[partner] = units[above]
    return result


def ordered(lines, owned):
    """Return the SQL of what was ordered. Columns: unit_id, partner_id, categ_id, amount.

    :param SQL lines: subselect of the ids of ``sale.order.line`` the user may read
    :param dict owned: {partner id: unit id}
    """
    return SQL(
        """
        WITH owned AS (%(owned)s)
        SELECT COALESCE(shipped.unit_id, buyer.unit_id) AS unit_id,
               o.kam_commercial_partner_id AS partner_id, t.categ_id,
               sum(CASE WHEN COALESCE(o.currency_rate, 0) = 0 THEN l.price_subtotal
                        ELSE l.price_subtotal / o.currency_rate END) AS amount
          FROM sale_order_line l
          JOIN sale_order o ON o.id = l.order_id
          JOIN product_product p ON p.id = l.product_id
          JOIN product_template t ON t.id = p.product_tmpl_id
          LEFT JOIN owned shipped ON shipped.partner_id = o.partner_shipping_id
          LEFT JOIN owned buyer ON buyer.partner_id = o.partner_id
         WHERE l.id IN %(lines)s
         GROUP BY 1, 2, 3
        """,
        owned=_values(owned),
        lines=lines,
    )


def invoiced(lines, owned):
    """Return the SQL of what was invoiced, less credit notes; columns as ``ordered``.

    :param SQL lines: subselect of the ids of ``account.move.line`` the user may read
    :param dict owned: {partner id: unit id}
    """
    return SQL(
        """
        WITH owned AS (%(owned)s)
        SELECT COALESCE(shipped.unit_id, buyer.unit_id) AS unit_id,
               m.commercial_partner_id AS partner_id, t.categ_id, -sum(l.balance) AS amount
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
          JOIN product_product p ON p.id = l.product_id
          JOIN product_template t ON t.id = p.product_tmpl_id
          LEFT JOIN owned shipped ON shipped.partner_id = m.partner_shipping_id
          LEFT JOIN owned buyer ON buyer.partner_id = m.partner_id
         WHERE l.id IN %(lines)s
         GROUP BY 1, 2, 3
        """,
        owned=_values(owned),
        lines=lines,
    )


def best_sold(company_id, since, most):
    """Return the SQL of the product categories a company sold most of, best first.

    :param date since: first day that counts
    :param int most: how many categories
    """
    return SQL(
        """
        SELECT t.categ_id
          FROM sale_order o
          JOIN sale_order_line l ON l.order_id = o.id
          JOIN product_product p ON p.id = l.product_id
          JOIN product_template t ON t.id = p.product_tmpl_id
         WHERE o.state = 'sale' AND o.company_id = %s AND o.date_order >= %s
           AND t.categ_id IS NOT NULL
         GROUP BY 1
        HAVING sum(l.price_subtotal) > 0
         ORDER BY sum(l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1)) DESC, 1
         LIMIT %s
        """,
        company_id,
        since,
        most,
    )


def _values(owned):
    """Return the SQL of a mapping as rows of partner_id and unit_id."""
    return SQL(
        "SELECT unnest(%s::int[]) AS partner_id, unnest(%s::int[]) AS unit_id",
        list(owned),
        list(owned.values()),
    )
