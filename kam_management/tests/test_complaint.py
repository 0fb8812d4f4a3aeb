from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .stakeholder_common import StakeholderCommon

TODAY = "2026-06-15"  # a Monday


@tagged("post_install", "-at_install")
class TestComplaint(StakeholderCommon):
    """What a customer is not content with has an owner and a deadline until it is solved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        cls.Complaint = cls.env["kam.complaint"]

    @classmethod
    def _complain(cls, **values):
        return cls.Complaint.with_user(cls.anna).create(
            {"name": "Oil in the air", "account_id": cls.account.id, **values}
        )

    def _activity(self, complaint):
        return complaint.sudo().activity_search(
            ["kam_management.mail_activity_type_complaint"]
        )

    # Owner and deadline

    def test_it_is_due_after_five_working_days(self):
        complaint = self._complain()
        self.assertEqual(complaint.date_due, date(2026, 6, 22))
        saturday = self._complain(date="2026-06-13 10:00:00")
        self.assertEqual(saturday.date_due, date(2026, 6, 19))

    def test_days_are_those_where_the_company_works(self):
        """Midnight in Greenwich is in the afternoon in Los Angeles."""
        calendar = self.company.resource_calendar_id
        for tz in ("America/Los_Angeles", "Pacific/Auckland"):
            with self.subTest(tz=tz):
                calendar.tz = tz
                due = self.Complaint._get_date_due(self.company, date(2026, 1, 12))
                self.assertEqual(due, date(2026, 1, 19))

    def test_settings_say_how_many_days(self):
        self.company.kam_complaint_days = 0
        self.assertEqual(self._complain().date_due, date(2026, 6, 15))
        self.company.kam_complaint_days = 10
        self.assertEqual(self._complain().date_due, date(2026, 6, 29))

    def test_company_without_working_hours_counts_every_day(self):
        self.company.resource_calendar_id = False
        self.assertEqual(self._complain().date_due, date(2026, 6, 20))

    def test_proposed_day_may_be_changed(self):
        with Form(self.Complaint.with_user(self.anna)) as form:
            form.account_id = self.account
            form.name = "Late delivery"
            self.assertEqual(str(form.date_due), "2026-06-22")
            form.date_due = "2026-06-16"
        self.assertEqual(form.record.date_due, date(2026, 6, 16))

    def test_key_account_manager_owns_it_whoever_took_the_call(self):
        self.account.member_ids = self.boris
        complaint = self._complain()
        self.assertEqual(complaint.with_user(self.boris).user_id, self.anna)
        self.account.manager_id = False
        mine = self.Complaint.with_user(self.boris).create(
            {"name": "Noise", "account_id": self.account.id}
        )
        self.assertEqual(mine.user_id, self.boris)

    def test_owner_has_an_activity_until_the_day_it_is_due(self):
        complaint = self._complain()
        activity = self._activity(complaint)
        self.assertEqual(activity.user_id, self.anna)
        self.assertEqual(activity.date_deadline, date(2026, 6, 22))
        self.assertEqual(activity.summary, "Oil in the air")
        complaint.write({"date_due": "2026-06-17", "user_id": self.head.id})
        activity = self._activity(complaint)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.head)
        self.assertEqual(activity.date_deadline, date(2026, 6, 17))

    def test_solving_ticks_the_activity_off_and_reopening_plans_one(self):
        complaint = self._complain(solution="Filter changed, air measured.")
        complaint.action_solve()
        self.assertFalse(self._activity(complaint))
        self.assertEqual(complaint.date_solved, date(2026, 6, 15))
        complaint.action_reopen()
        self.assertTrue(self._activity(complaint))
        self.assertFalse(complaint.date_solved)

    # Late

    def test_open_and_past_due_is_late(self):
        late = self._complain(date="2026-06-01 08:00:00", date_due="2026-06-14")
        self._complain(date="2026-06-01 08:00:00", date_due="2026-06-15")
        solved = self._complain(
            date="2026-06-01 08:00:00", date_due="2026-06-10", solution="Done"
        )
        solved.action_solve()
        found = self.Complaint.search([("account_id", "=", self.account.id)])
        self.assertEqual(found.filtered("is_late"), late)
        domain = [("account_id", "=", self.account.id), ("is_late", "=", True)]
        self.assertEqual(self.Complaint.search(domain), late)
        domain[-1] = ("is_late", "=", False)
        self.assertEqual(self.Complaint.search(domain), found - late)

    def test_account_shows_how_many_are_open_and_late(self):
        self._complain()
        self._complain(date="2026-06-01 08:00:00", date_due="2026-06-14")
        self._complain(solution="Done").action_solve()
        account = self.account.with_user(self.anna)
        self.assertEqual(
            (account.complaint_count, account.late_complaint_count), (2, 1)
        )
        action = account.action_view_complaints()
        self.assertEqual(len(self.Complaint.search(action["domain"])), 3)
        context = account.action_new_complaint()["context"]
        self.assertEqual(context, {"default_account_id": account.id})

    # Bad input

    def test_it_is_not_due_before_it_was_received(self):
        with self.assertRaisesRegex(ValidationError, "due before it was received"):
            self._complain(date_due="2026-06-14")

    def test_nothing_is_received_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._complain(date="2026-06-16 08:00:00")

    def test_it_is_not_solved_before_it_was_received(self):
        complaint = self._complain(solution="Done")
        with self.assertRaisesRegex(ValidationError, "solved before"):
            complaint.write({"state": "solved", "date_solved": "2026-06-14"})

    def test_it_is_not_solved_without_saying_how(self):
        complaint = self._complain()
        with self.assertRaisesRegex(ValidationError, "enter the solution"):
            complaint.action_solve()
        other = self._complain(solution="   ")
        with self.assertRaisesRegex(ValidationError, "enter the solution"):
            other.action_solve()

    def test_people_and_orders_are_those_of_the_customer(self):
        other = self._create_customer("Other")
        order = self._order("2026-06-01", partner=other)
        for values in ({"partner_id": other.id}, {"order_id": order.id}):
            with self.assertRaisesRegex(ValidationError, "does not belong to"):
                self._complain(**values)
        mine = self._order("2026-06-01")
        person = self._person("Ada")
        complaint = self._complain(partner_id=person.id, order_id=mine.id)
        self.assertEqual(complaint.order_id, mine)

    def test_account_of_another_company_is_refused(self):
        sister = self._create_company("Sister")
        self.env.user.company_ids |= sister
        shared = self._create_customer("Shared", company_id=False)
        account = self._account(shared, sister)
        for owner in (self.anna, self.head):
            with self.assertRaises(UserError):
                self._complain(account_id=account.id, user_id=owner.id)
        order = self._order("2026-06-01", partner=shared, company_id=sister.id)
        here = self._account(shared)
        here.manager_id = self.anna
        with self.assertRaises(UserError):
            self.Complaint.create(
                {"name": "Noise", "account_id": here.id, "order_id": order.id}
            )

    def test_owner_must_be_able_to_open_it(self):
        with self.assertRaisesRegex(ValidationError, "to the account team first"):
            self._complain(user_id=self.boris.id)
        self.account.member_ids = self.boris
        self.assertEqual(self._complain(user_id=self.boris.id).user_id, self.boris)

    # Rights and merges

    def test_only_the_team_of_the_account_sees_it(self):
        complaint = self._complain()
        self.assertTrue(complaint.with_user(self.head).name)
        for user in (self.boris, self.seller):
            with self.assertRaises(AccessError):
                complaint.with_user(user).action_solve()
            with self.assertRaises(AccessError):
                complaint.with_user(user).action_reopen()
            with self.assertRaises(AccessError):
                self.account.with_user(user).action_view_complaints()

    def test_person_may_know_what_is_on_record(self):
        person = self._dossier("Ada").partner_id
        complaint = self._complain(partner_id=person.id)
        self.anna.group_ids += self.personal
        report = self.env["report.kam_management.report_person"].with_user(self.anna)
        records = report._get_report_values(person.ids)["records"][person]
        self.assertEqual(records["complaints"], complaint)
        page, _type = (
            self.env["ir.actions.report"]
            .with_user(self.anna)
            ._render_qweb_html("kam_management.report_person", person.ids)
        )
        self.assertIn("Oil in the air", page.decode())

    def test_it_cannot_be_moved_to_an_account_one_does_not_see(self):
        other = self._account(self._create_customer("Other"))
        with self.assertRaises(AccessError):
            self._complain(user_id=self.head.id).account_id = other

    def test_it_goes_with_its_account_when_customers_are_merged(self):
        twin = self._create_customer("Meyer Machines Ltd")
        person = self._person("Ada")
        complaint = self._complain(partner_id=person.id)
        self._complain(solution="Done").action_solve()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer + twin).ids, twin)
        survivor = self._account(twin)
        self.assertEqual(complaint.account_id, survivor)
        self.assertEqual(len(survivor.complaint_ids), 2)
        self.assertEqual(len(self._activity(complaint)), 1)

    def test_account_with_a_complaint_is_kept(self):
        self._complain()
        self.assertEqual(self.account._filter_with_history(), self.account)
