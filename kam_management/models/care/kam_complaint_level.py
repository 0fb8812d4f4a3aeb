from datetime import datetime, time, timedelta

from pytz import UTC, timezone

from odoo import api, fields, models

from .kam_complaint import KINDS


class KamComplaintLevel(models.Model):
    """How soon we answer and solve, by what it is and whose it is.

    Of several that fit, the one that says more of the customer counts.
    """

    _name = "kam.complaint.level"
    _description = "Service Level of Complaints"
    _inherit = ["kam.guard"]
    _order = "kind, is_key_account desc, segment, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(KINDS, required=True, default="complaint")
    is_key_account = fields.Boolean(
        "Key Accounts Only", help="Applies to complaints of key accounts only."
    )
    segment = fields.Selection(
        lambda self: self.env["kam.account"]._fields["segment"].selection,
        help="Applies to customers of this segment only; empty: to all.",
    )
    hours_answer = fields.Float(
        "First Answer Within",
        help="Working hours until the customer hears from us; 0: no limit.",
    )
    hours_solution = fields.Float(
        "Solution Within",
        help="Working hours until it is solved; 0: the days of the settings.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Applies in this company only; empty: in all.",
    )

    _check_hours = models.Constraint(
        "CHECK(hours_answer BETWEEN 0 AND 2000 AND hours_solution BETWEEN 0 AND 2000)",
        "Service levels: enter working hours from 0 to 2000.",
    )

    @api.model
    def _find_levels(self, complaints):
        """Return {complaint: its level, empty when none fits}.

        :param complaints: ``kam.complaint`` records, new ones of a form too
        """
        # sudo: how soon we answer is no secret, whoever reports a complaint
        levels = self.sudo().search([("kind", "in", complaints.mapped("kind"))])
        levels = levels.sorted(lambda level: level._get_rank())
        return {
            complaint: next(
                (level for level in levels if level._fits(complaint)), levels.browse()
            )
            for complaint in complaints
        }

    def _get_rank(self):
        """Return what levels are sorted by: those that say more come first."""
        return (
            not self.is_key_account,
            not self.segment,
            not self.company_id,
            self.id,
        )

    def _fits(self, complaint):
        """Return whether this level is one for a complaint."""
        account = complaint.account_id
        company = account.company_id or self.env.company
        return (
            self.kind == complaint.kind
            and (not self.company_id or self.company_id == company)
            and (not self.is_key_account or account.is_key_account)
            and (not self.segment or self.segment == account.segment)
        )


def plan_hours(company, hours, moment):
    """Return when some working hours of a company have passed, in UTC.

    Hours of any kind for a company that keeps no working hours.

    :param company: ``res.company``
    :param float hours: how many
    :param datetime moment: since when, naive and in UTC
    """
    # sudo: the working hours of a company are no secret
    calendar = company.sudo().resource_calendar_id
    if calendar and not calendar.flexible_hours:
        start = UTC.localize(moment)
        if end := calendar.plan_hours(hours, start, compute_leaves=True):
            return end.astimezone(UTC).replace(tzinfo=None)
    return moment + timedelta(hours=hours)


def count_hours(company, start, day):
    """Return how many working hours of a company there are until the end of a day.

    Hours of any kind for a company that keeps no working hours.

    :param company: ``res.company``
    :param datetime start: since when, naive and in UTC
    :param date day: the last one
    """
    # sudo: as above
    calendar = company.sudo().resource_calendar_id
    start = UTC.localize(start)
    end = timezone(calendar.tz or "UTC").localize(datetime.combine(day, time.max))
    if calendar and not calendar.flexible_hours:
        return calendar.get_work_hours_count(start, end, compute_leaves=True)
    return max((end - start).total_seconds(), 0) / 3600


def get_day(company, moment):
    """Return which day a moment is where a company works.

    :param datetime moment: naive and in UTC
    """
    # sudo: as above
    zone = timezone(company.sudo().resource_calendar_id.tz or "UTC")
    return UTC.localize(moment).astimezone(zone).date()
