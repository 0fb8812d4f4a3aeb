from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .talk_common import TalkCommon


@tagged("post_install", "-at_install")
class TestTalkNext(TalkCommon):
    """The next step is the one that was agreed, and somebody can do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls.env.ref("mail.mail_activity_data_meeting")
        cls.chain = cls.env["mail.activity.type"].create(
            {
                "name": "Receipt confirmed?",
                "category": "phonecall",
                "chaining_type": "trigger",
                "triggered_next_type_id": cls.call.id,
            }
        )

    def _open_chained(self):
        activity = self._activity(self.account)
        activity.activity_type_id = self.chain
        form = self._open(activity.action_kam_log_touch())
        form.partner_ids.add(self.eva)
        return form

    def test_step_that_follows_by_itself_gets_the_type_that_was_chosen(self):
        with self._open_chained() as form:
            form.next_type_id = self.meeting
            form.next_summary = "Meet"
        form.record.action_save()
        step = self._steps(self.account)
        self.assertEqual((step.summary, step.activity_type_id), ("Meet", self.meeting))

    def test_nothing_follows_when_the_next_step_was_emptied(self):
        with self._open_chained() as form:
            form.next_summary = False
        form.record.action_save()
        self.assertFalse(self._steps(self.account))

    def test_next_step_is_proposed_for_a_working_day(self):
        self.call.write({"delay_count": 0})
        for now, due in (
            ("2026-11-27", date(2026, 11, 27)),
            ("2026-11-28", date(2026, 11, 30)),
            ("2026-11-29", date(2026, 11, 30)),
        ):
            with freeze_time(f"{now} 12:00:00"):
                talk = self._talk(outcome="later")
                self.assertEqual(talk.next_date, due)

    def test_next_step_keeps_to_the_hours_of_its_owner(self):
        own = self.company.resource_calendar_id.copy()
        own.attendance_ids.filtered(lambda hours: hours.dayofweek == "0").unlink()
        self.env["resource.resource"].create(
            {
                "name": "Anna",
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "calendar_id": own.id,
            }
        )
        self.call.write({"delay_count": 0})
        with freeze_time("2026-11-28 12:00:00"):
            talk = self._talk(outcome="later")
        self.assertEqual(talk.next_date, date(2026, 12, 1))

    def test_colleague_who_sees_nothing_of_the_customer_gets_no_task(self):
        guest = self.env["res.users"].create(
            {
                "name": "Guest",
                "login": "talk_guest",
                "group_ids": self.env.ref("base.group_portal").ids,
            }
        )
        for user in (self.boris, guest):
            talk = self._talk(next_summary="Call", next_user_id=user.id)
            with self.assertRaisesRegex(UserError, "does not see"):
                talk.action_save()
        self.account.member_ids = self.boris
        self._talk(next_summary="Call", next_user_id=self.boris.id).action_save()
        self.assertEqual(self._steps(self.account).user_id, self.boris)

    def test_colleague_who_has_left_gets_no_task(self):
        self.account.member_ids = self.boris
        talk = self._talk(next_summary="Call", next_user_id=self.boris.id)
        self.boris.active = False
        with self.assertRaisesRegex(UserError, "does not see"):
            talk.action_save()

    def test_type_for_other_records_is_refused(self):
        kind = self.env["mail.activity.type"].create(
            {"name": "Only leads", "res_model": "crm.lead"}
        )
        talk = self._talk(next_summary="Call", next_type_id=kind.id)
        with self.assertRaisesRegex(UserError, "not meant for"):
            talk.action_save()
