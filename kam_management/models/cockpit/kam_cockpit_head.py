from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..common import formats
from ..portfolio.kam_portfolio_alarm_silence import SILENCE

ROWS = 20
# They are counted by manager, a line each.
MOST_DECISIONS = 200


class Matter(NamedTuple):
    """A kind of what a head of sales decides: records in a state, and who asks for it."""

    title: str  # of many of them
    domain: Domain
    order: str  # the oldest first
    reminder: str  # the type of the activities that remind of it, without the module
    most: int = ROWS  # so many are on the screen


class KamCockpit(models.AbstractModel):
    """My Day of a head of sales: what waits for their decision, decided in place."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_my_decisions(self):
        """Return what the user is to decide in the current company.

        :return: ``{"rows": [{model, id, icon, title, note, date, buttons, group}]}``; rows of
            one ``group`` are one line that opens in place
        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        return {
            "rows": [
                *self._find_open_decisions(),
                *self._find_concessions(),
                *self._find_plans_to_approve(),
                *self._find_proposals(),
                *self._find_bids(),
                *self._find_alarms(),
                *self._find_more(),
            ]
        }

    @api.model
    def _get_matters(self):
        """Return {model: ``Matter``} of what waits for a head in the current company."""
        ours = Domain("company_id", "=", self.env.company.id)
        return {
            "kam.quota.decision": Matter(
                self.env._("Deviations to Decide"),
                ours & self.env["kam.quota.decision"]._get_open_domain(),
                "date, id",
                "mail_activity_type_decide",
                MOST_DECISIONS,
            ),
            "kam.concession.approval": Matter(
                self.env._("Concessions to Approve"),
                ours & Domain("state", "=", "requested"),
                "date, id",
                "mail_activity_type_concession",
            ),
            "kam.plan": Matter(
                self.env._("Plans to Approve"),
                ours & Domain("state", "=", "submitted"),
                "submit_date, id",
                "mail_activity_type_approve",
            ),
            "kam.account": Matter(
                self.env._("Proposed Key Accounts"),
                ours & Domain("nomination_ids", "any", [("state", "=", "proposed")]),
                "revenue desc, id",
                "mail_activity_type_key_proposal",
            ),
            "kam.tender": Matter(
                self.env._("Bids to Decide"),
                # a deal without a company is everybody's
                Domain("company_id", "in", [False, self.env.company.id])
                & self.env["kam.tender"]._get_undecided_domain(),
                "date_submission, id",
                "mail_activity_type_bid",
            ),
            "kam.portfolio.alarm": Matter(
                self.env._("Alarms"),
                ours & self.env["kam.portfolio.alarm"]._get_waiting_domain(),
                "date, id",
                "mail_activity_type_portfolio_alarm",
            ),
        }

    @api.model
    def _find_open_decisions(self):
        """Return the deviations to decide about; those of a manager are one group."""
        return [
            {
                **self._prepare_matter(
                    decision,
                    "fa-gavel",
                    decision.quota_id.name or self._get_title(decision),
                    self._tell_deviation(decision),
                    decision.date,
                    [
                        self._prepare_deciding(
                            decision, "kam_quota_decision_view_form_decide"
                        )
                    ],
                ),
                "group": decision.manager_name or "",
            }
            for decision in self._search_matters("kam.quota.decision")
        ]

    @api.model
    def _tell_deviation(self, decision):
        """Return which figure is off and by how much, such as “Revenue: -14 %”."""
        return self.env._(
            "%(figure)s: %(deviation)+.0f %%",
            figure=decision.label,
            deviation=decision.deviation,
        )

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
            for plan in self._search_matters("kam.plan")
        ]

    @api.model
    def _find_proposals(self):
        """Return the customers that managers propose as key accounts."""
        return [
            self._prepare_matter(
                account,
                "fa-star-o",
                self._get_title(account),
                self.env._(
                    "Proposed as key account by %(user)s",
                    user=account.nomination_id.proposed_user_id.name or "",
                ),
                account.nomination_id.proposed_date,
                [
                    self._prepare_button(
                        account, "action_nominate", self.env._("Nominate"), "fa-star"
                    ),
                    self._prepare_button(
                        account, "action_dismiss", self.env._("Dismiss"), "fa-times"
                    ),
                ],
            )
            for account in self._search_matters("kam.account")
        ]

    @api.model
    def _find_bids(self):
        """Return the tenders of which nobody has decided yet whether we bid."""
        return [
            self._prepare_matter(
                tender,
                "fa-balance-scale",
                self._get_title(tender),
                self.env._(
                    "Bid or no bid for %(customer)s? Submission on %(day)s",
                    # sudo: the customer of a deal that the user sees
                    customer=tender.sudo().customer_id.name or "",
                    day=formats.day(self.env, tender.date_submission, short=True),
                ),
                None,
                [self._prepare_deciding(tender, "kam_tender_view_form_bid")],
            )
            for tender in self._search_matters("kam.tender")
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
                self._prepare_alarm_buttons(alarm),
            )
            for alarm in self._search_matters("kam.portfolio.alarm")
        ]

    @api.model
    def _prepare_alarm_buttons(self, alarm):
        """Return what is done about an alarm: talk with who is silent, or look at it."""
        acknowledge = self._prepare_button(
            alarm, "action_acknowledge", self.env._("Acknowledge"), "fa-check"
        )
        if alarm.kind == SILENCE:
            talk = self._prepare_talk(alarm.account_id, "action_log_touch")
            return [talk, acknowledge]
        return [self._prepare_open(alarm), acknowledge]

    @api.model
    def _find_more(self):
        """Return a line for each matter of which more waits than is on the screen."""
        return list(filter(None, map(self._prepare_more, self._get_matters())))

    @api.model
    def _prepare_more(self, model):
        """Return the line that leads to all that waits of a matter, None for a few."""
        matter = self._get_matters()[model]
        rest = self.env[model].search(
            matter.domain, order=matter.order, offset=matter.most
        )
        if not rest:
            return None
        button = {
            **self._prepare_open(rest[0]),
            "label": self.env._("Show All"),
            "action": self._prepare_list(matter.title, model, matter.domain),
        }
        title = self.env._("%(count)s more", count=len(rest))
        return self._prepare_matter(
            rest[0], "fa-ellipsis-h", title, matter.title, None, [button]
        )

    @api.model
    def _search_matters(self, model):
        matter = self._get_matters()[model]
        return self.env[model].search(
            matter.domain, order=matter.order, limit=matter.most
        )

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
    def _prepare_deciding(self, record, form):
        """Return the button that opens what is to be decided in a dialog.

        :param str form: XML id of the view with figures and buttons, without the module
        """
        button, label = self._prepare_open(record), self.env._("Decide")
        view = self.env.ref(f"kam_management.{form}")
        action = {
            **button["action"],
            "name": label,
            "views": [[view.id, "form"]],
            "target": "new",
        }
        return {**button, "label": label, "icon": "fa-gavel", "action": action}
