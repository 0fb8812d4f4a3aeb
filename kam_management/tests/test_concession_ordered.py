from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_concession_approval import ApprovalCommon


@tagged("post_install", "-at_install")
class TestConcessionOrdered(ApprovalCommon):
    """What is conceded after the order was confirmed is recorded, too much refused."""

    def _ordered(self, **values):
        order = self._sent(**values).with_user(values.get("user_id") or self.anna)
        order.action_confirm()
        return order

    def test_within_the_limit_it_is_recorded_and_taken_back(self):
        order = self._ordered()
        order.order_line.price_unit = 95
        order.order_line.discount = 2
        order.order_line.write({"price_unit": 100, "discount": 0})
        recorded = self._recorded(order.sudo())
        self.assertEqual(recorded[:2], [("price", 50), ("discount", 19)])
        self.assertEqual({*recorded[2:]}, {("price", -50), ("discount", -19)})

    def test_beyond_it_is_refused_by_any_way(self):
        order = self._ordered()
        line, off = order.order_line, self._product(0)
        new = {"product_id": off.id, "price_unit": -500, "tax_ids": False}

        def fill_in():
            with Form(order) as form, form.order_line.edit(0) as row:
                row.price_unit = 50

        ways = {
            "form": fill_in,
            "line": lambda: line.write({"discount": 50}),
            "order": lambda: order.write(
                {"order_line": [Command.update(line.id, {"price_unit": 50})]}
            ),
            "new line": lambda: order.write({"order_line": [Command.create(new)]}),
            "created": lambda: line.create({**new, "order_id": order.id}),
            "import": lambda: line._load_records_write({"price_unit": 50}),
        }
        for way, do in ways.items():
            with (
                self.subTest(way),
                self.assertRaisesRegex(UserError, "head of sales"),
                self.cr.savepoint(),
            ):
                do()
        self.assertEqual(order.amount_untaxed, 1000)
        self.assertFalse(self._recorded(order.sudo()))

    def test_what_was_conceded_before_hinders_no_other_change(self):
        order = self._lowered()
        self._asked(order).action_approve()
        order.action_confirm()
        self.env["kam.concession.approval"].sudo().search([]).unlink()
        order.order_line.name = "Other words"
        order.order_line.product_uom_qty = 5
        order.order_line.price_unit = 85
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 70

    def test_lines_of_one_save_count_together(self):
        order = self._draft()
        line = order.order_line.copy({"order_id": order.id})
        order.action_quotation_sent()
        order.with_user(self.anna).action_confirm()
        up, down = order.with_user(self.anna).order_line
        self.assertEqual(down, line)
        order.with_user(self.anna).write(
            {
                "order_line": [
                    Command.update(down.id, {"price_unit": 91}),
                    Command.update(up.id, {"price_unit": 120}),
                ]
            }
        )
        self.assertEqual(self._recorded(order), [("price", 90)])

    def test_heads_concede_it_and_that_is_on_record(self):
        order = self._ordered()
        order.order_line.with_user(self.head).price_unit = 50
        self.assertEqual(order.sudo().kam_approval_ids.decided_by_id, self.head)
        self.assertEqual(self._recorded(order.sudo()), [("price", 500)])

    def test_programs_are_recorded_and_not_stopped(self):
        order = self._ordered()
        order.order_line.sudo().price_unit = 50
        self.assertEqual(self._recorded(order.sudo()), [("price", 500)])

    def test_longer_to_pay_and_less_volume_are_told_once(self):
        order = self._ordered()
        term = self.env["account.payment.term"].create(
            {
                "name": "60 days",
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 60})],
            }
        )
        order.payment_term_id = term
        order.order_line.product_uom_qty = 8
        order.order_line.name = "Eight"
        self.assertEqual(self._recorded(order.sudo()), [("term", 0), ("volume", 0)])

    def test_a_refused_change_leaves_the_order_to_the_next(self):
        order = self._ordered()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 50
        order.order_line.price_unit = 99
        self.assertEqual(self._recorded(order.sudo()), [("price", 10)])

    def test_deliveries_and_down_payments_concede_nothing(self):
        order = self._ordered()
        order.order_line.qty_delivered = 10
        values = {"name": "Paid", "price_unit": -300, "is_downpayment": True}
        order.order_line = [Command.create({**values, "tax_ids": False})]
        order.action_lock()
        self.assertFalse(self._recorded(order.sudo()))

    def test_colleagues_without_a_limit_change_what_they_like(self):
        self.limit.unlink()
        order = self._ordered(user_id=self.guest.id)
        order.order_line.price_unit = 1
        self.assertFalse(order.sudo().kam_concession_ids)
