from odoo import api, fields, models

# What of the line is read beside a decision.
FIGURES = ("target", "actual", "expected", "forecast")


class KamQuotaDecision(models.Model):
    """The figures a decision is about, for who may see them."""

    _inherit = "kam.quota.decision"

    target = fields.Float(compute="_compute_figures", aggregator=None)
    actual = fields.Float(compute="_compute_figures", aggregator=None)
    expected = fields.Float(
        "Expected by Today", compute="_compute_figures", aggregator=None
    )
    forecast = fields.Float(compute="_compute_figures", aggregator=None)
    unit = fields.Char(
        compute="_compute_figures",
        help="The currency of amounts; what else there is says what it counts.",
    )
    label = fields.Char("Indicator and Scope", compute="_compute_figures")
    label_with_unit = fields.Char("Indicator and Unit", compute="_compute_figures")
    period_label = fields.Char(
        "Period",
        compute="_compute_figures",
        help="Of the quota; of a team's or the company's its name.",
    )
    manager_name = fields.Char(related="manager_id.name", string="Name of the Manager")

    @api.depends_context("uid", "lang")
    @api.depends("line_id.label", *(f"line_id.{name}" for name in FIGURES))
    def _compute_figures(self):
        """Show of a colleague's quota nothing to who carries a decision out."""
        for decision in self:
            line = decision.line_id if decision.can_see_facts else None
            for name in FIGURES:
                decision[name] = line[name] if line else 0.0
            is_amount = line and line.unit == line.currency_id.name
            decision.unit = line.unit if is_amount else ""
            # sudo: whoever carries it out sees what it is about
            decision.label = decision.sudo().line_id.label
            parts = (decision.label, decision.unit and f"({decision.unit})")
            decision.label_with_unit = " ".join(filter(None, parts))
            quota = decision.sudo().quota_id
            decision.period_label = quota.name
            if decision.manager_id:
                decision.period_label = quota._get_period_label()
