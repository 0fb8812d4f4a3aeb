from odoo import fields, models


class ResCompany(models.Model):
    """How tenders are prepared."""

    _inherit = "res.company"

    kam_tender_plan_id = fields.Many2one(
        "mail.activity.plan",
        "Tender Preparation",
        ondelete="set null",
        domain="[('res_model', '=', 'crm.lead')]",
        help="The usual sequence of milestones; none: the one that comes with the app.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_tender_plan_id = fields.Many2one(
        related="company_id.kam_tender_plan_id", readonly=False
    )
