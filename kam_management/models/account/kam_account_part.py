from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..context import without_defaults


class KamAccountPart(models.AbstractModel):
    """Something known of a customer: seen by the team of his account, and goes with it."""

    _name = "kam.account.part"
    _description = "Part of an Account"
    _check_company_auto = True

    # company_id follows it: to check that would leave none to choose on a new record
    account_id = fields.Many2one(
        "kam.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, {"company_id"})
        for vals in vals_list:
            self._check_company_typed(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_company_typed(vals)
        result = super().write(vals)
        if "account_id" in vals:
            # the rules were asked before: is the new account one of his, too?
            self.check_access("write")
        return result

    def _check_company_typed(self, vals):
        """Let parts be of the company of their account: the rules go by it.

        :param dict vals: values given to create or write
        :raise AccessError: when the user sets the company himself
        """
        if not self.env.su and "company_id" in vals:
            raise AccessError(
                self.env._("The company follows from the account. Choose the account.")
            )
