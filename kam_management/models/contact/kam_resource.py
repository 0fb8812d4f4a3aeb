from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.names import list_names


class KamResource(models.Model):
    """Something that is spent on a contact: a sample, a gift, an expert's hour."""

    _name = "kam.resource"
    _description = "Resource"
    _inherit = ["kam.guard"]
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
                    resources=list_names(used),
                )
            )


class KamTouchResource(models.Model):
    """What was spent on one touch, of one resource of the catalogue.

    Typed in with an activity that is done, it waits there until the touch is captured.
    """

    _name = "kam.touch.resource"
    _description = "Resource Used"
    _inherit = ["kam.guard"]
    _order = "id"
    _rec_name = "resource_id"
    _check_company_auto = True

    touch_id = fields.Many2one("kam.touch", ondelete="cascade", index="btree_not_null")
    activity_id = fields.Many2one(
        "mail.activity", ondelete="cascade", index="btree_not_null"
    )
    resource_id = fields.Many2one(
        "kam.resource", required=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection(related="resource_id.kind")
    unit = fields.Char(related="resource_id.unit")
    quantity = fields.Float(default=1.0, required=True)
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        readonly=False,
        help="Quantity times the standard cost of the catalogue, unless typed in.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    _check_owner = models.Constraint(
        "CHECK(touch_id IS NOT NULL OR activity_id IS NOT NULL)",
        "Say which touch the resource was used for.",
    )
    _check_positive = models.Constraint(
        "CHECK(quantity >= 0 AND cost >= 0)",
        "Quantity and cost of a resource cannot be negative.",
    )

    @api.depends("resource_id", "quantity")
    def _compute_cost(self):
        for line in self:
            line.cost = line.quantity * line.resource_id.cost

    @api.depends("touch_id.company_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = line.touch_id.company_id

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for line in self:
            company = line.company_id or self.env.company
            line.currency_id = company.currency_id

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_owner_access()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not {"touch_id", "activity_id"}.isdisjoint(vals):
            self._check_owner_access()
        return result

    def _filter_changeable(self):
        """Return the lines of touches that are the user's to change."""
        # sudo: from the line to its touch; what may be changed is asked as the user
        touches = self.sudo().touch_id.sudo(self.env.su)
        others = touches - touches._filtered_access("write")
        return self.filtered(lambda line: line.sudo().touch_id not in others)

    @api.model
    def _get_others_error(self):
        return self.env["kam.touch"]._get_others_error()

    def _check_owner_access(self):
        """Refuse lines of a touch or activity the user may not change.

        :raise AccessError: as Odoo says it of the touch or activity
        """
        self.touch_id.check_access("write")
        self.activity_id.check_access("write")
