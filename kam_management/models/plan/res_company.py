from odoo import fields, models

MAX_REVIEW_DAYS = 3650


class ResCompany(models.Model):
    """How a company works with service plans."""

    _inherit = "res.company"

    kam_plan_self_approval = fields.Boolean(
        "Approve Own Plans",
        help="A head of sales may approve service plans they submitted themselves.",
    )
    kam_hour_cost = fields.Monetary(
        "Cost of an Hour",
        help="What an hour with a customer costs us; used for the cost to serve.",
    )
    # Days between two reviews of a running plan, 0 for no rhythm
    kam_review_days_key = fields.Integer("Reviews: Key Accounts", default=90)
    kam_review_days_a = fields.Integer("Reviews: Segment A", default=90)
    kam_review_days_b = fields.Integer("Reviews: Segment B", default=182)
    kam_review_days_c = fields.Integer("Reviews: Segment C", default=364)

    _check_kam_plans = models.Constraint(
        "CHECK(LEAST({columns}, kam_hour_cost) >= 0 AND GREATEST({columns}) <= {most})".format(
            columns=", ".join(f"kam_review_days_{name}" for name in ("key", *"abc")),
            most=MAX_REVIEW_DAYS,
        ),
        f"Service plans: enter a number of days up to {MAX_REVIEW_DAYS} between two"
        " reviews, or 0 for none, and no negative cost.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_plan_self_approval = fields.Boolean(
        related="company_id.kam_plan_self_approval", readonly=False
    )
    kam_hour_cost = fields.Monetary(related="company_id.kam_hour_cost", readonly=False)
    kam_review_days_key = fields.Integer(
        related="company_id.kam_review_days_key", readonly=False
    )
    kam_review_days_a = fields.Integer(
        related="company_id.kam_review_days_a", readonly=False
    )
    kam_review_days_b = fields.Integer(
        related="company_id.kam_review_days_b", readonly=False
    )
    kam_review_days_c = fields.Integer(
        related="company_id.kam_review_days_c", readonly=False
    )
