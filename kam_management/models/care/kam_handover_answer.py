from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.kam_merge import is_merging
from .kam_complaint_stage import UNSATISFIED


class KamHandover(models.Model):
    """Whether the customer agrees to the change: asked by mail, answered by a click.

    Who does not like it is irritated, and that alarms.
    """

    _name = "kam.handover"
    _inherit = ["kam.asked", "kam.handover"]
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
    date_asked = fields.Datetime("Acknowledgement Asked")

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
        self._mail_question("kam_management.mail_template_handover")
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
        # sudo: whom it is about, whoever asks
        person = self.sudo().partner_id
        if not self._get_receivers():
            raise UserError(self.env._("Name who takes over first."))
        if not person.email:
            raise UserError(
                self.env._("Choose a contact of the customer with an email address.")
            )
        if self._is_silent():
            raise UserError(
                self.env._(
                    "%(person)s cannot be contacted by mail. Note the acknowledgement"
                    " after a talk instead.",
                    person=person.display_name,
                )
            )

    def _handle_rated(self, rate):
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
