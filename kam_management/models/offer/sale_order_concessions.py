from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models

from ..common import clock
from .concessions import TERM, VALIDITY, VOLUME, compare

# What has no value of its own is told against the terms before, not the first ones.
WITHOUT_VALUE = (VOLUME, TERM, VALIDITY)
# What may concede something after an order was confirmed.
ORDER_TERMS = {"order_line", "payment_term_id", "pricelist_id", "currency_id"}
LINE_TERMS = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "display_type",
}
WATCHED = "kam_watched_orders"


class SaleOrder(models.Model):
    """What is conceded is recorded when a quotation is sent or confirmed, and afterwards.

    What is recorded of a deal adds up to what it concedes against its first version. Where
    a customer has several quotations of one deal, see ``copy``, what the others concede
    already is not recorded again.

    An order that is changed after it was confirmed is compared in the same way. What goes
    beyond the limit then is refused, unless a head of sales does it, or a program by
    ``sudo``, such as deliveries.
    """

    _inherit = "sale.order"

    def write(self, vals):
        if not ORDER_TERMS & vals.keys():
            return super().write(vals)
        with self._kam_watch_ordered():
            return super().write(vals)

    @contextmanager
    def _kam_watch_ordered(self):
        """Record what is conceded meanwhile in orders, and refuse what is too much."""
        # not in the context, which comes from the client
        watched = self.env.cr.precommit.data.setdefault(WATCHED, set())
        # sudo: versions count for whoever changes the order
        orders = self.sudo().filtered(
            lambda order: (
                order.kam_version_id
                and order.state == "sale"
                and order.id not in watched
            )
        )
        before = {order: order._prepare_kam_terms() for order in orders}
        watched |= set(orders.ids)
        try:
            yield
        finally:
            watched -= set(orders.ids)
        for order, terms in before.items():
            order.with_env(self.env)._kam_handle_changed(terms)

    def _kam_handle_changed(self, before):
        """Record what was conceded in an order since some terms.

        :param dict before: terms
        :raise UserError: when it is beyond the limit
        """
        # sudo: as above
        order = self.sudo()
        if order.state != "sale":
            return
        recorded = order._kam_record_concessions(before, order._prepare_kam_terms())
        if not self.env.su and any(one.value > 0 for one in recorded):
            self._kam_check_concessions()

    def _kam_keep_version(self):
        """Keep what was sent, and what it concedes against what was sent before.

        To be asked by ``sudo``.
        """
        last, terms = self.kam_version_id, self._prepare_kam_terms()
        if last:
            self._kam_record_concessions(last.terms, terms)
        self.kam_version_id = self.env["kam.quotation.version"].create(
            {
                "order_id": self.id,
                # nobody's quotation is of who sends it
                "user_id": (self.user_id or self.env.user).id,
                "terms": terms,
                "first_id": (last.first_id or last).id,
            }
        )

    def _kam_record_concessions(self, before, terms):
        """Record what is conceded now and was not yet, or what was taken back.

        :param dict before: the last terms of which it was recorded
        :param dict terms: of now
        :return: ``kam.concession`` recorded
        """
        if before == terms:
            return self.env["kam.concession"]
        last, is_zero = self.kam_version_id, self.currency_id.is_zero
        first = last.first_id or last
        found = compare(first.terms, terms)
        own, others = self._get_kam_recorded(first, terms)
        due = {}
        for what in {**found, **own}:
            if what[0] not in WITHOUT_VALUE:
                value = max(found.get(what, 0) - others[what], 0) - own[what]
                due |= {} if is_zero(value) else {what: value}
        told = {what for what in compare(before, terms) if what[0] == VOLUME}
        told |= self._get_kam_longer(before, terms)
        return self._kam_create_concessions(
            first, {**dict.fromkeys(sorted(told), 0), **due}, terms
        )

    def _get_kam_recorded(self, first, terms):
        """Return what was recorded of a deal so far, in the currency of now.

        :return: {(kind, key): value} of this quotation and the cancelled ones before, and
            the same of the others
        """
        recorded = self.env["kam.concession"].search(
            [("first_id", "=", first.id), ("kind", "not in", WITHOUT_VALUE)]
        )
        own, others = defaultdict(float), defaultdict(float)
        for one in recorded:
            is_own = one.order_id == self or one.order_id.state == "cancel"
            is_same = one.currency_id.id == terms["currency"]
            (own if is_own else others)[one.kind, one.key] += (
                one.value if is_same else one.value_company * terms["rate"]
            )
        return own, others

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
        :return: ``kam.concession``
        """
        if not values:
            return self.env["kam.concession"]
        products = {line["key"]: line["product"] for line in terms["lines"]}
        return self.env["kam.concession"].create(
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

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("order_id") for vals in vals_list} - {None, False}
        with self.env["sale.order"].browse(ids)._kam_watch_ordered():
            return super().create(vals_list)

    def write(self, vals):
        if not LINE_TERMS & vals.keys():
            return super().write(vals)
        # what a delivery costs is known when it is sent
        lines = self.filtered(lambda line: not line._is_delivery())
        with lines.order_id._kam_watch_ordered():
            return super().write(vals)
