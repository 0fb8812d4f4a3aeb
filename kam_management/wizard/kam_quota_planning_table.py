from odoo import api, fields, models
from odoo.fields import Command

from ..models.common import clock


class KamQuotaPlanning(models.TransientModel):
    """The table: managers by indicators, with what the past says, to be changed."""

    _inherit = "kam.quota.planning"

    target_ids = fields.One2many(
        "kam.quota.planning.target", "planning_id", "Planned Targets"
    )

    @api.onchange("target_ids")
    def _onchange_target_ids(self):
        """Let teams and the company follow their managers while these are planned."""
        places = {}
        for target in self.target_ids.filtered(lambda t: t.scope != "manager"):
            place = target.scope, target._get_owner().id, target.date_start
            places[(*place, target._get_key())] = target
        if not places:
            return
        for entry, sums in self._get_sums(self._read_table()):
            for key, total in sums.items():
                place = entry["scope"], entry["owner"].id, entry["time"][0], key
                target = places[place]
                target.rolled = total
                if self.sum_up and self.way != "copy" and not target.quota_id:
                    target.target = total

    def action_plan(self):
        """Show the table of what is usually planned, else ask what to plan.

        For all managers, and for the teams and the company with a quota of today.

        :return: action on a new planning
        """
        today = clock.today()
        running = self.env["kam.quota"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "=", "running"),
                ("period", "=", "month"),
                ("scope", "!=", "manager"),
                ("date_end", ">=", today),
            ]
        )
        values = {
            "team_ids": [Command.set(running.team_id.ids)],
            "with_company": "company" in running.mapped("scope"),
        }
        wizard = self.create(values)
        wizard._check_head()
        return wizard.action_preview() if wizard._get_owners() else wizard._get_window()

    def action_preview(self):
        """Show what would be planned, before anything is; targets can be changed there.

        :return: action on this wizard
        """
        self._check_head()
        self.ensure_one()
        self._check_choice()
        owners = self._get_shown_owners()
        entries, keys = None, list(self._get_keys())
        if self.way == "copy":
            entries = self._work_out()
            keys = list(dict.fromkeys(key for e in entries for key in e["targets"]))
        facts = self._measure_last_year(owners, keys)
        rates = self._measure_run_rates(owners, keys)
        entries = entries or self._work_out(facts, rates)
        self.target_ids = [
            Command.clear(),
            *map(Command.create, self._prepare_targets(entries, keys, facts, rates)),
        ]
        self._onchange_target_ids()
        return self._get_window()

    def action_back(self):
        """Go from the table back to what was chosen.

        :return: action on this wizard
        """
        self.ensure_one()
        self.target_ids = [Command.clear()]
        return self._get_window()

    def action_start_quotas(self):
        """Make the quotas and start them: they are measured from their first day on.

        Those whose targets are all zero stay drafts, for the head to enter some.

        :return: action on ``kam.quota``
        """
        action = self.action_create_quotas()
        shown = action.get("params", {}).get("next", action)
        quotas = self.env["kam.quota"].search(shown["domain"])
        quotas.filtered(lambda quota: quota._has_target()).action_run()
        return action

    def _get_planned(self):
        """Return what is to be made: what the table says, else what would be planned.

        :return: entries as of ``_work_out``
        """
        if not self.target_ids:
            return self._work_out()
        self._check_choice()
        owners, existing = self._get_owners(), self._find_existing()
        entries = [
            entry
            for entry in self._read_table()
            if (entry["scope"], entry["owner"]) in owners
        ]
        for entry in entries:
            # somebody may have planned it since
            if (entry["scope"], entry["owner"].id, entry["time"]) in existing:
                entry["skip"] = self.env._("there is already a quota")
        self._skip_empty(entries)
        return entries

    def _get_window(self):
        """Return the action that shows this wizard again."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan Quotas"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _get_shown_owners(self):
        """Return [(scope, record)] of the rows: whoever is planned for, then the teams
        and the company that have a quota already, as the sums are compared with theirs.
        """
        others = [
            (quota.scope, quota._get_owner())
            for quota in self._find_existing().values()
            if quota.scope != "manager"
        ]
        return list(dict.fromkeys([*self._get_owners(), *others]))

    def _prepare_targets(self, entries, keys, facts, rates):
        """Return the values of the targets of the table, row by row.

        :param entries: what would be planned, see ``_work_out``
        :param keys: the columns
        :param facts: see ``_measure_last_year``
        :param rates: see ``_measure_run_rates``
        """
        existing = self._find_existing()
        planned = {(e["scope"], e["owner"], e["time"]): e["targets"] for e in entries}
        values = []
        for scope, owner in self._get_shown_owners():
            for time in self._get_times():
                quota = existing.get((scope, owner.id, time))
                targets = planned.get((scope, owner, time), {})
                if quota:
                    targets = quota._map_targets()
                values += [
                    {
                        **self._prepare_target(scope, owner, time, key),
                        "sequence": number,
                        "quota_id": quota.id if quota else False,
                        "last": facts.get((scope, owner.id, time, key)) or 0,
                        "run_rate": rates.get((scope, owner.id, key), 0),
                        "target": targets[key],
                    }
                    for number, key in enumerate(keys)
                    if key in targets
                ]
        return values

    def _prepare_target(self, scope, owner, time, key):
        """Return the values that say whose, when and of what a target is."""
        indicator, categ, buyer = key
        return {
            "scope": scope,
            "user_id": owner.id if scope == "manager" else False,
            "team_id": owner.id if scope == "team" else False,
            "date_start": time[0],
            "indicator": indicator,
            "categ_id": categ,
            "buyer": buyer,
        }

    def _read_table(self):
        """Return what the table says: entries as of ``_work_out``, row by row."""
        times = {time[0]: time for time in self._get_times()}
        entries = {}
        for target in self.target_ids:
            owner, time = target._get_owner(), times.get(target.date_start)
            if not time or not owner:
                continue
            entry = entries.setdefault(
                (target.scope, owner, time),
                {
                    "scope": target.scope,
                    "owner": owner,
                    "time": time,
                    "name": f"{owner.display_name}, {self._get_time_label(time)}",
                    "targets": {},
                    "skip": target.quota_id and self.env._("there is already a quota"),
                    "quota": target.quota_id._origin,
                },
            )
            entry["targets"][target._get_key()] = target.target
        return list(entries.values())
