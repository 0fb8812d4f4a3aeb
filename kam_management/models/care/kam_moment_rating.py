from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from ..common import clock
from ..contact.kam_rated import mail_question
from .kam_complaint_stage import UNSATISFIED


class KamMoment(models.Model):
    """What the customer says of it: asked by mail when it is done, rated by a click.

    Who is not satisfied is called by who was responsible.
    """

    _inherit = "kam.moment"
    _kam_mark = "kam-moment"

    date_asked = fields.Datetime("Rating Asked", readonly=True, copy=False)
    satisfaction = fields.Integer(
        "Rating", readonly=True, copy=False, aggregator=None, help="From 1 to 5."
    )
    # until it is sent and cleared away: no other mail takes the key along
    rating_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        index="btree_not_null",
        ondelete="set null",
    )

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        """Keep what the customer says, and have somebody call who is not satisfied."""
        rating = super().rating_apply(
            rate, token, rating, feedback, subtype_xmlid, notify_delay_send
        )
        # sudo: who rates is no user
        self.sudo()._handle_rated(rate)
        return rating

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
        mail = self.env.ref("kam_management.mail_template_moment", False)
        for moment in self.filtered(lambda one: mail and one._can_be_asked()):
            moment.write(
                {
                    "rating_mail_id": mail_question(moment, mail),
                    "date_asked": fields.Datetime.now(),
                }
            )

    def _can_be_asked(self):
        """Return whether the contact can be asked: they have an address, and wish it."""
        person = self.partner_id
        return bool(
            self.template_id.question
            and not self.date_asked
            and person.email
            and person.active
            and not person._kam_reaches_us()
            and not self.account_id.do_not_contact
            and not self.env["res.partner"]._get_kam_silent_emails(
                {person.email_normalized}
            )
        )

    @api.model
    def _get_mailed_domain(self, mail):
        return [("rating_mail_id", "in", mail.ids)]

    def _rating_get_operator(self):
        # the customer rates the moment, not the person responsible
        return self.env["res.partner"]
