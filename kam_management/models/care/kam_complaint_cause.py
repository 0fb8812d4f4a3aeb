from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A cause that comes back within so many months is told.
MONTHS = 12


class KamComplaintCause(models.Model):
    """Why customers complain: the catalogue that says what to do away with first."""

    _name = "kam.complaint.cause"
    _description = "Cause of Complaints"
    _inherit = ["kam.guard"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class KamComplaint(models.Model):
    """Why it happened, where, and what it costs."""

    _inherit = "kam.complaint"

    cause_id = fields.Many2one(
        "kam.complaint.cause",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The product or service it is about.",
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        related="product_id.categ_id",
        store=True,
        index="btree_not_null",
    )
    unit_id = fields.Many2one(
        "kam.customer.unit",
        "Branch or Department",
        index="btree_not_null",
        ondelete="set null",
        domain="[('account_id', '=', account_id)]",
        help="Where at the customer it happened.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_at_stake = fields.Monetary(
        "Money at Stake", copy=False, help="What we may lose if it is not solved."
    )
    amount_avoided = fields.Monetary(
        "Loss Avoided", copy=False, help="What we kept by solving it."
    )
    amount_cost = fields.Monetary(
        "Cost to Us", copy=False, help="What the solution cost us, credits included."
    )
    repeat_count = fields.Integer(
        "Occurrence", compute="_compute_repeat_count", aggregator=None
    )
    repeat_notice = fields.Char(compute="_compute_repeat_count")

    _check_amounts = models.Constraint(
        "CHECK(COALESCE(amount_at_stake, 0) >= 0 AND COALESCE(amount_avoided, 0) >= 0"
        " AND COALESCE(amount_cost, 0) >= 0)",
        "Complaints: enter amounts of 0 or more.",
    )

    @api.depends("account_id", "cause_id", "date")
    def _compute_repeat_count(self):
        """Count which time in twelve months the same cause is there at this customer."""
        days = {
            (account.id, cause.id): dates
            for account, cause, dates in self._read_group(
                [
                    ("account_id", "in", self.account_id.ids),
                    ("cause_id", "in", self.cause_id.ids),
                ],
                ["account_id", "cause_id"],
                ["date:array_agg"],
            )
        }
        for complaint in self:
            date, complaint.repeat_count, complaint.repeat_notice = (
                complaint.date,
                0,
                "",
            )
            if not complaint.cause_id or not date:
                continue
            first = date - relativedelta(months=MONTHS)
            key = complaint.account_id._origin.id, complaint.cause_id._origin.id
            earlier = sum(first < day < date for day in days.get(key, ()))
            complaint.repeat_count = earlier + 1
            if earlier:
                complaint.repeat_notice = self.env._(
                    "%(cause)s: occurrence no. %(count)s in %(months)s months at this"
                    " customer",
                    cause=complaint.cause_id.name,
                    count=earlier + 1,
                    months=MONTHS,
                )

    @api.constrains("account_id", "unit_id")
    def _check_unit(self):
        """Refuse branches of other customers."""
        for complaint in self:
            unit = complaint.unit_id
            if unit and unit.account_id != complaint.account_id:
                raise ValidationError(
                    self.env._(
                        "%(unit)s does not belong to %(customer)s. Choose one of its"
                        " branches or departments, or none.",
                        unit=unit.display_name,
                        customer=complaint.customer_id.display_name,
                    )
                )
