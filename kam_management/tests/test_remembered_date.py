from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.kam_management.models.stakeholder import kam_remembered_date

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestRememberedDate(KamCommon):
    """Birthdays become activities in time, once, and only for who may know them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        personal = cls.env.ref("kam_management.group_kam_personal")
        cls.anna.group_ids |= personal
        cls.env.user.group_ids |= personal
        cls.person = cls.env["res.partner"].create(
            {"name": "Ines Keller", "parent_id": cls.customer.id}
        )
        cls.dossier = cls.env["kam.stakeholder"].create(
            {
                "partner_id": cls.person.id,
                "account_id": cls.account.id,
                "user_id": cls.anna.id,
                "purpose": "Congratulate",
                "legal_basis": "interest",
                "review_date": fields.Date.today() + timedelta(days=300),
            }
        )

    def _remember(self, day, month, **values):
        return self.env["kam.remembered.date"].create(
            {
                "stakeholder_id": self.dossier.id,
                "day": day,
                "month": str(month),
                "remind_days": 3,
                **values,
            }
        )

    def _run_cron(self, today):
        """Run the cron as on a day everywhere in the world."""
        model = type(self.env["kam.remembered.date"])
        with (
            patch.object(model, "_get_today", lambda self: date.fromisoformat(today)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("kam_management.ir_cron_remember").method_direct_trigger()

    def _reminders(self):
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search([("kam_remembered_date_id", "!=", False)], order="date_deadline")
        )

    def test_holder_is_reminded_some_days_before_and_once(self):
        self._remember(10, 5)
        self._run_cron("2027-05-06")
        self.assertFalse(self._reminders())
        self._run_cron("2027-05-07")
        self._run_cron("2027-05-08")
        self._run_cron("2027-05-10")
        self.assertRecordValues(
            self._reminders(),
            [{"user_id": self.anna.id, "date_deadline": date(2027, 5, 10)}],
        )
        self._run_cron("2028-05-07")
        self.assertEqual(len(self._reminders()), 2)

    def test_cron_reports_as_many_as_there_were(self):
        """It reported a whole batch of 500, whatever there was."""
        Remembered, done = self.env["kam.remembered.date"], []

        def report(_cron, processed=0, *, remaining=None):
            done.append(processed)
            return 100

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", report):
            Remembered._cron_remember()
        waiting = [("stakeholder_id.active", "=", True)]
        self.assertEqual(sum(done), Remembered.search_count(waiting))

    def test_done_reminder_does_not_come_back(self):
        self._remember(10, 5)
        self._run_cron("2027-05-07")
        self._reminders().with_user(self.anna).action_feedback()
        self._run_cron("2027-05-08")
        self.assertEqual(len(self._reminders()), 1)

    def test_leap_day_is_kept_in_other_years_too(self):
        self._remember(29, 2, year=1984)
        self._run_cron("2027-02-25")
        self._run_cron("2028-02-26")
        self.assertEqual(
            self._reminders().mapped("date_deadline"),
            [date(2027, 2, 28), date(2028, 2, 29)],
        )

    def test_turn_of_the_year_is_seen_in_time(self):
        self._remember(1, 1)
        self._run_cron("2027-12-29")
        self.assertEqual(self._reminders().date_deadline, date(2028, 1, 1))

    def test_server_that_stood_still_catches_up_for_some_days(self):
        remembered = self._remember(10, 5)
        self._run_cron("2027-05-13")
        self.assertEqual(self._reminders().date_deadline, date(2027, 5, 10))
        remembered.reminded_date = False
        self._reminders().unlink()
        self._run_cron("2027-05-30")
        self.assertFalse(self._reminders())

    def test_date_noted_down_late_waits_for_next_year(self):
        yesterday = fields.Date.today() - timedelta(days=1)
        self._remember(yesterday.day, yesterday.month)
        self._run_cron(fields.Date.today().isoformat())
        self.assertFalse(self._reminders())

    def test_day_begins_where_the_person_lives(self):
        remembered = self._remember(10, 5)
        moment = datetime(2027, 5, 9, 15)  # the 10th already in Auckland

        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return tz.fromutc(moment.replace(tzinfo=tz))

        for tz, expected in (
            ("Pacific/Auckland", date(2027, 5, 10)),
            ("America/Los_Angeles", date(2027, 5, 9)),
        ):
            self.person.tz = tz
            with (
                self.subTest(tz=tz),
                patch.object(kam_remembered_date, "datetime", Clock),
            ):
                self.assertEqual(remembered._get_today(), expected)

    def test_person_in_two_accounts_is_congratulated_once_by_one_holder(self):
        other = self._account(self._create_customer("Second Machines"))
        twin = self.env["kam.stakeholder"].create(
            {
                "partner_id": self.person.id,
                "account_id": other.id,
                "user_id": self.anna.id,
            }
        )
        self._remember(10, 5)
        self._remember(10, 5, stakeholder_id=twin.id)
        self._run_cron("2027-05-08")
        self.assertEqual(len(self._reminders()), 1)

    def test_nobody_without_the_right_is_told(self):
        self.dossier.user_id = self.boris
        self._remember(10, 5)
        self._run_cron("2027-05-08")
        self.assertEqual(self._reminders().user_id, self.anna, "the manager may know")
        self.assertFalse(
            self.env["mail.activity"]
            .with_user(self.boris)
            .search([("summary", "ilike", "Ines Keller")])
        )

    def test_who_gets_the_right_later_is_reminded_still(self):
        self._remember(10, 5)
        personal = self.env.ref("kam_management.group_kam_personal")
        self.anna.group_ids -= personal
        self._run_cron("2027-05-07")
        self.assertFalse(self._reminders())
        self.anna.group_ids |= personal
        self._run_cron("2027-05-08")
        self.assertEqual(self._reminders().user_id, self.anna)

    def test_silent_and_departed_people_are_left_alone(self):
        self._remember(10, 5)
        self.person.kam_do_not_contact = True
        self._run_cron("2027-05-08")
        self.person.kam_do_not_contact = False
        self.dossier.active = False
        self._run_cron("2027-05-08")
        self.assertFalse(self._reminders())

    def test_day_that_does_not_exist_is_refused(self):
        for day, month, year in ((31, 4, 0), (0, 5, 0), (29, 2, 1983), (1, 1, 1800)):
            with (
                self.subTest(day=day, month=month, year=year),
                self.assertRaisesRegex(ValidationError, "no such day"),
            ):
                self._remember(day, month, year=year)

    def test_date_without_grounds_is_refused(self):
        stranger = self.env["kam.stakeholder"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Otto"}).id,
                "account_id": self.account.id,
            }
        )
        with self.assertRaisesRegex(ValidationError, "legal basis"):
            self._remember(10, 5, stakeholder_id=stranger.id)

    def test_date_and_grounds_are_saved_together_on_the_dossier(self):
        dossier = self.env["kam.stakeholder"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Otto"}).id,
                "account_id": self.account.id,
            }
        )
        dossier.write(
            {
                "remembered_date_ids": [Command.create({"day": 3, "month": "4"})],
                "purpose": "Congratulate",
                "legal_basis": "consent",
                "review_date": fields.Date.today() + timedelta(days=30),
            }
        )
        self.assertEqual(dossier.remembered_date_ids.day, 3)
        dossier.write({"remembered_date_ids": [Command.clear()]})
        self.assertFalse(dossier.remembered_date_ids)

    def test_grounds_stay_as_long_as_dates_are_remembered(self):
        self._remember(10, 5)
        for name in ("purpose", "legal_basis", "review_date"):
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(ValidationError, "remove the date"),
                self.cr.savepoint(),
            ):
                self.dossier.with_user(self.anna).write({name: False})
            self.env.invalidate_all()
        self.dossier.with_user(self.anna).write(
            {
                "purpose": False,
                "remembered_date_ids": [
                    Command.delete(self.dossier.remembered_date_ids.id)
                ],
            }
        )
        self.assertFalse(self.dossier.purpose or self.dossier.remembered_date_ids)

    def test_date_is_not_moved_to_a_dossier_of_another_team(self):
        rival = self._account(self._create_customer("Rival"))
        twin = self.env["kam.stakeholder"].create(
            {"partner_id": self.person.id, "account_id": rival.id}
        )
        remembered = self._remember(10, 5).with_user(self.anna)
        with self.assertRaises(AccessError), self.cr.savepoint():
            remembered.stakeholder_id = twin
        self.env.invalidate_all()
        self.assertEqual(remembered.stakeholder_id, self.dossier)

    def test_note_is_shown_as_it_was_typed(self):
        self._remember(10, 5, note="<b>Tulips</b>")
        self._run_cron("2027-05-07")
        self.assertIn("&lt;b&gt;Tulips", self._reminders().note)

    def test_values_given_to_create_stay_as_they_were(self):
        vals = {
            "partner_id": self.env["res.partner"].create({"name": "Otto"}).id,
            "account_id": self.account.id,
            "remembered_date_ids": [],
        }
        self.env["kam.stakeholder"].create([vals])
        self.assertIn("remembered_date_ids", vals)

    def test_erasing_the_person_leaves_neither_date_nor_reminder(self):
        remembered = self._remember(10, 5)
        self._run_cron("2027-05-08")
        reminder = self._reminders()
        self.assertTrue(reminder)
        dialog = self.person.action_kam_erase_person()
        self.env[dialog["res_model"]].browse(dialog["res_id"]).action_erase()
        self.assertFalse(remembered.exists())
        self.env.invalidate_all()
        self.assertFalse(reminder.exists())

    def test_manager_without_the_right_cannot_reach_dates_on_any_path(self):
        self.account.member_ids |= self.boris
        self.boris.group_ids |= self.env.ref("base.group_allow_export")
        remembered = self._remember(10, 5)
        own = self.env(user=self.boris)
        Date, Dossier = own["kam.remembered.date"], own["kam.stakeholder"]
        paths = {
            "read": lambda: remembered.with_env(own).read(["day"]),
            "search": lambda: Date.search([("day", "=", 10)]),
            "group": lambda: Date.formatted_read_group([], ["month"], ["__count"]),
            "through the dossier": lambda: Dossier.search(
                [("remembered_date_ids.day", "=", 10)]
            ),
            "field": lambda: self.dossier.with_env(own).read(["remembered_date_ids"]),
            "export": lambda: self.dossier.with_env(own).export_data(
                ["remembered_date_ids/day"]
            ),
            "create": lambda: Date.create(
                {"stakeholder_id": self.dossier.id, "day": 1, "month": "1"}
            ),
        }
        for name, path in paths.items():
            with self.subTest(path=name), self.assertRaises(AccessError):
                path()
