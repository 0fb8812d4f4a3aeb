from datetime import timedelta
from itertools import compress

from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock
from .kam_plan_reviews import REVIEW_TYPE

# A plan that has just begun is given some time before it must show actions.
GRACE_DAYS = 14
# Within these days an action was lately, where there is no rhythm of reviews.
USUAL_DAYS = 90
# What is read of a plan to tell.
STALE_FIELDS = (
    "account_id",
    "company_id",
    "state",
    "date_start",
    "date_end",
    "approve_date",
    "review_days",
)


class KamPlan(models.Model):
    """Staleness: a plan that runs, and nobody lives by it.

    Looked up when asked for, so that nothing is stored on the way of an order or mail.
    """

    _inherit = "kam.plan"

    is_stale = fields.Boolean(
        compute="_compute_is_stale",
        search="_search_is_stale",
        help="A running plan with an overdue review, an overdue touch or no recent"
        " action.",
    )
    stale_reason = fields.Char(compute="_compute_is_stale")

    @api.depends("state", "review_ids.state", "action_ids", "review_days", "active")
    def _compute_is_stale(self):
        labels = (
            self.env._("the review is overdue"),
            self.env._("no action is planned or was done lately"),
            self.env._("a touch is overdue"),
        )
        lived = self._origin.filtered("active")
        lived = lived.filtered_domain(self._get_in_force_domain())
        reasons = lived._map_stale_reasons()
        for plan in self:
            words = list(compress(labels, reasons.get(plan._origin, ())))
            plan.is_stale = bool(words)
            plan.stale_reason = ", ".join(words)

    def _search_is_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("active", "=", True) & self._get_in_force_domain()
        plans = self.search_fetch(domain, STALE_FIELDS)
        plans.account_id.fetch(["segment", "is_key_account", "next_touch_date"])
        reasons = plans._map_stale_reasons()
        ids = [plan.id for plan, flags in reasons.items() if any(flags)]
        return [("id", "in" if True in value else "not in", ids)]

    def _map_stale_reasons(self):
        """Return {plan: whether its review is overdue, it lacks actions, a touch is}.

        Of plans in force.
        """
        today = clock.today()
        acted = set(self._filter_acted())
        grace = today - timedelta(days=GRACE_DAYS)
        return {
            plan: (
                (plan._get_review_due() or today) < today,
                plan._get_beginning() < grace and plan not in acted,
                (plan.account_id.next_touch_date or today) < today,
            )
            for plan in self
        }

    def _filter_acted(self):
        """Return those of these plans with an action planned, or done lately.

        Lately is within the rhythm of reviews. The review itself and its approval are no
        actions.
        """
        # sudo: what a colleague does for the plan counts
        Activity = self.env["mail.activity"].sudo().with_context(active_test=False)
        groups = Activity._read_group(
            [
                ("kam_plan_id", "in", self.ids),
                ("activity_type_id", "not in", self._get_formalities().ids),
            ],
            ["kam_plan_id"],
            ["active:bool_or", "date_done:max"],
        )
        today = clock.today()
        acted = set()
        for plan, is_open, done in groups:
            days = plan._get_review_days() or USUAL_DAYS
            if is_open or done and done >= today - timedelta(days=days):
                acted.add(plan.id)
        return self.filtered(lambda plan: plan.id in acted)

    @api.model
    def _get_formalities(self):
        """Return the types of activities about the plan itself: no actions of it."""
        names = (REVIEW_TYPE, "kam_management.mail_activity_type_approve")
        # cached: asked for whenever a plan is read
        find = self.env["ir.model.data"]._xmlid_to_res_id
        ids = (find(name, raise_if_not_found=False) for name in names)
        return self.env["mail.activity.type"].browse(filter(None, ids))
