from collections import Counter
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..common import clock, formats
from ..common.pictures.goals import GoalRow, goals_picture

# Plans whose goals are measured between two commits of the cron.
BATCH_SIZE = 500
# Agreed upon with the approval, and changed by a new version alone.
AGREED_FIELDS = {"account_id", "date_start", "date_end", "strategy"}
# What the baselines of goals depend on.
BASELINE_FIELDS = {"account_id", "date_start", "date_end"}


class KamPlan(models.Model):
    """The goals of a plan: measured, and fixed with its approval."""

    _inherit = "kam.plan"

    wallet = fields.Monetary(
        "Customer's Total Spend",
        tracking=True,
        help="What the customer spends in our field during the plan, with us and with"
        " others. Our share of wallet is measured against it.",
    )
    goals_date = fields.Date(
        "Measured On", readonly=True, copy=False, help="When the goals were measured."
    )
    goals_summary = fields.Char("Goals at a Glance", compute="_compute_goals_summary")
    goals_picture = fields.Html(compute="_compute_goals_picture", sanitize=False)

    _check_wallet = models.Constraint(
        "CHECK(wallet >= 0)", "The customer's total spend cannot be negative."
    )
    # the cron looks for plans whose goals are from yesterday
    _goals_date_idx = models.Index(
        "(goals_date) WHERE state IN ('approved', 'running') AND active"
    )

    @api.depends("goal_ids.standing")
    def _compute_goals_summary(self):
        """Count the goals by where they stand, such as “2 on track, 1 behind”."""
        standings = self.env["kam.plan.goal"]._fields["standing"]
        labels = standings._description_selection(self.env)
        for plan in self:
            counts = Counter(plan.goal_ids.mapped("standing"))
            plan.goals_summary = ", ".join(
                f"{counts[key]} {label.lower()}" for key, label in labels if counts[key]
            )

    @api.depends(
        "goal_ids.standing",
        "goal_ids.baseline",
        "goal_ids.expected",
        "goal_ids.actual",
        "goal_ids.target",
        "goal_ids.progress",
        "goals_date",
    )
    @api.depends_context("lang")
    def _compute_goals_picture(self):
        """Draw where each goal stands, and the year as the reviews found it."""
        for plan in self:
            courses = plan._get_goal_courses()
            rows = [
                plan._prepare_goal_row(goal, courses.get(goal, []))
                for goal in plan.goal_ids
            ]
            plan.goals_picture = Markup(goals_picture(rows, plan._get_goal_words()))

    def write(self, vals):
        self._check_agreed(vals)
        result = super().write(vals)
        if not self.env.su and not BASELINE_FIELDS.isdisjoint(vals):
            # sudo: what goals start from is looked up anew for another time
            self.sudo().goal_ids.filtered("indicator").baseline_date = False
        return result

    def action_refresh_goals(self):
        """Measure the goals now; in a draft also what they start from."""
        self.check_access("write")
        drafts = self.filtered(lambda plan: plan.state in ("draft", "submitted"))
        drafts._take_baselines()
        self._measure_goals()

    def action_submit(self):
        """Show the head of sales the figures of today."""
        self._check_step("draft")
        self.action_refresh_goals()
        return super().action_submit()

    def _handle_approved(self):
        """Fix what the goals start from."""
        today = clock.today()
        fresh = self.goal_ids.filtered(lambda goal: not goal.baseline_date)
        self._take_baselines()
        fresh._check_target()
        # sudo: nobody types in when a baseline was taken; the head has just approved it
        fresh.sudo().baseline_date = today
        self._measure_goals()
        return super()._handle_approved()

    @api.model
    def _cron_measure_goals(self):
        """Measure the goals of all plans that are agreed upon, once a day.

        Resumes where it was interrupted: what was measured today is done.
        """
        domain = self._get_to_measure_domain()
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=self.search_count(domain))
        while plans := self.search(domain, limit=BATCH_SIZE):
            # what somebody works on just now is measured in the next round
            plans = plans.try_lock_for_update().filtered_domain(domain)
            plans._measure_goals()
            if not plans or not commit(len(plans)):
                break

    def _get_to_measure_domain(self):
        """Return the domain of plans whose goals were not measured today."""
        return [
            ("state", "in", ("approved", "running")),
            "|",
            ("goals_date", "=", False),
            ("goals_date", "<", clock.today()),
        ]

    def _measure_goals(self):
        """Store the actuals of measured goals, and how far all goals are by now."""
        # sudo: nobody types these in; callers have checked who may ask for it
        plans = self.sudo().filtered(lambda plan: plan.state != "closed")
        today = clock.today()
        measured = plans.goal_ids.filtered("indicator")
        values = plans._measure(set(measured.mapped("indicator")))
        for goal in measured:
            value = values[goal.indicator].get(goal.plan_id.id)
            known = today if value is not None or goal.is_cumulative else False
            if goal.actual != (value or 0) or goal.actual_date != known:
                goal.write({"actual": value or 0, "actual_date": known})
        # time has passed, whether or not a figure has changed
        for name in ("expected", "progress", "standing"):
            self.env.add_to_compute(measured._fields[name], plans.goal_ids)
        plans.goals_date = today

    def _take_baselines(self):
        """Store what measured goals start from, unless it was fixed by an approval."""
        # sudo: as above
        goals = self.sudo().goal_ids.filtered(
            lambda goal: goal.indicator and not goal.baseline_date
        )
        plans = goals.plan_id
        values = plans._measure(set(goals.mapped("indicator")), before=True)
        for goal in goals:
            goal.baseline = values[goal.indicator].get(goal.plan_id.id, 0)

    def _check_agreed(self, vals):
        """Keep what the head of sales has approved, or is to approve.

        :raise UserError: saying how it is changed
        """
        fixed = self.filtered(lambda plan: plan.state not in ("draft", "closed"))
        if self.env.su or not fixed or AGREED_FIELDS.isdisjoint(vals):
            return
        names = sorted(AGREED_FIELDS.intersection(vals))
        labels = [self._fields[name]._description_string(self.env) for name in names]
        raise UserError(
            self.env._(
                "%(fields)s of “%(plan)s”: fixed while the plan is submitted, approved or"
                " running. Give it back to draft, or start a new version and say why.",
                fields=", ".join(labels),
                plan=", ".join(fixed.mapped("name")),
            )
        )

    def _prepare_goal_row(self, goal, course):
        """Return what the picture shows of a goal, as a ``GoalRow``."""
        actual, target = (
            formats.figure(self.env, value) for value in (goal.actual, goal.target)
        )
        return GoalRow(
            name=goal.name,
            figures=f"{actual} / {target} {goal.unit or ''}",
            baseline=goal.baseline,
            expected=goal.expected,
            actual=goal.actual,
            target=goal.target,
            standing=goal.standing or "",
            course=course,
        )

    def _measure(self, keys, before=False):
        """Measure indicators of all these plans.

        :param keys: of ``kam.measure``
        :param bool before: over a period of the same length before the plan
        :return: {key: {plan id: figure}}; a plan without a figure is missing
        """
        figures = self.env["kam.measure"]._measure(
            [
                {**plan._prepare_row(key, before), "key": (key, plan.id)}
                for plan in self
                for key in keys
            ]
        )
        result = {key: {} for key in keys}
        for (key, plan_id), figure in figures.items():
            if figure is not None:
                result[key][plan_id] = figure
        return result

    def _prepare_row(self, indicator, before=False):
        """Return what an indicator of this plan asks for, see ``kam.measure._measure``.

        The wallet is what the customer spends in as much time.

        :param bool before: over a period of the same length before the plan
        """
        self.ensure_one()
        start, end = self.date_start, self.date_end
        if before:
            # in months and days: before a year comes a year, leap years or not
            length = relativedelta(end + timedelta(days=1), start)
            start, end = start - length, start - timedelta(days=1)
        today = clock.today()
        days = (min(end, today) - start).days + 1
        whole = (self.date_end - self.date_start).days + 1
        return {
            "company_id": self.company_id.id,
            "scope": "account",
            "account_id": self.account_id.id,
            "date_start": start,
            "date_end": end,
            "indicator": indicator,
            "wallet": self.wallet * max(days, 0) / whole,
        }

    def _map_working_days(self):
        """Return {company: its working days} over the time of these plans."""
        plans = self.filtered(lambda p: p.company_id and p.date_start and p.date_end)
        return {
            company: company._get_kam_working_days(
                min(some.mapped("date_start")), max(some.mapped("date_end"))
            )
            for company, some in plans.grouped("company_id").items()
        }

    def _get_goal_courses(self):
        """Return how far each goal was over the year.

        :return: {goal: pairs of shares (time, way)}
        """
        return {}

    def _get_goal_words(self):
        """Return the words of the picture in the user's language.

        It says as of when it is, wherever it is seen: other figures beside it are live.
        """
        day = self.goals_date and format_date(self.env, self.goals_date)
        return {
            "as_of": self.env._("as of %(day)s", day=day) if day else "",
            "title": self.env._("Goals of the plan"),
            "baseline": self.env._("baseline"),
            "expected": self.env._("expected by today"),
            "actual": self.env._("actual"),
            "target": self.env._("target"),
            "course": self.env._("progress over the year"),
            "empty": self.env._("No goals yet"),
        }
