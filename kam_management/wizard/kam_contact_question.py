from odoo import fields, models
from odoo.exceptions import UserError


class KamContactQuestion(models.AbstractModel):
    """Asks before a customer is contacted who has asked for silence."""

    _name = "kam.contact.question"
    _description = "Question Before a Contact"

    kam_silence = fields.Char("Silent Customers", compute="_compute_kam_silence")
    kam_contact_anyway = fields.Boolean("Contact Anyway")

    def _compute_kam_silence(self):
        for wizard in self:
            # sudo: the wish of a customer counts, whoever is about to contact him
            accounts = (
                self.env["kam.account"]
                .sudo()
                ._get_silent_for(wizard._get_kam_records())
            )
            # the reason is for those who may open the account
            open_to_user = accounts.sudo(False)._filtered_access("read")
            wizard.kam_silence = "; ".join(
                f"{account.partner_id.name} ({account.do_not_contact_reason})"
                if account in open_to_user and account.do_not_contact_reason
                else account.partner_id.name
                for account in accounts
            )

    def _get_kam_records(self):
        """Return the records the contact is about, of any model, maybe None."""
        raise NotImplementedError

    def _check_kam_silence(self):
        """Refuse to go on until the user has said that he means it.

        :raise UserError: naming the customers and what to tick
        """
        for wizard in self:
            if wizard.kam_silence and not wizard.kam_contact_anyway:
                raise UserError(
                    self.env._(
                        "Asked not to be contacted: %(customers)s. Tick “Contact Anyway”"
                        " if you mean it.",
                        customers=wizard.kam_silence,
                    )
                )
