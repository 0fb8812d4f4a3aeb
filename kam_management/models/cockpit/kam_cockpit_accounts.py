from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..common import formats
from ..stakeholder.kam_remembered_date import get_next_occurrence
from .kam_cockpit import ROWS

# Remembered dates of the next days.
DATE_DAYS = 14


class KamCockpit(models.AbstractModel):
    """My day: which customers and plans need attention."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_my_accounts(self):
        """Return the cards of what needs attention at the customers of the user.

        :return: ``{"cards": [...]}``; what the user has no right to see is no card
        """
        cards = [
            self._prepare_plans_card(),
            self._prepare_complaints_card(),
            self._prepare_health_card(),
        ]
        if self.env.user.has_group("kam_management.group_kam_personal"):
            cards.append(self._prepare_dates_card())
        return {"cards": cards}

    @api.model
    def _prepare_plans_card(self):
        def row(plan):
            return {
                "title": plan.name,
                "note": plan.stale_reason or "",
            }

        mine = Domain("user_id", "=", self.env.uid)
        in_force = self.env["kam.plan"]._get_in_force_domain()
        return self._prepare_card(
            "plans",
            self.env._("Stale Plans"),
            "fa-map-o",
            "kam.plan",
            mine & in_force & Domain("is_stale", "=", True),
            Domain.FALSE,
            "date_end, id",
            row=row,
            empty={
                "text": self.env._("None of your plans is stale."),
                "label": self.env._("See your plans"),
                "action": self._prepare_list(self.env._("My Plans"), "kam.plan", mine),
            },
        )

    @api.model
    def _prepare_complaints_card(self):
        def row(complaint):
            return {
                "title": complaint.account_id.display_name,
                "note": complaint.name or "",
                **self._prepare_due(complaint.date_due),
            }

        return self._prepare_card(
            "complaints",
            self.env._("Open Complaints"),
            "fa-exclamation-triangle",
            "kam.complaint",
            [
                ("state", "=", "open"),
                "|",
                ("user_id", "=", self.env.uid),
                ("account_id.manager_id", "=", self.env.uid),
            ],
            [("date_due", "<", str(self._get_today()))],
            "date_due, id",
            row=row,
            empty={"text": self.env._("None of your customers has a complaint open.")},
        )

    @api.model
    def _prepare_health_card(self):
        def row(account):
            return {
                "title": account.display_name,
                "note": self.env._(
                    "Health %(health)s, %(trend)s in a month",
                    health=account.health,
                    trend=formats.number(self.env, account.health_trend, signed=True),
                ),
                "button": self._prepare_button(
                    account, "action_log_touch", self.env._("Talk"), "fa-phone"
                ),
            }

        return self._prepare_card(
            "health",
            self.env._("Key Accounts in Poor Health"),
            "fa-heartbeat",
            "kam.account",
            [
                ("manager_id", "=", self.env.uid),
                ("is_key_account", "=", True),
                ("health_band", "=", "poor"),
            ],
            Domain("health_trend", "<", 0),
            "health, revenue desc, id",
            row=row,
            empty={"text": self.env._("None of your key accounts is in poor health.")},
        )

    @api.model
    def _prepare_dates_card(self):
        """Return the birthdays and other dates of the next days, soonest first."""
        today = self._get_today()
        domain = self._get_dates_domain(self._get_months(today, DATE_DAYS))
        dates = self.env["kam.remembered.date"].search(domain)

        def get_day(remembered):
            return get_next_occurrence(today, int(remembered.month), remembered.day)

        def row(remembered):
            dossier = remembered.stakeholder_id
            kinds = remembered._fields["kind"]._description_selection(self.env)
            return {
                "model": dossier._name,
                "id": dossier.id,
                # sudo: of the dossier that the user sees
                "title": dossier.partner_id.sudo().name or dossier.display_name,
                "note": dict(kinds)[remembered.kind],
                **self._prepare_due(get_day(remembered)),
            }

        title = self.env._("Dates to Remember")
        view = "kam_remembered_date_view_list"
        return {
            "key": "dates",
            "title": title,
            "icon": "fa-birthday-cake",
            "count": len(dates),
            "late": 0,
            "rows": [
                self._prepare_row(remembered, row)
                for remembered in dates.sorted(get_day)[:ROWS]
            ],
            "action": self._prepare_list(title, dates._name, domain, view),
            "empty": {
                "text": self.env._("No birthday or other date in the next two weeks.")
            },
        }

    @api.model
    def _get_months(self, today, days):
        """Return the days from today on, by month: [(month, [day, ...]), ...].

        Who was born on the 29th of February celebrates on the 28th, mostly.
        """
        months = {}
        for ahead in range(days + 1):
            day = today + timedelta(days=ahead)
            months.setdefault(day.month, []).append(day.day)
            if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1:
                months[day.month].append(29)
        return list(months.items())

    @api.model
    def _get_dates_domain(self, months):
        """Return the dates on some days, of people the user looks after.

        :param list months: see ``_get_months``
        """
        mine = Domain("stakeholder_id.user_id", "=", self.env.uid) | (
            Domain("stakeholder_id.user_id", "=", False)
            & Domain("stakeholder_id.account_id.manager_id", "=", self.env.uid)
        )
        return (
            mine
            & Domain("stakeholder_id.active", "=", True)
            & Domain.OR(
                Domain("month_number", "=", month) & Domain("day", "in", days)
                for month, days in months
            )
        )
