"""SQL fragments that say what counts as evidence for a level or a metric.

``scope`` narrows a query down to the customers of the table ``kam_scope``; see
``kam.account._refresh_set_scope``.
"""

from odoo.tools import SQL

from .rule import after


def dormant_date(day, rule):
    """Return the SQL of the day on which a last purchase makes an account dormant.

    It is the first day D with purchase <= D - window. Adding months clamps to the end
    of a short month (31 August + 6 months = 28 February, less 6 months = 28 August);
    such a window is left on the day after.

    :param SQL day: a date expression, the last purchase
    """
    return SQL(
        """((%(day)s + %(window)s)::date
            + (((%(day)s + %(window)s)::date - %(window)s)::date < %(day)s)::int)""",
        day=day,
        window=SQL("INTERVAL %s", f"{rule.months} months"),
    )


def purchases(rule, scoped):
    """Return the SQL of the purchases known as of the rule's day, one row each.

    Columns: company_id, partner_id (commercial entity), id, user_id, date (order: a
    timestamp, invoice: a date), amount (untaxed, company currency at the rate of the
    document).

    - A confirmed order, or a posted invoice: as the rule's basis says.
    - What is worth nothing is no purchase.

    :param bool scoped: only customers of ``kam_scope``
    """
    if rule.basis == "invoice":
        return SQL(
            """
            SELECT m.company_id, p.commercial_partner_id AS partner_id, m.id,
                   m.invoice_user_id AS user_id, m.invoice_date AS date,
                   m.amount_untaxed_signed AS amount
              FROM account_move m
              JOIN res_partner p ON p.id = m.commercial_partner_id
             WHERE m.move_type = 'out_invoice' AND m.state = 'posted'
               AND m.amount_untaxed_signed > 0 AND m.invoice_date < %(end)s
               AND m.company_id IN %(companies)s AND %(scope)s
            """,
            end=after(rule.as_of),
            companies=rule.company_ids,
            scope=in_scope(SQL("m.commercial_partner_id"), scoped),
        )
    return SQL(
        """
        SELECT o.company_id, o.kam_commercial_partner_id AS partner_id, o.id, o.user_id,
               o.date_order AS date,
               CASE WHEN o.currency_rate = 1 OR COALESCE(o.currency_rate, 0) = 0
                    THEN o.amount_untaxed
                    ELSE o.amount_untaxed / o.currency_rate END AS amount
          FROM sale_order o
         WHERE o.state = 'sale' AND o.amount_untaxed > 0 AND o.date_order < %(end)s
           AND o.company_id IN %(companies)s AND %(scope)s
        """,
        end=after(rule.as_of),
        companies=rule.company_ids,
        scope=in_scope(SQL("o.kam_commercial_partner_id"), scoped),
    )


def credit_notes(rule, scoped):
    """Return the SQL of the posted credit notes of both windows, one row each.

    They are no purchases, but lower revenue whatever the basis.
    Columns: company_id, partner_id (commercial entity), id, date, amount (negative).

    :param bool scoped: only customers of ``kam_scope``
    """
    return SQL(
        """
        SELECT m.company_id, p.commercial_partner_id AS partner_id, m.id,
               m.invoice_date AS date, m.amount_untaxed_signed AS amount
          FROM account_move m
          JOIN res_partner p ON p.id = m.commercial_partner_id
         WHERE m.move_type = 'out_refund' AND m.state = 'posted'
           AND m.invoice_date > %(start)s AND m.invoice_date <= %(end)s
           AND m.company_id IN %(companies)s AND %(scope)s
        """,
        start=rule.previous_start,
        end=rule.as_of,
        companies=rule.company_ids,
        scope=in_scope(SQL("m.commercial_partner_id"), scoped),
    )


def openings(rule):
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
           AND opening.date <= %(as_of)s AND a.company_id IN %(companies)s
        """,
        as_of=rule.as_of,
        companies=rule.company_ids,
    )


def customers(rules, scoped):
    """Return the SQL of everybody who should have an account, several times maybe.

    Columns: company_id, partner_id. That is: the customers of ``kam_evidence``, of other
    orders, quotations and invoices, of leads, and the companies on the market. A
    company that all of ours share is on the market of each (branches excepted), whoever
    it buys from; mere vendors are not.

    :param bool scoped: only customers of ``kam_scope``
    """
    by_order = tuple(
        c for rule in rules if rule.basis == "order" for c in rule.company_ids
    )
    return SQL(
        """
        SELECT company_id, partner_id FROM kam_evidence
        UNION ALL
        SELECT o.company_id, o.kam_commercial_partner_id
          FROM sale_order o
         WHERE (o.state <> 'sale' OR o.amount_untaxed <= 0 OR o.date_order >= %(end)s
                OR o.company_id NOT IN %(by_order)s)
           AND %(ordered)s
        UNION ALL
        SELECT m.company_id, p.commercial_partner_id
          FROM account_move m
          JOIN res_partner p ON p.id = m.commercial_partner_id
         WHERE m.move_type IN ('out_invoice', 'out_refund') AND %(invoiced)s
        UNION ALL
        SELECT company_id, partner_id FROM (%(leads)s) lead
        UNION ALL
        SELECT c.id, p.id
          FROM res_partner p
          JOIN res_company c
            ON c.id = p.company_id OR (p.company_id IS NULL AND c.parent_id IS NULL)
         WHERE p.is_company AND p.active AND c.active
           AND p.commercial_partner_id = p.id
           AND NOT (p.supplier_rank > 0 AND COALESCE(p.customer_rank, 0) = 0)
           AND %(known)s
        """,
        end=after(rules[0].as_of),
        by_order=by_order or (0,),
        ordered=in_scope(SQL("o.kam_commercial_partner_id"), scoped),
        invoiced=in_scope(SQL("m.commercial_partner_id"), scoped),
        leads=leads(scoped),
        known=in_scope(SQL("p.id"), scoped),
    )


def leads(scoped):
    """Return the SQL of the leads with a customer, one row each.

    Columns: id, company_id, partner_id (commercial entity of today), user_id,
    source_id, create_date, kam_account_id. The company is found as
    ``crm.lead._get_kam_company`` does.

    :param bool scoped: only customers of ``kam_scope``
    """
    return SQL(
        """
        SELECT l.id, p.commercial_partner_id AS partner_id, l.user_id, l.source_id,
               l.create_date, l.kam_account_id,
               COALESCE(l.company_id, t.company_id, u.company_id, p.company_id, first.id)
                   AS company_id
          FROM crm_lead l
          JOIN res_partner p ON p.id = l.partner_id
          LEFT JOIN crm_team t ON t.id = l.team_id
          LEFT JOIN res_users u ON u.id = l.user_id
         CROSS JOIN (
            SELECT min(id) AS id FROM res_company WHERE parent_id IS NULL AND active
         ) first
         WHERE %s
        """,
        in_scope(SQL("l.partner_id"), scoped),
    )


def in_scope(partner, scoped):
    """Return the SQL condition that a partner concerns a customer of ``kam_scope``.

    :param SQL partner: an expression that yields a partner
    :param bool scoped: false makes the condition hold for everybody
    """
    if not scoped:
        return SQL("TRUE")
    return SQL("%s IN (SELECT partner_id FROM kam_scope)", partner)
