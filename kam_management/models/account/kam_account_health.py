from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common import clock, formats
from .kam_engine_figures import join_known, join_layer
from .kam_engine_health import (
    ENOUGH,
    FAIR,
    GOOD,
    HealthLook,
    get_band,
    get_band_color,
    get_health_layers,
    score_column,
)

# What the engine writes.
HEALTH_FIELDS = (
    "health",
    "health_basis",
    "health_known_parts",
    "health_parts",
    "health_band",
    "health_previous",
    "health_trend",
    "health_month",
)


class KamAccount(models.Model):
    """Health (R31): how well a customer is, from 0 to 100, as its parts say.

    The nightly refresh brings all accounts up to date, the queue those with news. For
    people the parts are looked up when the account is looked at, by the same SQL.
    """

    _inherit = "kam.account"

    health = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="From 0 to 100: the weighted mean of its parts, as the settings weigh them."
        " What is not known does not count. There is none for customers who never bought,"
        f" and where less than {ENOUGH} % of the weights are known.",
    )
    health_basis = fields.Integer(
        "Known Share of Health (%)",
        readonly=True,
        aggregator="avg",
        help="The share of the weights that belongs to known parts, in percent.",
    )
    health_known_parts = fields.Integer(
        "Known Parts of Health", readonly=True, aggregator=None
    )
    health_parts = fields.Integer(
        "Parts of Health",
        readonly=True,
        aggregator=None,
        help="How many parts have a weight in the settings.",
    )
    health_summary = fields.Char(
        "Health and Known Parts",
        compute="_compute_health_summary",
        help="The health, and from how many of its parts it is known.",
    )
    health_band = fields.Selection(
        [("good", "Good"), ("fair", "Fair"), ("poor", "Poor")],
        readonly=True,
        help=f"Good from {GOOD} on, fair from {FAIR} on, else poor. Empty where the health"
        " is not known.",
    )
    health_previous = fields.Integer(
        "Previous Health",
        readonly=True,
        aggregator="avg",
        help="Health at the end of last month.",
    )
    health_trend = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Change in health since the end of last month, in points.",
    )
    health_month = fields.Date(
        readonly=True,
        groups=fields.NO_ACCESS,
        copy=False,
        help="The month for which the previous health is kept.",
    )
    health_html = fields.Html(
        "Health Breakdown", compute="_compute_health_html", sanitize=False
    )

    @api.depends("health", "health_band", "health_known_parts", "health_parts")
    @api.depends_context("lang")
    def _compute_health_summary(self):
        for account in self:
            account.health_summary = account.health_band and self.env._(
                "%(health)s from %(known)s of %(all)s parts",
                health=account.health,
                known=account.health_known_parts,
                all=account.health_parts,
            )

    @api.depends_context("uid", "lang")
    def _compute_health_html(self):
        """Lay out the health of the accounts, in one query for all of them."""
        rows = self._get_health_rows()
        qweb = self.env["ir.qweb"]
        for account in self:
            row = rows.get(account._origin.id)
            account.health_html = row and qweb._render(
                "kam_management.account_health", account._get_health_facts(row)
            )

    def _prepare_overdue_action(self):
        """Return the action that opens what is past due of this account, item by item."""
        action = self._prepare_records_action("account.action_account_moves_all_a")
        action["domain"] = list(self._get_overdue_domain())
        return action

    def _get_computed_fields(self):
        return {*super()._get_computed_fields(), *HEALTH_FIELDS}

    # What is known today

    def _get_health_rows(self):
        """Return what the health of these accounts is made of today, in one query.

        :return: {account id: {"health", "basis", "parts": {name: {"score",
            "weight", "facts": {name: value}}}}} of customers who have bought
        """
        if not self.ids:
            return {}
        # the parts read what they like, and all of it may wait to be written
        self.env.flush_all()
        parts = self.env["kam.engine"]._get_health_parts()
        found = self.env.execute_query(self._get_health_sql(parts))
        rows = {}
        for account, health, basis, *values in found:
            value = iter(values)
            if basis is not None:
                known = {
                    name: {
                        "score": next(value),
                        "weight": next(value),
                        "facts": {fact: next(value) for fact in part.facts},
                    }
                    for name, part in parts.items()
                }
                rows[account] = {"health": health, "basis": basis, "parts": known}
        return rows

    def _get_health_sql(self, parts):
        """Return the SQL of the rows of ``_get_health_rows``, by the engine's rule.

        Columns: id, health, health_basis, and of each part its score, weight and facts.

        :param dict parts: {name: ``HealthPart``}
        """
        today, in_accounts = clock.today(), SQL("IN %s", tuple(self.ids))
        customers = SQL(
            "SELECT company_id, partner_id FROM kam_account WHERE id %s", in_accounts
        )
        look = HealthLook(today, in_accounts, customers)
        known = self.env["kam.engine"]._get_health_known(look)
        columns = []
        for name, part in parts.items():
            columns += [SQL.identifier("score", score_column(name)), part.weight_sql]
            columns += [SQL.identifier(name, fact) for fact in part.facts]
        return SQL(
            """
            SELECT a.id, health.health, health.health_basis, %(columns)s
              FROM kam_account a
              JOIN res_company c ON c.id = a.company_id
              %(known)s
             CROSS JOIN LATERAL (SELECT %(today)s::date AS today, a.*) account
              %(layers)s
             WHERE a.id %(in_accounts)s
            """,
            columns=SQL(", ").join(columns),
            known=SQL(" ").join(join_known(name, *k) for name, k in known.items()),
            today=today,
            layers=SQL(" ").join(
                join_layer(*layer) for layer in get_health_layers(parts).items()
            ),
            in_accounts=in_accounts,
        )

    def _open_health_part(self, name):
        """Return the action that opens the records behind a part of the health.

        :raise UserError: when there is no such part
        """
        part = self.env["kam.engine"]._get_health_parts().get(name)
        if not part:
            raise UserError(
                self.env._("This figure is not available any more. Reload the page.")
            )
        return getattr(self, part.opener)()

    # In words

    def _get_health_facts(self, row):
        """Return the values of the template ``account_health``.

        :param dict row: of ``_get_health_rows``
        """
        self.ensure_one()
        parts = self.env["kam.engine"]._get_health_parts()
        bands = dict(self._fields["health_band"]._description_selection(self.env))
        counted = [part for part in row["parts"].values() if part["weight"]]
        return {
            "health": row["health"],
            "known_parts": sum(part["score"] is not None for part in counted),
            "all_parts": len(counted),
            "band": bands.get(get_band(row["health"])),
            "color": get_band_color(row["health"]),
            "trend": self.health_trend,
            "parts": [
                self._prepare_health_part(name, part, **row["parts"][name])
                for name, part in sorted(parts.items(), key=lambda item: item[1].place)
            ],
        }

    def _prepare_health_part(self, name, part, score, weight, facts):
        """Return one part as the template shows it.

        :param part: ``HealthPart``
        """
        words, age = part.unknown, None
        if score is not None:
            words, age = getattr(self, part.tell)(**facts)
        return {
            "name": name,
            "label": part.label,
            "weight": weight,
            "score": score,
            "color": get_band_color(score),
            "words": words,
            "age": age,
        }

    def _tell_revenue(self):
        """Return how the revenue of the window compares with that of the one before."""
        day = self.last_purchase_date
        age = day and self.env._(
            "last purchase %(day)s", day=formats.day(self.env, day)
        )
        before = self.revenue_previous
        if before <= 0:
            return self.env._("no purchases any more"), age
        if round(100 * self.revenue / before) == 100:
            return self.env._("revenue unchanged"), age
        change = formats.change(self.env, self.revenue, before)
        return self.env._("%(change)s revenue", change=change), age

    def _tell_invoices(self, overdue, overdue_since):
        """Return how much is past due, and since when."""
        if not overdue or overdue <= 0:
            return self.env._("none overdue"), None
        amount = formats.money(self.env, overdue, self.currency_id)
        return self.env._("%(amount)s overdue", amount=amount), self._format_since(
            overdue_since
        )

    def _format_since(self, day):
        """Return since when it is so."""
        return self.env._("since %(day)s", day=formats.day(self.env, day))
