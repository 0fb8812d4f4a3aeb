from odoo import fields, models


class KamProposalCriterion(models.Model):
    """What the customer judges by, and how we answer it: weights and scores stay inside."""

    _name = "kam.proposal.criterion"
    _description = "Criterion Answered in a Proposal"
    _inherit = ["kam.proposal.part"]

    name = fields.Char(
        "Criterion", required=True, help="In the customer's words: it is printed."
    )
    answer = fields.Text(help="How we meet it. Without an answer it is not printed.")
    criterion_id = fields.Many2one(
        "kam.tender.criterion",
        "Criterion of the Tender",
        index="btree_not_null",
        ondelete="set null",
    )
