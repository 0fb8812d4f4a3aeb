from odoo import api, models
from odoo.tools import SQL

from ..account.kam_engine_health import HealthPart

# 25 less for an open complaint, 50 for a late one; not known in a company that has never
# logged any, nor a wish.
COMPLAINTS_SCORE = SQL(
    """CASE WHEN c.id IN (SELECT company_id FROM kam_complaint)
        THEN GREATEST(100 - 25 * COALESCE(complaints.open_count, 0)
                      - 50 * COALESCE(complaints.late_count, 0), 0)::int END"""
)


class KamEngine(models.AbstractModel):
    """Complaints: what customers are not content with, and we have not solved."""

    _inherit = "kam.engine"

    @api.model
    def _get_concerned(self, turn):
        """Add accounts with complaints that came, were solved or became late since."""
        complaints = SQL(
            """
            SELECT a.company_id, a.partner_id FROM kam_complaint k
              JOIN kam_account a ON a.id = k.account_id
             WHERE %s OR %s OR %s
            """,
            turn.came(SQL("k.date")),
            turn.came(SQL("k.date_solved")),
            # late is who is not done the day after
            turn.came(SQL("k.date_due + 1")),
        )
        return [*super()._get_concerned(turn), complaints]

    @api.model
    def _get_health_parts(self):
        return {
            **super()._get_health_parts(),
            "complaints": HealthPart(
                50,
                self.env._("Complaints"),
                weight="kam_health_weight_complaints",
                score=COMPLAINTS_SCORE,
                unknown=self.env._("no complaint logged yet"),
                tell="_tell_complaints",
                opener="action_view_complaints",
                known="_get_unsolved_sql",
                facts=("open_count", "late_count", "open_since"),
            ),
        }

    @api.model
    def _get_unsolved_sql(self, look):
        """Return the SQL of the complaints and misunderstandings not solved by a day.

        Columns: account_id, open_count (in time), late_count, open_since.

        :param look: ``HealthLook``
        """
        return SQL(
            """
            SELECT k.account_id, count(*) FILTER (WHERE k.date_due >= %(day)s) AS open_count,
                   count(*) FILTER (WHERE k.date_due < %(day)s) AS late_count,
                   min(k.date)::date AS open_since
              FROM kam_complaint k
             WHERE k.kind <> 'wish' AND k.date::date <= %(day)s
               AND (k.date_solved IS NULL OR k.date_solved > %(day)s)
               AND k.account_id %(in_accounts)s
             GROUP BY k.account_id
            """,
            in_accounts=look.in_accounts,
            day=look.day,
        )
