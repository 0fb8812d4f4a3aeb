from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..account.kam_account_overview import Topic
from ..common import clock

MOST_TOPICS = 2


class KamAccount(models.Model):
    """What is known of what the customer is not content with."""

    _inherit = "kam.account"

    @api.model
    def _has_facts(self, values):
        return super()._has_facts(values) or any(values["complaints"].values())

    def _get_open_facts(self):
        """Add how many complaints are open, late, and were solved within a year."""
        Complaint = self.env["kam.complaint"]
        return {
            **super()._get_open_facts(),
            "complaints": {
                name: Complaint.search_count(
                    self._get_fact_domain(f"complaints_{name}")
                )
                for name in ("open", "late", "solved")
            },
        }

    def _get_fact_records(self):
        year_ago = clock.today() - relativedelta(years=1)
        mine = Domain("account_id", "=", self.id)
        action = "kam_management.kam_complaint_action"
        return {
            **super()._get_fact_records(),
            "complaints_open": (action, mine & Domain("state", "=", "open")),
            "complaints_late": (action, mine & Domain("is_late", "=", True)),
            "complaints_solved": (action, mine & Domain("date_solved", ">", year_ago)),
        }

    def _get_step_domain(self):
        complaints = self.env["kam.complaint"]._search(
            self._get_fact_domain("complaints_open")
        )
        of_complaints = Domain("res_model", "=", "kam.complaint")
        return super()._get_step_domain() | of_complaints & Domain(
            "res_id", "in", complaints
        )

    def _get_topics(self, values):
        """Add what the customer has complained about and is not solved."""
        complaints = self.env["kam.complaint"].search(
            self._get_fact_domain("complaints_open"), limit=MOST_TOPICS
        )
        return super()._get_topics(values) + [
            Topic(
                20,
                self.env._(
                    "Complaint “%(name)s”: say how far we are.", name=complaint.name
                ),
                "complaints_open",
            )
            for complaint in complaints
        ]
