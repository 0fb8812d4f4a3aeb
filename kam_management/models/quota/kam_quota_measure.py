from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common import clock
from ..common.conflicts import retrying
from ..common.jobs import do_each
from ..measure import judgement
from .line_judgement import judge_line

FIGURES = ("actual", "correction", "expected", "forecast", "attainment", "deviation")
# Of whom and of what a line is, whatever its period.
SUBJECT = (
    "company_id",
    "scope",
    "user_id",
    "team_id",
    "indicator",
    "categ_id",
    "buyer",
)


class KamQuota(models.Model):
    """Plan and fact: the figures of quotas worked out, compared, written where they differ."""

    _inherit = "kam.quota"

    def _measure(self, restate=True):
        """Work out how far these quotas are, and write what has changed.

        Draft and running ones get new figures. Closed ones keep theirs; what their
        figures would be today is noted, and the difference is corrected in the running
        quota that follows. The number of statements does not depend on that of quotas.

        :param bool restate: look at closed periods, too; else what is corrected stays
        """
        now = fields.Datetime.now()
        # sudo: figures follow from the facts, whoever asks for them
        quotas = self.sudo().filtered(lambda quota: quota.state != "closed")
        measure = self.env["kam.measure"]
        lines = quotas._read_lines()
        closed = self.sudo()._find_closed()._read_lines() if restate else []
        sums = measure._sum(lines + closed)
        ahead = [line for line in lines if line["date_end"] >= clock.today()]
        outlook = measure._sum(ahead, outlook=True)
        self._restate(closed, sums)
        corrections = self._map_corrections(closed)
        days = quotas._map_working_days()
        judge = quotas._get_judge()
        for line in lines:
            line["sums"] = sums.get(line["key"], (0.0, 0.0))
            line["outlook"] = outlook.get(line["key"], (0.0, 0.0))[0]
            if restate:
                late = corrections.get(line["key"], ())
                line["correction"] = sum(amount for _line, amount in late)
            line["judged"] = judge(line, days[line["company_id"]])
        self._write_measured(lines)
        quotas._write_balances(lines, now)
        quotas._handle_measured()

    def _handle_measured(self):
        """React to new figures of these quotas; other rooms extend this."""

    @api.model
    def _cron_measure(self):
        """Measure the running quotas of all companies, one company after the other.

        A company whose quotas have all been measured today is left out: interrupted, it
        goes on with the next one. What fails for one company keeps no other from its figures.
        """
        for model in "kam.account", "kam.team.term":
            retrying(self.env[model]._refresh_terms, self.env)
        todo = Domain("state", "=", "running") & (
            Domain("measured_at", "=", False)
            | Domain("measured_at", "<", clock.today())
        )
        companies = [company for [company] in self._read_group(todo, ["company_id"])]
        do_each(
            self.env,
            companies,
            lambda company: self._find_running(company)._measure(),
            "Quotas of %s not measured tonight",
        )

    @api.model
    def _find_running(self, companies):
        """Return the running quotas of some companies."""
        return self.search(
            [("company_id", "in", companies.ids), ("state", "=", "running")]
        )

    # What there is to measure

    def _read_lines(self, lines=None):
        """Return the lines of these quotas as rows for ``kam.measure``, in one query.

        :param lines: only these ``kam.quota.line`` records; None for all
        """
        if not self:
            return []
        self.env["kam.quota.line"].flush_model()
        self.flush_model()
        known = self.env["kam.measure"]._get_indicators()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id AS key, q.id AS quota_id, q.company_id, q.scope,
                       CASE q.scope WHEN 'manager' THEN q.user_id END AS user_id,
                       CASE q.scope WHEN 'team' THEN q.team_id END AS team_id, q.period,
                       q.date_start, q.date_end, q.state, l.indicator, l.categ_id,
                       l.buyer, COALESCE(l.target, 0) AS target,
                       COALESCE(l.actual, 0) AS actual,
                       COALESCE(l.correction, 0) AS correction,
                       COALESCE(l.forecast, 0) AS forecast,
                       COALESCE(l.restated, 0) AS restated,
                       COALESCE(l.carried, 0) AS carried,
                       COALESCE(l.reported, 0) AS reported,
                       ARRAY[l.actual, l.correction, l.expected, l.forecast,
                             l.attainment, l.deviation] AS figures, l.standing
                  FROM kam_quota_line l JOIN kam_quota q ON q.id = l.quota_id
                 WHERE q.id IN %s AND %s
                 ORDER BY q.date_start, l.id
                """,
                tuple(self.ids),
                SQL("TRUE") if lines is None else SQL("l.id IN %s", tuple(lines.ids)),
            )
        )
        return [row for row in rows if row["indicator"] in known]

    def _get_owners_domain(self):
        """Return the domain of quotas of the same companies and owners as these."""
        owners = {
            "scope": set(self.mapped("scope")),
            "company_id": set(self.company_id.ids),
            "user_id": {*self.user_id.ids, False},
            "team_id": {*self.team_id.ids, False},
        }
        return Domain.AND(
            Domain(name, "in", list(values)) for name, values in owners.items()
        )

    def _map_working_days(self):
        """Return {company id: its working days} over the time of these quotas."""
        return {
            company.id: company._get_kam_working_days(
                min(quotas.mapped("date_start")), max(quotas.mapped("date_end"))
            )
            for company, quotas in self.grouped("company_id").items()
        }

    # Judging

    def _get_judge(self):
        """Return a function of (line, working days of its company): its figures.

        What all lines have in common is looked up once.
        """
        today, known = clock.today(), self.env["kam.measure"]._get_indicators()
        tolerances = {c.id: c.kam_quota_tolerance for c in self.company_id}

        def judge(line, days):
            tolerance = tolerances[line["company_id"]]
            return judge_line(line, known[line["indicator"]], days, today, tolerance)

        return judge

    # Writing

    def _write_measured(self, lines):
        """Write the figures of the lines of which one differs."""
        changed = []
        for line in lines:
            new = line["judged"]
            new["correction"] = line["correction"]
            figures = [new[name] for name in FIGURES]
            if (figures, new["standing"] or None) != (
                line["figures"],
                line["standing"],
            ):
                changed.append(line)
        values = {n: [line["judged"][n] for line in changed] for n in FIGURES}
        values["standing"] = [line["judged"]["standing"] or None for line in changed]
        self._write_lines(changed, values)

    @api.model
    def _write_lines(self, lines, values):
        """Write some fields of lines in one statement.

        :param dict values: {name of a field: its values, line by line}
        """
        if not lines:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_quota_line l SET %s
                  FROM unnest(%s::int[], %s) new (id, %s) WHERE l.id = new.id
                """,
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(n), SQL.identifier("new", n))
                    for n in values
                ),
                [line["key"] for line in lines],
                SQL(", ").join(
                    SQL("%s::varchar[]" if n == "standing" else "%s::float8[]", column)
                    for n, column in values.items()
                ),
                SQL(", ").join(map(SQL.identifier, values)),
            )
        )
        self.env["kam.quota.line"].invalidate_model(list(values), flush=False)

    def _write_balances(self, lines, now):
        """Write as of when the figures are and how evenly the counts stand."""
        if not self:
            return
        counted = self.env["kam.measure"]._find(is_count=True)
        counts = defaultdict(list)
        for line in lines:
            if line["indicator"] in counted and line["target"]:
                new = line["judged"]
                counts[line["quota_id"]].append((new["actual"], new["expected"]))
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_quota q SET balance = new.balance, measured_at = %s
                  FROM unnest(%s::int[], %s::float8[]) new (id, balance)
                 WHERE q.id = new.id
                """,
                now,
                self.ids,
                [judgement.balance(counts[quota_id]) for quota_id in self.ids],
            )
        )
        self.invalidate_model(["balance", "measured_at"], flush=False)
