from datetime import timedelta

from pytz import utc

from odoo import api, fields, models

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
        help="Our next contact with the customer after this one. A call or a meeting"
        " counts as its own answer.",
    )
    reaction_hours = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Business hours from the customer's message to our reply, by the working"
        " hours of the company.",
    )
    waiting_hours = fields.Float(
        "Waiting Time (Hours)",
        compute="_compute_waiting_hours",
        help="Business hours the customer has been waiting for our reply.",
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
