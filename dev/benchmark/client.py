"""What the web client asks the server for when somebody opens a view.

Its relational, pivot, graph, calendar, hierarchy and activity models are followed call
by call; what they draw with the answers is not.
"""

from datetime import datetime, time, timedelta
from itertools import product

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

LIST_LIMIT, CARD_LIMIT, COUNT_LIMIT = 80, 40, 10_001
MOST_TOUCHES = 500
# What the widgets of activities read besides
ACTIVITY_WIDGETS = ("kanban_activity", "list_activity")
ACTIVITY_FIELDS = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)


class View:
    """A view as an action opens it for a user: ``open`` asks what the client asks."""

    def __init__(self, env, action, view_id, kind, group=None):
        """
        :param dict action: an ``ir.actions.act_window``, as the client loads it
        :param str group: what somebody groups by, see ``groupings``; None: nothing
        """
        self.env, self.kind = env, kind
        context = safe_eval(action["context"] or "{}", self._get_names(env))
        self.Model = env[action["res_model"]].with_context(lang="en_US", **context)
        search_id = action["search_view_id"] and action["search_view_id"][0]
        views = self.Model.get_views([(view_id, kind), (search_id, "search")])["views"]
        self.arch = etree.fromstring(views[kind]["arch"])
        search = etree.fromstring(views["search"]["arch"])
        # all that is offered to group by
        self.groupings = []
        domain, self.groups = self._get_defaults(search, context)
        self.groups = [group] if group else self.groups
        own = safe_eval(action["domain"] or "[]", self._get_names(env))
        self.domain = list(Domain(own) & domain)

    @staticmethod
    def _get_names(env):
        return {
            "uid": env.uid,
            "context_today": fields.Date.today,
            "relativedelta": relativedelta,
            "active_id": False,
            "active_ids": [],
        }

    def _get_defaults(self, search, context):
        """Return the domain and the groupings of the filters an action switches on."""
        parts, alternatives, groups = [], [], []
        for node in search.iter("filter", "separator", "field"):
            if node.tag == "separator":
                parts, alternatives = [*parts, alternatives], []
            elif node.tag == "filter":
                group = safe_eval(node.get("context") or "{}").get("group_by")
                self.groupings += [group] if group else []
                if not context.get(f"search_default_{node.get('name')}"):
                    continue
                if group:
                    groups.append(group)
                else:
                    names = self._get_names(self.env)
                    alternatives.append(Domain(safe_eval(node.get("domain"), names)))
        parts.append(alternatives)
        return Domain.AND(map(Domain.OR, filter(None, parts))), groups

    def open(self):
        """Ask what the client asks when the view opens, and return the answers."""
        return getattr(self, f"_open_{self.kind}")()

    # Lists and boards

    def _open_list(self):
        limit = int(self.arch.get("limit") or LIST_LIMIT)
        if self.groups:
            return [self._read_groups(self.groups[:1], limit=LIST_LIMIT)]
        return [self._read_records(limit)]

    def _open_kanban(self):
        groups = self.groups or filter(None, [self.arch.get("default_group_by")])
        groups = [self._with_interval(name) for name in groups][:1]
        if not groups:
            return [self._read_records(CARD_LIMIT)]
        answers = []
        for bar in self.arch.iter("progressbar"):
            colors = safe_eval(bar.get("colors") or "{}")
            progress = {"field": bar.get("field"), "colors": colors, "help": ""}
            answers.append(
                self.Model.read_progress_bar(self.domain, groups[0], progress)
            )
        sums = [bar.get("sum_field") for bar in self.arch.iter("progressbar")]
        answers.append(
            self._read_groups(
                groups,
                aggregates=self._get_aggregates(filter(None, sums)),
                auto_unfold=True,
                unfold_read_specification=self._get_specification(),
                unfold_read_default_limit=CARD_LIMIT,
            )
        )
        return answers

    def _read_records(self, limit):
        return self.Model.web_search_read(
            self.domain,
            self._get_specification(),
            limit=limit,
            order=self.arch.get("default_order"),
            count_limit=COUNT_LIMIT,
        )

    def _read_groups(self, groups, aggregates=None, **options):
        if aggregates is None:
            aggregates = self._get_aggregates(
                node.get("name") for node in self.arch.iter("field") if node.get("sum")
            )
        groups = [self._with_interval(name) for name in groups]
        return self.Model.with_context(read_group_expand=True).web_read_group(
            self.domain,
            groups,
            aggregates,
            order=self.arch.get("default_order"),
            **options,
        )

    def _get_aggregates(self, names):
        """Return what is summed up of some fields, money with its currencies."""
        found = []
        for name in names:
            field = self.Model._fields[name]
            if field.aggregator:
                found.append(f"{name}:{field.aggregator}")
            if field.type == "monetary" and field.aggregator:
                currency = field.get_currency_field(self.Model)
                found += [f"{currency}:array_agg_distinct", f"{name}:sum_currency"]
        return found

    def _open_activity(self):
        return [
            self.env["mail.activity"].get_activity_data(
                self.Model._name, self.domain, limit=100, fetch_done=False
            ),
            self._read_records(100),
        ]

    def _open_hierarchy(self):
        parent = self.arch.get("parent_field") or "parent_id"
        return [
            self.Model.hierarchy_read(
                [*self.domain, (parent, "=", False)],
                self._get_specification(),
                parent,
                self.arch.get("child_field"),
                self.arch.get("default_order"),
            )
        ]

    def _open_form(self):
        record = self.Model.search(self.domain, limit=1)
        return [record.web_read(self._get_specification())]

    # Calendars: those of a month, with the weeks it begins and ends in

    def _open_calendar(self):
        today = fields.Date.today()
        scale = self.arch.get("mode") or "week"
        first = fields.Date.start_of(today, scale)
        last = fields.Date.end_of(today, scale)
        if scale == "month":
            first = fields.Date.start_of(first, "week")
            last = first + timedelta(days=41)
        domain = [*self.domain, *self._get_range(first, last)]
        names = {node.get("name") for node in self.arch.iter("field")}
        mapped = ("date_start", "date_stop", "date_delay", "color", "all_day")
        names |= {self.arch.get(name) for name in mapped} - {None}
        limits = {}
        if self.arch.get("js_class") == "kam_touch_calendar":
            limits = {"limit": MOST_TOUCHES + 1, "order": "date desc, id desc"}
        return [self.Model.search_read(domain, ["display_name", *names], **limits)]

    def _get_range(self, first, last):
        """Return the domain of what is shown from a day to another one."""
        start, stop, delay = map(
            self.arch.get, ("date_start", "date_stop", "date_delay")
        )
        if self.Model._fields[start].type == "datetime":
            first, last = (
                datetime.combine(first, time.min),
                datetime.combine(last, time.max),
            )
        domain = [(start, "<=", fields.Datetime.to_string(last))]
        if stop:
            domain.append((stop, ">=", fields.Datetime.to_string(first)))
        elif not delay:
            domain.append((start, ">=", fields.Datetime.to_string(first)))
        return domain

    # Figures

    def _open_pivot(self):
        rows, columns = (self._get_fields_of_type(kind) for kind in ("row", "col"))
        rows = self.groups or rows
        sets = [
            rows[:row] + columns[:column]
            for row, column in product(range(len(rows) + 1), range(len(columns) + 1))
        ]
        return [
            self.Model.formatted_read_grouping_sets(
                self.domain, sets, self._get_measures()
            )
        ]

    def _open_graph(self):
        groups = self.groups or self._get_fields_of_type("row", None)
        return [
            self.Model.with_context(fill_temporal=True).formatted_read_group(
                self.domain, groups, self._get_measures()
            )
        ]

    def _get_fields_of_type(self, *kinds):
        return [
            self._with_interval(node.get("name"), node.get("interval"))
            for node in self.arch.iter("field")
            if node.get("type") in kinds and not node.get("invisible")
        ]

    def _get_measures(self):
        return [
            "__count",
            *self._get_aggregates(
                node.get("name")
                for node in self.arch.iter("field")
                if node.get("type") == "measure"
            ),
        ]

    def _with_interval(self, name, interval=None):
        field = self.Model._fields.get(name.partition(":")[0])
        if field and field.type in ("date", "datetime") and ":" not in name:
            return f"{name}:{interval or 'month'}"
        return name

    # Fields

    def _get_specification(self):
        return get_specification(self.Model, self.arch)


def get_specification(Model, arch):
    """Return what of its records a view reads, as the client says it to the server."""
    specification = {}
    for node in arch.xpath(".//field[not(ancestor::field)]"):
        field = Model._fields[node.get("name")]
        if node.get("widget") in ACTIVITY_WIDGETS:
            specification |= {name: {} for name in ACTIVITY_FIELDS}
        if field.type == "many2one":
            specification[field.name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many"):
            specification[field.name] = get_lines(Model, field, node)
        else:
            specification[field.name] = {}
    return specification


def get_lines(Model, field, node):
    """Return what a view reads of the lines of a field."""
    comodel = Model.env[field.comodel_name]
    views = list(node)
    if views:
        return {"fields": get_specification(comodel, views[0]), "limit": CARD_LIMIT}
    if (node.get("widget") or "").startswith("many2many"):
        names = ["display_name", *({"color"} & set(comodel._fields))]
        return {"fields": dict.fromkeys(names, {})}
    return {}
