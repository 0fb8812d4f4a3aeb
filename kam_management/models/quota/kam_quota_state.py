from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common import clock, formats

# What a quota is of: fixed as soon as it runs.
AGREED_FIELDS = {
    "scope",
    "user_id",
    "team_id",
    "company_id",
    "period",
    "date_start",
    "date_end",
}


class KamQuota(models.Model):
    """The way of a quota: drafted, running, closed; and on to the next period."""

    _inherit = "kam.quota"

    is_over = fields.Boolean(compute="_compute_is_over", search="_search_is_over")

    is_upcoming = fields.Boolean(compute="_compute_state_label")
    state_label = fields.Char(
        "State in Words",
        compute="_compute_state_label",
        help="When a started quota begins, until it does; else its status.",
    )

    def _compute_is_over(self):
        """By UTC, as its figures are: nobody closes a day whose facts are still coming."""
        today = clock.today()
        for quota in self:
            quota.is_over = bool(quota.date_end and quota.date_end < today)

    @api.depends("state", "date_start")
    @api.depends_context("lang")
    def _compute_state_label(self):
        today = clock.today()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for quota in self:
            quota.is_upcoming = quota.state == "running" and quota.date_start > today
            quota.state_label = labels.get(quota.state)
            if quota.is_upcoming:
                quota.state_label = self.env._(
                    "Begins on %s", formats.day(self.env, quota.date_start)
                )

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = clock.today()
        return [("date_end", "<" if True in value else ">=", today)]

    def write(self, vals):
        changed = AGREED_FIELDS.intersection(vals)
        if changed and not self.env.su:
            self._check_agreed(changed, vals)
        result = super().write(vals)
        if not vals.get("active", True):
            self._drop_open_decisions()
        return result

    def unlink(self):
        # not left to the database: what hangs on them goes along or is kept
        self.filtered(lambda quota: quota.state == "draft").line_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep what was run with: its figures are part of the history."""
        if used := self.filtered(lambda quota: quota.state != "draft"):
            raise UserError(
                self.env._(
                    "%(quotas)s: only drafts can be deleted. Archive the quota"
                    " instead.",
                    quotas=", ".join(used.mapped("name")),
                )
            )

    def action_run(self):
        """Agree on the targets: from now on facts are measured against them.

        :raise AccessError: when the user is no head of sales
        :raise UserError: when a quota is no draft, or has no targets but zeros
        """
        self._check_step("draft")
        for quota in self:
            if not quota.line_ids:
                raise UserError(
                    self.env._(
                        "“%(quota)s” has no targets yet. Add at least one.",
                        quota=quota.name,
                    )
                )
            if not quota._has_target():
                raise UserError(
                    self.env._(
                        "All targets of “%(quota)s” are 0, so there is nothing to reach."
                        " Enter at least one target, then start the quota.",
                        quota=quota.name,
                    )
                )
            if problem := quota._get_owner_problem():
                raise UserError(problem)
        self._set_state("running")
        self._measure()

    def action_back_to_draft(self):
        """Work on the targets anew; open decisions about them are dropped."""
        self._check_step("running")
        self._set_state("draft")
        self._drop_open_decisions()

    def action_measure(self):
        """Measure now instead of tonight."""
        self._check_step("draft", "running")
        self._measure()

    def action_close(self):
        """End the period: its facts stay as they are.

        :raise AccessError: when the user is no head of sales
        :raise UserError: before the end of the period, and while a deviation beyond the
            tolerance has not been decided upon
        """
        self._check_step("running")
        self._check_over()
        self._measure()
        self._check_decided()
        self._freeze_facts()
        self._set_state(
            "closed", closed_at=fields.Datetime.now(), closed_by_id=self.env.user.id
        )

    def action_reopen(self):
        """Ask why, then go on with a closed period.

        :return: action on ``kam.quota.reopen``
        """
        self._check_step("closed")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reopen"),
            "res_model": "kam.quota.reopen",
            "view_mode": "form",
            "target": "new",
            "context": {"default_quota_ids": self.ids},
        }

    def action_plan_next(self):
        """Plan the period after this one, starting from its targets.

        :return: action on ``kam.quota.planning``
        """
        self.exists().ensure_one()
        self.check_access("read")
        next_day = self.date_end + timedelta(days=1)
        context = {
            "default_company_id": self.company_id.id,
            "default_period": self.period if self.period != "free" else "month",
            "default_date": fields.Date.to_string(next_day),
            "default_span": "one",
            "default_way": "copy",
            "default_source_date": fields.Date.to_string(self.date_start),
            "default_user_ids": self.user_id.ids,
            "default_team_ids": self.team_id.ids,
            "default_with_company": self.scope == "company",
        }
        action = self.env.ref("kam_management.kam_quota_planning_action")
        # sudo: reads the description of a window the user may open
        return {**action.sudo().read()[0], "context": context}

    def _reopen(self, reason):
        """Go on with closed periods, and say in their logs why.

        The facts kept at the closing are given up: they are worked out anew.

        :raise AccessError: when the user is no head of sales
        """
        self._check_step("closed")
        self._set_state("running", closed_at=False, closed_by_id=False)
        for quota in self:
            quota.message_post(
                body=self.env._(
                    "%(user)s has reopened the period: %(reason)s",
                    user=self.env.user.name,
                    reason=reason,
                )
            )
        self._measure()

    def _has_target(self):
        """Return whether there is anything to reach: one target that is no zero."""
        self.ensure_one()
        return any(self.line_ids.mapped("target"))

    def _set_state(self, state, **values):
        """Write the state, which follows from buttons alone, and what goes with it."""
        # sudo: nobody writes these by hand; the caller has checked who may
        self.sudo().write({"state": state, **values})

    def _check_step(self, *states):
        """Check that the user is the head and the quotas are in one of some states.

        :raise AccessError: for anybody else
        :raise UserError: naming the state a quota is in
        """
        self.check_access("write")
        if not self._is_head_of_sales():
            raise AccessError(
                self.env._("Only the head of sales starts, closes and reopens quotas.")
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for quota in self:
            if quota.state not in states:
                raise UserError(
                    self.env._(
                        "“%(quota)s” is %(state)s, so this is not possible. Leave it out, or"
                        " reload the page if you see another state.",
                        quota=quota.name,
                        state=labels[quota.state].lower(),
                    )
                )

    def _check_over(self):
        """Refuse to close periods that go on.

        :raise UserError: naming one
        """
        for quota in self.filtered(lambda quota: not quota.is_over):
            raise UserError(
                self.env._(
                    "“%(quota)s” runs until %(end)s. Close it afterwards.",
                    quota=quota.name,
                    end=formats.day(self.env, quota.date_end),
                )
            )

    def _check_agreed(self, names, vals):
        """Refuse to give a quota that runs to somebody else, or another time.

        :raise UserError: saying what to do
        """
        for quota in self.filtered(
            lambda quota: (
                quota.state != "draft"
                or any(line._is_decided_upon() for line in quota.line_ids)
            )
        ):
            now = quota._convert_to_write({name: quota[name] for name in names})
            if any(str(now[name] or "") != str(vals[name] or "") for name in names):
                raise UserError(
                    self.env._(
                        "“%(quota)s” is no longer a draft or has decisions, so its"
                        " owner and period cannot be changed. Create another quota.",
                        quota=quota.name,
                    )
                )
