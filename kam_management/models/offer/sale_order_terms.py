from collections import defaultdict

from odoo import api, fields, models

from ..common import clock
from .concessions import TERM, VALIDITY, VOLUME, compare

KAM_GROUP = "kam_management.group_kam_user"
# What has no value of its own is told against the version before, not the first one.
WITHOUT_VALUE = (VOLUME, TERM, VALIDITY)


class SaleOrder(models.Model):
    """What a quotation says is kept whenever it is sent: what is conceded later is seen.

    Concessions are those since the first version the customer was sent, of the whole
    deal: a new version of a quotation goes on where the one before was.
    """

    _inherit = "sale.order"

    kam_version_id = fields.Many2one(
        "kam.quotation.version",
        "Last Version Sent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=KAM_GROUP,
    )
    kam_line_keys = fields.Json(
        readonly=True,
        copy=False,
        groups=KAM_GROUP,
        help="Of a new version: which line of the first one each line was copied from.",
    )
    kam_company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency", groups=KAM_GROUP
    )
    kam_conceded = fields.Monetary(
        "Conceded",
        compute="_compute_kam_conceded",
        compute_sudo=True,
        currency_field="kam_company_currency_id",
        groups=KAM_GROUP,
        help="Against the first version that the customer was sent, in our currency.",
    )
    kam_conceded_percent = fields.Float(
        "Conceded (%)",
        compute="_compute_kam_conceded",
        compute_sudo=True,
        groups=KAM_GROUP,
        help="Of what the lines of now would cost at the first terms.",
    )

    kam_concession_ids = fields.One2many(
        "kam.concession", "order_id", "Concessions", readonly=True, groups=KAM_GROUP
    )
    kam_concession_count = fields.Integer(
        "Number of Concessions",
        compute="_compute_kam_concession_count",
        groups=KAM_GROUP,
    )

    @api.depends("kam_concession_ids", "kam_version_id")
    def _compute_kam_concession_count(self):
        """Count the concessions of the deals, in one query."""
        counts = dict(
            self.env["kam.concession"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.kam_concession_count = counts.get(order._origin, 0)

    @api.depends(
        "kam_version_id",
        "currency_rate",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.price_subtotal",
    )
    def _compute_kam_conceded(self):
        for order in self:
            order.kam_conceded = order.kam_conceded_percent = 0
            if order.kam_version_id:
                value, percent = order._get_kam_conceded()
                order.kam_conceded, order.kam_conceded_percent = value, percent

    def action_kam_concessions(self):
        """Open what was conceded in this quotation, to say why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Concessions"),
            "res_model": "kam.concession",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("order_id", "=", self.id)],
            "context": {"kam_of_order": True},
        }

    def _get_kam_conceded(self):
        """Return what is conceded since the first version: amount in our currency, percent.

        To be asked by ``sudo``.
        """
        first, terms = self._get_kam_first_terms(), self._prepare_kam_terms()
        value = sum(compare(first, terms).values())
        # what the lines of now would cost at the first terms
        base = terms["untaxed"] + value
        # of nothing all is given away
        percent = 100 * value / base if base > 0 else 100.0 * (value > 0)
        return value / terms["rate"], percent

    def _get_kam_first_terms(self):
        """Return the terms of the first version of the deal that the customer was sent."""
        version = self.kam_version_id
        return (version.first_id or version).terms

    def _prepare_kam_terms(self):
        """Return what the quotation says now, see ``concessions``."""
        self.ensure_one()
        keys = self.kam_line_keys or {}
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        return {
            "currency": self.currency_id.id,
            "rate": self.currency_rate or 1,
            "untaxed": self.amount_untaxed,
            "term": self.payment_term_id.id,
            "validity": str(self.validity_date or ""),
            "lines": [
                {
                    "key": keys.get(str(line._origin.id), line._origin.id),
                    **line._prepare_kam_terms(),
                }
                for line in lines
            ],
        }

    def _kam_keep_version(self):
        """Keep what was sent, and what it concedes against what was sent before.

        To be asked by ``sudo``.
        """
        last, terms = self.kam_version_id, self._prepare_kam_terms()
        self._kam_record_concessions(terms)
        self.kam_version_id = self.env["kam.quotation.version"].create(
            {
                "order_id": self.id,
                # nobody's quotation is of who sends it
                "user_id": (self.user_id or self.env.user).id,
                "terms": terms,
                "first_id": (last.first_id or last).id,
            }
        )

    def _kam_record_concessions(self, terms):
        """Record what is conceded now and was not yet, or what was taken back.

        So what is recorded of a deal always adds up to what it concedes.

        :param dict terms: of now
        """
        last = self.kam_version_id
        if not last or terms == last.terms:
            return
        first = last.first_id or last
        found = compare(first.terms, terms)
        values = {
            what: value for what, value in found.items() if what[0] not in WITHOUT_VALUE
        }
        # of the first version nothing was conceded yet
        done = self._get_kam_recorded(first, terms) if last.first_id else {}
        for what, recorded in done.items():
            values[what] = values.get(what, 0) - recorded
        told = compare(last.terms, terms) if last.first_id else found
        told = {what for what in told if what[0] == VOLUME}
        told |= self._get_kam_longer(last.terms, terms)
        currency = self.currency_id
        due = {what: v for what, v in values.items() if not currency.is_zero(v)}
        self._kam_create_concessions(first, {**dict.fromkeys(told, 0), **due}, terms)

    def _get_kam_recorded(self, first, terms):
        """Return {(kind, key): value} recorded of a deal so far, in the currency of now."""
        recorded = self.env["kam.concession"].search(
            [("first_id", "=", first.id), ("kind", "not in", WITHOUT_VALUE)]
        )
        values = defaultdict(float)
        for one in recorded:
            is_same = one.currency_id.id == terms["currency"]
            values[one.kind, one.key] += (
                one.value if is_same else one.value_company * terms["rate"]
            )
        return values

    def _get_kam_longer(self, before, after):
        """Return what else is conceded: longer to pay, or longer to decide."""
        found = set()
        if before["term"] != after["term"]:
            terms = self.env["account.payment.term"]
            days = [
                max(
                    terms.browse(one or ()).exists().line_ids.mapped("nb_days"),
                    default=0,
                )
                for one in (before["term"], after["term"])
            ]
            if days[0] < days[1]:
                found.add((TERM, 0))
        if before["validity"] and before["validity"] < after["validity"]:
            found.add((VALIDITY, 0))
        return found

    def _kam_create_concessions(self, first, values, terms):
        """Record concessions of today.

        Customer and reason are filled in by a job, see ``kam.concession``.

        :param first: ``kam.quotation.version``, the first of the deal
        :param dict values: {(kind, key of the line): value in the currency of the terms}
        """
        if not values:
            return
        products = {line["key"]: line["product"] for line in terms["lines"]}
        self.env["kam.concession"].create(
            [
                {
                    "order_id": self.id,
                    "first_id": first.id,
                    "company_id": self.company_id.id,
                    "user_id": self.user_id.id,
                    "date": clock.today(),
                    "kind": kind,
                    "key": key,
                    "product_id": products.get(key),
                    "value": value,
                    "value_company": value / terms["rate"],
                }
                for (kind, key), value in values.items()
            ]
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_kam_terms(self):
        """Return what the line says, see ``concessions``, in the unit of its product."""
        product, unit = self.product_id, self.product_uom_id
        quantity, price = self.product_uom_qty, self.price_unit
        if product.uom_id and unit and unit != product.uom_id:
            quantity = unit._compute_quantity(quantity, product.uom_id, round=False)
            price = unit._compute_price(price, product.uom_id)
        return {
            "product": product.id,
            "quantity": quantity,
            "price": price,
            "discount": self.discount,
            "subtotal": self.price_subtotal,
            "worth": self._get_kam_worth(price) if not self.price_subtotal else 0,
        }

    def _get_kam_worth(self, price):
        """Return what a unit of this free line costs usually, in the order's currency.

        The head of a combo is free: what is in it has the price.

        :param float price: of a unit, before the discount
        """
        if self.product_type == "combo":
            return 0
        rate = self.order_id.currency_rate or 1
        return price or (self.product_id.lst_price or 0) * rate
