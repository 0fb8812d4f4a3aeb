from collections import Counter
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..common import clock
from ..contact.kam_cadence import PERSONAL


class KamCockpit(models.AbstractModel):
    """My managers: how they work, beside what they reach."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_managers_work(self, period="month", previous=False, team_id=False):
        """Return how the managers work: figures, each with the way to its records.

        :param str period: month, quarter or year
        :param bool previous: the period before this one
        :param int team_id: a sales team: only its members
        :return: ``{"managers": [{id, name}], "columns": {key: {title, field, action,
            figures: {user id: figure}}}, as_of}``; the records of a figure are those of
            the action whose field is the user
        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        start, end, _day = self._get_period(period, previous)
        members = self._find_members(team_id, period, previous)
        figures = self._get_figures("work", start, end)
        columns = self._get_account_columns(figures["day"])
        columns |= self._get_touch_columns(
            start, end, self._name_touches(period, previous)
        )
        columns = self._prepare_columns(columns, figures, members)
        leading = columns["accounts"]["figures"]
        users = self.env["res.users"].browse(map(int, leading))
        return {
            # of kept figures somebody may be gone
            "managers": self._prepare_users(users.exists()),
            "columns": columns,
            "as_of": figures["as_of"],
        }

    @api.model
    @api.readonly
    def get_managers_key_accounts(self, team_id=False, period="month", previous=False):
        """Return how the managers look after their key accounts.

        :param int team_id: a sales team: only its members
        :param str period: those who were its members in it; month, quarter or year
        :param bool previous: in the period before this one
        :return: ``{"columns": ..., as_of}``, see ``get_managers_work``
        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        members = self._find_members(team_id, period, previous)
        figures = self._get_figures("keys")
        columns = self._prepare_columns(self._get_key_columns(), figures, members)
        return {"columns": columns, "as_of": figures["as_of"]}

    @api.model
    def _get_parts(self):
        return {
            **super()._get_parts(),
            "work": self._measure_work,
            "keys": self._measure_keys,
        }

    @api.model
    def _get_questions(self):
        return [
            *super()._get_questions(),
            ("keys", ()),
            *(("work", days) for days in self._get_all_periods()),
        ]

    # Columns: what they are called, and the records their figures are of

    @api.model
    def _get_account_columns(self, day):
        """Return how many accounts the managers lead, and how many wait too long, with what
        is silent of what they sent and the key moments nobody has acted on.

        :param str day: as of which; that of the figures, which may be kept
        :return: {key: (title, model, domain, field that is the manager)}
        """
        late = Domain("next_touch_date", "<", day)
        of = ("kam.account", "manager_id")
        silent = Domain("kam_is_silent", "=", True)
        missed = Domain("state", "=", "open") & Domain("date_due", "<", day)
        return {
            "accounts": (self.env._("Customers"), of[0], Domain.TRUE, of[1]),
            "overdue": (self.env._("Overdue Touches"), of[0], late, of[1]),
            "silent": (
                self.env._("Silent Quotations"),
                "sale.order",
                silent,
                "user_id",
            ),
            "moments": (
                self.env._("Late Key Moments"),
                "kam.moment",
                missed,
                "user_id",
            ),
        }

    @api.model
    def _get_key_columns(self):
        """Return the key accounts, and those without a fresh plan or full coverage."""
        key = Domain("is_key_account", "=", True)
        in_force = self.env["kam.plan"]._get_in_force_domain()
        fresh = in_force & Domain("is_stale", "=", False)
        unplanned = key & ~Domain("plan_ids", "any", fresh)
        uncovered = key & Domain("has_coverage_gap", "=", True)
        titles = {
            "key": (self.env._("Key Accounts"), key),
            "unplanned": (
                self.env._("Key Accounts Without an Up-to-Date Plan"),
                unplanned,
            ),
            "uncovered": (self.env._("Key Accounts with Coverage Gaps"), uncovered),
        }
        return {
            name: (title, "kam.account", domain, "manager_id")
            for name, (title, domain) in titles.items()
        }

    @api.model
    def _name_touches(self, period, previous):
        """Return what the touches of a period are called."""
        names = {
            "month": (
                self.env._("Touches This Month"),
                self.env._("Touches Last Month"),
            ),
            "quarter": (
                self.env._("Touches This Quarter"),
                self.env._("Touches Last Quarter"),
            ),
            "year": (self.env._("Touches This Year"), self.env._("Touches Last Year")),
        }
        return names[period][bool(previous)]

    @api.model
    def _get_touch_columns(self, start, end, title=""):
        """Return touches, their quality and the reaction time from a day to another.

        :param str title: of the touches
        """
        # what is dated ahead has not been yet
        after = min(end, clock.today()) + timedelta(days=1)
        within = Domain("date", ">=", f"{start} 00:00:00")
        within &= Domain("date", "<", f"{after} 00:00:00")
        counted = within & PERSONAL
        rated, answered = Domain("quality", ">", 0), Domain("answered", "=", 1)
        return {
            "touches": (title, "kam.touch", counted, "user_id"),
            "quality": (
                self.env._("Quality of Touches"),
                "kam.touch",
                counted & rated,
                "user_id",
            ),
            "reaction": (
                self.env._("Reaction Time"),
                "kam.reaction.report",
                within & answered,
                "manager_id",
            ),
        }

    @api.model
    def _prepare_columns(self, columns, figures, members):
        """Return columns as the screen gets them.

        :param dict columns: see ``_get_account_columns``
        :param dict figures: {key: {user id as text: figure}}
        :param members: ids of users: only theirs; None: all
        """
        company = Domain("company_id", "=", self.env.company.id)
        return {
            name: {
                "title": title,
                "field": field,
                "action": self._prepare_list(title, model, company & Domain(domain)),
                "figures": {
                    user: figure
                    for user, figure in figures.get(name, {}).items()
                    if members is None or int(user) in members
                },
            }
            for name, (title, model, domain, field) in columns.items()
        }

    # Their figures, of all managers

    @api.model
    def _measure_work(self, start, end):
        """Return {column: {user id as text: figure}} from a day to another.

        And ``day``, the one it is where the user is.
        """
        columns, day = self._get_touch_columns(start, end), str(self._get_today())
        figures = {
            name: self._count(column)
            for name, column in self._get_account_columns(day).items()
        }
        touches = self._measure_touches(start, end, columns["touches"])
        figures["reaction"] = self._count(columns["reaction"], "reaction_median:median")
        return {**figures, **touches, "day": day}

    @api.model
    def _measure_keys(self):
        """Return {column: {user id as text: number}} of the key accounts.

        They are found once; gaps are looked for in these accounts alone, while the search
        for them would look at the touches of all.
        """
        columns = self._get_key_columns()
        _title, model, domain, field = columns["key"]
        keys = self.env[model].search_fetch(
            self._get_scope(domain, field), ["manager_id"], order="id"
        )
        return {
            "key": self._count_by_manager(keys),
            "unplanned": self._count(columns["unplanned"]),
            "uncovered": self._count_by_manager(keys._filter_coverage_gaps()),
        }

    @api.model
    def _count_by_manager(self, accounts):
        return dict(Counter(str(account.manager_id.id) for account in accounts))

    @api.model
    def _count(self, column, aggregate="__count"):
        """Return {user id as text: figure} of a column.

        :param tuple column: see ``_get_account_columns``
        :param str aggregate: what is figured out of the records of a manager
        """
        _title, model, domain, field = column
        scope = self._get_scope(domain, field)
        groups = self.env[model]._read_group(scope, [field], [aggregate])
        return {str(user.id): figure for user, figure in groups}

    @api.model
    def _measure_touches(self, start, end, column):
        """Return what quotas count of touches from a day to another.

        :param tuple column: of the touches of these days
        :return: {column: {user id as text: figure}}, without those of whom there is none
        """
        users = self._count(column)
        rows = [
            {
                "key": (name, user),
                "company_id": self.env.company.id,
                "scope": "manager",
                "user_id": int(user),
                "date_start": start,
                "date_end": end,
                "indicator": indicator,
            }
            for name, indicator in (
                ("touches", "touches"),
                ("quality", "touch_quality"),
            )
            for user in users
        ]
        figures = {"touches": {}, "quality": {}}
        # sudo: figures are the app's own; that a head asks for them was checked
        found = self.env["kam.measure"].sudo()._measure(rows) if rows else {}
        for (name, user), figure in found.items():
            if figure is not None:
                figures[name][user] = figure
        return figures

    @api.model
    def _get_scope(self, domain, field):
        """Return the domain of the records of any manager in the company."""
        company = Domain("company_id", "=", self.env.company.id)
        return company & Domain(domain) & Domain(field, "!=", False)
