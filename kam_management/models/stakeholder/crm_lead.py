from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..account.crm_lead import CUSTOMER_FIELDS
from ..common.kam_merge import is_merging


class CrmLead(models.Model):
    """Who of the customer decides on a deal."""

    _inherit = "crm.lead"

    kam_stakeholder_ids = fields.Many2many(
        "kam.stakeholder",
        "kam_lead_stakeholder_rel",
        "lead_id",
        "stakeholder_id",
        string="Decision-Making Team",
        copy=False,
        domain="[('account_id', '=', kam_account_id)]",
        groups="kam_management.group_kam_user",
        help="The customer's stakeholders who decide on this deal.",
    )

    @api.constrains("kam_stakeholder_ids")
    def _check_kam_stakeholder_ids(self):
        """Keep to people of the customer whose deal it is."""
        if is_merging(self.env):
            return
        # sudo: whose people they are, whoever works on the lead
        for lead in self.sudo():
            people = lead.with_context(active_test=False).kam_stakeholder_ids
            if people.account_id - lead.kam_account_id:
                raise ValidationError(
                    self.env._(
                        "Decision-making team: choose stakeholders of the lead's own"
                        " customer."
                    )
                )

    def action_kam_add_contacts(self):
        """Open the dialog to add contacts of the customer who decide on this deal.

        :raise UserError: when all contacts are among the people already
        """
        self.ensure_one()
        self.check_access("write")
        account = self.kam_account_id
        if not account.new_contact_count:
            raise UserError(
                self.env._(
                    "All contacts of %(customer)s are stakeholders already: choose them"
                    " under “Decision-Making Team”. For somebody new, add a contact to"
                    " the customer first.",
                    customer=account.display_name,
                )
            )
        action = account.action_add_contacts()
        action["context"]["default_lead_id"] = self.id
        return action

    def write(self, vals):
        led = self.browse()
        if not CUSTOMER_FIELDS.isdisjoint(vals):
            # Whom nobody has asked yet for their customer, nobody gave people of one.
            # sudo: follows the customer, whoever writes
            asked = self.env.not_to_compute(self._fields["kam_account_id"], self.sudo())
            led = asked.filtered("kam_account_id")
        result = super().write(vals)
        led._kam_drop_strangers()
        return result

    def _kam_drop_strangers(self):
        """Take those out who decide at the customer the lead was of before."""
        for lead in self.with_context(active_test=False):
            strangers = lead.kam_stakeholder_ids.filtered(
                lambda person, lead=lead: person.account_id != lead.kam_account_id
            )
            if strangers:
                lead.kam_stakeholder_ids -= strangers

    def _merge_dependences(self, opportunities):
        """Keep who decides, as far as they are of the account this lead keeps."""
        result = super()._merge_dependences(opportunities)
        # sudo: who decides on the deals, whoever may see them
        lead, merged = self.sudo(), opportunities.sudo()
        people = (merged + lead).with_context(active_test=False).kam_stakeholder_ids
        lead.kam_stakeholder_ids = people.filtered(
            lambda person: person.account_id == lead.kam_account_id
        )
        return result
