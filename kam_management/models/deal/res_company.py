from odoo import fields, models


class ResCompany(models.Model):
    """How tenders are prepared, deals go their steps, and when they come again."""

    _inherit = "res.company"

    kam_tender_plan_id = fields.Many2one(
        "mail.activity.plan",
        "Tender Preparation",
        copy=False,
        ondelete="set null",
        domain="[('res_model', '=', 'crm.lead')]",
        help="The usual sequence of milestones; none: the one that comes with the app.",
    )
    kam_relevance_days = fields.Integer(
        "Reopen Deals Before",
        default=90,
        help="So many days before a deal is relevant again its next opportunity is opened.",
    )

    kam_require_steps = fields.Boolean(
        "Require What Steps Need",
        help="Users of this app cannot tick off steps, move deals on or win them before what"
        " the steps ask for is known. Otherwise it is only said.",
    )

    _check_kam_relevance_days = models.Constraint(
        "CHECK(kam_relevance_days BETWEEN 0 AND 730)",
        "Next relevance: enter up to 730 days.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_tender_plan_id = fields.Many2one(
        related="company_id.kam_tender_plan_id", readonly=False
    )
    kam_relevance_days = fields.Integer(
        related="company_id.kam_relevance_days", readonly=False
    )
    kam_require_steps = fields.Boolean(
        related="company_id.kam_require_steps", readonly=False
    )
