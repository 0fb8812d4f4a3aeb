from odoo import api, fields, models


class KamTouchResource(models.Model):
    """What was spent on one touch, of one resource of the catalogue.

    Typed in with an activity that is done, it waits there until the touch is captured.
    """

    _name = "kam.touch.resource"
    _description = "Resource Used"
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

    def _check_owner_access(self):
        """Refuse lines of a touch or activity the user may not change.

        :raise AccessError: as Odoo says it of the touch or activity
        """
        self.touch_id.check_access("write")
        self.activity_id.check_access("write")
