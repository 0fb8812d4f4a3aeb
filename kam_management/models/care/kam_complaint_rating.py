from odoo import fields, models

from .kam_complaint_stage import UNSATISFIED


class KamComplaint(models.Model):
    """Whether the customer thinks it is solved: asked by mail, rated by a click.

    Who is not satisfied reopens it by that click.
    """

    _name = "kam.complaint"
    _inherit = ["kam.asked", "kam.complaint"]
    _kam_mark = "kam-solved"

    date_asked = fields.Datetime(
        "Satisfaction Asked",
        help="When the customer was asked by mail whether they are satisfied.",
    )

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
        # sudo: a setting
        is_asking = self.sudo().company_id.kam_complaint_ask
        return bool(is_asking) and self._can_ask_person()

    def _ask_satisfaction(self):
        """Mail the question to who reported it, and nobody else; see ``_fill_in_keys``."""
        self._mail_question("kam_management.mail_template_complaint")
        self._message_log(
            body=self.env._(
                "%(person)s (%(address)s) was asked by mail whether they are satisfied.",
                person=self.partner_id.display_name,
                address=self.partner_id.email,
            )
        )
