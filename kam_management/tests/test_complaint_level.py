from datetime import date, datetime

from odoo.tests import Form, freeze_time, tagged

from .complaint_common import ComplaintCommon

ANSWER = "kam_management.mail_activity_type_complaint_answer"
SOLUTION = "kam_management.mail_activity_type_complaint_solution"


@tagged("post_install", "-at_install")
class TestComplaintLevel(ComplaintCommon):
    """Within how many working hours we answer and solve, and who hears before it is late.

    The company works from 8 to 12 and from 13 to 17, on Monday to Friday.
    """

    @classmethod
    def _level(cls, **values):
        return cls.Level.create({"company_id": cls.company.id, **values})

    def _told(self, complaint, activity):
        return complaint.sudo().activity_search([activity]).user_id

    # Deadlines

    def test_hours_are_those_the_company_works(self):
        self._level(kind="complaint", hours_answer=8, hours_solution=24)
        complaint = self._complain()
        self.assertEqual(complaint.answer_due, datetime(2026, 6, 16, 10))
        self.assertEqual(complaint.date_due, date(2026, 6, 18))
        friday = self._complain(date="2026-06-12 16:00:00")
        self.assertEqual(friday.answer_due, datetime(2026, 6, 15, 16))

    def test_without_hours_the_days_of_the_settings_count(self):
        self._level(kind="complaint", hours_answer=8)
        self.assertEqual(self._complain().date_due, date(2026, 6, 22))
        wish = self._complain(kind="wish")
        self.assertFalse(wish.answer_due, "no level, no clock")
        self.assertEqual(wish.date_due, date(2026, 6, 22))

    def test_level_that_says_more_of_the_customer_counts(self):
        self._level(kind="complaint", hours_answer=16)
        self._level(kind="complaint", hours_answer=2, is_key_account=True)
        self._level(kind="complaint", hours_answer=4, segment="a")
        self._level(kind="complaint", hours_answer=1, company_id=False)
        self._level(
            kind="complaint",
            hours_answer=1,
            company_id=self._create_company("Sister").id,
        )
        self.assertEqual(self._complain().answer_due, datetime(2026, 6, 17, 10))
        self.account.segment = "a"
        self.assertEqual(self._complain().answer_due, datetime(2026, 6, 15, 15))
        self.account.is_key_account = True
        self.assertEqual(self._complain().answer_due, datetime(2026, 6, 15, 12))

    def test_form_follows_kind_and_customer(self):
        self._level(kind="complaint", hours_solution=8)
        with Form(self.Complaint.with_user(self.anna)) as form:
            form.account_id = self.account
            form.name = "Noise"
            self.assertEqual(str(form.date_due), "2026-06-16")
            form.kind = "wish"
            self.assertEqual(str(form.date_due), "2026-06-22")

    def test_what_is_solved_or_merged_keeps_its_deadlines(self):
        self._level(kind="complaint", hours_answer=8, hours_solution=24)
        complaint = self._complain(date_due="2026-06-20")
        solved = self._complain(solution="Done")
        solved.action_solve()
        solved.kind = "wish"
        self.assertEqual(solved.date_due, date(2026, 6, 18))
        self.assertEqual(solved.answer_due, datetime(2026, 6, 16, 10))
        twin = self._create_customer("Meyer Machines Ltd")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer + twin).ids, twin)
        self.assertEqual(complaint.account_id.partner_id, twin)
        self.assertEqual(complaint.date_due, date(2026, 6, 20))

    def test_company_without_working_hours_counts_every_hour(self):
        self.company.resource_calendar_id = False
        self._level(kind="complaint", hours_answer=20)
        self.assertEqual(self._complain().answer_due, datetime(2026, 6, 16, 6))

    # Escalation

    def _escalate(self):
        """Run the job as the scheduler does."""
        cron = self.env.ref("kam_management.ir_cron_escalate_complaints")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_head_hears_once_before_an_answer_is_late(self):
        self._level(kind="complaint", hours_answer=8)
        complaint = self._complain()
        with freeze_time("2026-06-15 16:59:00"):
            self._escalate()
        self.assertFalse(self._told(complaint, ANSWER))
        with freeze_time("2026-06-16 08:00:00"):
            self._escalate()
            self._escalate()
        self.assertEqual(self._told(complaint, ANSWER), self.head)
        self.assertEqual(complaint.answer_escalated, datetime(2026, 6, 16, 8))
        self._answer(complaint)
        self.assertFalse(self._told(complaint, ANSWER))
        self.assertFalse(self._told(complaint, SOLUTION))

    def test_answer_in_time_escalates_nothing(self):
        self._level(kind="complaint", hours_answer=8)
        complaint = self._complain()
        self._answer(complaint)
        with freeze_time("2026-06-17 08:00:00"):
            self._escalate()
        self.assertFalse(complaint.answer_escalated)

    def test_head_hears_before_a_solution_is_late_and_again_when_reopened(self):
        complaint = self._complain(solution="Done")
        with freeze_time("2026-06-18 12:00:00"):
            self._escalate()
        self.assertFalse(self._told(complaint, SOLUTION))
        with freeze_time("2026-06-22 06:00:00"):
            self._escalate()
            self.assertEqual(self._told(complaint, SOLUTION), self.head)
            complaint.action_solve()
            self.assertFalse(self._told(complaint, SOLUTION))
            complaint.action_reopen()
            self._escalate()
            self.assertEqual(self._told(complaint, SOLUTION), self.head)

    def test_short_solution_warns_on_the_same_day(self):
        self._level(kind="complaint", hours_solution=4)
        complaint = self._complain(date="2026-06-15 08:00:00")
        self.assertEqual(str(complaint.date_due), "2026-06-15")
        with freeze_time("2026-06-15 10:59:00"):
            self._escalate()
        self.assertFalse(self._told(complaint, SOLUTION))
        with freeze_time("2026-06-15 11:01:00"):
            self._escalate()
        self.assertEqual(self._told(complaint, SOLUTION), self.head)

    def test_one_that_fails_keeps_no_other_from_its_turn(self):
        first, second = self._complain(), self._complain(date_due="2026-06-23")
        escalate = type(first)._escalate

        def refuse(complaint):
            if complaint == first:
                raise ValueError("Broken")
            return escalate(complaint)

        self.patch(type(first), "_escalate", refuse)
        with (
            freeze_time("2026-06-24 06:00:00"),
            self.assertLogs("odoo.addons.kam_management.models.common.jobs", "ERROR"),
        ):
            self._escalate()
        self.assertFalse(first.solution_escalated)
        self.assertTrue(second.solution_escalated)

    # Told

    def test_my_day_names_what_should_have_been_answered(self):
        self._level(kind="complaint", hours_answer=8)
        complaint = self._complain(date_due="2026-07-15")
        cockpit = self.env["kam.cockpit"].with_user(self.anna)
        with freeze_time("2026-06-16 09:00:00"):
            [reason] = cockpit._find_complaints()
            self.assertEqual(
                reason.text, "First answer to complaint: Oil in the air, due today"
            )
        self.env.invalidate_all()
        with freeze_time("2026-06-17 10:01:00"):
            [reason] = cockpit._find_complaints()
            self.assertTrue(reason.text.startswith("Complaint not answered: Oil"))
            self.assertEqual(reason.days, 1)
            self._answer(complaint)
            self.assertFalse(cockpit._find_complaints())

    def test_my_managers_counts_what_is_not_in_time(self):
        self._level(kind="complaint", hours_answer=8)
        late = self._complain(date="2026-06-01 10:00:00", date_due="2026-06-12")
        self._answer(late)
        unanswered = self._complain(date="2026-06-10 10:00:00", date_due="2026-06-25")
        self._complain()
        cockpit = self.env["kam.cockpit"].with_user(self.head)
        card = cockpit._prepare_complaints_card(None)
        self.assertEqual((card["count"], card["late"]), (2, 1))
        found = self.Complaint.search(card["action"]["domain"])
        self.assertEqual(found, late | unanswered)
        self.assertEqual(cockpit._prepare_complaints_card([self.boris.id])["count"], 0)

    def test_head_sees_mails_to_assign_on_my_day(self):
        mail = self.env["kam.complaint.mail"].create(
            {"name": "Oil", "email_from": "x@y.example", "company_id": self.company.id}
        )
        cockpit = self.env["kam.cockpit"]
        self.assertFalse(cockpit.with_user(self.anna)._find_unassigned())
        [reason] = cockpit.with_user(self.head)._find_unassigned()
        self.assertEqual(reason.record, mail)
