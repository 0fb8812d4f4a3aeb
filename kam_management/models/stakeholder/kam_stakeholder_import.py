from odoo import api, models


class KamStakeholder(models.Model):
    """Dossiers in files: of people of the customer, held by who leads the account."""

    _inherit = "kam.stakeholder"
    _import_key = ("account_id", "partner_id")
    _import_people = {"partner_id": "account_id"}

    @api.model
    def get_import_templates(self):
        name = "kam_stakeholder_import_template.xlsx"
        return [
            {
                "label": self.env._("Import Template for Stakeholders"),
                "template": f"/kam_management/static/xls/{name}",
            }
        ]

    @api.model
    def _complete_rows(self, vals_list):
        vals_list = super()._complete_rows(vals_list)
        return self.env["kam.account"]._give_to_managers(vals_list)
