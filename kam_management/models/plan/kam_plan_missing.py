from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamPlan(models.Model):
    """What a plan lacks before it can be submitted: all of it, and where it is filled in."""

    _inherit = "kam.plan"

    missing = fields.Json(
        compute="_compute_missing", help="What is missing for submitting this draft."
    )

    @api.depends(
        "state",
        "user_id",
        "strategy",
        "goal_ids.name",
        "goal_ids.target",
        "goal_ids.baseline",
        "goal_ids.target_reason",
        "goal_ids.direction",
    )
    @api.depends_context("lang")
    def _compute_missing(self):
        for plan in self:
            plan.missing = plan._get_missing() if plan.state == "draft" else []

    def action_try_submit(self):
        """Hand the plan to the head of sales, or show all that is missing.

        :return: notification, or nothing
        :raise UserError: when it is no draft
        """
        self._check_step("draft")
        # the baselines stay, whatever is missing: they are what targets are held against
        self.action_refresh_goals()
        if not any(plan._get_missing() for plan in self):
            return self.action_submit()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "message": self.env._(
                    "Not submitted yet. What is missing is listed at the top; click"
                    " each to fill it in."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_missing(self):
        """Return what is missing for submitting: list of dicts with label, page, field.

        Page and field are where in the form it is filled in; other facets add theirs.
        """
        self.ensure_one()
        missing = []
        if not self.user_id:
            missing.append((self.env._("the plan owner"), None, "user_id"))
        if not self.strategy:
            missing.append((self.env._("the leading strategy"), None, "strategy"))
        if not self.goal_ids:
            missing.append((self.env._("at least one goal"), "evaluation", "goal_ids"))
        empty = self.goal_ids.filtered(lambda goal: goal._is_target_missing())
        texts = [
            self.env._("the target of “%(goal)s”", goal=goal.name or "")
            for goal in empty
        ]
        texts += (self.goal_ids - empty)._describe_worse_targets()
        missing += [(text, "evaluation", "goal_ids") for text in texts]
        return [
            {"label": label, "page": page, "field": name}
            for label, page, name in missing
        ]

    def _check_ready(self):
        """Refuse to submit plans that say neither how nor what for.

        :raise ValidationError: saying everything that is missing
        """
        lines = []
        for plan in self:
            if missing := plan._get_missing():
                lines.append(
                    self.env._("“%(plan)s” is incomplete. Add:", plan=plan.name)
                )
                lines += [f"- {part['label']}" for part in missing]
        if lines:
            raise ValidationError("\n".join(lines))
