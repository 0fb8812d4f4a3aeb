from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import SQL

from . import judgement
from .kam_quota_indicators import COUNTS, SUM

# How long a closed period is looked at again.
RESTATED_MONTHS = 15
MEASURED = (
    "actual",
    "correction",
    "expected",
    "forecast",
    "attainment",
    "deviation",
    "standing",
)
# Less than this is no difference but the imprecision of numbers.
NOTHING = 0.005


class KamQuota(models.Model):
    """Plan and fact: the figures of quotas worked out, compared, written where they differ."""

    _inherit = "kam.quota"

    def _measure(self):
        """Work out how far these quotas are, and write what has changed.

        Draft and running ones get new figures. Closed ones keep theirs; what their
        figures would be today is noted, and the difference is corrected in the running
        quota that follows. The number of statements does not depend on that of quotas.
        """
        # sudo: figures follow from the facts, whoever asks for them
        quotas = self.sudo().filtered(lambda quota: quota.state != "closed")
        lines = quotas._read_lines()
        closed = self.sudo()._find_closed()._read_lines()
        sums = self._sum_rows(lines + closed)
        ahead = [line for line in lines if line["date_end"] >= fields.Date.today()]
        outlook = self._sum_rows(ahead, outlook=True)
        self._restate(closed, sums)
        corrections = self._map_corrections(closed)
        days = quotas._map_working_days()
        for line in lines:
            line["sums"] = sums.get(line["key"], (0.0, 0.0))
            line["outlook"] = outlook.get(line["key"], (0.0, 0.0))[0]
            line["correction"] = sum(
                amount for _line, amount in corrections.get(line["key"], ())
            )
            line.update(self._judge(line, days[line["company_id"]]))
        self._write_measured(lines)
        quotas._write_balances(lines)
        quotas._handle_measured()

    def _handle_measured(self):
        """React to new figures of these quotas; other rooms extend this."""

    @api.model
    def _cron_measure(self):
        """Measure the running quotas of all companies, one company after the other.

        What has been measured today is not measured again: interrupted, it goes on with
        the next company.
        """
        retrying(self.env["kam.account"]._refresh_terms, self.env)
        todo = Domain("state", "=", "running") & (
            Domain("measured_at", "=", False)
            | Domain("measured_at", "<", fields.Date.today())
        )
        companies = [company for [company] in self._read_group(todo, ["company_id"])]
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            quotas = self.search(
                [("company_id", "=", company.id), ("state", "=", "running")]
            )
            retrying(quotas._measure, self.env)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    # What there is to measure

    def _read_lines(self):
        """Return the lines of these quotas as rows for ``_sum_rows``, in one query."""
        if not self:
            return []
        self.env["kam.quota.line"].flush_model()
        self.flush_model()
        known = self._get_indicators()
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
                       COALESCE(l.carried, 0) AS carried
                  FROM kam_quota_line l JOIN kam_quota q ON q.id = l.quota_id
                 WHERE q.id IN %s
                 ORDER BY q.date_start, l.id
                """,
                tuple(self.ids),
            )
        )
        return [row for row in rows if row["indicator"] in known]

    def _find_closed(self):
        """Return the closed quotas that may have to be restated with these ones.

        Those of the same companies and owners that ended within the last months.
        """
        first = fields.Date.today() - relativedelta(months=RESTATED_MONTHS)
        owners = {
            "scope": set(self.mapped("scope")),
            "period": set(self.mapped("period")),
            "company_id": set(self.company_id.ids),
            "user_id": {*self.user_id.ids, False},
            "team_id": {*self.team_id.ids, False},
        }
        return self.search(
            Domain([("state", "=", "closed"), ("date_end", ">=", first)])
            & Domain.AND(
                Domain(name, "in", list(values)) for name, values in owners.items()
            )
        )

    def _map_working_days(self):
        """Return {company id: its working days} over the time of these quotas."""
        return {
            company.id: company._get_kam_working_days(
                min(quotas.mapped("date_start")), max(quotas.mapped("date_end"))
            )
            for company, quotas in self.grouped("company_id").items()
        }

    # Corrections

    def _restate(self, closed, sums):
        """Note what the figures of closed lines would be today."""
        for line in closed:
            figure = self._get_figure(line["indicator"], sums.get(line["key"]))
            line["restated"] = round(figure, 6)
        self._write_lines(closed, ("restated",))

    def _map_corrections(self, closed):
        """Return {running line id: [(closed line, amount)]} of what changed afterwards.

        What adds up and has changed since a period was closed counts in the next running
        quota of the same owner, kind of period and line, once.

        :param list closed: restated lines, see ``_read_lines``
        """
        sums = [k for k, ind in self._get_indicators().items() if ind.kind == SUM]
        late = [
            (line, amount)
            for line in closed
            if line["indicator"] in sums
            and abs(
                amount := line["restated"]
                - (line["actual"] - line["correction"])
                - line["carried"]
            )
            >= NOTHING
        ]
        following = self._map_running(late) if late else {}
        corrections = defaultdict(list)
        for line, amount in late:
            for key, start in following.get(self._get_line_key(line), ()):
                if start > line["date_end"]:
                    corrections[key].append((line, amount))
                    break
        return corrections

    def _map_running(self, late):
        """Return {owner and subject: [(line id, first day)]} of running lines, by day."""
        companies = {line["company_id"] for line, _amount in late}
        running = self.search(
            [("state", "=", "running"), ("company_id", "in", list(companies))]
        )
        result = defaultdict(list)
        for line in running._read_lines():
            result[self._get_line_key(line)].append((line["key"], line["date_start"]))
        return result

    @api.model
    def _get_line_key(self, line):
        """Return what lines of following periods have in common."""
        names = ("company_id", "scope", "user_id", "team_id", "period")
        return tuple(line[n] for n in (*names, "indicator", "categ_id", "buyer"))

    # Judging

    @api.model
    def _judge(self, line, days):
        """Return the figures of a line, given the sums of its facts.

        :param dict line: see ``_read_lines``, with sums, outlook and correction
        :param list days: working days of its company
        """
        today = fields.Date.today()
        kind = self._get_indicators()[line["indicator"]].kind
        begun = line["date_start"] <= today
        passed, total = judgement.elapsed(
            days, line["date_start"], line["date_end"], today
        )
        figure = self._get_figure(line["indicator"], line["sums"])
        actual, target = figure + line["correction"], line["target"]
        expected = judgement.expected(target, passed, total, kind == SUM, begun)
        company = self.env["res.company"].browse(line["company_id"])
        # an average of nothing says nothing
        rated = kind != "average" or line["sums"][1]
        return {
            "actual": round(actual, 6),
            "expected": round(expected, 6),
            "forecast": round(
                self._get_forecast(line, figure, passed, total) + line["correction"], 6
            ),
            "attainment": round(judgement.percent(actual, target), 6),
            "deviation": round(judgement.deviation(actual, expected), 6)
            if rated
            else 0.0,
            "standing": judgement.standing(
                actual, expected, target, company.kam_quota_tolerance, begun
            )
            if rated
            else False,
        }

    @api.model
    def _get_forecast(self, line, figure, passed, total):
        """Return the figure to be expected at the end of the period.

        - Over: what it is.
        - With an outlook of open leads: the figure and the outlook; of a state, the
          outlook alone.
        - Else what adds up goes on at its pace, and anything else stays.
        """
        indicator = self._get_indicators()[line["indicator"]]
        if line["date_end"] < fields.Date.today():
            return figure
        if indicator.outlook:
            return line["outlook"] + (figure if indicator.kind == SUM else 0)
        if indicator.kind == SUM:
            return judgement.pace(figure, passed, total)
        return figure

    # Writing

    def _write_measured(self, lines):
        for line in lines:
            line["standing"] = line["standing"] or None
        self._write_lines(lines, MEASURED)

    @api.model
    def _write_lines(self, lines, names):
        """Write some fields of lines in one statement, where they differ."""
        if not lines:
            return
        Line = self.env["kam.quota.line"]
        types = {n: "varchar" if n == "standing" else "float8" for n in names}
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_quota_line l SET %(assignments)s
                  FROM unnest(%(keys)s::int[], %(values)s) new (id, %(names)s)
                 WHERE l.id = new.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(n), SQL.identifier("new", n))
                    for n in names
                ),
                keys=[line["key"] for line in lines],
                values=SQL(", ").join(
                    SQL("%s::%s[]", [line[n] for line in lines], SQL(kind))
                    for n, kind in types.items()
                ),
                names=SQL(", ").join(map(SQL.identifier, names)),
                old=SQL(", ").join(SQL.identifier("l", n) for n in names),
                new=SQL(", ").join(SQL.identifier("new", n) for n in names),
            )
        )
        Line.invalidate_model(names, flush=False)

    def _write_balances(self, lines):
        """Write when these quotas were measured and how evenly their counts stand."""
        if not self:
            return
        counts = defaultdict(list)
        for line in lines:
            if line["indicator"] in COUNTS and line["target"]:
                counts[line["quota_id"]].append((line["actual"], line["expected"]))
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_quota q SET balance = new.balance, measured_at = %s
                  FROM unnest(%s::int[], %s::float8[]) new (id, balance)
                 WHERE q.id = new.id
                """,
                fields.Datetime.now(),
                self.ids,
                [judgement.balance(counts[quota_id]) for quota_id in self.ids],
            )
        )
        self.invalidate_model(["balance", "measured_at"], flush=False)
