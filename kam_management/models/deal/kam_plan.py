from odoo import models

from ..common.names import list_names
from ..plan.kam_plan_barrier import Tie


class KamPlan(models.Model):
    """Pilot projects that succeeded are joint projects: they tie the customer to us."""

    _inherit = "kam.plan"

    def _get_project_ties(self):
        # sudo: that a pilot succeeded is no secret; only its name if the user sees it
        pilots = self.env["kam.pilot"].sudo()
        won = pilots.search(
            [
                ("lead_id.kam_account_id", "=", self.account_id.id),
                ("state", "=", "success"),
            ]
        )
        ties = super()._get_project_ties()
        if won:
            ties.append(Tie(self.env._("Pilot projects: %s", list_names(won))))
        return ties
