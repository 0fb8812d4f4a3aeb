from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    """The figures of key accounts in the mail Odoo sends every day, week or month.

    What is measured is measured as quotas are: for a head of sales that of the company,
    for a key account manager the own.
    """

    _inherit = "digest.digest"

    kpi_kam_won = fields.Boolean("New Customers Won")
    kpi_kam_won_value = fields.Integer(compute="_compute_kpi_kam_won_value")
    kpi_kam_engaged = fields.Boolean("Potentials Engaged")
    kpi_kam_engaged_value = fields.Integer(compute="_compute_kpi_kam_engaged_value")
    kpi_kam_touches = fields.Boolean("Touches")
    kpi_kam_touches_value = fields.Integer(compute="_compute_kpi_kam_touches_value")
    kpi_kam_followed_up = fields.Boolean("Proposals Followed Up in Time (%)")
    kpi_kam_followed_up_value = fields.Integer(
        compute="_compute_kpi_kam_followed_up_value"
    )
    kpi_kam_tenders = fields.Boolean("Tenders in Preparation")
    kpi_kam_tenders_value = fields.Integer(compute="_compute_kpi_kam_tenders_value")
    kpi_kam_decisions = fields.Boolean("Deviations to Decide")
    kpi_kam_decisions_value = fields.Integer(compute="_compute_kpi_kam_decisions_value")

    def _compute_kpi_kam_won_value(self):
        self._measure_kam("won", "kpi_kam_won_value")

    def _compute_kpi_kam_engaged_value(self):
        self._measure_kam("engaged", "kpi_kam_engaged_value")

    def _compute_kpi_kam_touches_value(self):
        self._measure_kam("touches", "kpi_kam_touches_value")

    def _compute_kpi_kam_followed_up_value(self):
        self._measure_kam("followed_up", "kpi_kam_followed_up_value")

    def _compute_kpi_kam_tenders_value(self):
        self._measure_kam("tenders", "kpi_kam_tenders_value")

    def _compute_kpi_kam_decisions_value(self):
        """Count what waits for a decision, since whenever: the tile says the same."""
        self._check_kam_kpi()
        decisions = self.env["kam.quota.decision"]
        waiting = dict(
            decisions._read_group(
                decisions._get_open_domain(), ["company_id"], ["__count"]
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_kam_decisions_value = waiting.get(company, 0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = f"?menu_id={self.env.ref('kam_management.kam_management_menu_root').id}"
        for name, action in (
            ("kpi_kam_won", "kam_level_transition_action"),
            ("kpi_kam_engaged", "kam_level_transition_action"),
            ("kpi_kam_touches", "kam_touch_action"),
            ("kpi_kam_followed_up", "kam_quotation_action_silent"),
            ("kpi_kam_tenders", "kam_tender_action"),
            ("kpi_kam_decisions", "kam_quota_decision_action"),
        ):
            actions[name] = f"kam_management.{action}{menu}"
        return actions

    def _measure_kam(self, indicator, name):
        """Measure an indicator over the time of the mail: the days that are over in it."""
        self._check_kam_kpi()
        start, end, companies = self._get_kpi_compute_parameters()
        if not start or not end:  # on the form of the digest
            self[name] = 0
            return
        first, after = (fields.Datetime.to_datetime(day).date() for day in (start, end))
        is_head = self.env.user.has_group("kam_management.group_kam_manager")
        rows = [
            {
                "key": company.id,
                "company_id": company.id,
                "scope": "company" if is_head else "manager",
                "user_id": self.env.uid,
                "team_id": None,
                "date_start": first,
                "date_end": max(after - timedelta(days=1), first),
                "indicator": indicator,
            }
            for company in companies
        ]
        # sudo: a figure of one's own, or of the company to its head of sales
        figures = self.env["kam.measure"].sudo()._measure(rows)
        for digest in self:
            company = digest.company_id or self.env.company
            # an average may be of nothing
            digest[name] = figures.get(company.id) or 0

    def _check_kam_kpi(self):
        """Leave the figures out of the mails of people who may not see them.

        :raise AccessError: which Odoo takes as a reason to leave a figure out
        """
        if not self.env.user.has_group("kam_management.group_kam_user"):
            raise AccessError(
                self.env._(
                    "You have no access to this figure, so it is left out of"
                    " your digest."
                )
            )
