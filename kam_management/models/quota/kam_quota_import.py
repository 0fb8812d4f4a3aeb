from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..common.lookup import Answer, normalize
from .kam_quota import PERIODS
from .kam_quota_overlap import OWNER
from .period_words import read_period

TARGETS = "line_ids"
LINE_KEY = ("indicator", "categ_id", "buyer")


class KamQuota(models.Model):
    """Quotas in files: one row a target, with the owner and the period in each.

    Rows of one owner and period are one quota. One that is there gets these targets;
    others it has stay.
    """

    _inherit = "kam.quota"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Quotas"),
                "template": "/kam_management/static/xls/kam_quota_import_template.xlsx",
            }
        ]

    @api.model
    def _prepare_rows(self, fields, rows, limit):
        """Read for whom and for when each row is; rows that go on are left alone."""
        fields, rows = super()._prepare_rows(fields, rows, limit)
        fields = list(fields)
        own = [n for n, name in enumerate(fields) if not name.startswith(TARGETS)]
        has_scope = "scope" in fields
        for name in ("scope", "period", "date_start"):
            if name not in fields:
                fields.append(name)
                for row in rows:
                    row.append("")
        place = {name.split("/")[0]: n for n, name in enumerate(fields)}
        for row in rows[:limit]:
            if any(row[n] for n in own):
                if not has_scope:
                    row[place["scope"]] = self._read_scope(row, place)
                self._read_time(row, place)
        return fields, rows

    @api.model
    def _read_scope(self, row, place):
        """Return for whom a row is: the one that it names."""
        for scope, name in (("manager", "user_id"), ("team", "team_id")):
            if name in place and str(row[place[name]] or "").strip():
                return scope
        return "company"

    @api.model
    def _read_time(self, row, place):
        """Find out which period a row is about, from words or from its days.

        “Month” and a day, “March 2026” or “2026-03”, or a first and a last day.
        """
        text = str(row[place["period"]] or "").strip()
        start = str(row[place["date_start"]] or "")[:10]
        end = str(row[place["date_end"]] or "")[:10] if "date_end" in place else ""
        kind = self._read_kind(text)
        if kind and start or kind == "free":
            return
        found = None
        try:
            if text and not kind:
                found = read_period(text, self.env.company, self.env.lang)
            elif not text and start and end:
                found = self._recognise_kind(start, end), start
        except (ValidationError, ValueError):
            # a year or a day that there is not
            found = None
        if found:
            row[place["period"]], row[place["date_start"]] = found
            return
        labels = dict(self._fields["period"]._description_selection(self.env))
        row[place["period"]] = Answer(
            text or "?",
            problem=self.env._(
                "“%(text)s” is not a period. Write a period such as 2026-03, Q1 2026"
                " or 2026, or one of %(kinds)s with its first day in “From”.",
                text=text,
                kinds=", ".join(labels[kind] for kind, _label in PERIODS[:3]),
            ),
        )

    @api.model
    def _read_kind(self, text):
        """Return the kind of period that a word means, in English or in one's own."""
        described = self._fields["period"]._description_selection(self.env)
        for kind, label in [*PERIODS, *described]:
            if normalize(text) in (kind, normalize(label)):
                return kind
        return None

    @api.model
    def _recognise_kind(self, start, end):
        """Return the kind of the period that some days are the whole of."""
        days = fields.Date.to_date(start), fields.Date.to_date(end)
        for kind, _label in PERIODS[:3]:
            if self.env.company._get_kam_period(kind, days[0]) == days:
                return kind
        return "free"

    # Which quota a row is about

    @api.model
    def _get_row_key(self, values):
        """Return owner, kind and first day of the whole period, None without a day."""
        day = fields.Date.to_date(values.get("date_start"))
        if not day or not values.get("period"):
            return None
        company = self.env["res.company"].browse(values.get("company_id"))
        days = company._get_kam_period(values["period"], day)
        owner = (values.get(name) or False for name in OWNER)
        return *owner, days[0] if days else day

    @api.model
    def _get_row_claims(self, values):
        """Return what only one row may say: the target of an indicator."""
        key = self._get_row_key(values)
        return [
            (key, *self._get_line_claim(command[2]))
            for command in values.get(TARGETS) or ()
            if key and command[0] == Command.CREATE
        ]

    @api.model
    def _get_line_claim(self, values):
        defaults = {"buyer": "all", **values}
        return tuple(defaults.get(name) or False for name in LINE_KEY)

    @api.model
    def _complete_rows(self, vals_list):
        """Let the last day follow from the period where a file leaves it empty."""
        return [
            vals
            if vals.get("date_end")
            else {name: value for name, value in vals.items() if name != "date_end"}
            for vals in super()._complete_rows(vals_list)
        ]

    def _load_records(self, data_list, update=False):
        """Load the rows of one owner and period as one quota."""
        if not self._is_loading():
            return super()._load_records(data_list, update)
        defaults = self.default_get(list(self._import_key))
        groups = {}
        for place, data in enumerate(data_list):
            values = data["values"]
            number = data.get("xml_id") or values.get("id")
            key = number or self._get_row_key({**defaults, **values}) or place
            groups.setdefault(key, []).append(place)
        merged = []
        for places in groups.values():
            values = dict(data_list[places[0]]["values"])
            lines = [data_list[p]["values"].get(TARGETS) or [] for p in places]
            if lines := sum(lines, []):
                values[TARGETS] = lines
            merged.append({**data_list[places[0]], "values": values})
        quotas = super()._load_records(merged, update)
        of_place = {
            place: quota
            for quota, places in zip(quotas, groups.values(), strict=True)
            for place in places
        }
        return self.browse().concat(*(of_place[n] for n in range(len(data_list))))

    def _keep_changed(self, values):
        """Return what rows change, with targets of lines that are there."""
        key = self._read_key()
        if self._get_row_key({**key, **values}) == self._get_row_key(key):
            # any day stands for the whole period
            values = {n: values[n] for n in values if n not in (*key, "date_end")}
        values = super()._keep_changed(values)
        known = {line._get_line_key_values(): line for line in self.line_ids}
        commands = []
        for command in values.pop(TARGETS, ()):
            is_new = command[0] == Command.CREATE
            line = is_new and known.get(self._get_line_claim(command[2]))
            if line:
                command = Command.update(line.id, line._keep_changed(command[2]))
            if command[2]:
                commands.append(command)
        return {**values, TARGETS: commands} if commands else values


class KamQuotaLine(models.Model):
    _inherit = "kam.quota.line"

    def _get_line_key_values(self):
        """Return what tells this line from others of its quota, as it is written."""
        return self.indicator, self.categ_id.id, self.buyer
