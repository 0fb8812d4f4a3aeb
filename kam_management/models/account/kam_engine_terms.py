from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step


class KamEngine(models.AbstractModel):
    """Terms begin with the accounts, before what happened is credited by them."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(70, "_step_terms")]

    @api.model
    def _step_terms(self, run):
        run.load("kam_account_term", run.count("missing"))
        self.env["kam.account"]._refresh_terms(
            SQL(
                "a.id IN (SELECT account_id FROM %s WHERE missing OR first_move)",
                run.table("change"),
            )
        )
