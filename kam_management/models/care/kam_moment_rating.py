from odoo import fields, models

from ..common import clock
from .kam_complaint_stage import UNSATISFIED


class KamMoment(models.Model):
    """What the customer says of it: asked by mail when it is done, rated by a click.

    Who is not satisfied is called by who was responsible.
    """

    _name = "kam.moment"
    _inherit = ["kam.asked", "kam.moment"]
    _kam_mark = "kam-moment"

    date_asked = fields.Datetime("Rating Asked")
    satisfaction = fields.Integer(
        "Rating", readonly=True, copy=False, aggregator=None, help="From 1 to 5."
    )

    def _handle_rated(self, rate):
        """React to what the customer says of a moment, from 1 to 5."""
        for moment in self:
            was_content = not moment.satisfaction or moment.satisfaction > UNSATISFIED
            moment.satisfaction = rate
            if rate <= UNSATISFIED and was_content:
                moment._plan_call()

    def _plan_call(self):
        """Have who was responsible call a customer who is not satisfied."""
        record = self.order_id or self.account_id
        user = self.user_id.filtered("active") or self.template_id._find_responsible(
            self.account_id, self.order_id
        )
        if not user:
            return
        record.with_context(
            lang=user.lang, mail_activity_quick_update=True
        ).activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=self.company_id._get_kam_working_day(clock.today()),
            summary=self.with_context(lang=user.lang).env._(
                "%(moment)s: not satisfied, call them", moment=self.display_name
            ),
            user_id=user.id,
        )

    def _ask_ratings(self):
        """Mail the question of their templates to the customers that can be asked."""
        for moment in self.filtered(lambda one: one._can_be_asked()):
            moment._mail_question("kam_management.mail_template_moment")

    def _can_be_asked(self):
        """Return whether the contact can be asked: they have an address, and wish it."""
        is_asking = self.template_id.question and not self.date_asked
        return bool(is_asking) and self._can_ask_person()
