from odoo import Command
from odoo.tests import tagged

from .moment_common import MomentCommon


@tagged("post_install", "-at_install")
class TestMomentDelivery(MomentCommon):
    """Delivered, invoiced and paid: by what Odoo's orders and invoices say."""

    def test_first_delivery_and_fully_delivered(self):
        first, full = self._template("first_delivery"), self._template("delivered")
        order = self._ordered(10, 5)
        self.assertFalse(self._moments(order))
        self._deliver(order, 4, 0)
        self.assertEqual(self._moments(order).template_id, first)
        self._deliver(order, 20, 0)
        self.assertEqual(
            self._moments(order).template_id, first, "not all of each line"
        )
        self._deliver(order, 10, 5)
        self.assertEqual(self._moments(order).template_id, first + full)

    def test_delivered_before_anybody_looked(self):
        confirmed, full = self._template(), self._template("delivered")
        order = self._draft()
        order.action_confirm()
        self._deliver(order, 10)
        self.assertEqual(self._moments(order).template_id, confirmed + full)

    def test_each_delivery_begins_its_own(self):
        self._template("delivery")
        order = self._ordered(10)
        for quantity in (2, 2, 7):
            self._deliver(order, quantity)
        self.assertEqual(self._moments(order).mapped("number"), [1, 2])
        self.assertEqual(self._moments(order).mapped("quantity"), [2, 7])

    def test_returned_goods_call_it_off_and_delivered_again_take_it_up(self):
        self._template("delivered")
        order = self._ordered(10)
        self._deliver(order, 10)
        self._deliver(order, 6)
        self.assertEqual(self._states(order), ["cancelled"])
        self._deliver(order, 10)
        self.assertEqual(self._states(order), ["open"])

    def test_returned_delivery_is_no_further_one_when_made_anew(self):
        self._template("delivery")
        order = self._ordered(10)
        self._deliver(order, 3)
        self._deliver(order, 6)
        self._deliver(order, 3)
        self.assertEqual(self._states(order), ["open", "cancelled"])
        self._deliver(order, 3)
        self.assertEqual(self._states(order), ["open", "cancelled"])
        self._deliver(order, 6)
        self.assertEqual(self._states(order), ["open", "open"])

    def test_returned_after_it_was_done_it_stays_done(self):
        self._template("first_delivery")
        order = self._ordered(10)
        self._deliver(order, 10)
        self._moments(order).activity_ids.action_done()
        self._deliver(order, 0)
        self.assertEqual(self._states(order), ["done"])

    def test_service_by_milestones_is_delivered_part_by_part(self):
        first, full = self._template("first_delivery"), self._template("delivered")
        order = self._ordered(1)
        self._deliver(order, 0.25)
        self.assertEqual(self._moments(order).template_id, first)
        self._deliver(order, 1)
        self.assertEqual(self._moments(order).template_id, first + full)

    def test_unnoted_service_does_not_hold_up_goods(self):
        """Transport is on most orders, and nobody notes it as delivered."""
        self._template("delivered")
        goods = self.env["product.product"].create({"name": "Pump", "type": "consu"})
        order = self._ordered(1)
        order.order_line = [Command.create({"product_id": goods.id})]
        self._deliver(order, 0, 1)
        self.assertEqual(self._states(order), ["open"])

    def test_services_alone_are_each_to_be_noted(self):
        self._template("delivered")
        order = self._ordered(1, 1)
        self._deliver(order, 1, 0)
        self.assertFalse(self._moments(order))

    def test_invoiced_before_delivery_and_paid(self):
        invoiced, paid = self._template("invoiced"), self._template("paid")
        full = self._template("delivered")
        order = self._ordered(10)
        move = self._bill(order)
        self.assertFalse(self._moments(order))
        move.action_post()
        self._look(order)
        self.assertEqual(self._moments(order).template_id, invoiced)
        move.payment_state = "paid"
        self._look(order)
        self.assertEqual(self._moments(order).template_id, invoiced + paid)
        self._deliver(order, 10)
        self.assertEqual(self._moments(order).template_id, invoiced + paid + full)
