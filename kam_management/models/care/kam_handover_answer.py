from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS

from ..common.kam_merge import is_merging
from ..contact.kam_rated import mail_question
from .kam_complaint_stage import UNSATISFIED


class KamHandover(models.Model):
    """Whether the customer agrees to the change: asked by mail, answered by a click.

    Who does not like it is irritated, and that alarms.
    """

    _inherit = "kam.handover"
    _kam_mark = "kam-handover"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer's Contact",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=', customer_id),"
        " ('is_company', '=', False)]",
        help="Who is asked to acknowledge the handover.",
    )
    date_asked = fields.Datetime("Acknowledgement Asked", readonly=True, copy=False)
    # until it is sent and cleared away: no other mail takes the key along
    rating_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.constrains("partner_id", "account_id")
    def _check_partner(self):
        if is_merging(self.env):
            return
        for handover in self:
            person = handover.partner_id
            if person and person.commercial_partner_id != handover.customer_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s. Choose a contact of"
                        " this customer.",
                        person=person.display_name,
                        customer=handover.customer_id.display_name,
                    )
                )

    def action_ask(self):
        """Mail the customer's contact who looks after them from now on, and ask whether
        that is fine.

        :raise UserError: when nobody can be asked, or nobody takes over yet
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        self._check_askable()
        template = self.env.ref("kam_management.mail_template_handover")
        mail_id = mail_question(self, template)
        # sudo: nobody else says which mail it is
        self.sudo().write(
            {"rating_mail_id": mail_id, "date_asked": fields.Datetime.now()}
        )
        self._message_log(
            body=self.env._(
                "%(person)s (%(address)s) was asked by mail to acknowledge the handover.",
                person=self.partner_id.display_name,
                address=self.partner_id.email,
            )
        )

    def _check_askable(self):
        """Refuse to ask who cannot be asked.

        :raise UserError: saying why
        """
        # sudo: a wish for silence counts, whoever asks
        handover = self.sudo()
        person = handover.partner_id
        if not handover._get_receivers():
            raise UserError(self.env._("Name who takes over first."))
        if not person.email:
            raise UserError(
                self.env._("Choose a contact of the customer with an email address.")
            )
        silent = handover.account_id.do_not_contact or self.env[
            "res.partner"
        ].sudo()._get_kam_silent_emails({person.email_normalized})
        if silent or not person.active:
            raise UserError(
                self.env._(
                    "%(person)s cannot be contacted by mail. Note the acknowledgement"
                    " after a talk instead.",
                    person=person.display_name,
                )
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
        """Take the customer's word on the handover."""
        rating = super().rating_apply(
            rate, token, rating, feedback, subtype_xmlid, notify_delay_send
        )
        # sudo: who answers is no user
        self.sudo()._handle_answer(rate)
        return rating

    def _handle_answer(self, rate):
        """React to what the customer says of the handover, from 1 to 5.

        What they say once it is over changes nothing.
        """
        for handover in self.filtered(lambda one: one.state == "open"):
            if rate <= UNSATISFIED:
                handover.irritation = "strong"
                continue
            handover.step_ids.filtered(
                lambda step: step.code == "accepted" and not step.is_done
            )._tick(note=self.env._("Acknowledged by mail"))

    @api.model
    def _get_mailed_domain(self, mail):
        return [("rating_mail_id", "in", mail.ids)]

    def _rating_get_operator(self):
        # the customer rates the handover, not a person
        return self.env["res.partner"]
