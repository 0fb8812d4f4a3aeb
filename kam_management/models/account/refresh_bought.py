from odoo import models
from odoo.tools import SQL

from . import evidence
from .kam_account_metrics import CADENCE_FIELDS, COMPUTED_FIELDS
from .rule import after


class KamAccount(models.Model):
    """What is known of each account: purchases, credit notes, touches, people, plans."""

    _inherit = "kam.account"

    def _refresh_collect_evidence(self, rules, scoped):
        """Sum up purchases in ``kam_evidence`` and credit notes in ``kam_credit``.

        :param rules: list of ``Rule``
        :param bool scoped: only customers of ``kam_scope``
        """
        self._create_temp_table(
            "kam_evidence", [self._get_evidence_sql(rule, scoped) for rule in rules]
        )
        self._create_temp_table(
            "kam_credit", [self._get_credit_sql(rule, scoped) for rule in rules]
        )
        # by what the tables are joined is all that the planner has to know
        self.env.cr.execute("ANALYZE kam_evidence (company_id, partner_id)")
        self.env.cr.execute("ANALYZE kam_credit (company_id, partner_id)")

    def _get_evidence_sql(self, rule, scoped):
        """Return the SQL of what each customer bought: one row per company and customer.

        Columns: company_id, partner_id, purchases, first_date, last_date, window_count,
        revenue, revenue_previous (of the two windows), hash (of the dated purchases).
        """
        return SQL(
            """
            SELECT company_id, partner_id, count(*)::int AS purchases,
                   min(date)::date AS first_date, max(date)::date AS last_date,
                   count(*) FILTER (WHERE date >= %(window)s)::int AS window_count,
                   round(sum(amount) FILTER (WHERE date >= %(window)s), %(digits)s)
                       AS revenue,
                   round(sum(amount) FILTER (WHERE date < %(window)s
                                               AND date >= %(previous)s), %(digits)s)
                       AS revenue_previous,
                   sum(hashint8(id::bigint << 32 # (date::date - DATE '2000-01-01')))
                       AS hash
              FROM (%(purchases)s) purchase
             GROUP BY company_id, partner_id
            """,
            window=after(rule.window_start),
            previous=after(rule.previous_start),
            digits=rule.digits,
            purchases=evidence.purchases(rule, scoped),
        )

    def _get_credit_sql(self, rule, scoped):
        """Return the SQL of what each customer was credited in the two windows.

        Columns: company_id, partner_id, revenue, revenue_previous (negative).
        """
        return SQL(
            """
            SELECT company_id, partner_id,
                   sum(amount) FILTER (WHERE date > %(window)s) AS revenue,
                   sum(amount) FILTER (WHERE date <= %(window)s) AS revenue_previous
              FROM (%(credit_notes)s) credit_note
             GROUP BY company_id, partner_id
            """,
            window=rule.window_start,
            credit_notes=evidence.credit_notes(rule, scoped),
        )

    def _get_bought_sql(self, rule, scoped):
        """Return the SQL of the accounts of a rule with all the evidence about each.

        Columns: those of the account, what its rhythm depends on, n (purchases),
        first_date, last_date, window_count, average (purchase of the window),
        revenue_now, revenue_before, first_touch, last_touch, last_reached,
        person_due, plan_days (rhythm of the plan), class (segment), part (share),
        root_id (of the group), root_part, hash.
        """
        return SQL(
            """
            SELECT a.id, a.company_id, a.partner_id, a.missing, %(stored)s, %(typed)s,
                   COALESCE(e.purchases, 0) + COALESCE(opened.purchases, 0) AS n,
                   LEAST(e.first_date, opened.first_date) AS first_date,
                   GREATEST(e.last_date, opened.last_date) AS last_date,
                   COALESCE(e.window_count, 0) + COALESCE(opened.window_count, 0)
                       AS window_count,
                   round(e.revenue / NULLIF(e.window_count, 0), %(digits)s) AS average,
                   COALESCE(e.revenue, 0) + COALESCE(c.revenue, 0) AS revenue_now,
                   COALESCE(e.revenue_previous, 0) + COALESCE(c.revenue_previous, 0)
                       AS revenue_before,
                   touched.first_date AS first_touch, touched.last_date AS last_touch,
                   touched.reached_date AS last_reached,
                   person.next_date AS person_due, rhythm.days AS plan_days,
                   s.segment AS class, COALESCE(s.share, 0) AS part,
                   COALESCE(kin.root_id, a.partner_id) AS root_id,
                   COALESCE(g.share, s.share, 0) AS root_part,
                   COALESCE(e.hash, 0) + COALESCE(opened.hash, 0) AS hash
              FROM (%(wanted)s) a
              LEFT JOIN kam_evidence e
                ON e.company_id = a.company_id AND e.partner_id = a.partner_id
              LEFT JOIN kam_credit c
                ON c.company_id = a.company_id AND c.partner_id = a.partner_id
              LEFT JOIN kam_segment s
                ON s.company_id = a.company_id AND s.partner_id = a.partner_id
              LEFT JOIN kam_ancestor kin ON kin.partner_id = a.partner_id
              LEFT JOIN kam_group g ON g.company_id = a.company_id
               AND g.root_id = COALESCE(kin.root_id, a.partner_id)
              LEFT JOIN (%(touched)s) touched ON touched.account_id = a.id
              LEFT JOIN (%(opened)s) opened ON opened.account_id = a.id
              LEFT JOIN (
                SELECT account_id, min(next_date) AS next_date FROM kam_person
                 GROUP BY account_id
              ) person ON person.account_id = a.id
              LEFT JOIN (%(rhythms)s) rhythm ON rhythm.account_id = a.id
             WHERE a.company_id IN %(companies)s
            OFFSET 0 -- work each expression out once, not wherever it is used
            """,
            stored=self._get_columns_sql("a"),
            typed=self._get_typed_sql("a"),
            digits=rule.digits,
            wanted=self._get_wanted_sql(scoped),
            touched=self._get_touched_sql(rule, scoped),
            opened=self._get_opened_sql(rule),
            rhythms=self._get_rhythms_sql(),
            companies=rule.company_ids,
        )

    def _get_wanted_sql(self, scoped):
        """Return the SQL of the accounts in question, and of those yet to be inserted.

        Columns: id, company_id, partner_id, missing, and those of the account.
        """
        return SQL(
            """
            SELECT a.id, a.company_id, a.partner_id, FALSE AS missing, %(stored)s,
                   %(typed)s
              FROM kam_account a
             WHERE %(scope)s
            UNION ALL
            SELECT nextval('kam_account_id_seq')::int, m.company_id, m.partner_id, TRUE,
                   %(nothing)s
              FROM kam_missing m
            """,
            stored=self._get_columns_sql("a"),
            typed=self._get_typed_sql("a"),
            nothing=SQL(", ").join(
                [SQL("NULL")] * len(COMPUTED_FIELDS + CADENCE_FIELDS)
            ),
            scope=self._get_accounts_sql(scoped),
        )

    def _get_typed_sql(self, alias):
        """Return the columns a rhythm depends on as a comma separated list."""
        return SQL(", ").join(SQL.identifier(alias, name) for name in CADENCE_FIELDS)

    def _get_touched_sql(self, rule, scoped):
        """Return the SQL of the first and last touch of each account.

        Columns: account_id, first_date, last_date, reached_date (of the last touch that
        reached somebody).
        """
        accounts = SQL(
            "SELECT a.id FROM kam_account a WHERE %s", self._get_accounts_sql(scoped)
        )
        return SQL(
            """
            SELECT t.account_id, min(t.date)::date AS first_date,
                   max(t.date)::date AS last_date,
                   max(t.date) FILTER (WHERE %(reached)s)::date AS reached_date
              FROM kam_touch t
             WHERE t.active AND t.date < %(end)s AND %(scope)s
             GROUP BY t.account_id
            """,
            end=after(rule.as_of),
            reached=self._get_reached_sql(),
            scope=SQL("t.account_id IN (%s)", accounts) if scoped else SQL("TRUE"),
        )

    def _get_opened_sql(self, rule):
        """Return the SQL of the opening balance of each account that has one."""
        return SQL(
            """
            SELECT o.account_id, sum(o.purchases)::int AS purchases,
                   min(o.date) AS first_date, max(o.date) AS last_date,
                   sum(o.purchases) FILTER (WHERE o.date > %(window)s)::int AS window_count,
                   sum(3::bigint * hashint8(o.purchases::bigint << 32
                                            # (o.date - DATE '2000-01-01')))::bigint AS hash
              FROM (%(openings)s) o
             GROUP BY o.account_id
            """,
            window=rule.window_start,
            openings=evidence.openings(rule),
        )
