from odoo import models
from odoo.tools import SQL

from .kam_account_metrics import COMPUTED_FIELDS


class KamAccount(models.Model):
    """Level and metrics of all accounts: worked out, compared, written where they differ."""

    _inherit = "kam.account"

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
             CROSS JOIN LATERAL (SELECT %(rhythm)s AS rhythm_days) rhythm
             CROSS JOIN LATERAL (
                SELECT figures.*, rhythm.*, %(next_touch)s AS next_touch_date) standing
             WHERE %(wanted)s
            """,
            rebuild=rebuild,
            standing=standing,
            bought=self._get_bought_sql(rule, scoped),
            figures=self._get_figures_sql(rule),
            rhythm=self._get_rhythm_sql(rule),
            next_touch=self._get_next_touch_sql(),
            wanted=wanted,
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
                   a.last_reached AS last_reached_date,
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
