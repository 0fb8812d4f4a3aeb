from markupsafe import Markup

from odoo import api, models

# What an empty screen of a model leads to: an action, and whether it is for heads alone.
NEXT_STEPS = {
    "kam.account": ("kam_customer_new_action", False),
    "kam.account.month": ("kam_account_action", False),
    "kam.account.term": ("kam_account_action", True),
    "kam.funnel.report": ("kam_account_action", False),
    "kam.key.nomination": ("kam_account_action_suggested", False),
    "kam.level.transition": ("kam_account_action", False),
    "kam.plan": ("kam_plan_new_action", False),
    "kam.plan.goal": ("kam_plan_action", False),
    "kam.portfolio.month": ("kam_account_action", True),
    "kam.quota": ("kam_quota_planning_action", True),
    "kam.quota.decision": ("kam_quota_action", False),
    "kam.quota.line": ("kam_quota_planning_action", True),
    "kam.reaction.report": ("kam_touch_action", False),
    "kam.stakeholder": ("kam_account_action", False),
    "kam.stakeholder.history": ("kam_stakeholder_action", False),
    "kam.survey": ("kam_account_action", False),
    "kam.touch": ("kam_account_action", False),
}
BUTTON = Markup(
    '<p><a type="action" name="{name}" class="btn btn-primary">{label}</a></p>'
)


class KamGuard(models.AbstractModel):
    """An empty screen of ours leads on; those of others are left alone."""

    _inherit = "kam.guard"

    @api.model
    def get_empty_list_help(self, help_message):
        """Lead on from an empty screen: below what it says, one button."""
        message = super().get_empty_list_help(help_message)
        if not message or self._name not in NEXT_STEPS:
            return message
        if not self.env.user.has_group("kam_management.group_kam_user"):
            return message
        name, for_heads = NEXT_STEPS[self._name]
        name = self.env.context.get("kam_next_step", name)
        cockpit = self.env["kam.cockpit"]
        label = cockpit._get_step_label(name)
        if not label or (for_heads and not cockpit._is_head()):
            return message
        return Markup(message) + BUTTON.format(
            name=f"kam_management.{name}", label=label
        )
