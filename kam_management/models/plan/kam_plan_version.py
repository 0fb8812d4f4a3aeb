from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..common import clock, formats
from .kam_plan import STRATEGIES
from .kam_plan_goal import DIRECTIONS, SIDES, STANDINGS


class KamPlanGoalRecord(models.AbstractModel):
    """A goal as it was at a certain moment: kept, whatever becomes of the goal."""

    _name = "kam.plan.goal.record"
    _description = "Goal Snapshot"
    _inherit = ["kam.plan.line"]

    goal_id = fields.Many2one(
        "kam.plan.goal",
        "Current Goal",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char("Goal", readonly=True, required=True)
    side = fields.Selection(SIDES, "Goal Owner", readonly=True)
    unit = fields.Char(readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    baseline = fields.Float(readonly=True, aggregator=None)
    target = fields.Float(readonly=True, aggregator=None)
    actual = fields.Float(readonly=True, aggregator=None)
    expected = fields.Float("Expected at the Time", readonly=True, aggregator=None)
    progress = fields.Float(readonly=True, aggregator="avg")
    standing = fields.Selection(STANDINGS, "Status", readonly=True)

    @api.model
    def _prepare_from_goals(self, goals):
        """Return the values of records of these goals."""
        own = self.env["kam.plan.goal.record"]._fields
        line = self.env["kam.plan.line"]._fields
        names = own.keys() - line.keys() - {"goal_id"}
        return [
            {"goal_id": goal.id, "sequence": goal.sequence}
            | {name: goal[name] for name in names}
            for goal in goals
        ]


class KamPlanVersion(models.Model):
    """What a plan said before it was changed, and why it was."""

    _name = "kam.plan.version"
    _description = "Earlier Service Plan Version"
    _inherit = ["kam.plan.line"]
    _order = "plan_id, number desc"
    _rec_name = "number"

    number = fields.Integer("Version", readonly=True, aggregator=None)
    date = fields.Date("Until", readonly=True)
    user_id = fields.Many2one("res.users", "Changed By", readonly=True)
    reason = fields.Text("Reason for the Change", readonly=True)
    strategy = fields.Selection(STRATEGIES, readonly=True)
    strategy_note = fields.Text("Strategy in Words", readonly=True)
    line_ids = fields.One2many(
        "kam.plan.version.line", "version_id", "Goals", readonly=True
    )

    @api.depends("number", "date")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "Version %(number)s, until %(date)s",
                number=version.number,
                date=formats.day(self.env, version.date),
            )


class KamPlanVersionLine(models.Model):
    """A goal of an earlier version."""

    _name = "kam.plan.version.line"
    _description = "Goal of an Earlier Version"
    _inherit = ["kam.plan.goal.record"]

    version_id = fields.Many2one(
        "kam.plan.version", required=True, index=True, ondelete="cascade", readonly=True
    )
    plan_id = fields.Many2one(related="version_id.plan_id", store=True, precompute=True)


class KamPlan(models.Model):
    """The versions of a plan: what was agreed upon is changed with a reason."""

    _inherit = "kam.plan"

    version_ids = fields.One2many(
        "kam.plan.version", "plan_id", "Earlier Versions", readonly=True
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_versions(self):
        """Keep a plan that was agreed upon once, though it is a draft again."""
        # sudo: versions are there, whether or not one may see them
        if not self.env.su and self.sudo().version_ids:
            raise UserError(
                self.env._(
                    "An approved plan cannot be deleted. Discard the new version, or"
                    " have it approved."
                )
            )

    def action_new_version(self):
        """Ask why the plan is changed.

        :return: action on ``kam.plan.new.version``
        """
        self.ensure_one()
        self._check_step("approved", "running")
        return self._prepare_dialog(
            "kam.plan.new.version",
            self.env._("New Version"),
        )

    def action_compare_versions(self):
        """Show two versions side by side.

        :return: action on ``kam.plan.compare``
        """
        self.ensure_one()
        return self._prepare_dialog("kam.plan.compare", self.env._("Compare Versions"))

    def _prepare_dialog(self, model, title):
        """Return the action that opens a dialog about this plan."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def _start_new_version(self, reason):
        """Keep what the plan says now, and let it be changed.

        The plan is a draft again: it runs on when the new version is approved.

        :param str reason: why it is changed
        :raise UserError: without a reason, or when there is nothing agreed upon
        """
        self.ensure_one()
        self._check_step("approved", "running")
        if not (reason or "").strip():
            raise UserError(self.env._("Enter the reason for the change."))
        # sudo: history is written by the app alone
        self.env["kam.plan.version"].sudo().create(self._prepare_version(reason))
        self._set_state(
            "draft",
            version=self.version + 1,
            submit_user_id=False,
            submit_date=False,
            approve_user_id=False,
            approve_date=False,
        )
        self.message_post(
            body=self.env._(
                "Version %(number)s started: %(reason)s",
                number=self.version,
                reason=reason,
            )
        )

    def _prepare_version(self, reason):
        """Return the values of the version that the plan is now."""
        self.ensure_one()
        goals = self.env["kam.plan.version.line"]._prepare_from_goals(self.goal_ids)
        return {
            "plan_id": self.id,
            "number": self.version,
            "date": clock.today(),
            "user_id": self.env.user.id,
            "reason": reason,
            "strategy": self.strategy,
            "strategy_note": self.strategy_note,
            "agreed": self._prepare_agreed(),
            "line_ids": [Command.create(vals) for vals in goals],
        }
