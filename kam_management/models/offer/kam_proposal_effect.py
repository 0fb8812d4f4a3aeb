from math import ceil

from odoo import api, fields, models

COST, GAIN = "cost", "gain"


def get_payback(investment, gain):
    """Return after how many months a gain a year has paid for an investment; 0: never.

    >>> get_payback(1200, 600), get_payback(1000, 999), get_payback(1000, 0)
    (24, 13, 0)
    """
    return ceil(round(12 * investment / gain, 6)) if gain > 0 else 0


class KamProposal(models.Model):
    """What the solution brings the customer in money."""

    _inherit = "kam.proposal"

    investment = fields.Monetary(
        "Customer's Investment",
        help="What the customer spends once. Empty: the untaxed amount of the quotation.",
    )
    investment_total = fields.Monetary("Investment", compute="_compute_payback")
    effect_total = fields.Monetary("Effect per Year", compute="_compute_payback")
    payback_months = fields.Integer(
        "Payback (months)",
        compute="_compute_payback",
        help="After so many months the effect has paid for the investment.",
    )

    _check_investment = models.Constraint(
        "CHECK(investment >= 0)", "The customer's investment cannot be negative."
    )

    @api.depends("effect_ids.difference", "investment", "order_id.amount_untaxed")
    def _compute_payback(self):
        for proposal in self:
            total = sum(proposal.effect_ids.mapped("difference"))
            # sudo: the amount of the quotation whose proposal the user sees
            amount = proposal.investment or proposal.order_id.sudo().amount_untaxed
            proposal.investment_total = amount
            proposal.effect_total = total
            proposal.payback_months = get_payback(amount, total)


class KamProposalEffect(models.Model):
    """A figure of the customer's, a year: as it is today, and as it will be with us."""

    _name = "kam.proposal.effect"
    _description = "Economic Effect in a Proposal"
    _inherit = ["kam.proposal.part"]

    name = fields.Char("Figure", required=True, help="What is counted, per year.")
    kind = fields.Selection(
        [(COST, "Cost"), (GAIN, "Gain")],
        required=True,
        default=COST,
        help="A cost is better when it becomes less, a gain when it becomes more.",
    )
    amount_today = fields.Monetary("Today", help="Per year, as things are.")
    amount_with_us = fields.Monetary("With Us", help="Per year, with our solution.")
    difference = fields.Monetary(
        compute="_compute_difference", help="Better for the customer when above 0."
    )
    note = fields.Char("Calculation", help="How the figures come about; it is printed.")
    need_id = fields.Many2one(
        "kam.plan.need",
        "Need of the Plan",
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("kind", "amount_today", "amount_with_us")
    def _compute_difference(self):
        for line in self:
            less = line.amount_today - line.amount_with_us
            line.difference = less if line.kind == COST else -less
