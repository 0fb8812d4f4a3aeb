from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .moment_common import MomentCommon

JOB = "odoo.addons.kam_management.models.care.kam_moment_job"


@tagged("post_install", "-at_install")
class TestMomentJob(MomentCommon):
    """The job finds what changed since its last look, with the same few queries."""

    def _find(self, since, now=None):
        """Return what the job would look at."""
        return self.env["kam.evidence"]._find_changed_orders(
            since, now or fields.Datetime.now()
        )

    def _age(self, order):
        """Let an order and its lines be written long ago."""
        self.env.flush_all()
        for table, column in (("sale_order", "id"), ("sale_order_line", "order_id")):
            self.env.cr.execute(
                f"UPDATE {table} SET write_date = '2020-01-01' WHERE {column} = %s",
                [order.id],
            )
        self.env.invalidate_all()

    def test_changed_orders_are_found_and_no_others(self):
        since = self.env.cr.now() - timedelta(minutes=1)
        changes = {
            "confirmed": lambda order: order.action_confirm(),
            "delivered": lambda order: order.order_line.write({"qty_delivered": 1}),
            "added": lambda order: order.order_line.copy({"order_id": order.id}),
        }
        for name, change in changes.items():
            with self.subTest(change=name):
                order = self._draft()
                self._age(order)
                self.assertNotIn(order, self._find(since))
                change(order)
                self.assertIn(order, self._find(since))

    def test_quantity_that_odoo_works_out_is_found(self):
        """As the stock app does: computed, and never written by anybody."""
        since = self.env.cr.now() - timedelta(minutes=1)
        order = self._ordered()
        self._age(order)
        line = order.order_line
        Line = type(line)
        found = {line: 4.0}
        with patch.object(Line, "_prepare_qty_delivered", lambda self: found):
            self.env.add_to_compute(Line.qty_delivered, line)
            self.assertIn(order, self._find(since))
        self.assertEqual(line.qty_delivered, 4)

    def test_invoice_paid_is_found(self):
        since = self.env.cr.now() - timedelta(minutes=1)
        order = self._ordered()
        move = self._bill(order)
        self._age(order)
        self.env.cr.execute(
            "UPDATE account_move SET write_date = '2020-01-01' WHERE id = %s", [move.id]
        )
        self.assertNotIn(order, self._find(since))
        move.payment_state = "paid"
        self.assertIn(order, self._find(since))

    def test_anniversary_is_found_on_its_day(self):
        order = self._ordered()
        order.date_order = "2024-06-15 08:00:00"
        self._age(order)
        day = datetime(2026, 6, 15)
        hours = (day + timedelta(hours=7), day + timedelta(hours=9))
        self.assertIn(order, self._find(*hours))
        self.assertNotIn(order, self._find(hours[1], day + timedelta(days=1)))

    def test_the_job_itself(self):
        self._template()
        order = self._draft()
        order.action_confirm()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("kam_management.ir_cron_moments").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._states(order), ["open"])
        self.assertEqual(self.Moment._get_last_look(), fields.Datetime.now())

    def test_interrupted_job_looks_at_the_same_again(self):
        with (
            patch(f"{JOB}.do_each", side_effect=KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
        ):
            self.Moment._cron_moments()
        looked = self.env["ir.config_parameter"].sudo()
        self.assertFalse(looked.get_param("kam_management.moments_looked"))

    def test_bad_order_keeps_no_other_from_its_moment(self):
        self._template()
        good, bad, other = orders = self._draft() + self._draft() + self._draft()
        orders.action_confirm()
        Template = type(self.Template)
        fits = Template._fits

        def fail(self, account, order=None):
            if order.id == bad.id:
                raise ValueError("Bad")
            return fits(self, account, order)

        with patch.object(Template, "_fits", fail), mute_logger(JOB):
            self._look(orders)
        self.assertEqual(
            [len(self._moments(order)) for order in (good, bad, other)], [1, 0, 1]
        )

    def test_looking_takes_as_many_queries_for_many_orders(self):
        self._template()
        self._template("delivered")
        few = [self._draft() for _n in range(3)]
        many = [self._draft() for _n in range(30)]
        counts = []
        for orders in (few, few, many):
            orders = self.env["sale.order"].union(*orders)
            orders.filtered(lambda order: order.state != "sale").action_confirm()
            self._look(orders)
            self.env["kam.evidence"].flush_model()
            before = self.cr.sql_log_count
            self.Moment._look_at(orders)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_beginning_many_takes_few_queries_more(self):
        self._template()
        counts = []
        for number in (2, 2, 30):
            orders = self.env["sale.order"].union(
                *(self._draft() for _n in range(number))
            )
            orders.action_confirm()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Moment._look_at(orders)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2] - counts[1], 28 / 2, counts)

    def test_confirming_and_delivering_ask_nothing_more(self):
        """All work is the job's: no method of orders or lines is ours but for leaving."""
        self._template()
        for model in ("sale.order", "sale.order.line"):
            ours = {
                name
                for one in type(self.env[model]).mro()
                if one.__module__.startswith("odoo.addons.kam_management.models.care.")
                if vars(one).get("_inherit") == model
                for name, value in vars(one).items()
                if callable(value)
            }
            self.assertLessEqual(ours, {"unlink", "action_kam_moments"})
