from datetime import date, timedelta

import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCommon


class CommunicationCommon(KamCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.rival = cls._account(cls._create_customer("Rival Machines"))
        cls.account.write({"manager_id": cls.anna.id, "is_key_account": True})
        cls.rival.manager_id = cls.boris
        cls.Plan = cls.env["kam.communication"]

    @classmethod
    def _plan(cls, **values):
        return cls.Plan.create(
            {
                "name": "Air and Energy",
                "company_id": cls.company.id,
                "target": "all",
                "start_date": "2020-01-31",
                "repeat_unit": "months",
                "repeat_every": 1,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestCommunication(CommunicationCommon):
    """What customers are to hear from us: planned, done, overdue."""

    def test_next_time_follows_the_rhythm_from_the_first_day(self):
        plan = self._plan()
        for done, due in (
            (False, date(2020, 1, 31)),
            ("2020-01-30", date(2020, 1, 31)),
            ("2020-01-31", date(2020, 2, 29)),
            ("2020-02-29", date(2020, 3, 31)),
            ("2020-06-15", date(2020, 6, 30)),
        ):
            plan.last_date = done
            self.assertEqual(plan.next_date, due, done)
        plan.write(
            {"repeat_unit": "weeks", "repeat_every": 2, "last_date": "2020-02-01"}
        )
        self.assertEqual(plan.next_date, date(2020, 2, 14))
        plan.repeat_unit = "once"
        self.assertFalse(plan.next_date)

    def test_target_is_a_simple_choice(self):
        everybody = self.account + self.rival
        for values, expected in (
            ({"target": "all"}, everybody),
            ({"target": "key"}, self.account),
            ({"target": "level", "level": "potential"}, everybody),
            ({"target": "level", "level": "active"}, self.Account),
            ({"target": "chosen", "account_ids": self.rival.ids}, self.rival),
        ):
            plan = self._plan(**values)
            self.assertEqual(plan._get_accounts(), expected, values)
            self.assertEqual(plan.account_count, len(expected))

    @freeze_time("2020-03-10 12:00:00")
    def test_done_is_a_touch_of_the_channel_since_it_was_last_due(self):
        plan = self._plan(channel="letter")
        self._touch("2020-02-28", channel="letter")  # the turn before
        self._touch("2020-03-05", channel="phone")
        self._touch("2020-03-05", channel="letter", direction="in")
        self.assertEqual(plan.reached_count, 0)
        self._touch("2020-03-05", channel="letter")
        plan.invalidate_recordset()
        self.assertEqual((plan.reached_count, plan.progress), (1, 0.5))
        self.assertEqual(plan._get_accounts(reached=False), self.rival)

    @freeze_time("2020-03-10 12:00:00")
    def test_button_logs_a_touch_with_each_account_not_reached_yet(self):
        plan = self._plan(channel="brochure")
        self._touch("2020-03-05", channel="brochure")
        plan.action_done()
        self.assertRecordValues(
            plan.touch_ids,
            [{"account_id": self.rival.id, "channel": "brochure", "direction": "out"}],
        )
        self.assertEqual(plan.last_date, date(2020, 3, 10))
        self.assertEqual(plan.next_date, date(2020, 3, 31))
        self.assertEqual(plan.reached_count, plan.account_count)
        plan.action_done()
        self.assertEqual(len(plan.touch_ids), 1, "pressed twice, logged once")

    def test_customer_who_asked_for_silence_is_meant_by_no_plan(self):
        self.account.do_not_contact = True
        chosen = [Command.set((self.account + self.rival).ids)]
        for values in ({}, {"target": "chosen", "account_ids": chosen}):
            with self.subTest(values=values):
                plan = self._plan(**values)
                self.assertNotIn(self.account, plan._get_accounts())
                self.assertIn(self.rival, plan._get_accounts())
                plan.action_done()
                self.assertNotIn(self.account, plan.touch_ids.account_id)

    def test_button_costs_the_same_for_many_accounts(self):
        plan = self._plan(channel="brochure")
        plan.action_done()
        customers = [self._create_customer(f"Customer {n}") for n in range(30)]
        self.env["kam.engine"]._run({(self.company.id, c.id) for c in customers})
        plan = self._plan(channel="pr")
        self.env.flush_all()
        queries = self.cr.sql_log_count
        plan.action_done()
        self.env.flush_all()
        self.assertLess(self.cr.sql_log_count - queries, 60)
        self.assertEqual(len(plan.touch_ids), 32)

    def test_overdue_plans_are_found(self):
        with freeze_time("2020-03-10 12:00:00"):
            plan = self._plan()
            self.assertIn(plan, self.Plan.search([("next_date", "<", "today")]))
            plan.action_done()
            self.assertNotIn(plan, self.Plan.search([("next_date", "<", "today")]))

    def test_plan_for_nobody_says_what_to_do(self):
        plan = self._plan(target="level", level="dormant")
        with self.assertRaisesRegex(UserError, "Change the target group"):
            plan.action_done()

    def test_bad_plans_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Choose the level"):
            self._plan(target="level")
        with self.assertRaisesRegex(ValidationError, "at least one account"):
            self._plan(target="chosen")
        for every in (0, -3, 1000):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._plan(repeat_every=every)

    def test_plan_of_old_or_with_a_word_for_a_name_is_refused(self):
        """A plan since the year 1 counted its weeks; one named "e" was in any subject."""
        for values in ({"start_date": "1999-12-31"}, {"name": " e "}):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._plan(**values)

    def test_turn_is_the_last_due_date_up_to_the_day(self):
        for start, unit, every in (
            ("2020-01-31", "months", 1),
            ("2020-02-29", "months", 12),
            ("2020-01-01", "weeks", 3),
        ):
            plan = self._plan(start_date=start, repeat_unit=unit, repeat_every=every)
            for ahead in range(0, 1600, 7):
                day = plan.start_date + timedelta(days=ahead)
                due, following = plan._get_turn(day)
                self.assertLessEqual(due, day)
                self.assertGreater(following, day)
                self.assertEqual(plan._get_turn(due), (due, following))

    def test_account_shows_what_is_planned_for_it(self):
        for_all, for_key = self._plan(), self._plan(target="key")
        self.assertEqual(self.account.communication_ids, for_all + for_key)
        self.assertEqual(self.rival.communication_ids, for_all)

    def test_list_asks_once_for_all_counts(self):
        plans = self.Plan.union(*(self._plan(name=f"Plan {n}") for n in range(10)))
        self.env.invalidate_all()
        queries = self.cr.sql_log_count
        plans[:1].mapped("reached_count")
        single = self.cr.sql_log_count - queries
        self.env.invalidate_all()
        queries = self.cr.sql_log_count
        plans.mapped("reached_count")
        self.assertLessEqual(self.cr.sql_log_count - queries, single)


@tagged("post_install", "-at_install")
class TestSecurityCommunication(CommunicationCommon):
    """Plans are known to all, changed by who is responsible, done where one may."""

    def test_manager_reads_all_and_changes_his_own(self):
        plan = self._plan(user_id=self.head.id)
        mine = self._plan(user_id=self.anna.id)
        self.assertTrue(plan.with_user(self.anna).read(["name"]))
        with self.assertRaises(AccessError):
            plan.with_user(self.anna).action_done()
        with self.assertRaises(AccessError):
            plan.with_user(self.anna).name = "Mine"
        mine.with_user(self.anna).name = "Mine indeed"
        plan.with_user(self.head).name = "Ours indeed"
        with self.assertRaises(AccessError):
            plan.with_user(self.seller).read(["name"])

    def test_touches_are_logged_only_where_one_sees_the_account(self):
        plan = self._plan(user_id=self.anna.id).with_user(self.anna)
        self.assertEqual(plan.account_count, 1)
        plan.action_done()
        self.assertEqual(plan.sudo().touch_ids.account_id, self.account)

    def test_plan_of_another_company_is_hidden(self):
        other = self._create_company("Our Other Company")
        plan = self._plan(company_id=other.id)
        Plan = self.Plan.with_user(self.head)
        self.assertNotIn(plan, Plan.search([]))
