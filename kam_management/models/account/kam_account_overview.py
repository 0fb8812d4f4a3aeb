from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock, formats
from ..common.pictures.bars import bars

RECENT_QUARTERS = 8
# A quotation sent as long ago as this is asked after.
ANSWER_DAYS = 7
# What sells so much less than before is talked about, the largest losses first.
LOSS = 0.2
MOST_LOSSES = 2
SHOWN_DEALS = 3
SHOWN_STEPS = 8


class Topic(NamedTuple):
    """Something to talk about at the next conversation, as the facts propose it."""

    place: int  # lowest first
    text: str
    fact: str | None = None  # whose records it opens, see ``action_open_fact``
    key: object = None


class Step(NamedTuple):
    """Something to be done for a customer: an activity, or what was promised."""

    date: date
    name: str
    user: str
    model: str  # of the record that says so
    id: int
    promised: bool = False
    place: str = ""  # where it is planned, other than on the account


class KamAccount(models.Model):
    """The account as one page before a conversation (R58): on screen and on paper."""

    _inherit = "kam.account"

    overview_html = fields.Html(
        "Overview", compute="_compute_overview_html", sanitize=False
    )

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_overview_html(self):
        """Lay the page out; it is asked for on its own, one account at a time."""
        qweb = self.env["ir.qweb"]
        for account in self:
            account.overview_html = bool(account._origin) and qweb._render(
                "kam_management.account_overview", account._origin._get_page()
            )

    def action_print_briefing(self):
        """Print the page for the next conversation."""
        self.check_access("read")
        report = self.env.ref("kam_management.report_briefing_action")
        return report.report_action(self)

    def _get_page(self):
        """Return the values of the page: the overview and what to talk about."""
        values = self._get_overview()
        return {
            **values,
            "topics": sorted(self._get_topics(values), key=lambda topic: topic.place),
        }

    def _get_overview(self):
        """Return what is known of the customer, in a fixed number of queries.

        :return: dict, the values of the template ``account_overview``: those of
            ``_get_facts`` and more; rooms add theirs
        """
        self.ensure_one()
        values = self._get_facts()
        title = self.env._("Revenue by quarter")
        return {
            **values,
            "record": lambda record: f"{record._name},{record.id}",
            # sudo: name and reach of the customer of an account the user sees
            "customer": self.partner_id.sudo(),
            "recent": bars(title, values["columns"][-RECENT_QUARTERS:]),
            "shown_deals": self.env["crm.lead"].search(
                self._get_fact_domain("deals"),
                order="expected_revenue desc, id",
                limit=SHOWN_DEALS,
            ),
            "quotations": self._get_quotation_facts(),
            "steps": self._get_steps(),
        }

    def _get_quotation_facts(self):
        """Return the open quotations, summed up in company currency, and the oldest."""
        orders = self.env["sale.order"].search_fetch(
            self._get_fact_domain("quotations"),
            ["name", "amount_untaxed", "currency_rate", "date_order", "state"],
            order="date_order, id",
        )
        sent = orders.filtered(lambda order: order.state == "sent")[:1]
        return {
            "count": len(orders),
            "amount": sum(o.amount_untaxed / (o.currency_rate or 1) for o in orders),
            "oldest": sent.name,
            "days": (clock.today() - sent.date_order.date()).days if sent else 0,
        }

    def _get_steps(self):
        """Return what is to be done for the customer, the soonest first.

        :return: list of ``Step``
        """
        activities = self.env["mail.activity"].search(
            self._get_step_domain(), order="date_deadline, id", limit=SHOWN_STEPS
        )
        return [
            Step(
                activity.date_deadline,
                activity.summary or activity.activity_type_id.name,
                # sudo: whose it is, of an activity the user sees
                activity.sudo().user_id.name,
                activity._name,
                activity.id,
                place=""
                if activity.res_model == self._name
                else activity.res_name or "",
            )
            for activity in activities
        ]

    def _get_step_domain(self):
        """Return the domain of the activities that are about this customer."""
        deals = self.env["crm.lead"]._search(self._get_fact_domain("deals"))
        orders = self.env["sale.order"]._search(self._get_fact_domain("quotations"))
        people = self.env["res.partner"]._search(
            [("commercial_partner_id", "=", self.partner_id.id)]
        )
        return Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in (
                (self._name, self.ids),
                ("res.partner", people),
                ("crm.lead", deals),
                ("sale.order", orders),
            )
        )

    def _get_topics(self, values):
        """Return what to talk about next, as the facts propose it.

        :param dict values: of ``_get_overview``
        :return: list of ``Topic``; rooms add theirs
        """
        return [
            *self._get_purchase_topics(values),
            *self._get_open_topics(values),
        ]

    def _get_purchase_topics(self, values):
        """Return what has become of what they buy."""
        topics = [
            Topic(
                60,
                self.env._(
                    "%(category)s: %(now)s after %(before)s. What has changed?",
                    category=name,
                    now=values["money"](now),
                    before=values["money"](before),
                ),
                "category",
                key,
            )
            for key, name, now, before in self._get_losses(values["categories"])
        ]
        expected = self.expected_purchase_date
        if self.is_at_risk:
            text = self.env._(
                "At risk: %(why)s. What has become of their need?", why=self.risk_reason
            )
            topics.append(Topic(5, text))
        elif expected and expected < values["today"]:
            text = self.env._(
                "A purchase was expected on %(day)s. What do they need now?",
                day=formats.day(self.env, expected),
            )
            topics.append(Topic(65, text))
        return topics

    def _get_open_topics(self, values):
        """Return what is open between us: money, quotations, deals."""
        topics = []
        overdue, quotations = values["overdue"], values["quotations"]
        deadline = values["deals"]["deadline"]
        if overdue["count"]:
            text = self.env._(
                "%(amount)s is overdue, for up to %(days)s. What holds it up?",
                amount=values["money"](overdue["amount"]),
                days=values["duration"](overdue["days"]),
            )
            topics.append(Topic(40, text, "overdue"))
        if quotations["days"] >= ANSWER_DAYS:
            text = self.env._(
                "Quotation %(name)s was sent %(ago)s. What is missing for a decision?",
                name=quotations["oldest"],
                ago=values["ago"](quotations["days"]),
            )
            topics.append(Topic(50, text, "quotations"))
        if deadline and deadline < values["today"]:
            text = self.env._(
                "A deal was to be decided on %(day)s. When will it be?",
                day=formats.day(self.env, deadline),
            )
            topics.append(Topic(55, text, "deals"))
        return topics

    @api.model
    def _get_losses(self, categories):
        """Return the categories that sell much less than before, the largest loss first.

        :param list categories: of ``_get_category_facts``
        """
        losses = [
            row
            for row in categories
            if row[0] is not None and row[3] > 0 and row[2] < row[3] * (1 - LOSS)
        ]
        return sorted(losses, key=lambda row: row[2] - row[3])[:MOST_LOSSES]
