from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..account.kam_engine_figures import BY_ACCOUNT


class KamEngine(models.AbstractModel):
    """Plans: how often the one in force wants its customer to be contacted."""

    _inherit = "kam.engine"

    @api.model
    def _get_concerned(self, turn):
        """Add accounts whose revised plan came into force."""
        plans = SQL(
            """
            SELECT a.company_id, a.partner_id FROM kam_plan plan
              JOIN kam_account a ON a.id = plan.account_id
             WHERE %s
            """,
            turn.came(SQL("plan.date_start")),
        )
        return [*super()._get_concerned(turn), plans]

    @api.model
    def _get_known(self, run, rule):
        # sudo: the rhythm is the account's, whoever may see the plan
        # days are those of UTC, as those of the run, wherever who starts it lives
        Plan = self.env["kam.plan"].sudo().with_context(active_test=True, tz="UTC")
        plans = Plan._search(Plan._get_in_force_domain() & Domain("touch_days", ">", 0))
        query = SQL(
            """
            SELECT account_id, min(touch_days) AS days FROM kam_plan
             WHERE id IN %s GROUP BY account_id
            """,
            plans.subselect(),
        )
        return {**super()._get_known(run, rule), "plan": (query, BY_ACCOUNT)}

    @api.model
    def _get_rhythms(self):
        return [*super()._get_rhythms(), SQL("plan.days")]
