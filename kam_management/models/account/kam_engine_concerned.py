import logging

from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from ..evidence import customers
from ..evidence.look import NOBODYS_CUSTOMERS
from ..evidence.receivables import get_matured

_logger = logging.getLogger(__name__)

FAULTS_SHOWN = 10


class KamEngine(models.AbstractModel):
    """Whose account a new day can change, and the proof that it changed nobody else's.

    Sales that come, or leave a window, are named where the sales are.
    """

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(45, "_step_prove")]

    @api.model
    def _get_concerned(self, turn):
        return [
            *super()._get_concerned(turn),
            self._get_without_account_sql(),
            self._get_colleagues_sql(),
            self._get_new_month_sql(turn),
            get_matured(turn.since, turn.until),
        ]

    @api.model
    def _get_without_account_sql(self):
        """Return the SQL of companies on the market, and of leads, without account.

        Whose company of ours follows from that of a colleague or team may be new to it.
        """
        return SQL(
            """
            SELECT company_id, partner_id FROM (
                SELECT company_id, partner_id FROM (%s) market
                 UNION ALL
                SELECT company_id, partner_id FROM (%s) lead
            ) customer
             WHERE NOT EXISTS (SELECT FROM kam_account a
                                WHERE a.company_id = customer.company_id
                                  AND a.partner_id = customer.partner_id)
            UNION ALL
            SELECT company_id, partner_id FROM (%s) lead WHERE kam_account_id IS NULL
            """,
            customers.get_market(SQL("p.id NOT IN (%s)", NOBODYS_CUSTOMERS)),
            customers.get_leads(),
            customers.get_leads(),
        )

    @api.model
    def _get_colleagues_sql(self):
        """Return the SQL of accounts of who works here now, with sales that count not."""
        return SQL(
            """
            SELECT company_id, partner_id FROM kam_account
             WHERE partner_id IN (%s) AND (purchase_count <> 0 OR revenue <> 0)
            """,
            NOBODYS_CUSTOMERS,
        )

    @api.model
    def _get_new_month_sql(self, turn):
        """Return the SQL of accounts whose health of last month is still to be kept."""
        return SQL(
            """
            SELECT company_id, partner_id FROM kam_account
             WHERE COALESCE(health, health_previous) IS NOT NULL
               AND COALESCE(health_month < %s, TRUE)
            """,
            turn.until.replace(day=1),
        )

    @api.model
    def _step_prove(self, run):
        """Log accounts that should have been right, before the refresh mends them."""
        if not run.proves:
            return
        names = self._get_figure_fields(run)
        wrong = SQL(", ").join(
            SQL(
                "count(*) FILTER (WHERE NOT c.missing AND %s IS DISTINCT FROM %s)",
                SQL.identifier("a", name),
                SQL.identifier("c", name),
            )
            for name in names
        )
        statement = SQL(
            """
            SELECT count(*), (array_agg(c.account_id ORDER BY c.account_id))[:%s],
                   count(*) FILTER (WHERE c.missing), %s
              FROM %s c LEFT JOIN kam_account a ON a.id = c.account_id
             -- who could not be refreshed is no more than late
             WHERE (c.company_id, c.partner_id) NOT IN (
                   SELECT company_id, partner_id FROM kam_account_event
                    WHERE partner_id IS NOT NULL)
            """,
            FAULTS_SHOWN,
            wrong,
            run.table("change"),
        )
        [(count, some, missing, *counts)] = run.execute(statement).fetchall()
        if count:
            _logger.error(
                "The nightly refresh forgot %s accounts, which are right now: %s were"
                " missing; %s. Among them: %s",
                count,
                missing,
                {n: c for n, c in zip(names, counts, strict=True) if c},
                some,
            )
