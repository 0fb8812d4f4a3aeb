from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .term_common import TermCommon


@tagged("post_install", "-at_install")
class TestAccountTerm(TermCommon):
    """Who led an account when is kept, whoever changes its manager and how."""

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

    def test_next_term_waits_for_the_last_one_whatever_the_clock_says(self):
        account = self._create_account(manager_id=self.anna.id)
        with freeze_time("2030-03-10"):
            account.manager_id = False
        with freeze_time("2030-02-01"):
            account.manager_id = self.boris
        self.assertEqual(
            self._terms(account),
            [(self.anna, False, "2030-03-09"), (self.boris, "2030-03-10", False)],
        )

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
        other._merge_twins({other: survivor})
        self.assertEqual(self._terms(survivor), [(self.anna, False, False)])

    def test_survivor_nobody_led_takes_over_terms_and_manager(self):
        survivor = self._create_account("One")
        other = self._create_account("Two", manager_id=self.anna.id)
        with freeze_time("2030-03-10"):
            other.manager_id = self.boris
            other._merge_twins({other: survivor})
        self.assertEqual(survivor.manager_id, self.boris)
        self.assertEqual(
            self._terms(survivor),
            [(self.anna, False, "2030-03-09"), (self.boris, "2030-03-10", False)],
        )

    @freeze_time("2030-03-10")
    def test_survivor_takes_the_days_it_has_free_from_another(self):
        """A closed term of the survivor had all those of the other forgotten."""
        survivor = self._create_account("One")
        self._type_terms(survivor, (self.boris, "2023-01-01", "2024-12-31"))
        other = self._create_account("Two", manager_id=self.anna.id)
        self._type_terms(other, (self.head, "2022-07-01", "2023-06-30"))
        other._merge_twins({other: survivor})
        self.assertEqual(survivor.manager_id, self.anna)
        self.assertEqual(
            self._terms(survivor),
            [
                (self.anna, False, "2022-06-30"),
                (self.head, "2022-07-01", "2022-12-31"),
                (self.boris, "2023-01-01", "2024-12-31"),
                (self.anna, "2025-01-01", False),
            ],
        )

    @freeze_time("2030-03-10")
    def test_term_with_the_survivors_in_its_midst_is_split(self):
        survivor = self._create_account("One")
        self._type_terms(
            survivor,
            (self.boris, "2024-02-01", "2024-02-10"),
            (self.head, "2024-03-01", "2024-03-10"),
        )
        other = self._create_account("Two", manager_id=self.anna.id)
        other._merge_twins({other: survivor})
        self.assertEqual(
            self._terms(survivor),
            [
                (self.anna, False, "2024-01-31"),
                (self.boris, "2024-02-01", "2024-02-10"),
                (self.anna, "2024-02-11", "2024-02-29"),
                (self.head, "2024-03-01", "2024-03-10"),
                (self.anna, "2024-03-11", False),
            ],
        )

    @freeze_time("2030-03-10")
    def test_several_merged_accounts_share_no_day(self):
        survivor = self._create_account("One", manager_id=self.head.id)
        survivor.term_ids.date_start = "2029-01-01"
        first = self._create_account("Two")
        self._type_terms(first, (self.boris, "2028-01-01", "2028-12-31"))
        second = self._create_account("Three", manager_id=self.anna.id)
        self.Account._merge_twins({first: survivor, second: survivor})
        # who leads an account today goes first
        self.assertEqual(
            self._terms(survivor),
            [(self.anna, False, "2028-12-31"), (self.head, "2029-01-01", False)],
        )

    @freeze_time("2030-03-10 12:00:00")
    def test_what_a_merged_account_sold_stays_to_the_credit_of_who_led_it(self):
        survivor = self._create_account("One")
        self._type_terms(survivor, (self.boris, "2023-01-01", "2024-12-31"))
        other = self._create_account("Two", manager_id=self.anna.id)
        order = self._order("2030-03-04", 10_000, other.partner_id)
        self._drain()
        other._merge_twins({other: survivor})
        order.sudo().kam_commercial_partner_id = survivor.partner_id
        self._drain()
        self.assertEqual(survivor.revenue, 10_000)
        quota = self._quota(
            "2030-03-01", "2030-03-31", "revenue", "won", user=self.anna
        )
        quota._measure()
        self.assertEqual(quota.line_ids.mapped("actual"), [10_000, 1])

    def _type_terms(self, account, *terms):
        self.env["kam.account.term"].create(
            [
                {
                    "account_id": account.id,
                    "user_id": user.id,
                    "date_start": start,
                    "date_end": end,
                }
                for user, start, end in terms
            ]
        )


@tagged("post_install", "-at_install")
class TestAccountTermTyped(TermCommon):
    """A head of sales corrects who led a customer when: a term takes its days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_account(manager_id=cls.anna.id)
        cls.Term = cls.env["kam.account.term"].with_user(cls.head)

    def _type(self, *terms, account=None):
        """Return terms that the head of sales types in at once: (user, first, last)."""
        return self.Term.create(
            [
                {
                    "account_id": (account or self.account).id,
                    "user_id": user.id,
                    "date_start": start,
                    "date_end": end,
                }
                for user, start, end in terms
            ]
        )

    def assertTerms(self, *terms):
        self.assertEqual(self._terms(self.account), list(terms))

    def test_term_typed_in_the_middle_splits_the_one_there_is(self):
        self._type((self.boris, "2024-03-01", "2024-03-31"))
        self.assertTerms(
            (self.anna, False, "2024-02-29"),
            (self.boris, "2024-03-01", "2024-03-31"),
            (self.anna, "2024-04-01", False),
        )

    def test_term_since_ever_cuts_the_beginning(self):
        self._type((self.boris, False, "2024-03-31"))
        self.assertTerms(
            (self.boris, False, "2024-03-31"), (self.anna, "2024-04-01", False)
        )

    def test_term_removes_those_it_covers_and_cuts_those_beside(self):
        self._type(
            (self.boris, False, "2023-12-31"), (self.head, "2024-01-01", "2024-01-31")
        )
        self._type((self.seller, "2023-12-01", "2024-02-10"))
        self.assertTerms(
            (self.boris, False, "2023-11-30"),
            (self.seller, "2023-12-01", "2024-02-10"),
            (self.anna, "2024-02-11", False),
        )

    def test_order_of_rows_that_share_no_day_does_not_matter(self):
        rows = [
            (self.boris, "2024-02-01", "2024-02-29"),
            (self.anna, "2024-03-01", False),
            (self.head, False, "2024-01-31"),
        ]
        for turn in range(3):
            with self.subTest(turn=turn):
                self._type(*rows[turn:], *rows[:turn])
                self.assertTerms(
                    (self.head, False, "2024-01-31"),
                    (self.boris, "2024-02-01", "2024-02-29"),
                    (self.anna, "2024-03-01", False),
                )

    def test_later_row_of_one_call_takes_from_an_earlier_one(self):
        self._type(
            (self.boris, "2024-01-01", "2024-12-31"),
            (self.head, "2024-03-01", "2024-03-31"),
            (self.seller, "2024-12-01", "2024-12-31"),
            (self.seller, "2024-12-01", "2024-12-31"),
        )
        self.assertTerms(
            (self.anna, False, "2023-12-31"),
            (self.boris, "2024-01-01", "2024-02-29"),
            (self.head, "2024-03-01", "2024-03-31"),
            (self.boris, "2024-04-01", "2024-11-30"),
            (self.seller, "2024-12-01", "2024-12-31"),
            (self.anna, "2025-01-01", False),
        )

    def test_terms_of_another_account_keep_their_days(self):
        other = self._create_account("Other", manager_id=self.boris.id)
        self._type((self.boris, "2024-01-01", "2024-12-31"))
        self.assertEqual(self._terms(other), [(self.boris, False, False)])

    def test_longer_term_takes_days_when_it_is_changed(self):
        term = self._type((self.boris, "2024-03-01", "2024-03-31"))
        term.write({"date_start": "2024-02-01", "date_end": "2024-04-30"})
        self.assertTerms(
            (self.anna, False, "2024-01-31"),
            (self.boris, "2024-02-01", "2024-04-30"),
            (self.anna, "2024-05-01", False),
        )

    def test_term_of_the_present_manager_can_begin_at_another_time(self):
        self._type((self.boris, False, "2024-03-31"))
        term = self.account.term_ids.filtered(lambda t: not t.date_end)
        term.with_user(self.head).date_start = "2024-03-01"
        self.assertTerms(
            (self.boris, False, "2024-02-29"), (self.anna, "2024-03-01", False)
        )
        term.with_user(self.head).date_start = "2024-06-01"
        self.assertTerms(
            (self.boris, False, "2024-02-29"), (self.anna, "2024-06-01", False)
        )

    def test_terms_moved_to_another_account_take_days_there(self):
        term = self._type((self.boris, "2024-03-01", "2024-03-31"))
        other = self._create_account("Other", manager_id=self.anna.id)
        term.account_id = other
        self.assertEqual(
            self._terms(other),
            [
                (self.anna, False, "2024-02-29"),
                (self.boris, "2024-03-01", "2024-03-31"),
                (self.anna, "2024-04-01", False),
            ],
        )

    def test_several_terms_are_not_given_the_same_days_at_once(self):
        terms = self._type(
            (self.boris, "2024-03-01", "2024-03-31"), (self.head, False, "2023-03-31")
        )
        with self.assertRaisesRegex(ValidationError, "one by one"):
            terms.date_end = "2024-06-30"

    def test_term_without_end_is_of_the_present_manager(self):
        with self.assertRaisesRegex(
            ValidationError, "Boris is not the manager of Fresh today"
        ):
            self._type((self.boris, "2024-03-01", False))

    def test_what_goes_on_is_ended_by_changing_the_manager(self):
        term = self.account.term_ids.with_user(self.head)
        with self.assertRaisesRegex(ValidationError, "Change the manager"):
            term.date_end = "2024-03-31"
        with self.assertRaisesRegex(UserError, "Change the manager"):
            term.unlink()

    def test_former_term_can_be_deleted(self):
        self._type((self.boris, False, "2024-03-31")).unlink()
        self.assertTerms((self.anna, "2024-04-01", False))

    @freeze_time("2024-05-10 12:00:00")
    def test_term_does_not_lie_in_the_future(self):
        for term in (
            (self.anna, "2024-05-11", False),
            (self.boris, "2024-05-01", "2024-05-10"),
            (self.boris, "2024-05-01", "2024-06-10"),
        ):
            with self.subTest(term=term), self.assertRaises(ValidationError):
                self._type(term)

    def test_term_ends_on_its_first_day_or_later(self):
        with self.assertRaisesRegex(ValidationError, "cannot be before the first day"):
            self._type((self.boris, "2024-03-02", "2024-03-01"))
        self._type((self.boris, "2024-03-01", "2024-03-01"))

    def test_term_is_of_an_internal_user_of_the_company(self):
        portal = new_test_user(self.env, "kam_test_portal", groups="base.group_portal")
        abroad = self._create_company("Abroad")
        foreigner = self._create_user("olga", "base.group_user", abroad)
        for user in (portal, foreigner):
            with self.assertRaisesRegex(ValidationError, "not an internal user"):
                self._type((user, "2024-03-01", "2024-03-31"))
        self.boris.active = False
        self._type((self.boris, "2024-03-01", "2024-03-31"))

    def test_database_wants_one_beginning_a_day(self):
        term = self._type((self.boris, False, "2024-03-31"))
        with self.assertRaisesRegex(Exception, "start_uniq"), self.cr.savepoint():
            self.cr.execute(
                "INSERT INTO kam_account_term (account_id, user_id, date_end)"
                " SELECT account_id, user_id, '2020-01-01' FROM kam_account_term"
                " WHERE id = %s",
                [term.id],
            )

    # By whom

    def test_terms_are_imported_in_any_order(self):
        self.boris.active = False
        done = self.Term.with_context(active_test=False).load(
            ["account_id", "user_id", "date_start", "date_end"],
            [
                ["Fresh", "Anna", "2024-07-01", ""],
                ["Fresh", "Boris", "", "2023-12-31"],
                ["Fresh", "Head", "2024-01-01", "2024-06-30"],
            ],
        )
        self.assertFalse(done["messages"])
        self.assertTerms(
            (self.boris, False, "2023-12-31"),
            (self.head, "2024-01-01", "2024-06-30"),
            (self.anna, "2024-07-01", False),
        )

    def test_import_says_what_cannot_be(self):
        done = self.Term.load(
            ["account_id", "user_id", "date_start", "date_end"],
            [["Fresh", "Boris", "2024-07-01", ""]],
        )
        self.assertFalse(done["ids"])
        self.assertIn("is not the manager", done["messages"][0]["message"])
        self.assertTerms((self.anna, False, False))

    def test_only_a_head_of_sales_of_the_company_changes_terms(self):
        abroad = self._create_company("Abroad")
        foreign_head = self._create_user(
            "ingrid", "kam_management.group_kam_manager", abroad
        )
        portal = new_test_user(self.env, "kam_test_portal", groups="base.group_portal")
        term = self._type((self.boris, False, "2024-03-31"))
        values = {
            "account_id": self.account.id,
            "user_id": self.boris.id,
            "date_start": "2024-05-01",
            "date_end": "2024-05-31",
        }
        users = (self.anna, self.boris, self.seller, foreign_head, portal)
        self.assertHeadAlone(term, {"date_end": "2024-02-29"}, values, users)
        self.assertTerms(
            (self.boris, False, "2024-03-31"), (self.anna, "2024-04-01", False)
        )

    def test_terms_are_seen_by_the_team_of_the_account(self):
        term = self.account.term_ids
        for user in (self.anna, self.head):
            self.assertEqual(term.with_user(user).user_id, self.anna)
            with self.assertRaises(AccessError):
                self.account.with_user(user).write({"term_ids": [(5, 0, 0)]})
        for user in (self.boris, self.seller):
            with self.assertRaises(AccessError):
                term.with_user(user).read(["user_id"])

    def test_company_follows_from_the_account(self):
        with self.assertRaises(AccessError):
            self.account.term_ids.with_user(self.head).company_id = False

    def test_changed_terms_leave_closed_figures_alone(self):
        with freeze_time("2020-07-20 12:00:00"):
            self._order("2020-05-04", 100, self.account.partner_id)
            quota = self._quota("2020-05-01", "2020-05-31", "revenue", user=self.anna)
            quota._measure()
            quota._freeze_facts()
            quota.state = "closed"
            self._type((self.boris, False, "2020-06-30"))
            quota._measure()
        self.assertEqual(quota.line_ids.actual, 100)
        self.assertEqual(quota.line_ids.fact_ids.user_id, self.anna)

    def test_history_opens_from_the_account(self):
        action = self.account.with_user(self.head).action_view_terms()
        found = self.Term.search(action["domain"])
        self.assertEqual(found, self.account.term_ids)
