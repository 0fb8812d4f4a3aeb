from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

FACTS = {f"complaints_{name}": name for name in ("open", "late", "solved")}


class KamPlan(models.Model):
    """The situation of a plan: what the customer is not content with."""

    _inherit = "kam.plan"

    @api.readonly
    def action_open_fact(self, fact, key=None):
        action = super().action_open_fact(fact, key)
        if fact in FACTS:
            action["context"] = {"default_account_id": self.account_id.id}
        return action

    @api.model
    def _has_facts(self, values):
        return super()._has_facts(values) or any(values["complaints"].values())

    def _get_open_facts(self):
        """Add how many complaints are open, late, and were solved within a year."""
        Complaint = self.env["kam.complaint"]
        return {
            **super()._get_open_facts(),
            "complaints": {
                name: Complaint.search_count(self._get_fact_domain(fact))
                for fact, name in FACTS.items()
            },
        }

    def _get_fact_action(self, fact, key):
        if fact not in FACTS:
            return super()._get_fact_action(fact, key)
        return "kam_management.kam_complaint_action", self._get_fact_domain(fact)

    def _get_fact_domain(self, fact):
        if fact not in FACTS:
            return super()._get_fact_domain(fact)
        year_ago = fields.Date.context_today(self) - relativedelta(years=1)
        return (
            Domain("account_id", "=", self.account_id.id)
            & {
                "complaints_open": Domain("state", "=", "open"),
                "complaints_late": Domain("is_late", "=", True),
                "complaints_solved": Domain("date_solved", ">", year_ago),
            }[fact]
        )
