from odoo import Command
from odoo.tests import tagged

from .test_concession import ConcessionCommon


@tagged("post_install", "-at_install")
class TestConcessionCopy(ConcessionCommon):
    """Copies, other products and other taxes are compared with what was sent first."""

    def test_a_copy_of_what_was_sent_is_compared_with_it(self):
        copy = self._sent().with_user(self.anna).copy()
        self.assertFalse(copy.kam_follow_up)
        self.assertFalse(copy.kam_conceded)
        copy.order_line.price_unit = 80
        self.assertEqual(copy.kam_conceded, 200)
        copy.action_confirm()
        self.assertEqual(self._recorded(copy), [("price", 200)])

    def test_what_the_original_concedes_is_not_recorded_again(self):
        order = self._sent()
        order.order_line.price_unit = 90
        self._send(order)
        copy = order.copy()
        copy.order_line.price_unit = 95
        copy.action_quotation_sent()
        self.assertFalse(self._recorded(copy))
        copy.order_line.price_unit = 70
        self._send(copy)
        self.assertEqual(self._recorded(copy), [("price", 200)])

    def test_a_copy_of_a_copy_and_of_a_cancelled_one(self):
        order = self._sent()
        order._action_cancel()
        second = order.copy().copy()
        second.order_line.price_unit = 50
        self.assertEqual(second.kam_conceded, 500)

    def test_a_deleted_original_still_counts(self):
        order = self._sent()
        copy = order.copy()
        order._action_cancel()
        order.unlink()
        copy.order_line.price_unit = 50
        self.assertEqual(copy.kam_conceded, 500)

    def test_it_begins_anew_for_others_of_an_order_and_once_expired(self):
        other = self._create_customer("Another Customer")
        order = self._sent()
        copies = order.copy({"partner_id": other.id})
        moved = order.copy()
        moved.partner_id = other
        copies |= moved
        order.validity_date = "2026-01-14"
        copies |= order.copy()
        order.validity_date = False
        order.action_confirm()
        copies |= order.copy()
        self.assertEqual(len(copies), 4)
        for copy in copies:
            copy.order_line.price_unit = 1
            self.assertFalse(copy.kam_conceded)
            self.assertFalse(copy.kam_version_id)

    def test_never_sent_there_is_nothing_to_compare(self):
        self.assertFalse(self._draft().copy().kam_version_id)

    def test_put_in_again_in_another_unit(self):
        order = self._draft()
        order.order_line.product_uom_qty = 24
        order.action_quotation_sent()
        order.order_line.unlink()
        dozen = {"product_uom_id": self.env.ref("uom.product_uom_dozen").id}
        values = {"product_id": self.product.id, "product_uom_qty": 2, "tax_ids": False}
        order.order_line = [Command.create({**values, **dozen, "price_unit": 1140})]
        self.assertEqual(order.kam_conceded, 120)

    # Other products

    def test_another_product_in_its_place_is_compared_by_what_both_cost(self):
        order = self._sent()
        self.product.list_price, larger = 100, self._product(200)
        line = order.order_line
        line.write({"product_id": larger.id, "price_unit": 200})
        self.assertEqual(order.kam_conceded, 0)
        line.price_unit = 150
        self.assertEqual((order.kam_conceded, order.kam_conceded_percent), (500, 25))
        self._send(order)
        self.assertEqual(self._recorded(order), [("price", 500)])

    def test_without_a_usual_price_it_is_another_line(self):
        order = self._sent()
        self.product.list_price, other = 0, self._product(200)
        order.order_line.write({"product_id": other.id, "price_unit": 10})
        self.assertEqual(order.kam_conceded, 0)

    # Taxes

    def test_the_same_price_with_its_taxes_included_is_no_concession(self):
        order = self._sent()
        line = order.order_line
        line.write({"tax_ids": self._tax().ids, "price_unit": 120})
        self.assertEqual(line.price_subtotal, 1000)
        self.assertEqual(order.kam_conceded, 0)
        line.price_unit = 108
        self.assertEqual(order.kam_conceded, 100)

    def test_rounding_is_no_concession(self):
        order = self._draft()
        line = order.order_line
        line.write({"tax_ids": self._tax().ids, "price_unit": 9.99})
        line.product_uom_qty = 1
        order.action_quotation_sent()
        for quantity in (3, 7, 10, 1234):
            line.write({"product_uom_qty": quantity, "price_unit": 9.99})
            self.assertEqual(order.kam_conceded, 0, quantity)

    def test_a_free_extra_is_worth_its_price_without_taxes(self):
        order = self._sent()
        gift = {
            "product_id": self._product(12).id,
            "tax_ids": self._tax().ids,
            "price_unit": 12,
            "discount": 100,
        }
        order.order_line = [Command.create(gift)]
        self.assertEqual(order.kam_conceded, 10)

    def _tax(self):
        """Return a tax of 20 % that prices include."""
        country = self.company.account_fiscal_country_id or self.env.ref("base.us")
        group = self.env["account.tax.group"].create(
            {"name": "20 %", "company_id": self.company.id, "country_id": country.id}
        )
        return self.env["account.tax"].create(
            {
                "name": "20 % included",
                "amount": 20,
                "price_include_override": "tax_included",
                "company_id": self.company.id,
                "country_id": country.id,
                "tax_group_id": group.id,
            }
        )
