from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from . import silence
from .kam_engine_health import HealthPart

# 100 in time, 50 from the day after the next purchase was expected, 0 at risk and for who
# fell asleep; not known of who has bought on one day only. (Steps, so that the night has
# to look at a customer on two days, not on each.)
PURCHASES_SCORE = SQL(
    """CASE
    WHEN account.usual_interval IS NULL THEN NULL
    WHEN account.level = 'dormant' OR account.risk_date <= account.today THEN 0
    WHEN account.expected_purchase_date < account.today THEN 50 ELSE 100 END"""
)


class KamEngine(models.AbstractModel):
    """Early warning (R57): who is silent for longer than usual, see ``silence``."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(86, "_step_usual_interval")]

    @api.model
    def _get_concerned(self, turn):
        """Add whose next purchase became overdue, and who came to be at risk.

        Both change their health, the latter their pattern as well.
        """
        query = SQL(
            "SELECT company_id, partner_id FROM kam_account WHERE %s OR %s",
            turn.came(SQL("expected_purchase_date + 1")),
            turn.came(SQL("risk_date")),
        )
        return [*super()._get_concerned(turn), query]

    @api.model
    def _get_health_parts(self):
        return {
            **super()._get_health_parts(),
            "purchases": HealthPart(
                70,
                self.env._("Purchases"),
                weight="kam_health_weight_purchases",
                score=PURCHASES_SCORE,
                unknown=self.env._("no second day with a purchase yet"),
                tell="_tell_purchases",
                opener="_prepare_purchases_action",
            ),
        }

    @api.model
    def _step_usual_interval(self, run):
        """Keep with the companies what interval is usual, after a refresh of all."""
        if not run.scoped:
            self._keep_usual_interval()

    @api.model
    def _compare(self):
        self.env.flush_all()
        self._keep_usual_interval()
        return super()._compare()

    @api.model
    def _keep_usual_interval(self):
        """Write what interval is usual with each company, where it is another one now.

        Nothing of an account that is stored hangs on it: estimates are worked out when
        they are looked at.
        """
        accounts = SQL(
            """(SELECT company_id, first_purchase_date AS first_date,
                       last_purchase_date AS last_date, purchase_day_count AS days
                  FROM kam_account)"""
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_company c SET kam_usual_interval = usual.days
                  FROM (SELECT c.id, usual.days FROM res_company c
                          LEFT JOIN (%s) usual ON usual.company_id = c.id) usual
                 WHERE usual.id = c.id
                   AND c.kam_usual_interval IS DISTINCT FROM usual.days
                """,
                silence.get_usual_sql(accounts),
            )
        )
        names = ["kam_usual_interval"]
        self.env["res.company"].invalidate_model(names, flush=False)
