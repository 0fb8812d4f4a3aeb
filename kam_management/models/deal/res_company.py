from odoo import fields, models


class ResCompany(models.Model):
    """How tenders are prepared, how long quotations hold, and when deals come again."""

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

    kam_validity_days = fields.Integer(
        "Validity of Quotations",
        default=30,
        help="So many days the terms of a quotation are guaranteed, where it says nothing"
        " when it is sent.",
    )

    _check_kam_validity_days = models.Constraint(
        "CHECK(kam_validity_days BETWEEN 1 AND 730)",
        "Validity of quotations: enter 1 to 730 days.",
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
    kam_validity_days = fields.Integer(
        related="company_id.kam_validity_days", readonly=False
    )
