from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .handover_common import TODAY, HandoverCommon


@tagged("post_install", "-at_install")
class TestHandover(HandoverCommon):
    """Who looks after a customer changes, and the work goes along."""

    # Completing

    def test_roles_and_work_move_at_once(self):
        work = self._work(self.anna)
        handover = self._hand_over()
        self._complete(handover)
        self.assertEqual(self.account.manager_id, self.boris)
        for name, record in work.items():
            self.assertEqual(record.user_id, self.boris, name)
        self.assertEqual(handover.state, "done")

    def test_what_moved_is_listed_with_whose_it_was(self):
        work = self._work(self.anna)
        handover = self._hand_over()
        self._complete(handover)
        moved = {(move.model, move.res_id) for move in handover.move_ids}
        for record in (self.account, *work.values()):
            self.assertIn((record._name, record.id), moved)
        self.assertEqual(handover.move_ids.old_user_id, self.anna)
        self.assertEqual(handover.move_ids.new_user_id, self.boris)

    def test_who_takes_over_follows_instead(self):
        self._work(self.anna)
        self.account.message_subscribe(self.boris.partner_id.ids)
        self._complete(self._hand_over())
        followers = self.account.message_follower_ids.partner_id
        self.assertIn(self.boris.partner_id, followers)
        self.assertNotIn(self.anna.partner_id, followers)

    def test_closed_work_and_that_of_others_stays(self):
        lost = self._work(self.anna)["lead"]
        lost.action_set_lost()
        theirs = self._work(self.head, self._create_customer("Rival"))
        self._complete(self._hand_over())
        self.assertEqual(lost.user_id, self.anna)
        self.assertEqual(theirs["lead"].user_id, self.head)

    def test_sales_are_credited_by_terms(self):
        self._complete(self._hand_over())
        before, now = self.account.term_ids.sorted("id")
        self.assertEqual((before.user_id, now.user_id), (self.anna, self.boris))
        self.assertEqual(str(before.date_end), "2026-06-14")
        self.assertEqual((str(now.date_start), now.date_end), (TODAY, False))

    def test_leaver_hands_over_all_roles(self):
        self.account.developer_id = self.anna
        self.anna.active = False
        self._complete(self._hand_over(kind="leaver"))
        self.assertEqual(self.account.developer_id, self.boris)
        self.assertEqual(self.account.manager_id, self.boris)

    def test_deal_stays_with_who_won_it(self):
        work = self._work(self.anna)
        self.account.manager_id = False
        handover = self._hand_over(
            kind="deal", lead_id=work["lead"].id, project_manager_id=self.seller.id
        )
        self.assertEqual(handover.user_id, self.anna)
        self._complete(handover)
        self.assertEqual(work["lead"].user_id, self.anna)
        self.assertEqual(work["order"].user_id, self.boris)
        self.assertEqual(self.account.manager_id, self.boris)
        self.assertEqual(self.account.project_manager_id, self.seller)

    def test_open_steps_are_named_unless_a_head_says_why(self):
        handover = self._hand_over()
        with self.assertRaisesRegex(UserError, "Briefing Read"):
            handover.with_user(self.boris).action_complete()
        with self.assertRaises(AccessError):
            handover.with_user(self.boris).skip_reason = "No time"
        handover.skip_reason = "No time"
        handover.with_user(self.boris).action_complete()
        self.assertEqual(self.account.manager_id, self.boris)

    def test_nobody_takes_over_yet(self):
        handover = self._hand_over(manager_id=False)
        with self.assertRaisesRegex(UserError, "nobody takes over"):
            self._complete(handover)

    def test_it_is_completed_once(self):
        handover = self._hand_over()
        self._complete(handover)
        with self.assertRaisesRegex(UserError, "over already"):
            handover.action_complete()

    # Undo

    def test_undo_takes_everything_back(self):
        work = self._work(self.anna)
        handover = self._hand_over()
        self._complete(handover)
        handover.action_undo()
        self.assertEqual(self.account.manager_id, self.anna)
        for name, record in work.items():
            self.assertEqual(record.user_id, self.anna, name)
        followers = self.account.message_follower_ids.partner_id
        self.assertIn(self.anna.partner_id, followers)
        self.assertNotIn(self.boris.partner_id, followers)
        [term] = self.account.term_ids
        self.assertEqual((term.user_id, term.date_end), (self.anna, False))
        self.assertEqual(handover.state, "open")
        self.assertFalse(handover.move_ids)

    def test_undo_leaves_what_was_changed_since(self):
        work = self._work(self.anna)
        handover = self._hand_over()
        self._complete(handover)
        work["lead"].user_id = self.head
        work["call"].unlink()
        handover.action_undo()
        self.assertEqual(work["lead"].user_id, self.head)
        self.assertEqual(work["order"].user_id, self.anna)
        self.assertIn("Filters", handover.message_ids[0].body)

    def test_undo_is_for_a_day(self):
        handover = self._hand_over()
        self._complete(handover)
        with freeze_time("2026-06-16 15:59:00"):
            self.assertTrue(handover.with_user(self.head).can_undo)
        with (
            freeze_time("2026-06-16 16:01:00"),
            self.assertRaisesRegex(UserError, "within a day"),
        ):
            handover.action_undo()

    def test_undo_is_for_heads_and_who_completed_it(self):
        handover = self._hand_over(skip_reason="No time")
        handover.action_complete()
        with self.assertRaises(AccessError):
            handover.with_user(self.anna).action_undo()

    def test_undo_waits_for_the_next_handover_of_the_customer(self):
        handover = self._hand_over()
        self._complete(handover)
        self._hand_over(manager_id=self.anna.id)
        with self.assertRaisesRegex(UserError, "being handed over already"):
            handover.action_undo()

    # Who

    def test_who_takes_over_sees_the_account_meanwhile(self):
        account = self.account.with_user(self.boris)
        self.assertFalse(account.has_access("read"))
        handover = self._hand_over()
        self.assertTrue(account.has_access("read"))
        handover.manager_id = self.head
        self.assertFalse(account.has_access("read"))
        handover.manager_id = self.boris
        handover.action_cancel()
        self.assertFalse(account.has_access("read"))
        self.assertFalse(self.account.member_ids)

    def test_member_of_before_stays_one(self):
        self.account.member_ids = self.boris
        self._hand_over().action_cancel()
        self.assertEqual(self.account.member_ids, self.boris)

    def test_manager_begins_and_a_head_names_the_successor(self):
        values = {"account_id": self.account.id}
        mine = self.Handover.with_user(self.anna).create(values)
        with self.assertRaises(AccessError):
            mine.manager_id = self.boris
        mine.action_cancel()
        with self.assertRaises(AccessError):
            self.Handover.with_user(self.boris).create(values)

    def test_members_of_the_team_look_on(self):
        self.account.member_ids = self.seller
        self.seller.group_ids += self.env.ref("kam_management.group_kam_user")
        handover = self._hand_over()
        seen = handover.with_user(self.seller)
        self.assertEqual(seen.kind, "managers")
        with self.assertRaises(AccessError):
            seen.reason = "Leave"
        with self.assertRaises(AccessError):
            seen.step_ids[1].is_done = True

    def test_subject_cannot_be_exchanged(self):
        handover = self._hand_over()
        other = self._account(self._create_customer("Rival"))
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            handover.account_id = other

    # Edges

    def test_archived_colleague_cannot_take_over(self):
        self.boris.active = False
        with self.assertRaisesRegex(ValidationError, "does not work here any more"):
            self._hand_over()

    def test_colleague_who_left_meanwhile_cannot_take_over(self):
        handover = self._hand_over()
        self.boris.active = False
        with self.assertRaisesRegex(UserError, "does not work here any more"):
            self._complete(handover)

    def test_colleague_of_another_company_cannot_take_over(self):
        company = self._create_company("Sister")
        other = self._create_user("other", "kam_management.group_kam_user", company)
        with self.assertRaisesRegex(ValidationError, "does not work for Our Company"):
            self.Handover.create(
                {"account_id": self.account.id, "manager_id": other.id}
            )

    def test_customer_cannot_take_over(self):
        portal = self._create_portal_user()
        with self.assertRaisesRegex(ValidationError, "does not work for"):
            self._hand_over(manager_id=portal.id)

    def test_nobody_is_named_once_it_is_over(self):
        done = self._hand_over()
        self._complete(done)
        given_up = self._hand_over(manager_id=self.anna.id)
        given_up.action_cancel()
        for handover in (done, given_up):
            with self.assertRaisesRegex(UserError, "over already"):
                handover.project_manager_id = self.seller
        self.assertFalse(self.account.member_ids)

    def test_customer_is_handed_over_once_at_a_time(self):
        self._hand_over()
        with self.assertRaisesRegex(UserError, "Meyer Machines: being handed over"):
            self._hand_over()

    def test_customers_merged_meanwhile_have_one_handover(self):
        double = self._create_customer("Meyer Machines Ltd")
        account = self._account(double)
        account.manager_id = self.anna
        first, second = self._hand_over(), self._hand_over(account_id=account.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer + double).ids, self.customer
        )
        left = (first + second).exists()
        self.assertEqual(left.mapped("state"), ["open"])
        self.assertEqual(left.account_id, self.account)
        self._complete(left.with_user(self.head))
        self.assertEqual(self.account.manager_id, self.boris)

    def test_completed_handovers_of_merged_customers_stay(self):
        double = self._create_customer("Meyer Machines Ltd")
        account = self._account(double)
        account.manager_id = self.anna
        done = self._hand_over(account_id=account.id)
        self._complete(done)
        open_one = self._hand_over()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer + double).ids, self.customer
        )
        self.assertEqual((done + open_one).exists().account_id, self.account)
        self.assertEqual(done.state, "done")

    # Many

    def test_many_accounts_in_one_go(self):
        accounts = self.Account.union(
            *(self._account(self._create_customer(f"No {n}")) for n in range(5))
        )
        accounts.manager_id = self.anna
        running = self._hand_over()
        dialog = (
            self.env["kam.handover.new"]
            .with_user(self.head)
            .create(
                {
                    "account_ids": (accounts + self.account).ids,
                    "manager_id": self.boris.id,
                    "at_once": True,
                    "skip_reason": "Redistribution",
                }
            )
        )
        self.assertEqual(dialog.skipped, "Meyer Machines")
        action = dialog.action_begin()
        handovers = self.Handover.search(action["domain"])
        self.assertEqual(handovers.account_id, accounts)
        self.assertEqual(set(handovers.mapped("state")), {"done"})
        self.assertEqual(accounts.manager_id, self.boris)
        self.assertEqual(running.state, "open")

    def test_dialog_without_any_account_left_says_so(self):
        self._hand_over()
        dialog = self.env["kam.handover.new"].create(
            {"account_ids": self.account.ids, "manager_id": self.boris.id}
        )
        with self.assertRaisesRegex(UserError, "handed over already"):
            dialog.action_begin()

    def test_accounts_of_who_left_are_of_that_kind(self):
        self.anna.active = False
        dialog = self.env["kam.handover.new"].create(
            {"account_ids": self.account.ids, "manager_id": self.boris.id}
        )
        self.assertEqual(dialog.kind, "leaver")

    def test_queries_do_not_grow_with_the_accounts(self):
        def complete(count, name):
            accounts = self.Account.union(
                *(
                    self._account(self._create_customer(f"{name} {n}"))
                    for n in range(count)
                )
            )
            accounts.manager_id = self.anna
            handovers = self.Handover.create(
                [
                    {
                        "account_id": account.id,
                        "manager_id": self.boris.id,
                        "skip_reason": "Redistribution",
                    }
                    for account in accounts
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            handovers.action_complete()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        complete(2, "Warm")
        self.assertLessEqual(complete(20, "Many") - complete(4, "Few"), 3)
