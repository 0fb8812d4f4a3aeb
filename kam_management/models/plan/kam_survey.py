from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    @api.constrains("review_id", "account_id")
    def _check_review(self):
        """Count answers for the customer who gave them."""
        # sudo: compares two links, whoever may follow them
        for survey in self.sudo().filtered("review_id"):
            if survey.review_id.plan_id.account_id != survey.account_id:
                raise ValidationError(
                    self.env._(
                        "The review belongs to another customer. Send the survey from"
                        " the review itself."
                    )
                )
