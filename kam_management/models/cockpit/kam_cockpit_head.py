from odoo import api, models
from odoo.fields import Domain

from ..measure.indicator import QUOTA

ROWS = 20


class KamCockpit(models.AbstractModel):
    """My Day of a head of sales: what waits for their decision, decided in place."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_my_decisions(self):
        """Return what the user is to decide in the current company.

        :return: ``{"rows": [{model, id, icon, title, note, date, buttons}]}``
        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        return {
            "rows": [
                *self._find_open_decisions(),
                *self._find_plans_to_approve(),
                *self._find_proposals(),
                *self._find_alarms(),
            ]
        }

    @api.model
    def _find_open_decisions(self):
        labels = dict(self.env["kam.measure"]._select_indicators(QUOTA))
        return [
            self._prepare_matter(
                decision,
                "fa-gavel",
                decision.quota_id.name or self._get_title(decision),
                self.env._(
                    "%(indicator)s: %(deviation)+.0f %%",
                    indicator=labels.get(decision.line_id.indicator, ""),
                    deviation=decision.deviation,
                ),
                decision.date,
                [self._prepare_dialog(decision, self.env._("Decide"))],
            )
            for decision in self._search_matters(
                "kam.quota.decision", Domain("state", "=", "open"), "date, id"
            )
        ]

    @api.model
    def _find_plans_to_approve(self):
        return [
            self._prepare_matter(
                plan,
                "fa-map-o",
                plan.name,
                self.env._(
                    "Plan submitted by %(user)s",
                    user=plan.submit_user_id.name or plan.user_id.name or "",
                ),
                plan.submit_date,
                [
                    self._prepare_button(
                        plan, "action_approve", self.env._("Approve"), "fa-check"
                    ),
                    self._prepare_open(plan),
                ],
            )
            for plan in self._search_matters(
                "kam.plan", Domain("state", "=", "submitted"), "submit_date, id"
            )
        ]

    @api.model
    def _find_proposals(self):
        """Return the customers that managers propose as key accounts."""
        nominations = self._search_matters(
            "kam.key.nomination", Domain("state", "=", "proposed"), "id"
        )
        return [
            self._prepare_matter(
                nomination.account_id,
                "fa-star-o",
                self._get_title(nomination.account_id),
                self.env._(
                    "Proposed as key account by %(user)s",
                    user=nomination.proposed_user_id.name or "",
                ),
                None,
                [
                    self._prepare_button(
                        nomination.account_id,
                        "action_nominate",
                        self.env._("Nominate"),
                        "fa-star",
                    ),
                    self._prepare_button(
                        nomination.account_id,
                        "action_dismiss",
                        self.env._("Dismiss"),
                        "fa-times",
                    ),
                ],
            )
            for nomination in nominations
        ]

    @api.model
    def _find_alarms(self):
        return [
            self._prepare_matter(
                alarm,
                "fa-bell-o",
                self._get_title(alarm),
                self.env._("Alarm"),
                alarm.date,
                [self._prepare_open(alarm)],
            )
            for alarm in self._search_matters(
                "kam.portfolio.alarm", Domain("date_end", "=", False), "date, id"
            )
        ]

    @api.model
    def _search_matters(self, model, domain, order):
        ours = Domain("company_id", "=", self.env.company.id)
        return self.env[model].search(ours & domain, order=order, limit=ROWS)

    @api.model
    def _prepare_matter(self, record, icon, title, note, day, buttons):
        return {
            "model": record._name,
            "id": record.id,
            "icon": icon,
            "title": title,
            "note": note,
            "date": str(day or ""),
            "buttons": buttons,
        }

    @api.model
    def _prepare_dialog(self, record, label):
        """Return the button that opens a record in a dialog."""
        button = self._prepare_open(record)
        action = {**button["action"], "name": label, "target": "new"}
        return {**button, "label": label, "icon": "fa-gavel", "action": action}
