from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..models.common import clock
from ..models.common.names import list_names


class KamTalk(models.TransientModel):
    """What is no conversation yet, or one with somebody else."""

    _inherit = "kam.talk"

    def _check_complete(self):
        """Refuse a conversation with nobody, or without the step that was agreed.

        :raise UserError: saying what to fill in
        """
        self._check_customer()
        self._check_with()
        if self.is_touch and not self._is_told():
            raise UserError(
                self.env._(
                    "Nothing is said about this conversation yet. Choose an outcome, or"
                    " note what was said."
                )
            )
        has_step = (self.next_summary or "").strip() and self.next_date
        if has_step and self.next_date < clock.here(self):
            raise UserError(
                self.env._("The next step is in the past. Choose today or a later day.")
            )
        if self.outcome == "next_step" and not (self.next_summary or "").strip():
            raise UserError(
                self.env._(
                    "A next step was agreed: say what it is under “Next Step”, or choose"
                    " another outcome."
                )
            )
        details = self.person_phone or self.person_email or self.person_role_ids
        if details and not (self.person_name or "").strip():
            raise UserError(self.env._("Give the name of the new person."))
        if not self.customer_id and (self.person_name or "").strip():
            raise UserError(
                self.env._(
                    "This lead has no customer yet. Set the customer on the lead first,"
                    " then add its people."
                )
            )

    def _is_told(self):
        """Return whether something is said about the conversation."""
        return bool(self.outcome or (self.note or "").strip())

    def _check_with(self):
        """Refuse a conversation with no person: a contact needs one on both sides.

        Nobody was reached where nobody answered, and what is neither call nor meeting nor
        mail is a note. A customer who is no company, or not known yet, is a person.

        :raise UserError: saying how to name one
        """
        is_talk = self.is_touch and self.channel != "other"
        is_company = self.customer_id.is_company
        with_somebody = self.partner_ids or (self.person_name or "").strip()
        is_reached = self.outcome != "not_reached"
        if is_talk and is_company and is_reached and not with_somebody:
            raise UserError(
                self.env._(
                    "Whom did you talk to? Choose a person under “With”, or type the name"
                    " of a new one. If nobody answered, choose “No Answer”; for a note,"
                    " choose “Other” under “How”."
                )
            )

    def _check_customer(self):
        """Refuse a conversation with nobody, or about what is another customer's.

        :raise UserError: when no customer was chosen
        :raise ValidationError: when the lead or quotation is another customer's
        """
        account, lead, order = self.account_id, self.lead_id, self.order_id
        if self.is_touch and not account and not lead:
            raise UserError(
                self.env._("Choose the customer you talked to, then save again.")
            )
        # sudo: compares customers, whoever may see them
        theirs = lead.sudo().kam_account_id | order.sudo().kam_account_id
        if account and theirs - account:
            raise ValidationError(
                self.env._(
                    "%(record)s belongs to another customer than %(customer)s. Open Talk"
                    " from there, or choose its customer.",
                    record=(lead or order).display_name,
                    customer=account.display_name,
                )
            )

    def _check_people(self):
        """Refuse people of another company.

        :raise ValidationError: naming them
        """
        # sudo: compares who works for whom
        strangers = self.partner_ids.filtered(
            lambda person: person.sudo().commercial_partner_id != self.customer_id
        )
        if strangers:
            raise ValidationError(
                self.env._(
                    "%(people)s: not a contact of this customer. Choose one of its"
                    " contacts, or add a new person.",
                    people=list_names(strangers),
                )
            )
