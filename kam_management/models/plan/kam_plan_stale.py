from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .kam_plan_reviews import REVIEW_TYPE
from .kam_plan_state import get_in_force_sql

# A plan that has just begun is given some time before it must show actions.
GRACE_DAYS = 14


class KamPlan(models.Model):
    """Staleness: a plan that runs, and nobody lives by it.

    Looked up when asked for, so that nothing is stored on the way of an order or mail.
    """

    _inherit = "kam.plan"

    is_stale = fields.Boolean(
        compute="_compute_is_stale",
        search="_search_is_stale",
        help="A running plan without a review, an action or a touch in its rhythm.",
    )
    stale_reason = fields.Char(compute="_compute_is_stale")

    @api.depends("state", "review_ids.state", "action_ids", "review_days", "active")
    def _compute_is_stale(self):
        reasons = {}
        if self.ids:
            query = self._get_stale_sql(SQL("p.id IN %s", tuple(self.ids)))
            reasons = {
                plan_id: flags for plan_id, *flags in self.env.execute_query(query)
            }
        for plan in self:
            words = plan._get_stale_words(*reasons.get(plan._origin.id, ()))
            plan.is_stale = bool(words)
            plan.stale_reason = ", ".join(words)

    def _search_is_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        query = SQL(
            "(SELECT id FROM (%s) flags WHERE no_review OR no_action OR no_touch)",
            self._get_stale_sql(SQL("TRUE")),
        )
        return [("id", "in" if True in value else "not in", query)]

    def _get_stale_words(self, no_review=False, no_action=False, no_touch=False):
        """Return the reasons why a plan is stale, in words."""
        reasons = [
            (no_review, self.env._("the review is overdue")),
            (no_action, self.env._("nothing is planned or was done lately")),
            (no_touch, self.env._("a touch is overdue")),
        ]
        return [words for is_reason, words in reasons if is_reason]

    def _get_stale_sql(self, condition):
        """Return the SQL of (id, no_review, no_action, no_touch) of plans in force.

        :param SQL condition: on ``kam_plan p``
        """
        self.env.flush_all()
        return SQL(
            """
            SELECT p.id,
                   COALESCE(rhythm.days > 0 AND %(today)s > LEAST(
                       COALESCE(done.date, began.date) + rhythm.days,
                       CASE WHEN done.date IS DISTINCT FROM p.date_end
                            THEN p.date_end END), FALSE) AS no_review,
                   began.date < %(grace)s AND NOT (%(action)s) AS no_action,
                   COALESCE(a.next_touch_date < %(today)s, FALSE) AS no_touch
              FROM kam_plan p
              JOIN kam_account a ON a.id = p.account_id
              JOIN res_company c ON c.id = p.company_id
             CROSS JOIN LATERAL (
                SELECT GREATEST(p.date_start, p.approve_date) AS date) began
             CROSS JOIN LATERAL (
                SELECT COALESCE(NULLIF(p.review_days, 0), LEAST(
                           CASE a.segment WHEN 'a' THEN NULLIF(c.kam_review_days_a, 0)
                                          WHEN 'b' THEN NULLIF(c.kam_review_days_b, 0)
                                          WHEN 'c' THEN NULLIF(c.kam_review_days_c, 0)
                           END,
                           CASE WHEN a.is_key_account
                                THEN NULLIF(c.kam_review_days_key, 0) END), 0)
                       AS days) rhythm
              LEFT JOIN LATERAL (
                SELECT max(r.date) AS date FROM kam_plan_review r
                 WHERE r.plan_id = p.id AND r.state = 'done') done ON TRUE
             WHERE %(in_force)s AND p.active AND %(condition)s
            """,
            today=self._today(),
            grace=self._today() - timedelta(days=GRACE_DAYS),
            action=self._get_action_sql(),
            in_force=get_in_force_sql("p", self._today()),
            condition=condition,
        )

    def _get_action_sql(self):
        """Return the SQL condition that plan ``p`` has an action planned, or done lately.

        Lately is within the rhythm of reviews. The review itself and its approval are no
        actions.
        """
        return SQL(
            """
            EXISTS (SELECT FROM mail_activity act
                     WHERE act.kam_plan_id = p.id
                       AND (act.active OR act.date_done
                            >= %s - COALESCE(NULLIF(rhythm.days, 0), 90))
                       AND act.activity_type_id NOT IN %s)""",
            self._today(),
            tuple(self._get_formalities().ids) or (0,),
        )

    @api.model
    def _get_formalities(self):
        """Return the types of activities about the plan itself: no actions of it."""
        names = (REVIEW_TYPE, "kam_management.mail_activity_type_approve")
        # cached: asked for whenever a plan is read
        find = self.env["ir.model.data"]._xmlid_to_res_id
        ids = (find(name, raise_if_not_found=False) for name in names)
        return self.env["mail.activity.type"].browse(filter(None, ids))
