from odoo import models
from odoo.tools import SQL


class KamQuota(models.Model):
    """Facts: customers won, potentials engaged, touches; see ``QuotaIndicator``."""

    _inherit = "kam.quota"

    def _get_won_sql(self, frame):
        """First purchases: steps from potential or engaged to new or active."""
        return self._get_steps_sql(frame, ("potential", "engaged"), ("new", "active"))

    def _get_engaged_sql(self, frame):
        """First contacts: steps from potential to engaged."""
        return self._get_steps_sql(frame, ("potential",), ("engaged",))

    def _get_steps_sql(self, frame, before, after):
        """Return the SQL of transitions, credited to whom the log credits them."""
        return SQL(
            """
            SELECT a.company_id, t.date, t.user_id, t.account_id,
                   'kam.level.transition' AS res_model, t.id AS res_id,
                   1 AS value, 1 AS weight
              FROM kam_level_transition t
              JOIN kam_account a ON a.id = t.account_id
             WHERE t.date BETWEEN %(start)s AND %(end)s
               AND t.from_level IN %(before)s AND t.to_level IN %(after)s
               AND a.company_id IN %(companies)s
            """,
            start=frame.start,
            end=frame.end,
            before=before,
            after=after,
            companies=frame.company_ids,
        )

    def _get_touches_sql(self, frame):
        """Touches, credited to who had them."""
        return self._get_touch_rows_sql(frame, SQL("1"), SQL("TRUE"))

    def _get_touch_quality_sql(self, frame):
        """Stars of the touches that have been rated."""
        return self._get_touch_rows_sql(frame, SQL("t.quality"), SQL("t.quality > 0"))

    def _get_touch_rows_sql(self, frame, value, condition):
        return SQL(
            """
            SELECT t.company_id, t.date::date AS date, t.user_id, t.account_id,
                   'kam.touch' AS res_model, t.id AS res_id, %(value)s AS value,
                   1 AS weight
              FROM kam_touch t
             WHERE t.active AND t.date >= %(start)s AND t.date < %(end)s + 1
               AND t.company_id IN %(companies)s AND %(condition)s
            """,
            value=value,
            start=frame.start,
            end=frame.end,
            companies=frame.company_ids,
            condition=condition,
        )
