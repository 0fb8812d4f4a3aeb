from odoo import fields, models
from odoo.exceptions import UserError, ValidationError


class KamTalk(models.TransientModel):
    """The first answer to a complaint may be a conversation: listening comes first."""

    _inherit = "kam.talk"

    complaint_id = fields.Many2one("kam.complaint", "Answer To")

    def _check_complete(self):
        """Refuse an answer of which nobody knows what it was.

        :raise UserError: saying what to fill in
        """
        result = super()._check_complete()
        is_reached = self.outcome != "not_reached"
        if self.complaint_id and is_reached and not (self.note or "").strip():
            raise UserError(
                self.env._(
                    "Note under “What Was Said” what the customer expects, and what you"
                    " answered. If nobody answered, choose “No Answer”."
                )
            )
        return result

    def _check_customer(self):
        result = super()._check_customer()
        if self.complaint_id.account_id - self.account_id:
            raise ValidationError(
                self.env._("This complaint is of another customer. Open Talk from it.")
            )
        return result

    def _log_complaint(self, people):
        """Note the conversation on the complaint, and that it has been answered.

        A complaint that is talked about is reported no second time.
        """
        complaint = self.complaint_id
        if not complaint:
            return super()._log_complaint(people)
        complaint.check_access("write")
        complaint._message_log(body=self._format_said() or "")
        if self.outcome != "not_reached":
            complaint._handle_answered()
        self.complaint = False
        return super()._log_complaint(people)
