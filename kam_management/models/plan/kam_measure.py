from odoo import api, models
from odoo.tools import SQL

from ..measure.indicator import GOAL, STATE, SUM, Indicator


class KamMeasure(models.AbstractModel):
    """What is measured of plans: share of wallet, needs that are known."""

    _inherit = "kam.measure"

    @api.model
    def _get_indicators(self):
        Measure = type(self)
        return {
            **super()._get_indicators(),
            "wallet": Indicator(
                self.env._("Share of wallet"),
                "%",
                SUM,
                Measure._get_revenue_sql,
                scale=get_share_of_wallet,
                uses=(GOAL,),
            ),
            "challenges": Indicator(
                self.env._("Needs and challenges known"),
                self.env._("needs"),
                STATE,
                Measure._get_challenges_sql,
                uses=(GOAL,),
            ),
        }

    def _get_challenges_sql(self, frame):
        """Needs in the plans of a period that were not dropped."""
        return SQL(
            """
            SELECT plan.company_id, p.date_until AS date, plan.user_id, plan.account_id,
                   'kam.plan.need' AS res_model, need.id AS res_id, p.id AS period_id,
                   1 AS value, 1 AS weight
              FROM kam_plan_need need
              JOIN kam_plan plan ON plan.id = need.plan_id
              JOIN kam_period p ON p.company_id = plan.company_id
               AND plan.date_start <= p.date_until AND plan.date_end >= p.date_start
             WHERE need.state <> 'dropped' AND %s
            """,
            frame.of_accounts(SQL("plan.account_id")),
        )


def get_share_of_wallet(row, revenue):
    """Return revenue in percent of what the customer spends, None when not known.

    >>> get_share_of_wallet({"wallet": 200}, 50.0), get_share_of_wallet({}, 50.0)
    (25.0, None)
    """
    wallet = row.get("wallet")
    return 100 * revenue / wallet if wallet and wallet > 0 else None
