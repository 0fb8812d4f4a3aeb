from odoo import api, fields, models


class KamAccountPart(models.AbstractModel):
    """Something known of a customer: seen by the team of his account, and goes with it."""

    _name = "kam.account.part"
    _description = "Part of an Account"
    _inherit = ["kam.guard", "kam.merge", "kam.import"]
    _check_company_auto = True

    # company_id follows it: to check that would leave none to choose on a new record
    account_id = fields.Many2one(
        "kam.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)

    @api.model
    def _get_found_hint(self):
        return self.env._("The company follows from the account. Choose the account.")
