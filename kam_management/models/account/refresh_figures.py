from odoo import models
from odoo.tools import SQL

from . import evidence
from .kam_account_metrics import CADENCE_FIELDS, COMPUTED_FIELDS
from .rule import after


class KamAccount(models.Model):
    """Level and metrics of all accounts: worked out, compared, written where they differ."""

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

    def _refresh_find_changes(self, rules, scoped):
        """Work out the figures of the accounts; keep those that differ in ``kam_refresh``.

        The log of an account is rebuilt where its level differs or the hash of what the
        log follows from: dated purchases, first touch, opening balance and settings. Of
        accounts that were asked for by name it is rebuilt in any case.

        :param rules: list of ``Rule``
        :param bool scoped: only accounts of ``kam_scope``
        """
        self._create_temp_table(
            "kam_refresh", [self._get_changes_sql(rule, scoped) for rule in rules]
        )
        self.env.cr.execute(
            "ANALYZE kam_refresh (account_id, company_id, partner_id, rebuild, missing)"
        )

    def _get_changes_sql(self, rule, scoped):
        """Return the SQL of the accounts of a rule whose figures differ, with the new ones.

        Columns: account_id, company_id, partner_id, missing (the account is yet to be
        inserted), first_move (it leaves potential), rebuild, and the computed fields.
        """
        stored, standing = self._get_columns_sql("a"), self._get_columns_sql("standing")
        if scoped:
            wanted = rebuild = SQL("TRUE")
        else:
            wanted = SQL("(%s) IS DISTINCT FROM (%s)", stored, standing)
            rebuild = SQL(
                """(a.level, a.evidence_hash)
                    IS DISTINCT FROM (standing.level, standing.evidence_hash)"""
            )
        return SQL(
            """
            SELECT a.id AS account_id, a.company_id, a.partner_id, a.missing,
                   a.level = 'potential' AND standing.level <> 'potential' AS first_move,
                   %(rebuild)s AS rebuild, %(standing)s
              FROM (%(bought)s) a
             CROSS JOIN LATERAL (%(figures)s) figures
             CROSS JOIN LATERAL (SELECT figures.*, %(next_touch)s AS next_touch_date) standing
             WHERE %(wanted)s
            """,
            rebuild=rebuild,
            standing=standing,
            bought=self._get_bought_sql(rule, scoped),
            figures=self._get_figures_sql(rule),
            next_touch=self._get_next_touch_sql(rule),
            wanted=wanted,
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
              FROM (
                SELECT a.id, a.company_id, a.partner_id, FALSE AS missing, %(stored)s,
                       %(typed)s
                  FROM kam_account a
                 WHERE %(scope)s
                UNION ALL
                SELECT nextval('kam_account_id_seq')::int, m.company_id, m.partner_id, TRUE,
                       %(nothing)s
                  FROM kam_missing m
              ) a
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
            typed=SQL(", ").join(SQL.identifier("a", name) for name in CADENCE_FIELDS),
            nothing=SQL(", ").join(
                [SQL("NULL")] * len(COMPUTED_FIELDS + CADENCE_FIELDS)
            ),
            digits=rule.digits,
            touched=self._get_touched_sql(rule, scoped),
            opened=self._get_opened_sql(rule),
            rhythms=self._get_rhythms_sql(),
            companies=rule.company_ids,
            scope=self._get_accounts_sql(scoped),
        )

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

    def _get_figures_sql(self, rule):
        """Return the SQL of the computed columns of one account, named as its fields.

        Reads ``a``, a row of ``_get_bought_sql``. The rule of levels is DESIGN's; a
        customer is a safe source of revenue (R6) who is active, whose revenue has not
        fallen, and whose last purchase lies no further back than one and a half times
        his usual interval (at least 30 days).
        """
        return SQL(
            """
            SELECT CASE WHEN a.n = 0 AND a.first_touch IS NULL THEN 'potential'
                        WHEN a.n = 0 THEN 'engaged'
                        WHEN a.last_date <= %(window_start)s THEN 'dormant'
                        WHEN a.n < %(minimum)s THEN 'new'
                        ELSE 'active' END AS level,
                   a.first_touch AS first_touch_date,
                   a.last_touch AS last_touch_date,
                   a.n AS purchase_count,
                   a.first_date AS first_purchase_date,
                   a.last_date AS last_purchase_date,
                   CASE WHEN a.last_date > a.first_date
                        THEN a.last_date
                             + round((a.last_date - a.first_date)::float / (a.n - 1))::int
                        END AS expected_purchase_date,
                   a.window_count AS window_purchase_count,
                   a.revenue_now AS revenue, a.revenue_before AS revenue_previous,
                   COALESCE(a.average, 0) AS average_purchase,
                   CASE WHEN a.n = 0 THEN NULL
                        WHEN a.n = 1 THEN 'one_off'
                        WHEN a.n >= %(minimum)s
                             AND a.last_date > %(window_start)s
                             AND %(as_of)s - a.last_date <= GREATEST(
                                1.5 * (a.last_date - a.first_date)::float / (a.n - 1), 30)
                             AND a.revenue_before > 0
                             AND a.revenue_now >= a.revenue_before
                        THEN 'safe' ELSE 'repeat' END AS buyer_pattern,
                   CASE WHEN a.n > 0 THEN COALESCE(a.class, 'c') END AS segment,
                   CASE WHEN a.n > 0 THEN a.part ELSE 0 END AS share,
                   a.root_id AS group_partner_id, a.root_part AS group_share,
                   hashint8(a.hash + %(rule_key)s + 5::bigint * COALESCE(
                       hashint4(a.first_touch - DATE '2000-01-01'), 0)) AS evidence_hash
            """,
            window_start=rule.window_start,
            minimum=rule.minimum,
            as_of=rule.as_of,
            rule_key=rule.key,
        )

    def _get_columns_sql(self, alias):
        """Return the computed columns of a table as a comma separated list."""
        return SQL(", ").join(SQL.identifier(alias, name) for name in COMPUTED_FIELDS)

    def _refresh_write(self):
        """Write the figures of ``kam_refresh`` into the accounts that differ."""
        level_date = SQL("CASE WHEN r.rebuild THEN step.date ELSE a.level_date END")
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_account a
                   SET (%(names)s, level_date) = ROW(%(standing)s, %(level_date)s)
                  FROM kam_refresh r
                  LEFT JOIN kam_step step
                    ON step.account_id = r.account_id AND step.is_last
                 WHERE a.id = r.account_id AND NOT r.missing
                   AND (%(stored)s, a.level_date)
                       IS DISTINCT FROM (%(standing)s, %(level_date)s)
                """,
                names=SQL(", ").join(map(SQL.identifier, COMPUTED_FIELDS)),
                standing=self._get_columns_sql("r"),
                stored=self._get_columns_sql("a"),
                level_date=level_date,
            )
        )
