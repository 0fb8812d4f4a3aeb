from odoo import api, fields, models

from ..common.clock import here


class KamTender(models.Model):
    _inherit = "kam.tender"

    question_ids = fields.One2many("kam.tender.question", "tender_id", "Questions")


class KamTenderQuestion(models.Model):
    """What we ask the customer about the call for bids, and what they answer."""

    _name = "kam.tender.question"
    _description = "Question of a Tender"
    _inherit = ["kam.tender.part"]
    _order = "date_answered NULLS FIRST, sequence, id"

    name = fields.Char("Question", required=True)
    date = fields.Date("Asked On", default=here)
    partner_id = fields.Many2one(
        "res.partner",
        "Asked",
        ondelete="set null",
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', customer_id)]",
    )
    answer = fields.Text()
    date_answered = fields.Date(
        "Answered On", compute="_compute_date_answered", store=True, readonly=False
    )

    @api.depends("answer")
    def _compute_date_answered(self):
        for question in self:
            question.date_answered = question.answer and (
                question.date_answered or here(question)
            )
