from odoo import fields, models
from odoo.exceptions import UserError


class KamContactQuestion(models.AbstractModel):
    """Asks before a customer is contacted who has asked for silence."""

    _name = "kam.contact.question"
    _description = "Do-Not-Contact Confirmation"
    _inherit = ["kam.guard"]

    kam_silence = fields.Char(
        "Do-Not-Contact Customers", compute="_compute_kam_silence"
    )
    kam_contact_anyway = fields.Boolean("Contact Anyway")

    def _compute_kam_silence(self):
        for wizard in self:
            wizard.kam_silence = self.env["kam.account"]._format_silence(
                wizard._get_kam_records()
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
