from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..models.common import formats
from ..models.measure.indicator import AVERAGE


class KamQuotaPlanning(models.TransientModel):
    """How the table of a planning is laid out: its rows, columns and periods."""

    _inherit = "kam.quota.planning"

    table = fields.Json(
        compute="_compute_table", help="The rows, columns and periods of the table."
    )

    def _compute_table(self):
        """Name rows, columns and periods; the figures are in ``target_ids``."""
        for wizard in self:
            entries = wizard._read_table()
            keys = dict.fromkeys(key for entry in entries for key in entry["targets"])
            wizard.table = entries and {
                "columns": [wizard._prepare_column(key) for key in keys],
                "periods": [
                    {
                        "start": fields.Date.to_string(time[0]),
                        "label": wizard._get_time_label(time),
                    }
                    for time in wizard._get_times()
                ],
                "owners": wizard._prepare_owners(entries),
                "whole_label": self.env._("Together"),
                "last_label": wizard._get_last_label(),
                "run_label": formats.span(self.env, *wizard._get_run_span()),
            }

    def _prepare_column(self, key):
        """Return how the client shows an indicator."""
        indicator, categ, buyer = key
        line = self.env["kam.quota.line"].new(
            {"indicator": indicator, "categ_id": categ, "buyer": buyer}
        )
        known = self.env["kam.measure"]._get_indicators()[indicator]
        return {
            "key": self.target_ids._get_column_key(key),
            "label": line.label,
            "is_money": known.unit is None,
            "digits": known.digits,
            "is_summed": known.kind != AVERAGE,
            "is_added_up": known.adds_up,
        }

    def _prepare_owners(self, entries):
        """Return the rows of the table, with what there is already in each period."""
        customers = self._count_customers()
        keys = self._count_customers([("is_key_account", "=", True)])
        rows = {}
        for entry in entries:
            scope, owner, quota = entry["scope"], entry["owner"], entry["quota"]
            row = rows.setdefault(
                (scope, owner),
                {
                    "key": f"{scope}-{owner.id}",
                    "scope": scope,
                    "name": owner.display_name,
                    "user_id": owner.id if scope == "manager" else False,
                    "customers": customers.get(owner.id, 0),
                    "key_accounts": keys.get(owner.id, 0),
                    "quotas": {},
                },
            )
            if quota:
                start = fields.Date.to_string(entry["time"][0])
                row["quotas"][start] = {"id": quota.id, "label": quota.state_label}
        return list(rows.values())

    def _get_last_label(self):
        """Return the time that “last year” stands for, see ``_get_year_before``."""
        before = sorted(map(self._get_year_before, self._get_times()))
        return formats.span(self.env, before[0][0], before[-1][1])

    def _get_time_label(self, time):
        """Return how a period is called, short."""
        if self.period == "month":
            return format_date(self.env, time[0], date_format="MMM yyyy")
        return formats.span(self.env, *time)

    def _count_customers(self, domain=Domain.TRUE):
        """Return {id of a manager: the number of customers assigned to them today}.

        :param domain: of the customers that count
        """
        rows = self.env["kam.account"]._read_group(
            Domain("company_id", "=", self.company_id.id)
            & Domain("manager_id", "in", self.user_ids.ids)
            & Domain(domain),
            ["manager_id"],
            ["__count"],
        )
        return {user.id: count for user, count in rows}
