from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..account import silence
from ..common import clock
from .kam_portfolio_month import get_month_end

# How long after it was given a warning is judged, and how many months are looked at.
MONTHS_AFTER = 3
MONTHS_SHOWN = 12
# With fewer warnings a share would say little; they are told as they are.
ENOUGH = 10


class KamRiskAccuracy(models.Model):
    """How right the early warning would have been: by its rule, as of a past day."""

    _name = "kam.risk.accuracy"
    _description = "Accuracy of the Early Warning"
    _inherit = ["kam.guard"]
    _order = "date desc, id desc"
    _rec_name = "date"
    # Rows are worked out in bulk; who wrote them says nothing.
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date("Warned On", required=True, readonly=True)
    rule_key = fields.Integer(
        readonly=True,
        groups=fields.NO_ACCESS,
        aggregator=None,
        help="The settings it was worked out by, see ``Rule.key``.",
    )
    customer_count = fields.Integer(
        "Regular Customers",
        readonly=True,
        help="Who had bought on three days or more by then, and was not dormant.",
    )
    lost_count = fields.Integer(
        "Regular Customers Lost",
        readonly=True,
        help=f"Of these, who bought nothing in the following {MONTHS_AFTER} months.",
    )
    risk_count = fields.Integer("At Risk", readonly=True)
    risk_lost_count = fields.Integer(
        "At Risk and Lost",
        readonly=True,
        help=f"Of those at risk, who bought nothing in the following {MONTHS_AFTER}"
        " months.",
    )

    _company_date_uniq = models.UniqueIndex(
        "(company_id, date)", "A company has one row a month."
    )

    @api.model
    def _cron_watch(self):
        """Raise and lift the alarms of the day; then judge the warnings of the past.

        Each month is committed by itself; what was interrupted goes on the next time.
        """
        progress = self.env["ir.cron"]._commit_progress
        self.env["kam.portfolio.alarm"]._watch_silence()
        todo = self._get_todo(clock.today())
        progress(1, remaining=len(todo))
        for day, companies in todo:
            self._take(day, companies)
            if not progress(1):
                return

    @api.model
    def _get_todo(self, today):
        """Return the ends of months to judge, the newest first.

        Those of the last year whose following months are over, that a company has bought
        by, and that it lacks or has by other settings than today's.

        :return: list of (day, ``res.company`` records)
        """
        days = [
            day
            for ago in range(MONTHS_AFTER, MONTHS_AFTER + MONTHS_SHOWN + 1)
            for day in [get_month_end(today, ago)]
            if day + relativedelta(months=MONTHS_AFTER) < today
        ][:MONTHS_SHOWN]
        # sudo: the figures of all companies, whoever starts the cron
        accounts = self.env["kam.account"].sudo().with_context(active_test=False)
        known = {
            (row.company_id, row.date, row.rule_key) for row in self.sudo().search([])
        }
        keys = {
            company: rule.key
            for rule in self.env["kam.engine"]._get_rules(today)
            for company in rule.company_ids
        }
        todo = {}
        for company, first in accounts._read_group(
            [("first_purchase_date", "!=", False)],
            ["company_id"],
            ["first_purchase_date:min"],
        ):
            for day in days:
                if first <= day and (company, day, keys[company.id]) not in known:
                    todo[day] = todo.get(day, company) | company
        return sorted(todo.items(), key=lambda one: one[0], reverse=True)

    @api.model
    def _take(self, day, companies):
        """Judge the warnings of a day by what its following months brought.

        :param date day: as of which customers are looked at
        :param companies: ``res.company`` records
        """
        engine = self.env["kam.engine"]
        self.env.flush_all()
        run = engine._prepare_run(day, companies)
        engine._step_sales(run)
        for rule in run.rules:
            self.env.cr.execute(self._get_insert_sql(run, rule))
        run.finish()
        self.invalidate_model()

    @api.model
    def _get_insert_sql(self, run, rule):
        names = ("customer_count", "lost_count", "risk_count", "risk_lost_count")
        columns = SQL(", ").join(map(SQL.identifier, ("rule_key", *names)))
        return SQL(
            """
            INSERT INTO kam_risk_accuracy (company_id, date, %(columns)s)
            SELECT c.id, %(day)s, %(key)s, count(judged.company_id),
                   count(*) FILTER (WHERE is_lost), count(*) FILTER (WHERE is_at_risk),
                   count(*) FILTER (WHERE is_lost AND is_at_risk)
              FROM res_company c
              LEFT JOIN (%(judged)s) judged ON judged.company_id = c.id
             WHERE c.id IN %(companies)s
             GROUP BY c.id
            ON CONFLICT (company_id, date) DO UPDATE SET (%(columns)s) = (%(new)s)
            """,
            columns=columns,
            day=run.as_of,
            key=rule.key,
            judged=self._get_judged_sql(run, rule),
            companies=rule.company_ids,
            new=SQL(", ").join(
                SQL.identifier("excluded", name) for name in ("rule_key", *names)
            ),
        )

    @api.model
    def _get_judged_sql(self, run, rule):
        """Return the SQL of the regular customers of a day, and what became of them.

        Columns: company_id, is_at_risk, is_lost.
        """
        until = rule.as_of + relativedelta(months=MONTHS_AFTER)
        look = rule.look(since=rule.as_of + relativedelta(days=1))._replace(until=until)
        return SQL(
            """
            SELECT sales.company_id, %(risk_date)s <= %(day)s AS is_at_risk,
                   later.partner_id IS NULL AS is_lost
              FROM %(sales)s sales
              LEFT JOIN (SELECT DISTINCT company_id, partner_id FROM (%(later)s) sale
                          WHERE purchases > 0) later
                ON later.company_id = sales.company_id
               AND later.partner_id = sales.partner_id
             WHERE sales.days >= %(least)s AND sales.last_date > %(window)s
               AND sales.company_id IN %(companies)s
            """,
            risk_date=SQL(silence.RISK_DATE),
            day=rule.as_of,
            sales=run.table("sales"),
            later=self.env["kam.evidence"]._get_sales_sql([look]),
            least=silence.MIN_DAYS,
            window=rule.window_start,
            companies=rule.company_ids,
        )

    @api.model
    def _get_summary(self, company):
        """Return in a sentence how right the warnings of the last year were.

        :param company: a ``res.company`` record
        :return: text; "" where nothing is known yet
        """
        rows = self.search([("company_id", "=", company.id)], limit=MONTHS_SHOWN)
        warned, right, customers, lost = (
            sum(rows.mapped(name))
            for name in (
                "risk_count",
                "risk_lost_count",
                "customer_count",
                "lost_count",
            )
        )
        if not warned:
            return ""
        if warned < ENOUGH:
            return self.env._(
                "So far: of %(warned)s customers at risk, %(right)s bought nothing in the"
                " %(months)s months that followed.",
                warned=warned,
                right=right,
                months=MONTHS_AFTER,
            )
        return self.env._(
            "In the past year: of 100 customers at risk, %(right)s bought nothing in the"
            " %(months)s months that followed; of 100 regular customers, %(lost)s.",
            right=round(100 * right / warned),
            months=MONTHS_AFTER,
            lost=round(100 * lost / customers),
        )
