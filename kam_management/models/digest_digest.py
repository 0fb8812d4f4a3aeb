from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    """The figures of key accounts in the mail Odoo sends every day, week or month."""

    _inherit = "digest.digest"

    kpi_kam_won = fields.Boolean("New Customers Won")
    kpi_kam_won_value = fields.Integer(compute="_compute_kpi_kam_won_value")
    kpi_kam_engaged = fields.Boolean("Potentials Engaged")
    kpi_kam_engaged_value = fields.Integer(compute="_compute_kpi_kam_engaged_value")
    kpi_kam_touches = fields.Boolean("Touches")
    kpi_kam_touches_value = fields.Integer(compute="_compute_kpi_kam_touches_value")
    kpi_kam_decisions = fields.Boolean("Deviations to Decide")
    kpi_kam_decisions_value = fields.Integer(compute="_compute_kpi_kam_decisions_value")

    def _compute_kpi_kam_won_value(self):
        self._count_kam_steps("new", "kpi_kam_won_value")

    def _compute_kpi_kam_engaged_value(self):
        self._count_kam_steps("engaged", "kpi_kam_engaged_value")

    def _compute_kpi_kam_touches_value(self):
        self._check_kam_kpi()
        self._calculate_company_based_kpi(
            "kam.touch", "kpi_kam_touches_value", date_field="date"
        )

    def _compute_kpi_kam_decisions_value(self):
        """Count what was opened in the time and waits for a decision."""
        self._check_kam_kpi()
        self._calculate_company_based_kpi(
            "kam.quota.decision",
            "kpi_kam_decisions_value",
            additional_domain=[("state", "=", "open")],
        )

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = f"?menu_id={self.env.ref('kam_management.kam_management_menu_root').id}"
        for name, action in (
            ("kpi_kam_won", "kam_level_transition_action"),
            ("kpi_kam_engaged", "kam_level_transition_action"),
            ("kpi_kam_touches", "kam_touch_action"),
            ("kpi_kam_decisions", "kam_quota_decision_action"),
        ):
            actions[name] = f"kam_management.{action}{menu}"
        return actions

    def _count_kam_steps(self, level, name):
        """Count the accounts that came to a level, as far as the user sees them."""
        self._check_kam_kpi()
        self._calculate_company_based_kpi(
            "kam.level.transition",
            name,
            date_field="date",
            additional_domain=[("to_level", "=", level)],
        )

    def _check_kam_kpi(self):
        """Leave the figures out of the mails of people who may not see them.

        :raise AccessError: which Odoo takes as a reason to leave a figure out
        """
        if not self.env.user.has_group("kam_management.group_kam_user"):
            raise AccessError(
                self.env._("Key accounts: this figure is left out of your mail.")
            )
