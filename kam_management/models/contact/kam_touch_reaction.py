from datetime import timedelta

from pytz import utc

from odoo import api, fields, models
from odoo.tools import SQL

from .kam_cadence import MASS_CHANNELS
from .kam_touch import EARLIEST

LAST_REACTION = "kam_management.measured_reactions"
# Touches are dated before they are committed: look back this far for latecomers.
HOURS_LOOKED_BACK = 1
# What goes out to many answers nobody's question.
# Nor does what nobody says how it reached the customer.
NO_ANSWER_CHANNELS = (*MASS_CHANNELS, "other")
# A wait of more than this is shown as this.
LONGEST_WAIT = timedelta(days=2 * 365)


class KamTouch(models.Model):
    """How long a customer waits: from each inbound touch to our next outbound one."""

    _inherit = "kam.touch"

    answer_id = fields.Many2one(
        "kam.touch",
        string="Answered By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Our next contact with this customer after he contacted us.",
    )
    reaction_hours = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Business hours from the customer's contact to our answer, by the working"
        " hours of the company.",
    )
    waiting_hours = fields.Float(
        "Hours Waiting",
        compute="_compute_waiting_hours",
        help="Business hours that a customer has waited for an answer by now.",
    )

    _unanswered_idx = models.Index(
        "(date) WHERE direction = 'in' AND answer_id IS NULL AND active"
    )
    _write_date_idx = models.Index("(write_date)")
    _answer_lost_idx = models.Index(
        "(id) WHERE answer_id IS NULL AND reaction_hours IS NOT NULL"
    )

    @api.depends("date", "direction", "answer_id", "company_id")
    def _compute_waiting_hours(self):
        now = fields.Datetime.now()
        waiting = self.filtered(
            lambda touch: touch.direction == "in" and not touch.answer_id and touch.date
        )
        (self - waiting).waiting_hours = 0
        for company, touches in waiting.grouped("company_id").items():
            first = max(min(touches.mapped("date")), now - LONGEST_WAIT)
            work = self._get_work(company, first, now)
            for touch in touches:
                touch.waiting_hours = sum(
                    (stop - max(start, touch.date)) / timedelta(hours=1)
                    for start, stop in work
                    if stop > touch.date
                )

    @api.model
    def _get_work(self, company, start, stop):
        """Return when a company works, as a list of (start, stop), naive and in UTC.

        By its working hours, in their time zone, less its holidays; always, when it has
        no working hours.

        :param company: a ``res.company``, maybe empty
        :param datetime start: from here on, in UTC
        :param datetime stop: up to here, in UTC
        """
        # sudo: the working hours of a company are no secret
        calendar = company.sudo().resource_calendar_id
        if start >= stop:
            return []
        if not calendar or calendar.flexible_hours:
            return [(start, stop)]
        intervals = calendar._work_intervals_batch(
            start.replace(tzinfo=utc), stop.replace(tzinfo=utc)
        )[False]
        return [
            tuple(
                moment.astimezone(utc).replace(tzinfo=None) for moment in (begin, end)
            )
            for begin, end, _attendances in intervals
        ]

    @api.model
    def _measure_reactions(self):
        """Find the answer to each inbound touch and the business hours until then.

        Looks at the customers with changed touches since the last time, and once a day at
        those whose answers may be open or another customer's. Answers are not what goes out
        to many, nor calls that reached nobody. Nothing is written that has not changed.
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        last = fields.Datetime.to_datetime(self._get_bookmark(LAST_REACTION))
        since = last - timedelta(hours=HOURS_LOOKED_BACK)
        self._collect_inbound(since, thoroughly=last.date() < now.date())
        self._collect_work(now)
        self._update_answers()
        self._set_bookmark(LAST_REACTION, fields.Datetime.to_string(now))
        self.invalidate_model(["answer_id", "reaction_hours"])

    def _collect_inbound(self, since, thoroughly):
        """Keep the inbound touches to look at, with their answers, in ``kam_inbound``.

        :param datetime since: those of customers and leads with touches changed after it
        :param bool thoroughly: those without an answer, or one of somebody else's, too
        """
        self.env.cr.execute("DROP TABLE IF EXISTS kam_inbound")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE kam_inbound ON COMMIT DROP AS
                WITH changed AS (%(changed)s),
                looked_at AS (
                    SELECT t.* FROM changed JOIN kam_touch t USING (account_id)
                    UNION ALL
                    SELECT t.* FROM changed JOIN kam_touch t
                        ON t.lead_id = changed.lead_id AND t.account_id IS NULL
                     WHERE changed.account_id IS NULL
                ),
                line AS (
                    SELECT t.id, t.company_id, t.date, t.direction, owner.key,
                           t.direction = 'out' AND t.channel NOT IN %(not_by)s
                               AND t.outcome IS DISTINCT FROM 'not_reached' AS is_answer,
                           -- what came in at the same time was there before
                           row_number() OVER (
                               ORDER BY owner.key, t.date, t.direction, t.id) AS place
                      FROM looked_at t
                     CROSS JOIN LATERAL (
                        SELECT COALESCE(t.account_id, -t.lead_id) AS key
                     ) owner
                     WHERE t.active
                ),
                question AS (
                    SELECT *, min(place) FILTER (WHERE is_answer) OVER (
                                  -- backwards, so that each row is added just once
                                  PARTITION BY key ORDER BY place DESC
                                  ROWS UNBOUNDED PRECEDING
                              ) AS answer_place
                      FROM line
                )
                SELECT q.id, q.company_id, q.date, answer.id AS answer_id,
                       answer.date AS answer_date
                  FROM question q
                  LEFT JOIN line answer ON answer.place = q.answer_place
                 WHERE q.direction = 'in'
                """,
                not_by=NO_ANSWER_CHANNELS,
                changed=self._get_changed_owners_sql(since, thoroughly),
            )
        )

    def _get_changed_owners_sql(self, since, thoroughly):
        """Return the SQL of the accounts, and leads without one, with other answers maybe.

        That is: with touches changed after a moment, or with a stored answer that was
        deleted or belongs to another customer by now. Each part has its index.
        """
        owner = SQL(
            "c.account_id, CASE WHEN c.account_id IS NULL THEN c.lead_id END AS lead_id"
        )
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

    def _collect_work(self, until):
        """Keep the working hours since the first of ``kam_inbound`` in ``kam_work``.

        Columns: company_id, start, stop, hours (worked before start).
        """
        rows = []
        for company_id, first in self.env.execute_query(
            SQL(
                """
                SELECT company_id, GREATEST(min(date), %s)
                  FROM kam_inbound GROUP BY company_id
                """,
                EARLIEST,
            )
        ):
            hours = 0
            company = self.env["res.company"].browse(company_id)
            for start, stop in self._get_work(company, first, until):
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
