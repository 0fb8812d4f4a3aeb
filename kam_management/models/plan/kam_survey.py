from odoo import fields, models


class KamSurvey(models.Model):
    """A survey may ask for the satisfaction after a review."""

    _inherit = "kam.survey"

    review_id = fields.Many2one(
        "kam.plan.review",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
