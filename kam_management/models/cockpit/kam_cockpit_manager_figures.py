from collections import Counter
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain


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
            figures: {user id: figure}}}}``; the records of a figure are those of the
            action whose field is the user
        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        start, end, _day = self._get_period(period, previous)
        members = self._find_members(team_id, period, previous)
        columns = {
            **self._prepare_account_columns(members),
            **self._prepare_touch_columns(start, end, members),
        }
        leading = columns["accounts"]["figures"]
        users = self.env["res.users"].browse(map(int, leading))
        return {"managers": self._prepare_users(users), "columns": columns}

    @api.model
    @api.readonly
    def get_managers_key_accounts(self, team_id=False, period="month", previous=False):
        """Return how the managers look after their key accounts.

        :param int team_id: a sales team: only its members
        :param str period: those who were its members in it; month, quarter or year
        :param bool previous: in the period before this one
        :return: ``{"columns": ...}``, see ``get_managers_work``
        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        members = self._find_members(team_id, period, previous)
        return {"columns": self._prepare_key_columns(members)}

    @api.model
    def _prepare_account_columns(self, members):
        """Return how many accounts the managers lead, and how many wait too long."""
        late = Domain("next_touch_date", "<", str(self._get_today()))
        return {
            "accounts": self._prepare_column(
                self.env._("Customers"), "kam.account", Domain.TRUE, members
            ),
            "overdue": self._prepare_column(
                self.env._("Overdue Touches"), "kam.account", late, members
            ),
        }

    @api.model
    def _prepare_key_columns(self, members):
        """Return the key accounts, and those without a fresh plan or full coverage.

        They are found once; gaps are looked for in these accounts alone, while the search
        for them would look at the touches of all.
        """
        key = Domain("is_key_account", "=", True)
        in_force = self.env["kam.plan"]._get_in_force_domain()
        fresh = in_force & Domain("is_stale", "=", False)
        unplanned = key & ~Domain("plan_ids", "any", fresh)
        uncovered = key & Domain("has_coverage_gap", "=", True)
        keys = self.env["kam.account"].search_fetch(
            self._get_scope(key, "manager_id", members), ["manager_id"], order="id"
        )
        add = partial(self._prepare_column, model="kam.account", members=members)
        return {
            "key": add(
                self.env._("Key Accounts"),
                domain=key,
                figures=self._count_by_manager(keys),
            ),
            "unplanned": add(
                self.env._("Key Accounts Without a Fresh Plan"), domain=unplanned
            ),
            "uncovered": add(
                self.env._("Key Accounts with Coverage Gaps"),
                domain=uncovered,
                figures=self._count_by_manager(keys._filter_coverage_gaps()),
            ),
        }

    @api.model
    def _count_by_manager(self, accounts):
        return Counter(account.manager_id for account in accounts)

    @api.model
    def _prepare_touch_columns(self, start, end, members):
        """Return touches, their quality and the reaction time from a day to another."""
        # what is dated ahead has not been yet
        after = min(end, fields.Date.today()) + timedelta(days=1)
        within = Domain("date", ">=", f"{start} 00:00:00")
        within &= Domain("date", "<", f"{after} 00:00:00")
        figures = self._measure_touches(start, end, within, members)
        add = partial(
            self._prepare_column, model="kam.touch", members=members, field="user_id"
        )
        return {
            "touches": add(
                self.env._("Touches"), domain=within, figures=figures["touches"]
            ),
            "quality": add(
                self.env._("Quality of Touches"),
                domain=within & Domain("quality", ">", 0),
                figures=figures["touch_quality"],
            ),
            "reaction": self._prepare_column(
                self.env._("Reaction Time"),
                "kam.reaction.report",
                within & Domain("answered", "=", 1),
                members,
                "manager_id",
                "reaction_median:median",
            ),
        }

    @api.model
    def _measure_touches(self, start, end, within, members):
        """Return what quotas count of touches from a day to another.

        :param within: the domain of the touches of these days
        :return: {indicator: {user: figure}}, without those of whom there is none
        """
        scope = self._get_scope(within, "user_id", members)
        users = [
            user for [user] in self.env["kam.touch"]._read_group(scope, ["user_id"])
        ]
        rows = [
            {
                "key": (indicator, user),
                "company_id": self.env.company.id,
                "scope": "manager",
                "user_id": user.id,
                "date_start": start,
                "date_end": end,
                "indicator": indicator,
            }
            for indicator in ("touches", "touch_quality")
            for user in users
        ]
        figures = {"touches": {}, "touch_quality": {}}
        # sudo: figures are the app's own; that a head asks for them was checked
        found = self.env["kam.measure"].sudo()._measure(rows) if rows else {}
        for (indicator, user), figure in found.items():
            if figure is not None:
                figures[indicator][user] = figure
        return figures

    @api.model
    def _prepare_column(
        self,
        title,
        model,
        domain,
        members,
        field="manager_id",
        aggregate="__count",
        figures=None,
    ):
        """Return one figure of each manager.

        :param members: ids of users: only theirs; None: all
        :param str field: the field of the model that is the manager
        :param str aggregate: what is figured out of his records
        :param dict figures: {user: figure}, where they are known
        """
        if figures is None:
            scope = self._get_scope(domain, field, members)
            figures = dict(self.env[model]._read_group(scope, [field], [aggregate]))
        company = Domain("company_id", "=", self.env.company.id)
        return {
            "title": title,
            "field": field,
            "action": self._prepare_list(title, model, company & Domain(domain)),
            "figures": {str(user.id): figure for user, figure in figures.items()},
        }

    @api.model
    def _get_scope(self, domain, field, members):
        """Return the domain of the records of managers in the company.

        :param members: ids of users; None: of anybody
        """
        company = Domain("company_id", "=", self.env.company.id)
        if members is None:
            return company & Domain(domain) & Domain(field, "!=", False)
        return company & Domain(domain) & Domain(field, "in", members)
