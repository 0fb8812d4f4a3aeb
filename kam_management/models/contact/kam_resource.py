from odoo import api, fields, models
from odoo.exceptions import UserError


class KamResource(models.Model):
    """Something that is spent on a contact: a sample, a gift, an expert's hour."""

    _name = "kam.resource"
    _description = "Resource"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("promotion", "Promotion"),
            ("sample", "Sample"),
            ("letter", "Letter"),
            ("expert", "Expert's Time"),
            ("travel", "Travel"),
            ("gift", "Gift"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    unit = fields.Char(translate=True, help="What is counted: piece, hour, km ...")
    cost = fields.Monetary(
        "Standard Cost", help="Per unit, in the currency of the company that uses it."
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave it empty for a resource of all your companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    active = fields.Boolean(default=True)

    _check_cost = models.Constraint(
        "CHECK(cost >= 0)", "The cost of a resource cannot be negative."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for resource in self:
            company = resource.company_id or self.env.company
            resource.currency_id = company.currency_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep what touches have used: it is part of their cost."""
        # sudo: also touches the user does not see
        lines = self.env["kam.touch.resource"].sudo()
        if used := lines.search([("resource_id", "in", self.ids)]).resource_id:
            raise UserError(
                self.env._(
                    "%(resources)s: used for contacts already. Archive it instead.",
                    resources=", ".join(used.mapped("name")),
                )
            )
