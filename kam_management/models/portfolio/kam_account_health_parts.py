from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ..res_company import HEALTH_PARTS
from ..stakeholder.kam_account_coverage import COVERED_ROLES
from .kam_account_health import FAIR, GOOD

# What the health is looked up in, and may wait to be written.
HEALTH_SOURCES = ("kam.account", "kam.survey", "kam.complaint", "account.move")


class KamAccount(models.Model):
    """The parts of the health, for people: score, what is behind it, how old that is.

    Looked up when the account is looked at, by the same SQL as the stored figure.
    """

    _inherit = "kam.account"

    health_html = fields.Html(
        "Health in Parts", compute="_compute_health_html", sanitize=False
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

    @api.readonly
    def action_open_fact(self, fact, key=None):
        """Open the records behind a part of the health.

        :param str fact: ``health_`` and one of ``HEALTH_PARTS``
        :param key: of no use here
        :return: window action
        :raise UserError: when there is no such part
        """
        self.ensure_one()
        self.check_access("read")
        by_invoice = self.company_id.kam_purchase_basis == "invoice"
        openers = {
            "revenue": self.action_view_invoices
            if by_invoice
            else self.action_view_orders,
            "touches": self.action_view_touches,
            "coverage": self.action_view_stakeholders,
            "satisfaction": self.action_view_surveys,
            "complaints": self.action_view_complaints,
            "invoices": self._prepare_overdue_action,
        }
        opener = openers.get(str(fact).removeprefix("health_"))
        if not opener:
            raise UserError(self.env._("There is no such figure. Reload the page."))
        return opener()

    def _prepare_overdue_action(self):
        """Return the action that opens the invoices of this account that are past due."""
        action = self._prepare_records_action("account.action_move_out_invoice_type")
        action["domain"] = [
            *self._get_invoice_domain(),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
            ("invoice_date_due", "<", fields.Date.today()),
        ]
        return action

    def _get_health_rows(self):
        """Return {account id: row of ``_get_health_sql``} as of today, in one query."""
        if not self.ids:
            return {}
        for model in HEALTH_SOURCES:
            self.env[model].flush_model()
        query = self._get_health_sql(SQL("IN %s", tuple(self.ids)), fields.Date.today())
        rows = self.env.execute_query_dict(query)
        return {row["account_id"]: row for row in rows if row["health"] is not None}

    def _get_health_facts(self, row):
        """Return the values of the template ``account_health``.

        :param dict row: of ``_get_health_sql``
        """
        self.ensure_one()
        # sudo: the weights are those of the company the account is of
        company = self.sudo().company_id
        known, unknown, ages = (
            self._get_known_words(row),
            self._get_unknown_words(row),
            self._get_health_ages(row),
        )
        bands = dict(self._fields["health_band"]._description_selection(self.env))
        band = self._get_band(row["health"])
        return {
            "health": row["health"],
            "band": bands[band],
            "color": self._get_band_color(row["health"]),
            "trend": self.health_trend,
            "parts": [
                {
                    "name": part,
                    "label": label,
                    "weight": company[f"kam_health_weight_{part}"],
                    "score": row[part],
                    "color": self._get_band_color(row[part]),
                    "words": unknown[part] if row[part] is None else known[part],
                    "age": row[part] is not None and ages.get(part),
                }
                for part, label in self._get_health_labels()
            ],
        }

    def _get_health_labels(self):
        """Return [(part, label)] in the order they are shown."""
        labels = (
            self.env._("Revenue"),
            self.env._("Touches"),
            self.env._("Coverage"),
            self.env._("Satisfaction"),
            self.env._("Complaints"),
            self.env._("Invoices"),
        )
        return list(zip(HEALTH_PARTS, labels, strict=True))

    def _get_known_words(self, row):
        """Return {part: its own value in words}, of the parts that are known."""
        words = {}
        if row["revenue"] is not None:
            words["revenue"] = self._get_revenue_words()
        words["touches"] = self._get_touch_words()
        words["coverage"] = self.env._(
            "%(met)s of %(all)s roles met",
            met=len(row["met"] or ()),
            all=len(COVERED_ROLES),
        )
        if row["score"] is not None:
            score = formatLang(self.env, row["score"], digits=1)
            words["satisfaction"] = self.env._("%(score)s of 5", score=score)
        count, late = row["open_count"] + row["late_count"], row["late_count"]
        words["complaints"] = self.env._("no complaint open")
        if late:
            words["complaints"] = self.env._(
                "%(count)s open, %(late)s late", count=count, late=late
            )
        elif count:
            words["complaints"] = self.env._("%(count)s open", count=count)
        words["invoices"] = self.env._("none overdue")
        if row["overdue"] > 0:
            amount = formatLang(self.env, row["overdue"], digits=0)
            words["invoices"] = self.env._(
                "%(amount)s %(currency)s overdue",
                amount=amount,
                currency=self.currency_id.name,
            )
        return words

    def _get_revenue_words(self):
        """Return how the revenue of the window compares with that of the one before."""
        before = self.revenue_previous
        if before <= 0:
            return self.env._("nothing bought any more")
        change = round((self.revenue / before - 1) * 100)
        return (
            self.env._("%(change)s%% revenue", change=f"{change:+d}")
            if change
            else self.env._("revenue as before")
        )

    def _get_touch_words(self):
        """Return how long ago somebody was reached, and how often it should be."""
        rhythm = self.rhythm_days
        if not self.last_reached_date:
            return self.env._("nobody reached yet, rhythm %(rhythm)s", rhythm=rhythm)
        days = (fields.Date.today() - self.last_reached_date).days
        if not days:
            return self.env._("today, rhythm %(rhythm)s", rhythm=rhythm)
        return self.env._(
            "%(days)s days ago, rhythm %(rhythm)s", days=days, rhythm=rhythm
        )

    def _get_unknown_words(self, row):
        """Return {part: why it is not known}."""
        return {
            "revenue": self.env._("no revenue in the window before"),
            "touches": self.env._("no rhythm of touches"),
            "coverage": self.env._("no people entered"),
            "satisfaction": self.env._("no survey answered"),
        }

    def _get_health_ages(self, row):
        """Return {part: of when it is}; what is missing is of today."""
        days = {
            "revenue": (self.env._("last purchase"), self.last_purchase_date),
            "touches": (self.env._("last talk"), self.last_reached_date),
            "satisfaction": (self.env._("answered"), row["answer_date"]),
            "complaints": (self.env._("since"), row["open_since"]),
            "invoices": (self.env._("since"), row["overdue_since"]),
        }
        ages = {
            part: f"{word} {format_date(self.env, day)}"
            for part, (word, day) in days.items()
            if day
        }
        # sudo: the days are those of the company the account is of
        limit = self.sudo().company_id.kam_coverage_days
        ages["coverage"] = self.env._("in the last %(days)s days", days=limit)
        return ages

    @api.model
    def _get_band(self, score):
        """Return the band a figure from 0 to 100 is in.

        >>> [_get_band(None, score) for score in (70, 69, 40, 39)]
        ['good', 'fair', 'fair', 'poor']
        """
        return "good" if score >= GOOD else "fair" if score >= FAIR else "poor"

    @api.model
    def _get_band_color(self, score):
        """Return the colour of a score, as Bootstrap names it; grey when not known."""
        if score is None:
            return "secondary"
        colors = {"good": "success", "fair": "warning", "poor": "danger"}
        return colors[self._get_band(score)]
