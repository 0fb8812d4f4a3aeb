from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_follow_up import FollowUpCommon


class ConcessionCommon(FollowUpCommon):
    """A quotation of ten compressors at 100 each that Eva was sent."""

    def _send(self, order):
        """Send a quotation again."""
        order.with_context(mark_so_as_sent=True).message_post(body="Again")

    def _product(self, price):
        """Return another product that costs so much usually."""
        values = {"name": "Another Product", "list_price": price, "taxes_id": False}
        return self.env["product.product"].create(values)

    def _recorded(self, order):
        """Return what was recorded of a quotation, the oldest first: (kind, value)."""
        concessions = order.kam_concession_ids.sorted("id")
        return [(one.kind, one.value_company) for one in concessions]


@tagged("post_install", "-at_install")
class TestConcession(ConcessionCommon):
    """What is given away after a quotation was sent is recorded, and why."""

    def test_what_was_sent_is_kept_each_time(self):
        order = self._sent()
        order.order_line.price_unit = 90
        self._send(order)
        new, old = order.kam_version_ids
        self.assertEqual(order.kam_version_id, new)
        self.assertEqual(new.first_id, old)
        prices = [version.terms["lines"][0]["price"] for version in (old, new)]
        self.assertEqual(prices, [100, 90])

    def test_before_it_is_sent_nothing_is_conceded(self):
        order = self._draft()
        order.order_line.price_unit = 50
        order.action_quotation_sent()
        self.assertFalse(self._recorded(order))
        self.assertFalse(order.kam_conceded)

    def test_price_and_discount_are_recorded_when_it_is_sent_again(self):
        order = self._sent()
        order.order_line.write({"price_unit": 90, "discount": 10})
        self.assertFalse(self._recorded(order))
        self.assertEqual((order.kam_conceded, order.kam_conceded_percent), (190, 19))
        self._send(order)
        self.assertEqual(self._recorded(order), [("price", 100), ("discount", 90)])
        concession = order.kam_concession_ids[:1]
        self.env["kam.concession"]._complete()
        self.assertEqual(concession.account_id, self.account)
        self.assertEqual(concession.user_id, self.anna)
        self.assertEqual(concession.product_id, self.product)
        self.assertEqual(concession.date, date(2026, 1, 15))
        self.assertEqual(concession.days_to_quarter_end, 75)

    def test_confirmed_lower_than_sent(self):
        order = self._sent()
        order.order_line.discount = 5
        order.action_confirm()
        self.assertEqual(self._recorded(order), [("discount", 50)])

    def test_confirmed_as_it_was_sent(self):
        order = self._sent()
        order.action_confirm()
        self.assertFalse(self._recorded(order))

    def test_step_by_step_it_adds_up_to_what_is_conceded(self):
        order = self._sent()
        for price in (95, 80, 90):
            order.order_line.price_unit = price
            self._send(order)
        self.assertEqual(
            self._recorded(order), [("price", 50), ("price", 150), ("price", -100)]
        )
        self.assertEqual(order.kam_conceded, 100)

    def test_extras_and_discounts_on_all(self):
        order = self._sent()
        gift, off = self.env["product.product"].create(
            [
                {"name": "Filter", "list_price": 30, "taxes_id": False},
                {"name": "Discount", "list_price": 0, "taxes_id": False},
            ]
        )
        lines = [
            {"product_id": gift.id, "product_uom_qty": 2, "price_unit": 0},
            {"product_id": off.id, "price_unit": -80},
            {"product_id": gift.id, "price_unit": 25},
        ]
        order.order_line = [
            Command.create({**line, "tax_ids": False}) for line in lines
        ]
        self._send(order)
        self.assertEqual(self._recorded(order), [("extra", 60), ("discount", 80)])

    def test_what_is_left_out_is_no_concession_put_in_again_cheaper_it_is(self):
        order = self._sent()
        order.order_line.unlink()
        self.assertEqual(order.kam_conceded, 0)
        values = {"product_id": self.product.id, "product_uom_qty": 10}
        order.order_line = [Command.create({**values, "price_unit": 70})]
        self.assertEqual(order.kam_conceded, 300)

    def test_dozens_are_compared_with_units(self):
        order = self._draft()
        order.order_line.product_uom_qty = 24
        order.action_quotation_sent()
        dozen = self.env.ref("uom.product_uom_dozen")
        order.order_line.write(
            {"product_uom_id": dozen.id, "product_uom_qty": 2, "price_unit": 1200}
        )
        self.assertEqual(order.kam_conceded, 0)
        order.order_line.price_unit = 1140
        self.assertEqual(order.kam_conceded, 120)

    def test_longer_terms_and_smaller_volume_have_no_value_but_are_told(self):
        order = self._sent()
        later = self.env["account.payment.term"].create(
            {
                "name": "60 days",
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 60})],
            }
        )
        order.write({"payment_term_id": later.id, "validity_date": "2027-03-01"})
        order.order_line.product_uom_qty = 8
        self._send(order)
        self.assertEqual(
            sorted(self._recorded(order)), [("term", 0), ("validity", 0), ("volume", 0)]
        )
        self._send(order)
        self.assertEqual(len(order.kam_concession_ids), 3)

    def test_two_currencies(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "currency_id": euro.id,
                "company_id": self.company.id,
                "rate": 0.5,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": self.company.id}
        )
        order = self._draft(pricelist_id=pricelist.id)
        order.order_line.price_unit = 100
        order.action_quotation_sent()
        order.order_line.price_unit = 90
        self._send(order)
        concession = order.kam_concession_ids
        self.assertEqual((concession.value, concession.value_company), (100, 200))
        self.assertEqual(order.kam_conceded_percent, 10)

    # New versions

    def test_a_new_version_takes_the_place_of_the_quotation(self):
        order = self._sent()
        self._answer(order)
        action = order.with_user(self.anna).action_kam_new_version()
        following = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual((order.state, following.state), ("cancel", "draft"))
        self.assertEqual(following.kam_previous_order_id, order)
        self.assertEqual(following.validity_date, date(2027, 1, 1))
        self._follow(order, following)
        self.assertFalse(self._step(order))
        self.assertIn(following.name, order.message_ids[0].body)
        following.order_line.price_unit = 80
        self.assertEqual(following.kam_conceded, 200)
        following.with_user(self.anna).action_quotation_sent()
        self._follow(following)
        self.assertEqual(self._planned(following)[0], "next_steps")
        self.assertEqual(self._recorded(following), [("price", 200)])
        # and once more: lines are still those of the first
        action = following.with_user(self.anna).action_kam_new_version()
        third = self.env["sale.order"].browse(action["res_id"])
        third.order_line.price_unit = 75
        third.action_quotation_sent()
        self.assertEqual(self._recorded(third), [("price", 50)])

    def test_the_old_link_leads_to_what_is_in_force(self):
        order = self._sent()
        self.assertFalse(order._find_kam_newest())
        action = order.with_user(self.anna).action_kam_new_version()
        following = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order._find_kam_newest(), following)
        following.action_quotation_sent()
        action = following.with_user(self.anna).action_kam_new_version()
        third = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order._find_kam_newest(), third)
        self.assertFalse(third._find_kam_newest())
        # neither what is another's by now nor what is over
        third.partner_id = self.env["res.partner"].create({"name": "Somebody else"})
        self.assertFalse(order._find_kam_newest())
        third.partner_id = order.partner_id
        third._action_cancel()
        self.assertFalse(order._find_kam_newest())

    def test_only_what_was_sent_gets_a_new_version(self):
        with self.assertRaisesRegex(UserError, "not sent"):
            self._draft().action_kam_new_version()

    # Why

    def test_the_salesperson_says_why_and_nobody_changes_what(self):
        order = self._sent()
        order.order_line.discount = 5
        self._send(order)
        concession = order.kam_concession_ids.with_user(self.anna)
        concession.write({"reason": "close", "in_return": "Order this month"})
        with self.assertRaises(AccessError):
            concession.value = 1
        with self.assertRaises(AccessError):
            concession.with_user(self.boris).reason = "other"
        with self.assertRaises(AccessError):
            concession.unlink()
        self.assertEqual(concession.with_user(self.head).reason, "close")

    def test_the_last_days_of_a_quarter(self):
        order = self._sent()
        with freeze_time("2026-03-25 10:00:00"):
            order.order_line.discount = 5
            self._send(order)
        self.assertEqual(order.kam_concession_ids.days_to_quarter_end, 6)
