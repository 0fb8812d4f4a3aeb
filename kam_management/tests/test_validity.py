from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .proposal_common import ProposalCommon


@tagged("post_install", "-at_install")
class TestValidity(ProposalCommon):
    """No quotation is sent to an account without a day until which its terms hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-01-12 12:00:00"))
        cls.company.kam_validity_days = 20

    def _assert_set(self, order, days=20):
        self.assertEqual(order.validity_date, date(2026, 1, 12) + timedelta(days=days))

    def test_a_draft_has_none_of_ours(self):
        self.assertFalse(self.order.validity_date)

    def test_each_way_of_sending_sets_it(self):
        def mail(order):
            action = order.action_quotation_send()
            self._assert_set(order)
            composer = self.env["mail.compose.message"].with_context(
                **action["context"]
            )
            composer.create({"body": "Dear all"})._action_send_mail()

        def share(order):
            wizard = self.env["portal.share"].with_context(
                active_model="sale.order", active_id=order.id
            )
            wizard.create({"partner_ids": self.customer.ids})

        for way in (
            mail,
            share,
            lambda order: order.action_quotation_sent(),
            lambda order: order.write({"state": "sent"}),
            lambda order: order.with_context(mark_so_as_sent=True).message_post(
                body="Dear all"
            ),
            lambda order: self.env["ir.actions.report"]._render_qweb_pdf(
                "sale.report_saleorder", order.ids
            ),
        ):
            order = self._quotation()
            with (
                self.subTest(way),
                mute_logger("odoo.addons.base.models.ir_actions_report"),
            ):
                way(order)
                self._assert_set(order)

    def test_one_that_is_made_as_sent_has_it(self):
        self._assert_set(self._quotation(state="sent"))

    def test_what_is_there_stays(self):
        self.order.validity_date = "2040-01-01"
        self.order.action_quotation_sent()
        self.assertEqual(str(self.order.validity_date), "2040-01-01")

    def test_default_of_odoo_comes_first(self):
        self.company.quotation_validity_days = 7
        order = self._quotation()
        order.action_quotation_sent()
        self._assert_set(order, 7)

    def test_customer_without_an_account_is_left_alone(self):
        stranger = self._create_customer("Nobody's")
        order = self._quotation(partner_id=stranger.id)
        order.action_quotation_send()
        order.action_quotation_sent()
        self.assertFalse(order.validity_date)

    def test_confirmed_order_is_left_alone(self):
        self.order.action_confirm()
        self.order._get_share_url()
        self.assertFalse(self.order.validity_date)

    def test_colleague_without_our_groups_is_not_stopped(self):
        self.order.user_id = self.seller
        self.order.with_user(self.seller).action_quotation_send()
        self.order.with_user(self.seller).action_quotation_sent()
        self._assert_set(self.order)

    def test_proposal_explains_it_as_a_guarantee(self):
        proposal = self._proposal()
        self.assertNotIn("guaranteed until", self._pages(proposal))
        self.order.validity_date = "2040-02-01"
        proposal.invalidate_recordset(["preview_html"])
        self.assertIn("guaranteed until Feb 1, 2040", self._pages(proposal))

    def test_setting_makes_sense(self):
        with self.assertUniqueViolation("1 to 730 days", "res.company"):
            self.company.kam_validity_days = 0
