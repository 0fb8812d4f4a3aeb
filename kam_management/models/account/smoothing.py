"""Terms read out of dated documents: who led a customer, or which team somebody was in.

Documents do not say it plainly: a colleague stands in during a holiday, somebody helps out
once. So what they say is smoothed, subject by subject (a customer, or a person):

- Of several people on one day, the one with most of the money counts.
- Consecutive purchases with the same one are a run. A run counts as a term when it is the
  first one, or has at least two purchases, or is the last one and is by who it is today.
- A run that does not count belongs to the term around it.
- The first term has no beginning. Each ends on the day before the next one begins.
- The last one is of who it is today. When others sold last, it begins on the day after.
- When it is nobody today, the last term ends with the last purchase.

A day that is not over says nothing of others than who it is today.
"""

from odoo.tools import SQL


def get_terms_sql(sold, current, today):
    """Return the SQL of the terms of the subjects asked for; none where nothing was sold.

    Columns: subject_id, value_id, date_start (NULL: since ever), date_end (NULL: goes on).

    :param SQL sold: subject_id, value_id, date and amount, a row for each purchase
    :param SQL current: the subjects asked for: subject_id, and value_id of today or NULL
    :param date today: the day
    """
    return SQL(
        """
        WITH asked AS MATERIALIZED (%(current)s),
        -- what each one sold on a day, and who sold most
        sale AS (
            SELECT sold.subject_id, sold.value_id, sold.date, count(*) AS number,
                   sum(sold.amount::float8) AS amount, min(asked.value_id) AS current_id
              FROM (%(sold)s) sold
              JOIN asked ON asked.subject_id = sold.subject_id
             WHERE sold.date < %(today)s OR sold.value_id = asked.value_id
             GROUP BY sold.subject_id, sold.value_id, sold.date
        ), day AS (
            SELECT DISTINCT ON (subject_id, date) *
              FROM sale
             ORDER BY subject_id, date, amount DESC, value_id
        ), step AS (
            SELECT *, lag(value_id) OVER history AS before,
                   lead(value_id) OVER history AS after
              FROM day
            WINDOW history AS (PARTITION BY subject_id ORDER BY date)
        -- the days on which a run begins that counts, and the day after all of them
        ), mark AS (
            SELECT step.subject_id, mark.value_id, mark.first
              FROM step
             CROSS JOIN LATERAL (VALUES
                (value_id, date, value_id IS DISTINCT FROM before AND (
                    before IS NULL OR number >= 2 OR after = value_id
                    OR after IS NULL AND value_id = current_id)),
                (current_id, date + 1, after IS NULL)
             ) mark (value_id, first, counts)
             WHERE mark.counts
        ), change AS (
            SELECT *, lag(value_id) OVER history AS before
              FROM mark
            WINDOW history AS (PARTITION BY subject_id ORDER BY first)
        ), term AS (
            SELECT subject_id, value_id,
                   CASE WHEN before IS NOT NULL THEN first END AS date_start,
                   lead(first) OVER history - 1 AS date_end
              FROM change
             WHERE value_id IS DISTINCT FROM before
            WINDOW history AS (PARTITION BY subject_id ORDER BY first)
        )
        SELECT * FROM term WHERE value_id IS NOT NULL
        """,
        current=current,
        sold=sold,
        today=today,
    )
