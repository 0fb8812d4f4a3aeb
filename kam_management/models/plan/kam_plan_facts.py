from odoo import api, fields, models


class KamPlan(models.Model):
    """The situation as Odoo knows it: that of the customer, see ``kam.account``."""

    _inherit = "kam.plan"

    situation = fields.Text(
        help="Our assessment of the facts: what is happening at the customer, and why."
    )
    facts_html = fields.Html("Key Facts", compute="_compute_facts_html", sanitize=False)

    @api.depends("account_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_facts_html(self):
        for plan in self:
            plan.facts_html = bool(plan.account_id) and self.env["ir.qweb"]._render(
                "kam_management.account_facts", plan.account_id._get_facts()
            )

    @api.readonly
    def action_open_fact(self, fact, key=None):
        """Open the records behind a figure of the situation.

        See ``action_open_fact`` of ``kam.account``.
        """
        self.ensure_one()
        self.check_access("read")
        return self.account_id.action_open_fact(fact, key)
