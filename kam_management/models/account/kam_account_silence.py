from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common import clock
from .silence import MIN_DAYS, MIN_SILENCE, PATIENCE, get_estimate_sql


class KamAccount(models.Model):
    """Early warning (R57): who is silent for longer than usual, and what is at stake."""

    _inherit = "kam.account"

    purchase_day_count = fields.Integer(
        "Days with Purchases",
        readonly=True,
        aggregator=None,
        help="Several purchases on one day are one.",
    )
    usual_interval = fields.Integer(
        "Usual Interval (Days)",
        readonly=True,
        aggregator="avg",
        help="Average time between two days with purchases. Purchases of an opening"
        " balance count as a day each.",
    )
    expected_purchase_date = fields.Date(
        "Next Purchase Expected",
        readonly=True,
        help="Last purchase plus the usual interval.",
    )
    risk_date = fields.Date(
        "At Risk From",
        readonly=True,
        help=f"The first day on which silence is longer than {PATIENCE} times the usual"
        f" interval, and than {MIN_SILENCE} days. Known from the third day with a purchase"
        " on.",
    )
    is_at_risk = fields.Boolean(
        "At Risk",
        compute="_compute_is_at_risk",
        search="_search_is_at_risk",
        help=f"Bought on {MIN_DAYS} days or more, and has now been silent for longer than"
        f" {PATIENCE} times the usual interval. Dormant customers are not at risk any"
        " more.",
    )
    risk_reason = fields.Char("Reason", compute="_compute_is_at_risk")
    estimated_wait = fields.Float(
        "Estimated Days to Next Purchase",
        compute="_compute_estimated_wait",
        digits=(12, 0),
        aggregator=None,
        help="What the customer's purchases, the silence since and what is usual with"
        " other customers suggest. The longer, the likelier the customer is lost.",
    )

    @api.depends("risk_date", "level", "last_purchase_date", "usual_interval")
    @api.depends_context("lang")
    def _compute_is_at_risk(self):
        today = clock.today()
        for account in self:
            since = account.risk_date
            is_silent = account.level != "dormant" and since and since <= today
            account.is_at_risk = bool(is_silent)
            account.risk_reason = is_silent and account._tell_silence(today)

    @api.model
    def _search_is_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        at_risk = Domain("risk_date", "<=", clock.today())
        at_risk &= Domain("level", "!=", "dormant")
        return at_risk if True in value else ~at_risk

    @api.depends("first_purchase_date", "last_purchase_date", "purchase_day_count")
    def _compute_estimated_wait(self):
        """Work the estimates out by the rule that ranks all customers, in one query."""
        found = {}
        if stored := self._origin:
            query = stored._as_query(ordered=False)
            wait = self._get_estimate_sql(query.table)
            found = dict(self.env.execute_query(query.select("id", wait)))
        for account in self:
            account.estimated_wait = found.get(account._origin.id)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == "estimated_wait":
            wait = self._get_estimate_sql(alias)
            return SQL("%s %s %s", wait, direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _get_estimate_sql(self, alias, day=None):
        """Return the SQL of ``estimated_wait``.

        :param str alias: of ``kam_account``
        :param date day: as of which; None: today
        """
        return get_estimate_sql(
            day or clock.today(),
            self._field_to_sql(alias, "first_purchase_date"),
            self._field_to_sql(alias, "last_purchase_date"),
            self._field_to_sql(alias, "purchase_day_count"),
            SQL(
                "(SELECT kam_usual_interval FROM res_company WHERE id = %s)",
                self._field_to_sql(alias, "company_id"),
            ),
        )

    @api.model
    def _rank_by_silence(self, company, day):
        """Return who is likeliest to buy nothing any more, the likeliest first.

        Those who bought and are not dormant, by their figures: of the last refresh.

        :param company: one of our companies
        :param date day: as of which
        :return: list of (partner id, estimate, days since the last purchase); see
            ``silence``; customers with equal estimates share a rank
        """
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT partner_id, %(wait)s AS wait, %(day)s::date - last_purchase_date
                  FROM kam_account
                 WHERE company_id = %(company)s AND level IN ('new', 'active')
                 ORDER BY wait DESC, partner_id
                """,
                wait=self._get_estimate_sql("kam_account", day),
                day=day,
                company=company.id,
            )
        )

    def _prepare_purchases_action(self):
        """Return the action that opens what the rhythm rests on: all there ever was."""
        action = self._prepare_records_action("kam_management.kam_sale_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"kam_account_ids": self.ids}
        return action

    # In words

    def _tell_silence(self, day):
        """Return for how long the customer has been silent, against what is usual."""
        days, usual = (day - self.last_purchase_date).days, self.usual_interval
        if usual == 1:
            return self.env._("silent %(days)s days, usually every day", days=days)
        return self.env._(
            "silent %(days)s days, usually every %(usual)s", days=days, usual=usual
        )

    def _tell_purchases(self):
        """Return whether the next purchase is in time, and when it is expected."""
        today = clock.today()
        if self.risk_reason:
            return self.env._("at risk: %(reason)s", reason=self.risk_reason), None
        expected = self.expected_purchase_date
        if self.level == "dormant":
            return self.env._("dormant"), None
        if expected and expected < today:
            return self.env._("overdue"), self._format_since(expected)
        return self.env._("in time"), self._tell_usual()

    def _tell_usual(self):
        if self.usual_interval == 1:
            return self.env._("usually every day")
        return self.env._("usually every %(days)s days", days=self.usual_interval)
