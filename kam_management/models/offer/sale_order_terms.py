from odoo import api, fields, models

from .concessions import compare, get_base

KAM_GROUP = "kam_management.group_kam_user"


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
        # of all colleagues: so it is read with the rest, and costs them no query
        groups="base.group_user",
        exportable=False,
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
        help="Of what the first version's lines that are sold now would cost at first.",
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
        found = compare(first, terms)
        value, base = sum(found.values()), get_base(first, terms, found)
        # of nothing all is given away
        percent = 100 * value / base if base > 0 else 100.0 * (value > 0)
        return value / terms["rate"], percent

    def _get_kam_first_terms(self):
        """Return the terms of the first version of the deal that the customer was sent."""
        version = self.kam_version_id
        return (version.first_id or version).terms

    def _prepare_kam_terms(self):
        """Return what the quotation says now, see ``concessions``.

        To be asked by ``sudo``.
        """
        self.ensure_one()
        keys, former = self.kam_line_keys or {}, {}
        if self.kam_version_id:
            lines = self._get_kam_first_terms()["lines"]
            former = {("product", line["product"]): line for line in lines}
            former |= {line["key"]: line for line in lines}
        terms = []
        for line in self.order_line:
            if not line.display_type and not line.is_downpayment:
                key = keys.get(str(line._origin.id), line._origin.id)
                same = former.get(("product", line.product_id.id))
                line_terms = line._prepare_kam_terms(former.get(key) or same)
                terms.append({"key": key, **line_terms})
        return {
            "currency": self.currency_id.id,
            "rate": self.currency_rate or 1,
            "rounding": self.currency_id.rounding,
            "untaxed": self.amount_untaxed,
            "term": self.payment_term_id.id,
            "validity": str(self.validity_date or ""),
            "lines": terms,
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_kam_terms(self, former):
        """Return what the line says, see ``concessions``.

        :param dict former: the first version's line, in whose unit it is said; or None
        """
        product, unit = self.product_id, self.product_uom_id
        quantity, price = self.product_uom_qty, self.price_unit
        if former and unit:
            # kept before: in the unit of the product
            was = unit.browse(former["unit"]) if "unit" in former else product.uom_id
            if was and was != unit:
                quantity = unit._compute_quantity(quantity, was, round=False)
                price, unit = unit._compute_price(price, was), was
        terms = {
            "product": product.id,
            "unit": unit.id,
            "quantity": quantity,
            "price": price,
            "discount": self.discount,
            "subtotal": self.price_subtotal,
            "worth": self._get_kam_worth(price) if not self.price_subtotal else 0,
        }
        if former and product and former["product"] != product.id:
            terms["scale"] = self._get_kam_scale(former["product"])
        return terms

    def _get_kam_scale(self, former):
        """Return how many times as much as the former product this one costs usually.

        :param int former: product
        :return: 0 where one of them has no usual price
        """
        usual = self.env["product.product"].browse(former).exists().lst_price
        return self.product_id.lst_price / usual if usual else 0

    def _get_kam_worth(self, price):
        """Return what a unit of this free line costs usually, in the order's currency.

        Without taxes. The head of a combo is free: what is in it has the price.

        :param float price: of a unit, before the discount
        """
        if self.product_type == "combo":
            return 0
        order, taxes = self.order_id, self.tax_ids
        usual = price or (self.product_id.lst_price or 0) * (order.currency_rate or 1)
        if not any(tax.price_include for tax in taxes.flatten_taxes_hierarchy()):
            return usual
        return taxes.compute_all(
            usual, order.currency_id, 1, self.product_id, order.partner_shipping_id
        )["total_excluded"]
