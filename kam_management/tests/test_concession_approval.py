from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_concession import ConcessionCommon


class ApprovalCommon(ConcessionCommon):
    """Key account managers may concede 10 % and 500 by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.accountable_id = cls.head
        cls.Limit = cls.env["kam.concession.limit"]
        cls.limit = cls.Limit.create({"percent": 10, "amount": 500})

    def _lowered(self, price=80, **values):
        """Return a quotation of Anna's that was sent at 100, and lowered since."""
        order = self._sent(**values)
        order.order_line.price_unit = price
        return order.with_user(self.anna)

    def _asked(self, order):
        """Return the approval that is asked for, as the head of sales sees it."""
        self._ask(order)
        asked = order.sudo().kam_approval_ids.filtered(lambda a: a.state == "requested")
        return asked.with_user(self.head)

    def _ask(self, order, **values):
        """Ask for an approval by the dialog; return what it tells."""
        action = order.action_kam_request_approval()
        dialog = order.env[action["res_model"]].with_context(**action["context"])
        return dialog.create({"reason": "competitor", **values}).action_ask()


@tagged("post_install", "-at_install")
class TestConcessionApproval(ApprovalCommon):
    """Beyond the limit of the salesperson a head of sales decides."""

    def test_within_the_limit_nobody_is_asked(self):
        order = self._lowered(90)
        self.assertFalse(order.kam_approval)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_beyond_it_is_neither_sent_nor_confirmed_by_any_way(self):
        order = self._lowered()
        self.assertEqual(order.kam_approval, "needed")
        ways = {
            "button": order.action_confirm,
            "api": lambda: order.write({"state": "sale"}),
            "mail": order.action_quotation_send,
            "post": lambda: order.with_context(mark_so_as_sent=True).message_post(
                body="Again"
            ),
            "superuser": order.sudo().action_confirm,
            "robot": order.with_user(self.env.ref("base.user_root")).action_confirm,
            "import": lambda: order._load_records_write({"state": "sale"}),
        }
        for way, do in ways.items():
            with self.subTest(way), self.assertRaisesRegex(UserError, "10"):
                do()
        order.action_draft()
        with self.assertRaisesRegex(UserError, "Request Approval"):
            order.action_quotation_sent()
        self.assertEqual(order.state, "draft")
        self.assertEqual(len(order.kam_version_ids), 1)

    def test_the_amount_counts_too(self):
        order = self._draft()
        order.order_line.product_uom_qty = 1000
        order.action_quotation_sent()
        order.order_line.price_unit = 99
        self.assertEqual(order.kam_approval, "needed")
        self.limit.amount = 0
        order.invalidate_recordset()
        self.assertFalse(order.kam_approval)

    def test_what_was_asked_is_approved(self):
        order = self._lowered()
        with self.assertRaises(UserError):
            order.action_confirm()
        approval = self._asked(order)
        self.assertEqual((approval.amount, approval.percent), (200, 20))
        self.assertEqual(order.kam_approval, "requested")
        self.assertEqual(approval.activity_ids.user_id, self.head)
        approval.with_user(self.anna).write(
            {"reason": "competitor", "in_return": "Two years"}
        )
        with self.assertRaises(UserError):
            order.action_confirm()
        approval.action_approve()
        self.assertEqual(approval.decided_by_id, self.head)
        self.assertEqual(approval.date_decided, date(2026, 1, 15))
        self.assertFalse(approval.activity_ids)
        message = order.message_ids[0]
        self.assertEqual(message.notified_partner_ids, self.anna.partner_id)
        order.action_confirm()
        concession = order.kam_concession_ids
        concession.sudo()._complete()
        self.assertEqual(concession.reason, "competitor")
        self.assertEqual(concession.in_return, "Two years")

    def test_state_and_price_in_one_breath(self):
        order = self._sent().with_user(self.anna)
        line = [(1, order.order_line.id, {"price_unit": 1})]
        with self.assertRaises(UserError):
            order.write({"state": "sale", "order_line": line})

    def test_the_percent_is_of_what_is_sold_now(self):
        order = self._sent()
        self.limit.amount = 0
        order.order_line.write({"product_uom_qty": 1, "price_unit": 50})
        self.assertAlmostEqual(order.kam_conceded_percent, 50)
        order.order_line.write({"product_uom_qty": 100, "price_unit": 98})
        self.assertAlmostEqual(order.kam_conceded_percent, 2)
        self.assertFalse(order.kam_approval)

    def test_lines_added_do_not_make_the_percent_smaller(self):
        order = self._lowered()
        values = {"product_id": self.product.id, "price_unit": 9000, "tax_ids": False}
        product = self._product(9000)
        order.order_line = [Command.create({**values, "product_id": product.id})]
        self.assertAlmostEqual(order.sudo().kam_conceded_percent, 20)

    def test_an_approval_is_of_its_percent_too(self):
        order = self._lowered()
        self._asked(order).action_approve()
        order.order_line.write({"product_uom_qty": 2, "price_unit": 1})
        self.assertEqual(order.kam_approval, "needed")

    def test_nobody_as_salesperson_opens_no_door(self):
        order = self._draft().with_user(self.anna)
        order.user_id = False
        order.action_quotation_sent()
        order.order_line.price_unit = 1
        order.user_id = self.anna
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_the_customer_is_told_no_limit_and_sends_nothing(self):
        order = self._lowered()
        public = order.with_user(self.env.ref("base.public_user")).sudo()
        with self.assertRaises(UserError) as caught:
            public.write({"state": "sale"})
        self.assertNotIn("10", str(caught.exception).replace(order.name, ""))
        public.with_context(mark_so_as_sent=True).message_post(body="Hello")
        self.assertEqual(len(order.sudo().kam_version_ids), 1)

    def test_a_deleted_former_version_still_counts(self):
        order = self._sent()
        action = order.with_user(self.anna).action_kam_new_version()
        following = self.env["sale.order"].browse(action["res_id"])
        order.unlink()
        following.order_line.price_unit = 1
        self.assertEqual(following.kam_approval, "needed")

    def test_what_was_taken_back_needs_no_decision(self):
        order = self._lowered()
        approval = self._asked(order)
        order.order_line.price_unit = 100
        self.env["kam.concession.approval"].sudo()._call_off()
        self.assertEqual(approval.state, "void")
        self.assertFalse(approval.activity_ids)

    def test_further_changes_make_it_void(self):
        order = self._lowered()
        self._asked(order).action_approve()
        order.order_line.price_unit = 85
        self.assertFalse(order.kam_approval)
        order.order_line.price_unit = 79
        self.assertEqual(order.kam_approval, "needed")
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_refused_with_a_reason(self):
        order = self._lowered()
        approval = self._asked(order)
        with self.assertRaisesRegex(UserError, "Reason for the Decision"):
            approval.action_refuse()
        approval.decision_reason = "Our costs have risen"
        approval.action_refuse()
        self.assertEqual(order.kam_approval, "needed")
        self.assertIn("costs have risen", order.message_ids[0].body)
        with self.assertRaises(UserError):
            approval.action_approve()

    def test_only_heads_decide(self):
        approval = self._asked(self._lowered()).with_user(self.anna)
        for decide in (approval.action_approve, approval.action_refuse):
            with self.assertRaises(UserError):
                decide()
        for values in (
            {"state": "approved"},
            {"amount": 1000},
            {"decision_reason": "Fine"},
            {"decided_by_id": self.head.id},
        ):
            with self.assertRaises(AccessError):
                approval.write(values)
        with self.assertRaises(AccessError):
            approval.create({"order_id": approval.order_id.id, "state": "approved"})
        self.assertEqual(approval.state, "requested")

    def test_heads_approve_by_doing_it_themselves(self):
        order = self._lowered()
        order.with_user(self.head).action_confirm()
        approval = order.sudo().kam_approval_ids
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.decided_by_id, self.head)
        other = self._lowered()
        asked = self._asked(other)
        other.with_user(self.head).with_context(mark_so_as_sent=True).message_post(
            body="Again"
        )
        self.assertEqual(asked.state, "approved")
        other.action_confirm()

    def test_asked_again_it_is_the_same_with_the_figures_of_now(self):
        order = self._lowered()
        approval = self._asked(order)
        order.order_line.price_unit = 70
        self.assertEqual(self._asked(order), approval)
        self.assertEqual(approval.amount, 300)

    def test_approval_goes_on_in_a_new_version(self):
        order = self._lowered()
        self._asked(order).action_approve()
        action = order.action_kam_new_version()
        following = self.env["sale.order"].browse(action["res_id"])
        self.assertFalse(following.kam_approval)
        following.order_line.price_unit = 60
        self.assertEqual(following.kam_approval, "needed")

    def test_what_is_over_needs_no_decision(self):
        order = self._lowered()
        approval = self._asked(order)
        order._action_cancel()
        self.env["kam.concession.approval"]._call_off()
        self.assertEqual(approval.state, "void")
        self.assertFalse(approval.activity_ids)

    def test_who_is_asked_where_nobody_is_accountable(self):
        self.account.accountable_id = False
        heads = self._asked(self._lowered()).activity_ids.user_id
        self.assertIn(self.head, heads)

    # Whose limit

    def test_the_most_special_limit_counts(self):
        def may_concede(user):
            return self.Limit._find(self.company, user)

        self.assertEqual(may_concede(self.anna), (10, 500))
        self.assertEqual(may_concede(self.guest), None)
        group = self.env.ref("sales_team.group_sale_salesman")
        self.Limit.create({"group_id": group.id, "percent": 3})
        self.assertEqual(may_concede(self.guest), (3, 0))
        self.assertEqual(may_concede(self.anna), (3, 0))
        mine = self.Limit.create({"user_id": self.anna.id, "percent": 2})
        self.assertEqual(may_concede(self.anna), (2, 0))
        mine.unlink()
        self.assertEqual(may_concede(self.anna), (3, 0))
        other = self._create_company("Other Company")
        self.assertEqual(self.Limit._find(other, self.anna), None)

    def test_one_limit_each(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.Limit.create({"percent": 5})

    def test_colleagues_without_a_limit_concede_what_they_like(self):
        order = self._lowered(1, user_id=self.guest.id).with_user(self.guest)
        self.assertFalse(order.kam_approval)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_colleagues_with_a_limit_ask_as_well(self):
        self.Limit.create({"user_id": self.guest.id, "percent": 5})
        order = self._lowered(user_id=self.guest.id).with_user(self.guest)
        self.assertFalse(order.sudo().kam_follow_up)
        with self.assertRaisesRegex(UserError, "Request Approval"):
            order.action_confirm()
        action = self._ask(order)
        self.assertIn("Head", action["params"]["message"])
        order.sudo().kam_approval_ids.with_user(self.head).action_approve()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_another_salesperson_does_not_help(self):
        """The limit of who sent it counts beside that of whose quotation it is."""
        for user in (self.guest, self.boris):
            order = self._lowered()
            order.sudo().user_id = user
            with self.assertRaises(UserError):
                order.with_user(self.guest).action_confirm()

    # The customer

    def test_the_customer_waits_in_the_portal(self):
        order = self._lowered(require_signature=True, require_payment=False).sudo()
        self.assertFalse(order._has_to_be_signed())
        self._asked(order.with_user(self.anna)).action_approve()
        order.invalidate_recordset()
        self.assertTrue(order._has_to_be_signed())

    def test_what_was_paid_is_confirmed_by_the_approval(self):
        order = self._lowered()
        approval = self._asked(order)
        self.assertFalse(order.sudo()._is_confirmation_amount_reached())
        with patch.object(type(order), "_kam_is_paid", lambda self: True):
            approval.action_approve()
        self.assertEqual(order.state, "sale")

    def test_it_waits_on_the_day_of_the_head(self):
        order = self._lowered()
        approval = self._asked(order)
        rows = self.env["kam.cockpit"].with_user(self.head).get_my_decisions()["rows"]
        [row] = [row for row in rows if row["model"] == approval._name]
        self.assertEqual(row["id"], approval.id)
        self.assertIn(order.name, row["note"])
        self.assertIn("200", row["note"])
        self.assertIn("Competing Offer", row["note"])
        self.assertEqual(
            [button["label"] for button in row["buttons"]], ["Approve", "Refuse"]
        )

    def test_it_waits_on_the_day_of_who_asked(self):
        order = self._lowered()
        approval = self._asked(order)
        cockpit = self.env["kam.cockpit"]
        [reason] = cockpit.with_user(self.anna)._find_waiting()
        self.assertEqual((reason.record, reason.account), (approval, self.account))
        self.assertIn(order.name, reason.text)
        self.assertFalse(cockpit.with_user(self.head)._find_waiting())
        approval.action_approve()
        self.assertFalse(cockpit.with_user(self.anna)._find_waiting())

    def test_nobody_is_asked_before_the_reason_is_said(self):
        order = self._lowered()
        order.action_kam_request_approval()
        self.assertEqual(order.kam_approval, "needed")
        self.assertFalse(order.kam_approval_ids)
        self._ask(order, reason="budget", in_return="A reference")
        self.assertRecordValues(
            order.kam_approval_ids, [{"reason": "budget", "in_return": "A reference"}]
        )

    def test_who_may_not_send_it_is_not_offered_to(self):
        order = self._lowered()
        self.assertTrue(order.kam_is_locked)
        self.assertFalse(order.with_user(self.head).kam_is_locked)
        self._asked(order).action_approve()
        order.invalidate_recordset()
        self.assertFalse(order.kam_is_locked)

    def test_nobody_asks_for_quotations_of_others(self):
        order = self._lowered()
        Dialog = self.env["kam.concession.request"].with_user(self.boris)
        with self.assertRaises(AccessError):
            Dialog.create({"order_id": order.id, "reason": "budget"}).action_ask()
