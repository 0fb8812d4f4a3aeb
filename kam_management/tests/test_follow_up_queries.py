from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .test_concession import ConcessionCommon

# What we do when a quotation is sent or confirmed.
OURS = (
    "_kam_handle_sent",
    "_kam_handle_ordered",
    "_kam_check_concessions",
)


@tagged("post_install", "-at_install")
class TestFollowUpQueries(ConcessionCommon):
    """Sending and confirming ask the database for little more than without us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kam.concession.limit"].create({"percent": 50})

    def test_sending(self):
        self.assertCheap(lambda order: order.action_quotation_sent(), self._draft)

    def test_confirming_what_was_not_sent(self):
        self.assertCheap(lambda order: order.action_confirm(), self._draft, most=0)

    def test_confirming_what_was_sent(self):
        self.assertCheap(lambda order: order.action_confirm(), self._sent)

    def test_sending_again_with_concessions(self):
        self.assertCheap(self._mail, self._lower)

    def test_confirming_with_concessions(self):
        self.assertCheap(lambda order: order.action_confirm(), self._lower)

    def test_colleagues_without_our_groups(self):
        def make():
            return self._draft(user_id=self.guest.id)

        self.assertCheap(lambda order: order.action_quotation_sent(), make, most=0)

    def _mail(self, order):
        """Send a quotation as its button does."""
        context = order.action_quotation_send()["context"]
        composer = self.env["mail.compose.message"].with_context(**context)
        composer.with_user(order.user_id).create(
            {"partner_ids": [Command.set(self.eva.ids)]}
        )._action_send_mail()

    def _lower(self):
        order = self._sent()
        order.order_line.discount = 5
        return order

    def assertCheap(self, do, make, most=6):
        """Assert how many queries more it takes than without us, caches warm."""
        with_us = [self._count(do, make) for _turn in range(2)][-1]
        model = type(self.env["sale.order"])
        patches = [patch.object(model, name, lambda self, *a: None) for name in OURS]
        for one in patches:
            one.start()
        try:
            without = [self._count(do, make) for _turn in range(2)][-1]
        finally:
            for one in patches:
                one.stop()
        self.assertLessEqual(with_us - without, most, f"{with_us} against {without}")

    def _count(self, do, make):
        order = make()
        self.env.flush_all()
        self.env.invalidate_all()
        order = order.with_user(order.user_id)
        before = self.cr.sql_log_count
        do(order)
        self.env.flush_all()
        return self.cr.sql_log_count - before
