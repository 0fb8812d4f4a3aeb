from odoo import api, models
from odoo.exceptions import UserError

from ..common.names import list_names


class ProductCategory(models.Model):
    _inherit = "product.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_quotas(self):
        """Keep categories that quotas are set in: their figures would lose their sense."""
        # sudo: whoever deletes the category need not see the quotas
        lines = self.env["kam.quota.line"].sudo()
        lines = lines.search([("categ_id", "child_of", self.ids)])
        if lines:
            raise UserError(
                self.env._(
                    "%(categories)s is used in quotas. Give those quotas another"
                    " category first, or rename this one instead of deleting it:"
                    " %(quotas)s.",
                    categories=list_names(lines.categ_id),
                    quotas=list_names(lines),
                )
            )
