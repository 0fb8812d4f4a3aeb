from datetime import timedelta

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ..common import clock
from . import smoothing


class KamTermMixin(models.AbstractModel):
    """How terms come about by themselves: from today on, and of the past.

    Of all subjects at once, in a few statements.
    """

    _inherit = "kam.term.mixin"

    @api.model
    def _follow(self, current, scope, since_ever):
        """Write what has changed about who is responsible.

        - Who is so no more was so until yesterday (UTC); what began today was a slip.
        - Who is so now is so from today. The first term of a subject has no beginning
          where the app comes to know it with that one: they answer for its past, too.

        :param SQL current: who it is today, as columns named like ours, with the company
            and ``is_new``: the subject has no past
        :param SQL scope: a condition on the terms ``t`` in question
        :param bool since_ever: the first term has no beginning; else only that of what is
            new has none
        """
        self.flush_model()
        today = clock.today()
        values = {
            "table": SQL.identifier(self._table),
            "subject": SQL.identifier(self._subject_name),
            "value": SQL.identifier(self._value_name),
            "current": current,
            "scope": scope,
            "today": today,
            "yesterday": today - timedelta(days=1),
            "since_ever": since_ever,
        }
        for query in (DROP_SLIPS, END, GO_ON, BEGIN):
            self.env.cr.execute(SQL(query, **values))
        self.invalidate_model(flush=False)

    # Of the past

    @api.model
    def _write_derived(self):
        """Write the terms that the documents tell of, where none but today's is known.

        That term becomes the last one, and others are put before it. What is known better
        stays, so doing it again changes nothing.
        """
        self.env.flush_all()
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self._table)))
        subject = SQL.identifier(self._subject_name)
        place = self._fields["company_id"].related.split(".")[0]
        column = "subject_id" if place == self._subject_name else "value_id"
        self.env.cr.execute(
            SQL(
                DERIVE,
                table=SQL.identifier(self._table),
                subject=subject,
                value=SQL.identifier(self._value_name),
                places=SQL.identifier(
                    self.env[self._fields[place].comodel_name]._table
                ),
                place=SQL.identifier("term", column),
                terms=smoothing.get_terms_sql(
                    self._get_sold_sql(), self._get_undated_sql(), clock.today()
                ),
            )
        )
        self.env.invalidate_all(flush=False)

    @api.model
    def _get_sales_sql(self):
        """Return the SQL of what colleagues of today or former ones sold, dated.

        Columns: company_id, partner_id, date, res_model, res_id, user_id, amount. The one
        place where terms ask for purchases; those of portal users and of the system are
        nobody's.
        """
        evidence = self.env["kam.evidence"]
        return SQL(
            """
            SELECT sale.* FROM (%s) sale
              JOIN res_users u ON u.id = sale.user_id AND NOT u.share AND u.id <> %s
             WHERE sale.purchases > 0
            """,
            evidence._get_sales_sql(evidence._get_looks(clock.today())),
            SUPERUSER_ID,
        )

    @api.model
    def _get_sold_sql(self):
        """Return the SQL of the purchases by subject and value: see ``smoothing``."""
        raise NotImplementedError

    @api.model
    def _get_undated_sql(self):
        """Return the SQL of (subject_id, value_id): subjects whose past is not known.

        The value is that of today. They have no term, or one since ever that goes on.
        """
        raise NotImplementedError


# Who is responsible is looked up among all who are, once; a join would read them again for
# each term wherever statistics take the table of terms to be empty.
DROP_SLIPS = """
    DELETE FROM %(table)s t
     WHERE t.date_end IS NULL AND t.date_start >= %(today)s AND %(scope)s
       AND (t.%(subject)s, t.%(value)s) NOT IN (
            SELECT c.%(subject)s, c.%(value)s FROM (%(current)s) c)
"""
END = """
    UPDATE %(table)s t SET date_end = %(yesterday)s
     WHERE t.date_end IS NULL AND %(scope)s
       AND (t.%(subject)s, t.%(value)s) NOT IN (
            SELECT c.%(subject)s, c.%(value)s FROM (%(current)s) c)
"""
# Who left and came back on one day has never left. Only those whose term has just ended are
# looked at; side by side, for the same reason.
GO_ON = """
    WITH ended AS MATERIALIZED (
        SELECT DISTINCT t.%(subject)s FROM %(table)s t
         WHERE t.date_end = %(yesterday)s AND %(scope)s
    ),
    known AS (
        SELECT NULL::int AS id, c.%(subject)s, c.%(value)s, NULL::date AS date_end
          FROM ended JOIN (%(current)s) c USING (%(subject)s)
         UNION ALL
        SELECT t.id, t.%(subject)s, t.%(value)s, t.date_end
          FROM ended JOIN %(table)s t USING (%(subject)s)
    ),
    history AS (
        SELECT id, date_end, bool_or(id IS NULL) OVER pair AS is_current,
               bool_or(id IS NOT NULL AND date_end IS NULL) OVER pair AS goes_on
          FROM known
        WINDOW pair AS (PARTITION BY %(subject)s, %(value)s)
    )
    UPDATE %(table)s t SET date_end = NULL
      FROM history
     WHERE t.id = history.id AND history.date_end = %(yesterday)s
       AND history.is_current AND NOT history.goes_on
"""
# Those responsible and the terms there are are laid side by side. Where a term ends later
# than yesterday, by a clock that was wrong, the next one waits.
BEGIN = """
    WITH known AS (
        SELECT c.%(subject)s, c.%(value)s, c.company_id, c.is_new, NULL::date AS date_end,
               FALSE AS is_term
          FROM (%(current)s) c
         UNION ALL
        SELECT t.%(subject)s, t.%(value)s, NULL, NULL, t.date_end, TRUE
          FROM %(table)s t WHERE %(scope)s
    ),
    history AS (
        SELECT *, max(date_end) OVER subject AS last_end,
               bool_or(is_term) OVER subject AS has_terms,
               bool_or(is_term AND date_end IS NULL) OVER pair AS goes_on
          FROM known
        WINDOW subject AS (PARTITION BY %(subject)s),
               pair AS (PARTITION BY %(subject)s, %(value)s)
    )
    INSERT INTO %(table)s (%(subject)s, %(value)s, company_id, date_start)
    SELECT %(subject)s, %(value)s, company_id,
           CASE WHEN (%(since_ever)s OR is_new) AND NOT has_terms
                THEN NULL ELSE GREATEST(%(today)s::date, last_end + 1) END
      FROM history
     WHERE NOT is_term AND NOT goes_on
"""
# The term of today gives way before others come into its place: an index wants it so.
DERIVE = """
    WITH term AS MATERIALIZED (%(terms)s),
    moved AS (
        UPDATE %(table)s t SET date_start = term.date_start
          FROM term
         WHERE t.%(subject)s = term.subject_id AND t.date_end IS NULL
           AND term.date_end IS NULL AND term.date_start IS NOT NULL
        RETURNING t.id
    )
    INSERT INTO %(table)s (%(subject)s, %(value)s, company_id, date_start, date_end)
    SELECT term.subject_id, term.value_id, place.company_id, term.date_start, term.date_end
      FROM term JOIN %(places)s place ON place.id = %(place)s
     WHERE term.date_end IS NOT NULL AND (SELECT count(*) FROM moved) >= 0
"""
