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
        """Return the domain of the persons at these customers."""
        return self._get_person_domain() & Domain(
            "commercial_partner_id", "in", self.partner_id.ids
        )

    @api.model
    def _get_person_domain(self):
        """Return the domain of persons who work for a company; addresses are nobody."""
        return (
            Domain("parent_id", "!=", False)
            & Domain("is_company", "=", False)
            & Domain("type", "=", "contact")
        )

    @api.model
    @api.readonly
    def get_contact_offers(self, names):
        """Return contacts of some name who are not among the people of their customer.

        :param list names: texts, as searched for
        :return: ``[{account_id, account, contact_id, contact}]`` of accounts of the
            current company that the user sees, a few of them
        """
        names = names if isinstance(names, list) else []
        names = [name.strip() for name in names if isinstance(name, str)]
        called = Domain.OR(Domain("name", "ilike", name) for name in names if name)
        accounts = self._search([("company_id", "=", self.env.company.id)])
        # sudo: who is known already, whoever may read the dossier
        dossiers = self.env["kam.stakeholder"].sudo().with_context(active_test=False)
        known = dossiers._search([("partner_id", "!=", False)])
        contacts = self.env["res.partner"].search(
            called
            & self._get_person_domain()
            & Domain("commercial_partner_id", "in", accounts.subselect("partner_id"))
            & Domain("id", "not in", known.subselect("partner_id")),
            order="name, id",
            limit=OFFERED,
        )
        by_customer = self._map_for([(self.env.company, one) for one in contacts])
        offers = []
        for contact in contacts:
            customer = contact.commercial_partner_id
            account = by_customer[self.env.company, customer]
            offers.append(
                {
                    "account_id": account.id,
                    "account": account.display_name,
                    "contact_id": contact.id,
                    "contact": contact.name,
                }
            )
        return offers

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
