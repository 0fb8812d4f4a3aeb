from odoo import api, fields, models
from odoo.fields import Domain

# So many are named when somebody looks for a person.
OFFERED = 5


class KamAccount(models.Model):
    """Contacts of the customer of whom there is no dossier yet are offered."""

    _inherit = "kam.account"

    new_contact_count = fields.Integer(
        "Contacts Not Added Yet",
        compute="_compute_new_contact_count",
        help="Contacts of the customer who are not among its people yet.",
    )

    @api.depends("stakeholder_ids", "partner_id")
    def _compute_new_contact_count(self):
        contacts = self._get_new_contacts()
        for account in self:
            account.new_contact_count = len(contacts.get(account, ()))

    def _get_new_contacts(self, domain=Domain.TRUE):
        """Return {account: contacts of its customer whom nobody has added to its people}.

        :param Domain domain: of the contacts; who left the company, as one of its people
            or as an archived contact, is not offered again
        :return: accounts without any are missing
        """
        people = self.env["res.partner"].search(
            self._get_contacts_domain() & domain, order="name, id"
        )
        # sudo: who is known already, whoever may read the dossier
        dossiers = self.env["kam.stakeholder"].sudo().with_context(active_test=False)
        known = {
            (account.id, person.id)
            for account, person in dossiers._read_group(
                [("account_id", "in", self.ids), ("partner_id", "in", people.ids)],
                ["account_id", "partner_id"],
            )
        }
        people = people.grouped("commercial_partner_id")
        found = {}
        for account in self.filtered(lambda one: one.partner_id in people):
            new = people[account.partner_id].filtered(
                lambda person, account=account: (account.id, person.id) not in known
            )
            if new:
                found[account] = new
        return found

    def _get_contacts_domain(self):
        """Return the domain of the persons at these customers; addresses are nobody."""
        customers = self.partner_id
        return (
            Domain("commercial_partner_id", "in", customers.ids)
            & Domain("id", "not in", customers.ids)
            & Domain("is_company", "=", False)
            & Domain("type", "=", "contact")
        )

    def action_add_contacts(self):
        """Open the dialog to add contacts of the customer to its people."""
        self.ensure_one()
        return {
            "name": self.env._("Add from Contacts"),
            "type": "ir.actions.act_window",
            "res_model": "kam.stakeholder.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id},
        }
