import operator as op
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Touches that last longer are few, and looked up by themselves.
DAY = timedelta(days=1)
# Hours; whatever somebody types, the end is a moment there is.
LONGEST = 1_000_000
COMPARISONS = {
    "=": (SQL("="), op.eq),
    ">": (SQL(">"), op.gt),
    ">=": (SQL(">="), op.ge),
    "<": (SQL("<"), op.lt),
    "<=": (SQL("<="), op.le),
}


class KamTouch(models.Model):
    """Until when a touch lasted: a calendar asks for what lies within its days.

    Without an end to ask for it would ask for all touches there ever were.
    """

    _inherit = "kam.touch"

    end_date = fields.Datetime(
        "End",
        compute="_compute_end_date",
        inverse="_inverse_end_date",
        search="_search_end_date",
        help="The date and the duration together say when the contact was over.",
    )

    _long_idx = models.Index("(date) WHERE duration > 24")

    @api.depends("date", "duration")
    def _compute_end_date(self):
        for touch in self:
            hours = touch.duration if touch.duration < LONGEST else LONGEST
            touch.end_date = touch.date and touch.date + timedelta(hours=hours)

    def _inverse_end_date(self):
        for touch in self:
            if touch.date and touch.end_date:
                touch.duration = (touch.end_date - touch.date) / timedelta(hours=1)

    def _search_end_date(self, operator, value):
        """Look among those that began on the day before, or later, and the long ones."""
        if operator == "in":
            ends = (self._search_end_date("=", end) for end in value if end)
            return Domain.OR(ends)
        if operator not in COMPARISONS or not value:
            return NotImplemented
        moment = fields.Datetime.to_datetime(value)
        sign, compare = COMPARISONS[operator]

        def to_sql(model, alias, query):
            return SQL(
                "%s + LEAST(COALESCE(%s, 0), %s) * INTERVAL '1 hour' %s %s",
                model._field_to_sql(alias, "date", query),
                model._field_to_sql(alias, "duration", query),
                LONGEST,
                sign,
                moment,
            )

        ended = Domain.custom(
            to_sql=to_sql, predicate=lambda touch: compare(touch.end_date, moment)
        )
        if operator in ("<", "<="):
            return ended
        near = Domain("date", ">=", moment - DAY) | Domain("duration", ">", 24)
        return near & ended
