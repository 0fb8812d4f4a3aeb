from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from ..contact.kam_rated import mail_question
from .kam_complaint_stage import UNSATISFIED


class KamComplaint(models.Model):
    """Whether the customer thinks it is solved: asked by mail, rated by a click.

    Who is not satisfied reopens it by that click.
    """

    _inherit = "kam.complaint"
    _kam_mark = "kam-solved"

    date_asked = fields.Datetime(
        "Satisfaction Asked",
        readonly=True,
        copy=False,
        help="When the customer was asked by mail whether they are satisfied.",
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
        """Confirm the solution, or reopen the complaint and tell its owner."""
        rating = super().rating_apply(
            rate, token, rating, feedback, subtype_xmlid, notify_delay_send
        )
        # sudo: who rates is no user
        self.sudo()._handle_rated(rate)
        return rating

    def _handle_rated(self, rate):
        """React to what the customer says of the solution, from 1 to 5.

        What they say of a complaint that is open by now changes nothing.
        """
        for complaint in self:
            if complaint.state != "solved":
                continue
            if rate <= UNSATISFIED:
                complaint.state = "open"
                complaint._tell_unsatisfied()
            complaint.satisfaction = rate

    def _tell_unsatisfied(self):
        """Tell the owner that the solution was none: a note that reaches their inbox."""
        owner = self.user_id
        told = self.with_context(lang=owner.lang)
        told.message_post(
            body=told.env._(
                "The customer is not satisfied with the solution. Call them, and find"
                " out what is missing."
            ),
            partner_ids=owner.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _handle_solved(self):
        result = super()._handle_solved()
        for complaint in self:
            if complaint._can_be_asked():
                complaint._ask_satisfaction()
        return result

    def _can_be_asked(self):
        """Return whether who reported it can be asked: they have an address, and wish it."""
        # sudo: a wish for silence counts, whoever solves
        complaint = self.sudo()
        person = complaint.partner_id
        return bool(
            complaint.company_id.kam_complaint_ask
            and person.email
            and person.active
            and not person._kam_reaches_us()
            and not complaint.account_id.do_not_contact
            and not self.env["res.partner"]
            .sudo()
            ._get_kam_silent_emails({person.email_normalized})
        )

    def _ask_satisfaction(self):
        """Mail the question to who reported it, and nobody else; see ``_fill_in_keys``."""
        template = self.env.ref("kam_management.mail_template_complaint")
        mail_id = mail_question(self, template)
        # sudo: nobody else says which mail it is
        self.sudo().write(
            {"rating_mail_id": mail_id, "date_asked": fields.Datetime.now()}
        )
        self._message_log(
            body=self.env._(
                "%(person)s (%(address)s) was asked by mail whether they are satisfied.",
                person=self.partner_id.display_name,
                address=self.partner_id.email,
            )
        )

    @api.model
    def _get_mailed_domain(self, mail):
        return [("rating_mail_id", "in", mail.ids)]

    def _rating_get_operator(self):
        # the customer rates the solution, not the person who takes care of it
        return self.env["res.partner"]
