from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .quota_common import QuotaCommon


@tagged("post_install", "-at_install")
class TestAccountTerm(QuotaCommon):
    """Who led an account when is kept, whoever changes its manager and how."""

    def _terms(self, account):
        return [
            (
                term.user_id,
                term.date_start and str(term.date_start),
                term.date_end and str(term.date_end),
            )
            for term in account.term_ids.sorted(lambda t: t.date_start or date.min)
        ]

    def _create_account(self, name="Fresh", **values):
        return self.Account.create(
            {
                "partner_id": self._create_customer(name).id,
                "company_id": self.company.id,
                **values,
            }
        )

    def test_first_manager_of_a_new_account_leads_since_ever(self):
        account = self._create_account(manager_id=self.anna.id)
        self.assertEqual(self._terms(account), [(self.anna, False, False)])

    def test_account_without_manager_has_no_term(self):
        self.assertFalse(self._create_account().term_ids)

    def test_handover_ends_one_term_and_begins_another(self):
        account = self._create_account(manager_id=self.anna.id)
        with freeze_time("2030-03-10"):
            account.manager_id = self.boris
        self.assertEqual(
            self._terms(account),
            [(self.anna, False, "2030-03-09"), (self.boris, "2030-03-10", False)],
        )

    def test_several_changes_on_a_day_leave_the_last_one(self):
        account = self._create_account(manager_id=self.anna.id)
        with freeze_time("2030-03-10"):
            account.manager_id = self.boris
            account.manager_id = self.head
        self.assertEqual(
            self._terms(account),
            [(self.anna, False, "2030-03-09"), (self.head, "2030-03-10", False)],
        )

    def test_change_taken_back_on_the_same_day_leaves_no_trace(self):
        account = self._create_account(manager_id=self.anna.id)
        with freeze_time("2030-03-10"):
            account.manager_id = self.boris
            account.manager_id = self.anna
        self.assertEqual(self._terms(account), [(self.anna, False, False)])

    def test_emptied_manager_ends_the_term(self):
        account = self._create_account(manager_id=self.anna.id)
        with freeze_time("2030-03-10"):
            account.manager_id = False
        self.assertEqual(self._terms(account), [(self.anna, False, "2030-03-09")])

    def test_late_first_manager_answers_from_his_day_on(self):
        account = self._create_account()
        self.env.flush_all()
        with freeze_time("2030-03-10"):
            account.manager_id = self.anna
        self.assertEqual(self._terms(account), [(self.anna, "2030-03-10", False)])

    def test_one_appointed_by_the_engine_leads_since_ever(self):
        """He is appointed because of what he sold: it is to his credit."""
        account = self._account()
        self.assertFalse(account.term_ids)
        self._order("2020-05-01", user_id=self.anna.id)
        self._refresh()
        self.assertEqual(self._terms(account), [(self.anna, False, False)])

    def test_new_customer_found_by_the_engine_gets_a_term(self):
        self.customer.user_id = self.boris
        self._refresh()
        self.assertEqual(self._terms(self._account()), [(self.boris, False, False)])

    def test_refreshing_again_changes_nothing(self):
        account = self._create_account(manager_id=self.anna.id)
        with freeze_time("2030-03-10"):
            account.manager_id = self.boris
        before = account.term_ids.read()
        with freeze_time("2030-04-01"):
            self.Account._refresh_terms()
        self.assertEqual(account.term_ids.read(), before)

    def test_what_was_changed_behind_our_back_is_found_at_night(self):
        account = self._create_account(manager_id=self.anna.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_account SET manager_id = %s WHERE id = %s",
            [self.boris.id, account.id],
        )
        with freeze_time("2030-03-10"):
            self.Account._refresh_terms()
        self.assertEqual(
            self._terms(account),
            [(self.anna, False, "2030-03-09"), (self.boris, "2030-03-10", False)],
        )

    def test_merged_account_leaves_the_survivor_its_terms(self):
        survivor = self._create_account("One", manager_id=self.anna.id)
        other = self._create_account("Two", manager_id=self.boris.id)
        other._merge_into(survivor)
        self.assertEqual(self._terms(survivor), [(self.anna, False, False)])

    def test_survivor_nobody_led_takes_over_terms_and_manager(self):
        survivor = self._create_account("One")
        other = self._create_account("Two", manager_id=self.anna.id)
        with freeze_time("2030-03-10"):
            other.manager_id = self.boris
            other._merge_into(survivor)
        self.assertEqual(survivor.manager_id, self.boris)
        self.assertEqual(
            self._terms(survivor),
            [(self.anna, False, "2030-03-09"), (self.boris, "2030-03-10", False)],
        )

    def test_terms_are_seen_by_the_team_and_written_by_nobody(self):
        account = self._create_account(manager_id=self.anna.id)
        term = account.term_ids
        for user in (self.anna, self.head):
            self.assertTrue(term.with_user(user).user_id)
            with self.assertRaises(AccessError):
                term.with_user(user).user_id = self.boris
            with self.assertRaises(AccessError):
                account.with_user(user).write({"term_ids": [(5, 0, 0)]})
        with self.assertRaises(AccessError):
            term.with_user(self.boris).read(["user_id"])
