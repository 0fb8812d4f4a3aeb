from odoo import api, fields, models

from ..common import formats
from ..common.clock import here


class KamTender(models.Model):
    """What the time that is left means, said where the preparation is planned."""

    _inherit = "kam.tender"

    hint = fields.Text(compute="_compute_hint")

    @api.depends("date_submission", "plan_id", "state", "milestone_count", "late_count")
    def _compute_hint(self):
        now = here(self)
        for tender in self:
            if tender.state != "preparing" or not tender.date_submission:
                tender.hint = False
            elif tender.date_submission < now:
                tender.hint = self.env._(
                    "The submission has passed. Mark the bid as submitted, or enter the"
                    " new day."
                )
            else:
                tender.hint = tender._tell_late((tender.date_submission - now).days)

    def _tell_late(self, left):
        """Return what is to be done first where time is short, or False.

        :param int left: days until the submission
        """
        name, days = self._get_next_step()
        if days > left:
            return self.env._(
                "It is late: what is to be done takes %(needed)s, there are %(left)s left,"
                " so the milestones lie closer together. Begin with “%(first)s”.",
                needed=formats.duration(self.env, days),
                left=formats.duration(self.env, left),
                first=name,
            )
        if self.late_count:
            return self.env._(
                "Milestones late: %(late)s. Begin with “%(first)s”.",
                late=self.late_count,
                first=name,
            )
        return False

    def _get_next_step(self):
        """Return what is to be done first, and how many days before the submission.

        Of what is planned, or else would be.
        """
        # sudo: the next milestone, whoever's it is
        if milestone := self.sudo().milestone_ids.filtered("active")[:1]:
            return milestone.display_name, milestone.kam_tender_days
        dates = {
            step: step._get_date_deadline(self.date_submission)
            for step in self.plan_id.template_ids
        }
        if self.milestone_count or not dates:
            return "", 0
        step = min(dates, key=dates.get)
        days = (self.date_submission - dates[step]).days
        return step.summary or step.activity_type_id.name, days
