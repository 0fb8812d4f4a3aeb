from markupsafe import Markup

from odoo import api, fields, models

from ..models.common import formats


class KamPlanCompare(models.TransientModel):
    """Two versions of a plan side by side: what was added, changed and dropped."""

    _name = "kam.plan.compare"
    _description = "Compare Versions of a Service Plan"
    _inherit = ["kam.guard"]

    plan_id = fields.Many2one(
        "kam.plan", required=True, readonly=True, ondelete="cascade"
    )
    old_version_id = fields.Many2one(
        "kam.plan.version",
        "Compare",
        compute="_compute_old_version_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('plan_id', '=', plan_id)]",
    )
    new_version_id = fields.Many2one(
        "kam.plan.version",
        "With",
        ondelete="cascade",
        domain="[('plan_id', '=', plan_id)]",
        help="Leave it empty to compare with the current plan.",
    )
    comparison = fields.Html(compute="_compute_comparison", sanitize=False)

    @api.depends("plan_id")
    def _compute_old_version_id(self):
        """Begin with the latest of the earlier versions."""
        for wizard in self:
            wizard.old_version_id = wizard.plan_id.version_ids[:1]

    @api.depends("plan_id", "old_version_id", "new_version_id")
    def _compute_comparison(self):
        for wizard in self:
            old = wizard.old_version_id
            new = wizard.new_version_id or wizard.plan_id
            wizard.comparison = bool(old) and wizard._format_comparison(
                [wizard._get_strategy_row(old, new)] + wizard._get_goal_rows(old, new)
            )

    def _get_strategy_row(self, old, new):
        """Return the leading strategy as a row of the comparison."""
        names = dict(
            self.env["kam.plan"]._fields["strategy"]._description_selection(self.env)
        )
        before, after = names.get(old.strategy, ""), names.get(new.strategy, "")
        change = "same" if before == after else "changed"
        return change, self.env._("Leading strategy"), before, after, ""

    def _get_goal_rows(self, old, new):
        """Return rows (change, goal, old target, new target, difference) of both sides.

        Goals are matched by themselves; one that was deleted later by its name.
        """
        before = {self._get_key(line): line for line in old.line_ids}
        goals = new.goal_ids if new._name == "kam.plan" else new.line_ids
        after = {self._get_key(goal): goal for goal in goals}
        rows = []
        for key in dict.fromkeys([*before, *after]):
            was, now = before.get(key), after.get(key)
            goal = now or was
            change, difference = "dropped" if was else "added", ""
            if was and now:
                delta = now.target - was.target
                change = "changed" if delta or was.name != now.name else "same"
                if delta:
                    difference = formats.number(self.env, delta, signed=True)
            targets = [
                f"{formats.number(self.env, side.target)} {side.unit}" if side else ""
                for side in (was, now)
            ]
            rows.append((change, goal.name, *targets, difference))
        return rows

    def _get_key(self, goal):
        """Return what a goal or its record is known by in all versions."""
        if goal._name == "kam.plan.goal":
            return goal.id
        return goal.goal_id.id or goal.name

    def _format_comparison(self, rows):
        """Return the rows as a table."""
        words = {
            "same": ("", ""),
            "changed": (self.env._("changed"), "table-warning"),
            "added": (self.env._("added"), "table-success"),
            "dropped": (self.env._("dropped"), "table-danger"),
        }
        heads = [
            self.env._("Goal"),
            self.env._("Before"),
            self.env._("After"),
            self.env._("Difference"),
            "",
        ]
        body = Markup().join(
            Markup('<tr class="%s">%s</tr>')
            % (
                words[change][1],
                Markup().join(
                    Markup("<td>%s</td>") % cell for cell in (*cells, words[change][0])
                ),
            )
            for change, *cells in rows
        )
        head = Markup().join(Markup("<th>%s</th>") % head for head in heads)
        return Markup(
            '<table class="table table-sm"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody></table>"
        ) % (head, body)
