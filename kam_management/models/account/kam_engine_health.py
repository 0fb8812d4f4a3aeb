from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from ..evidence.receivables import get_receivables
from .health import FAIR, GOOD, HealthLook, HealthPart, get_health_layers
from .layers import BY_CUSTOMER

# 100 where the revenue of the window is kept or grown, 0 at half or less and for who
# fell asleep, however long ago.
REVENUE_SCORE = SQL(
    """CASE
    WHEN account.level = 'dormant' THEN 0
    WHEN account.revenue_previous > 0 THEN round(LEAST(GREATEST(
        200 * account.revenue / account.revenue_previous - 100, 0), 100))::int END"""
)
# 100 with nothing overdue, 0 at a month's average revenue; not known of who has never
# had an invoice.
INVOICES_SCORE = SQL(
    """CASE
    WHEN invoices.partner_id IS NULL THEN NULL
    WHEN COALESCE(invoices.overdue, 0) <= 0 THEN 100
    WHEN account.revenue <= 0 THEN 0
    ELSE round(GREATEST(100 - 100 * invoices.overdue
                        * c.kam_window_months / account.revenue, 0))::int END"""
)


class KamEngine(models.AbstractModel):
    """Health (R31): how well a customer is, from 0 to 100, as its parts say.

    Each room appends the parts it knows of.
    """

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(38, "_step_turn_month")]

    @api.model
    def _get_health_parts(self):
        """Return what the health of accounts is made of; other code appends to it.

        The figure that is stored, what is shown of it and the way to the records follow.

        :return: {name: ``HealthPart``}
        """
        return {
            "revenue": HealthPart(
                10,
                self.env._("Revenue"),
                weight="kam_health_weight_revenue",
                score=REVENUE_SCORE,
                unknown=self.env._("no revenue in the window before"),
                tell="_tell_revenue",
                opener="action_view_sales",
            ),
            "invoices": HealthPart(
                60,
                self.env._("Invoices"),
                weight="kam_health_weight_invoices",
                score=INVOICES_SCORE,
                unknown=self.env._("no invoice yet"),
                tell="_tell_invoices",
                opener="_prepare_overdue_action",
                known="_get_owed_sql",
                joined=BY_CUSTOMER,
                facts=("overdue", "overdue_since"),
            ),
        }

    @api.model
    def _get_health_known(self, look):
        """Return what the scores of the parts are read from, see ``_get_known``.

        :param look: ``HealthLook``
        """
        return {
            name: (getattr(self, part.known)(look), part.joined)
            for name, part in self._get_health_parts().items()
            if part.known
        }

    @api.model
    def _get_owed_sql(self, look):
        return get_receivables(look.day, look.customers)

    @api.model
    def _get_known(self, run, rule):
        customers = None
        if run.scoped:
            # who has no account yet is among them
            customers = SQL("SELECT company_id, partner_id FROM %s", run.table("scope"))
        look = HealthLook(run.as_of, run.in_accounts, customers)
        return {**super()._get_known(run, rule), **self._get_health_known(look)}

    @api.model
    def _get_conclusions(self, run):
        previous = SQL(
            "CASE WHEN a.company_id = ANY(%s) THEN a.health ELSE a.health_previous END",
            run.found["turned"],
        )
        return {
            **super()._get_conclusions(run),
            **get_health_layers(self._get_health_parts()),
            "trend": {
                "health_band": SQL(
                    """CASE WHEN health.health >= %s THEN 'good'
                            WHEN health.health >= %s THEN 'fair'
                            WHEN health.health IS NOT NULL THEN 'poor' END""",
                    GOOD,
                    FAIR,
                ),
                "health_previous": previous,
                "health_trend": SQL("health.health - (%s)", previous),
            },
        }

    @api.model
    def _step_turn_month(self, run):
        """Note for which companies a month has just begun: health before it is kept.

        The first refresh of all accounts in a month does so.
        """
        run.found["turned"] = []
        if not run.scoped:
            statement = SQL(
                """
                UPDATE res_company SET kam_health_month = %(month)s
                 WHERE kam_health_month IS NULL OR kam_health_month < %(month)s
                RETURNING id
                """,
                month=run.as_of.replace(day=1),
            )
            turned = run.execute(statement).fetchall()
            run.found["turned"] = [company for [company] in turned]
