from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..evidence.contacts import EARLIEST
from .kam_cadence import MASS_CHANNELS, TALK_CHANNELS

LAST_REACTION = "kam_management.measured_reactions"
# When the pass under way began, and the last customer it has been to.
PASS = "kam_management.measuring_reactions"
CUSTOMERS_PER_BATCH = 20_000
# Touches are dated before they are committed: look back this far for latecomers.
HOURS_LOOKED_BACK = 1
# What goes out to many answers nobody's question.
# Nor does what nobody says how it reached the customer.
NO_ANSWER_CHANNELS = (*MASS_CHANNELS, "other")


class KamTouch(models.Model):
    """How the waiting is measured: in passes over the customers with news."""

    _inherit = "kam.touch"

    @api.model
    def _measure_reactions(self, limit=CUSTOMERS_PER_BATCH):
        """Find the answer to each inbound touch and the business hours until then.

        Looks at the customers with changed touches since the last pass, and once a day
        at those whose answers may be open or another customer's. Answers are not what
        goes out to many, nor calls that reached nobody; a call or meeting that came in is
        one, its own too. Nothing is written that has not changed.

        A pass goes from customer to customer, batch by batch. What happens meanwhile is
        news of the next one.

        :param int limit: how many customers to look at
        :return: how many customers remain in this pass
        """
        self.env.flush_all()
        started, place = self._get_pass()
        last = fields.Datetime.to_datetime(self._get_bookmark(LAST_REACTION))
        changed = self._get_changed_owners_sql(
            self._get_last_look(), thoroughly=last.date() < started.date()
        )
        remaining, place = self._collect_owners(changed, place, limit)
        self._find_answers()
        self._set_pass(started, place if remaining else None)
        return remaining

    def _find_answers_now(self):
        """Find what these touches answer at once, without waiting for the next pass."""
        self.env.flush_all()
        keys = [touch.account_id.id or -touch.lead_id.id for touch in self]
        owners = SQL("SELECT DISTINCT unnest(%s::int[]) AS key", keys)
        self._collect_owners(owners, None, len(keys))
        self._find_answers()

    @api.model
    def _find_answers(self):
        """Store the answers to what came from the customers of ``kam_owner``."""
        self._collect_inbound()
        self._collect_work()
        self._update_answers()
        self.invalidate_model(["answer_id", "reaction_hours"])

    @api.model
    def _get_last_look(self):
        """Return the moment since when records may have been written and not seen."""
        last = fields.Datetime.to_datetime(self._get_bookmark(LAST_REACTION))
        return last - timedelta(hours=HOURS_LOOKED_BACK)

    @api.model
    def _get_pass(self):
        """Return when the pass under way began, and the key it has come to.

        A new one begins now, and has come to none.
        """
        underway = self._get_bookmark(PASS)
        if not underway:
            return fields.Datetime.now(), None
        started, place = underway.split("|")
        return fields.Datetime.to_datetime(started), int(place)

    @api.model
    def _set_pass(self, started, place):
        """Remember how far the pass under way has come, or that it is over.

        :param place: the last key it has looked at; None: it is over
        """
        started = fields.Datetime.to_string(started)
        self._set_bookmark(PASS, "" if place is None else f"{started}|{place}")
        if place is None:
            self._set_bookmark(LAST_REACTION, started)

    def _collect_owners(self, changed, place, limit):
        """Keep the next customers to look at in ``kam_owner``.

        :param SQL changed: see ``_get_changed_owners_sql``
        :param place: those with a greater key; None: the first ones
        :param int limit: how many
        :return: how many more there are, and the greatest key of these
        """
        self.env.cr.execute("DROP TABLE IF EXISTS kam_owner")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE kam_owner ON COMMIT DROP AS
                SELECT key, count(*) OVER () AS total
                  FROM (%(changed)s) changed
                 WHERE key > %(place)s
                 ORDER BY key LIMIT %(limit)s
                """,
                changed=changed,
                place=-(2**31) if place is None else place,
                limit=limit,
            )
        )
        self.env.cr.execute("ANALYZE kam_owner")
        [[total, done, place]] = self.env.execute_query(
            SQL("SELECT COALESCE(max(total), 0), count(*), max(key) FROM kam_owner")
        )
        return total - done, place

    def _get_changed_owners_sql(self, since, thoroughly):
        """Return the SQL of the keys of customers with other answers maybe.

        A key is the id of an account, or minus that of a lead without one.
        These have touches changed after a moment, or a stored answer that was deleted
        or belongs to another customer by now. Each part has its index.
        """
        owner = SQL("COALESCE(c.account_id, -c.lead_id) AS key")
        return SQL(
            """
            SELECT %(owner)s FROM kam_touch c WHERE c.write_date > %(since)s
            UNION
            SELECT %(owner)s FROM kam_touch c
             WHERE c.answer_id IS NULL AND c.reaction_hours IS NOT NULL
            UNION
            SELECT %(owner)s
              FROM kam_touch answer
              JOIN kam_touch c ON c.answer_id = answer.id
             WHERE answer.account_id IS DISTINCT FROM c.account_id
               AND (%(thoroughly)s OR answer.write_date > %(since)s)
            UNION
            SELECT %(owner)s FROM kam_touch c
             WHERE %(thoroughly)s AND c.active
               AND c.direction = 'in' AND c.answer_id IS NULL
            """,
            owner=owner,
            since=since,
            thoroughly=SQL("TRUE") if thoroughly else SQL("FALSE"),
        )

    def _collect_inbound(self):
        """Keep the inbound touches of ``kam_owner``, with their answers, in
        ``kam_inbound``.
        """
        self.env.cr.execute("DROP TABLE IF EXISTS kam_inbound")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE kam_inbound ON COMMIT DROP AS
                WITH line AS (%(lines)s),
                question AS (
                    SELECT *, min(place) FILTER (WHERE is_answer) OVER (
                                  -- backwards, so that each row is added just once
                                  PARTITION BY key ORDER BY place DESC
                                  ROWS UNBOUNDED PRECEDING
                              ) AS answer_place
                      FROM line
                )
                SELECT q.id, q.company_id, q.date, answer.id AS answer_id,
                       -- who talked with us did not wait
                       CASE WHEN answer.id <> q.id THEN answer.date END AS answer_date
                  FROM question q
                  LEFT JOIN line answer ON answer.place = q.answer_place
                 WHERE q.direction = 'in'
                """,
                lines=self._get_lines_sql(),
            )
        )

    def _get_lines_sql(self):
        """Return the SQL of the touches of ``kam_owner``, numbered in their order."""
        return SQL(
            """
            SELECT t.id, t.company_id, t.date, t.direction, t.key,
                   (t.direction = 'out' AND t.channel NOT IN %(no_answers)s
                    OR t.channel IN %(talks)s)
                       AND t.outcome IS DISTINCT FROM 'not_reached' AS is_answer,
                   -- what came in at the same time was there before
                   row_number() OVER (ORDER BY t.key, t.date, t.direction, t.id) AS place
              FROM (
                SELECT t.*, o.key FROM kam_owner o JOIN kam_touch t ON t.account_id = o.key
                 UNION ALL
                SELECT t.*, o.key FROM kam_owner o
                  JOIN kam_touch t ON t.lead_id = -o.key AND t.account_id IS NULL
              ) t
             WHERE t.active
            """,
            no_answers=NO_ANSWER_CHANNELS,
            talks=TALK_CHANNELS,
        )

    def _collect_work(self):
        """Keep the working hours in which ``kam_inbound`` was answered in ``kam_work``.

        Columns: company_id, start, stop, hours (worked before start).
        """
        rows = []
        for company_id, first, last in self.env.execute_query(
            SQL(
                """
                SELECT company_id, GREATEST(min(date), %s), max(answer_date)
                  FROM kam_inbound WHERE answer_date IS NOT NULL GROUP BY company_id
                """,
                EARLIEST,
            )
        ):
            hours = 0
            company = self.env["res.company"].browse(company_id)
            for start, stop in self._get_work(company, first, last):
                rows.append((company_id or 0, start, stop, hours))
                hours += (stop - start) / timedelta(hours=1)
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS kam_work")
        execute(
            """
            CREATE TEMP TABLE kam_work (
                company_id int, start timestamp, stop timestamp, hours float
            ) ON COMMIT DROP
            """
        )
        if rows:
            self.env.cr.execute_values("INSERT INTO kam_work VALUES %s", rows)
        execute("CREATE INDEX ON kam_work (company_id, start)")
        execute("ANALYZE kam_work")

    def _update_answers(self):
        """Store answer and hours with the touches of ``kam_inbound`` that change."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_touch t
                   SET answer_id = news.answer_id, reaction_hours = news.hours
                  FROM (
                    SELECT i.id, i.answer_id,
                           round((%(worked_until_answer)s - %(worked_before)s)::numeric, 2)
                               AS hours
                      FROM kam_inbound i
                  ) news
                 WHERE t.id = news.id
                   AND (t.answer_id IS DISTINCT FROM news.answer_id
                        OR t.reaction_hours::numeric IS DISTINCT FROM news.hours)
                """,
                worked_until_answer=self._get_worked_sql(SQL("i.answer_date")),
                worked_before=self._get_worked_sql(SQL("i.date")),
            )
        )

    def _get_worked_sql(self, moment):
        """Return the SQL of the hours a company had worked at a moment, if there is one.

        :param SQL moment: an expression that yields a timestamp for row ``i``
        """
        return SQL(
            """
            CASE WHEN %(moment)s IS NOT NULL THEN COALESCE((
                SELECT w.hours
                       + EXTRACT(EPOCH FROM LEAST(w.stop, %(moment)s) - w.start) / 3600
                  FROM kam_work w
                 WHERE w.company_id = COALESCE(i.company_id, 0) AND w.start <= %(moment)s
                 ORDER BY w.start DESC LIMIT 1), 0) END
            """,
            moment=moment,
        )
