from datetime import date, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestCadence(KamCommon):
    """When the next touch is due: the shortest rhythm that applies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "kam_touch_days_engaged": 20,
                "kam_touch_days_new": 15,
                "kam_touch_days_active": 40,
                "kam_touch_days_dormant": 90,
                "kam_touch_days_key": 10,
            }
        )
        cls.account = cls._account()

    def _set_created(self, day):
        """Set the day the account was made."""
        self.env.cr.execute(
            "UPDATE kam_account SET create_date = %s WHERE id = %s",
            (day, self.account.id),
        )
        self.account.invalidate_recordset(["create_date"])

    def assertDue(self, days, since="2020-03-10", as_of="2020-03-20"):
        """Assert how many days after the last touch the next one is due."""
        self._refresh(as_of=date.fromisoformat(as_of))
        expected = days and date.fromisoformat(since) + timedelta(days=days)
        self.assertEqual(self.account.next_touch_date, expected)

    def test_customer_nobody_knows_has_no_rhythm(self):
        self.assertDue(False)

    def test_each_level_has_its_rhythm(self):
        self._touch("2020-03-10")
        self.assertDue(20)
        self._order("2020-03-11")
        self.assertDue(15)
        self._order("2020-03-12")
        self.assertDue(40)
        self.assertDue(90, as_of="2021-06-01")

    def test_key_account_is_looked_after_more_often(self):
        self._touch("2020-03-10")
        self.account.is_key_account = True
        self.assertDue(10)

    def test_segment_has_its_rhythm(self):
        self._set_created("2020-01-01")
        self.company.kam_touch_days_a = 5
        self._order("2020-03-10")
        self.assertDue(5)
        self.company.kam_touch_days_a = 0
        self.assertDue(15)

    def test_rhythm_of_the_account_counts_when_it_is_the_shortest(self):
        self._touch("2020-03-10")
        self.account.touch_days = 5
        self.assertDue(5)
        self.account.touch_days = 300
        self.assertDue(20)

    def test_zero_means_no_rhythm(self):
        self._touch("2020-03-10")
        self.company.kam_touch_days_engaged = 0
        self.assertDue(False)
        self.account.touch_days = 7
        self.assertDue(7)

    def test_without_a_touch_the_last_purchase_counts(self):
        self._set_created("2020-01-01")
        self._order("2020-03-05")
        self.assertDue(15, since="2020-03-05")

    def test_imported_customer_is_not_late_for_the_time_before(self):
        """It was 649 days late, though nobody had promised a contact."""
        self._set_created("2020-03-15")
        self._order("2018-06-05")
        self._order("2020-03-05")
        self.assertDue(40, since="2020-03-15")

    def test_potential_customer_with_a_rhythm_of_his_own_waits_since_he_is_known(self):
        self.account.touch_days = 3
        self._refresh()
        known = self.account.create_date.date()
        self.assertEqual(self.account.next_touch_date, known + timedelta(days=3))

    def test_call_nobody_answered_and_newsletter_move_nothing_on(self):
        self._touch("2020-03-10")
        self._touch("2020-03-12", outcome="not_reached")
        self._touch("2020-03-13", channel="newsletter")
        self.assertDue(20)
        self.assertEqual(self.account.last_touch_date, date(2020, 3, 13))

    def test_next_touch_moves_it_on_through_the_queue(self):
        today = fields.Date.today()
        self._touch(today - timedelta(days=30))
        self._drain()
        self.assertEqual(self.account.next_touch_date, today - timedelta(days=10))
        self._touch(today - timedelta(days=1))
        self._drain()
        self.assertEqual(self.account.next_touch_date, today + timedelta(days=19))

    def test_change_of_rhythm_or_silence_is_taken_up_by_the_queue(self):
        today = fields.Date.today()
        self._touch(today - timedelta(days=2))
        self._drain()
        self.account.touch_days = 3
        self._drain()
        self.assertEqual(self.account.next_touch_date, today + timedelta(days=1))
        self.account.do_not_contact = True
        self._drain()
        self.assertFalse(self.account.next_touch_date)

    def test_companies_have_rhythms_of_their_own(self):
        other = self._create_company("Other Company", kam_touch_days_engaged=77)
        self.env.user.company_ids |= other
        partner = self._create_customer("Shared Machines", company_id=False)
        accounts = self._account(partner) | self._account(partner, other)
        for account in accounts:
            self.env["kam.touch"].create(
                {"account_id": account.id, "date": "2020-03-10 12:00:00"}
            )
        self._refresh(as_of=date(2020, 3, 20))
        self.assertEqual(
            [(a.next_touch_date - date(2020, 3, 10)).days for a in accounts], [20, 77]
        )

    def test_changed_setting_has_everything_recomputed(self):
        cron = self.env.ref("kam_management.ir_cron_refresh")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.company.kam_touch_days_new = 14
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

    # People

    def _person(self, name="Ines Keller", days=7, **values):
        """Return the dossier of a person whose only role asks for a rhythm."""
        role = self.env["kam.stakeholder.role"].create(
            {"name": name, "code": name, "touch_days": days}
        )
        person = self.env["res.partner"].create(
            {"name": name, "parent_id": self.customer.id}
        )
        return self.env["kam.stakeholder"].create(
            {
                "partner_id": person.id,
                "account_id": self.account.id,
                "role_ids": [Command.set(role.ids)],
                **values,
            }
        )

    def test_person_is_due_by_the_shortest_rhythm_of_his_roles(self):
        dossier = self._person()
        dossier.role_ids |= self.env["kam.stakeholder.role"].create(
            {"name": "Pays", "code": "test_pays", "touch_days": 4}
        )
        self._touch("2020-03-10", **{"partner_id": dossier.partner_id.id})
        self._refresh()
        self.assertRecordValues(
            dossier,
            [
                {
                    "last_touch_date": date(2020, 3, 10),
                    "next_touch_date": date(2020, 3, 14),
                }
            ],
        )
        self.assertEqual(self.account.next_touch_date, date(2020, 3, 14))

    def test_touch_with_a_colleague_does_not_count_for_the_person(self):
        dossier = self._person(days=100)
        known = fields.Date.today()
        self._touch("2020-03-10")
        self._refresh()
        self.assertFalse(dossier.last_touch_date)
        self.assertEqual(dossier.next_touch_date, known + timedelta(days=100))

    def test_departed_and_silent_people_are_due_never(self):
        for model, name, value in (
            ("person", "kam_do_not_contact", True),
            ("dossier", "active", False),
            ("account", "do_not_contact", True),
        ):
            with self.subTest(model=model):
                dossier = self._person(f"Person of {model}")
                self._drain()
                self.assertTrue(dossier.next_touch_date)
                record = {
                    "person": dossier.partner_id,
                    "dossier": dossier,
                    "account": self.account,
                }[model]
                record[name] = value
                self._drain()
                self.assertFalse(dossier.next_touch_date)

    def test_date_of_a_person_cannot_be_typed_in(self):
        self.account.manager_id = self.anna
        dossier = self._person()
        with self.assertRaisesRegex(AccessError, "Log a touch"):
            dossier.with_user(self.anna).next_touch_date = "2030-01-01"

    def test_negative_and_endless_rhythms_are_refused(self):
        """A rhythm beyond the calendar once stopped the refresh of all accounts."""
        for record, name, value in (
            (self.account, "touch_days", -1),
            (self.account, "touch_days", 2**31 - 1),
            (self.company, "kam_touch_days_key", -1),
            (self.company, "kam_touch_days_key", 3_000_000),
        ):
            with (
                self.subTest(field=name, value=value),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                record[name] = value
                record.flush_recordset()

    def test_date_cannot_be_typed_in(self):
        self.account.manager_id = self.anna
        with self.assertRaisesRegex(AccessError, "cannot be edited"):
            self.account.with_user(self.anna).next_touch_date = "2030-01-01"

    def test_overdue_filter_finds_it(self):
        self._touch("2020-03-10")
        self._refresh()
        overdue = self.Account.search([("next_touch_date", "<", "today")])
        self.assertIn(self.account, overdue)


@tagged("post_install", "-at_install")
class TestTouchReminder(KamCommon):
    """A touch that is due becomes an activity of the manager, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.kam_touch_reminder = "all"
        cls.type = cls.env.ref("kam_management.mail_activity_data_touch")
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls._touch("2020-03-10")
        cls._drain()

    def _remind(self):
        with self.enter_registry_test_mode():
            self.env.ref("kam_management.ir_cron_remind").method_direct_trigger()

    def _reminders(self):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "kam.account"),
                ("res_id", "=", self.account.id),
                ("activity_type_id", "=", self.type.id),
            ]
        )

    def test_manager_gets_one_activity_however_often_the_cron_runs(self):
        self._remind()
        self._remind()
        self.assertRecordValues(
            self._reminders(),
            [
                {
                    "user_id": self.anna.id,
                    "date_deadline": self.account.next_touch_date,
                    "automated": True,
                }
            ],
        )

    def test_next_touch_closes_it(self):
        self._remind()
        self._touch(fields.Date.today() - timedelta(days=1))
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.ref(
                "kam_management.ir_cron_process_events"
            ).method_direct_trigger()
        self.assertFalse(self._reminders())

    def test_done_activity_is_not_planned_again_before_its_touch_is_captured(self):
        self._remind()
        self._reminders().action_feedback()
        self._remind()
        self.assertFalse(self._reminders())
        self.env["kam.touch"]._capture()
        self._drain()
        self.assertEqual(self.account.last_touch_date, fields.Date.today())
        self.assertGreater(self.account.next_touch_date, fields.Date.today())

    def test_cron_says_how_far_it_is_with_what_is_over_and_what_is_due(self):
        other = self._account(self._create_customer("Other"))
        other.manager_id = self.anna
        self._touch("2020-03-10", other.partner_id)
        self._drain()
        self._remind()
        self._touch(fields.Date.today() - timedelta(days=1))
        self._drain()
        self.assertEqual(len(self._reminders()), 1)
        said = []

        def progress(_cron, processed=0, *, remaining=None, deactivate=False):
            said.append(processed)
            return 60

        fresh = self._account(self._create_customer("Fresh"))
        fresh.manager_id = self.anna
        self._touch("2020-03-10", fresh.partner_id)
        self._drain()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", progress):
            self.Account._cron_remind()
        self.assertEqual(said, [0, 1, 1, 0])
        self.assertFalse(self._reminders())

    def test_reminders_are_planned_however_long_others_are_closed(self):
        """Where the time is up when those are closed, the job has not been done yet."""
        self._remind()
        self._touch(fields.Date.today() - timedelta(days=1))
        self._drain()
        self._remind()
        self.assertFalse(self._reminders())
        fresh = self._account(self._create_customer("Fresh"))
        fresh.manager_id = self.anna
        self._touch("2020-03-10", fresh.partner_id)
        self._drain()
        over = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("kam.account"),
                "res_id": self.account.id,
                "activity_type_id": self.type.id,
                "user_id": self.anna.id,
                "automated": True,
            }
        )
        left = None

        def progress(_cron, processed=0, *, remaining=None, deactivate=False):
            nonlocal left
            left = max(left - processed, 0) if remaining is None else remaining
            return 0

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", progress):
            for _call in range(3):
                self.Account._cron_remind()
                if not left:
                    break
        self.assertFalse(over.exists())
        self.assertTrue(fresh.activity_ids)

    def test_touch_planned_by_hand_is_left_alone(self):
        mine = self.account.activity_schedule(
            "kam_management.mail_activity_data_touch", user_id=self.anna.id
        )
        mine.automated = False
        self.account.do_not_contact = True
        self._drain()
        self._remind()
        self.assertEqual(self._reminders(), mine)

    def test_setting_says_whom_to_remind_of(self):
        for setting, key, expected in (
            ("none", True, 0),
            ("key", False, 0),
            ("key", True, 1),
        ):
            with self.subTest(setting=setting, key=key):
                self.company.kam_touch_reminder = setting
                self.account.is_key_account = key
                self._remind()
                self.assertEqual(len(self._reminders()), expected)

    def test_reminder_follows_the_account_to_its_next_manager(self):
        self._remind()
        self.account.manager_id = self.boris
        self.assertEqual(self._reminders().user_id, self.boris)
        self.account.manager_id = False
        self.assertFalse(self._reminders())

    def test_nobody_is_reminded_of_an_account_without_manager(self):
        self.account.manager_id = False
        self._remind()
        self.assertFalse(self._reminders())

    def test_silent_and_archived_accounts_lose_their_reminder(self):
        for name in ("do_not_contact", "active"):
            with self.subTest(field=name):
                self._remind()
                self.assertTrue(self._reminders())
                self.account[name] = name != "active"
                self._drain()
                self._remind()
                self.assertFalse(self._reminders())
                self.account[name] = name == "active"
                self._drain()

    def test_no_mails_are_sent_about_reminders(self):
        before = self.env["mail.mail"].search_count([])
        self._remind()
        self.assertTrue(self._reminders())
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
