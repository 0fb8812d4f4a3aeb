from odoo import fields, models

SCOPES = [("manager", "Manager"), ("team", "Sales Team"), ("company", "Company")]
PERIODS = [
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("year", "Year"),
    ("free", "Other Period"),
]
STATES = [("draft", "Draft"), ("running", "Running"), ("closed", "Closed")]


class KamQuota(models.Model):
    """What a manager, a sales team or the company is to reach in a period."""

    _name = "kam.quota"
    _description = "Quota"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, scope, team_id, user_id, id desc"
    _check_company_auto = True

    # Whose
    name = fields.Char(compute="_compute_name", store=True)
    scope = fields.Selection(SCOPES, "For", required=True, default="manager")
    user_id = fields.Many2one(
        "res.users",
        "Key Account Manager",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)

    # When
    period = fields.Selection(PERIODS, required=True, default="month")
    date_start = fields.Date("From", required=True, index=True)
    date_end = fields.Date("Until", required=True, help="The last day.")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", tracking=True, copy=False
    )

    # What
    line_ids = fields.One2many("kam.quota.line", "quota_id", "Targets", copy=True)
    decision_ids = fields.One2many("kam.quota.decision", "quota_id", "Decisions")

    # How far
    measured_at = fields.Datetime("Measured", readonly=True, copy=False)
    balance = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How evenly the three counts stand (active customers, new customers,"
        " engaged potentials), in percent: the worst against the best, each as far as"
        " it should be by today.",
    )
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _check_period = models.Constraint(
        "CHECK(date_start <= date_end)", "A period ends on its first day or later."
    )
