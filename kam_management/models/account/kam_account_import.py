from odoo import api, models
from odoo.fields import Domain

from ..common.kam_import_lookup import CALLED_BY
from ..common.lookup import find_called


class KamAccount(models.Model):
    """Accounts in files: called by the names of their customers."""

    _inherit = "kam.account"

    @api.model
    def get_import_templates(self):
        folder = "/kam_management/static/xls"
        return [
            {
                "label": self.env._("Import Template for Accounts"),
                "template": f"{folder}/kam_account_import_template.xlsx",
            },
            {
                "label": self.env._("Import Template for Opening Balances"),
                "template": f"{folder}/kam_opening_balance_import_template.xlsx",
            },
        ]

    @api.model
    def name_create(self, name):
        """Create the account of a new company."""
        account = self._create_by_customer([" ".join(str(name or "").split())])
        return account.id, account.display_name

    @api.model
    def _create_by_customer(self, names):
        """Create companies that are called so, and their accounts, in this order."""
        customers = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in names]
        )
        return self.create([{"partner_id": customer.id} for customer in customers])

    @api.model
    def _find_by_customer(self, texts):
        """Return {normalized text: the accounts of customers who are called so}."""
        found = find_called(
            self.env["res.partner"],
            texts,
            CALLED_BY["res.partner"],
            Domain("is_company", "=", True) | Domain("parent_id", "=", False),
        )
        customers = self.env["res.partner"].union(*found.values())
        accounts = self.search([("partner_id", "in", customers.ids)])
        by_customer = accounts.grouped("partner_id")
        return {
            text: self.union(*(by_customer.get(p, self.browse()) for p in partners))
            for text, partners in found.items()
        }

    @api.model
    def _give_to_managers(self, vals_list):
        """Return values for records of accounts: where nobody is named, the manager.

        Whoever loads a file is not the one who knows the people in it.
        """
        accounts = self.browse({vals.get("account_id") for vals in vals_list} - {None})
        managers = {account.id: account.manager_id.id for account in accounts}
        return [
            vals
            if vals.get("user_id") or not managers.get(vals.get("account_id"))
            else {**vals, "user_id": managers[vals["account_id"]]}
            for vals in vals_list
        ]
