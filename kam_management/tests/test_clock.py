import re
from pathlib import Path

from lxml import etree

from odoo import Command, fields
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools.misc import file_path

from ..models.common import clock
from .common import KamCommon

ZONES = "Pacific/Auckland", "America/Los_Angeles"
# What asks for the day by itself.
ASKING = re.compile(r"Date\.today\(|Date\.context_today|\bdate\.today\(|utcnow\(")
# Deadlines of activities: judged by the day of the user, by Odoo as well.
BY_HAND = {"date_deadline"}


@tagged("post_install", "-at_install")
class TestOneRule(BaseCase):
    """Nobody asks what day it is but the clock."""

    def test_the_day_is_asked_of_the_clock_alone(self):
        root = Path(file_path("kam_management"))
        asking = [
            f"{path.relative_to(root)}:{number}"
            for folder in ("models", "wizard", "report", "controllers")
            for path in (root / folder).rglob("*.py")
            if path.name != "clock.py"
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if ASKING.search(line)
        ]
        self.assertEqual(asking, [])

    def test_filters_compare_what_is_worked_out_with_the_day_of_figures(self):
        """Odoo reads “today” in a domain as the day of the user."""
        for path in Path(file_path("kam_management/views")).glob("*.xml"):
            for node in etree.parse(path).iter("filter"):
                domain = node.get("domain") or ""
                for name in re.findall(r"\('(\w+)', '[<>=]+', 'today'\)", domain):
                    with self.subTest(file=path.name, filter=node.get("name")):
                        self.assertIn(name, BY_HAND)


@tagged("post_install", "-at_install")
class TestClock(KamCommon):
    """A figure and its list agree at every hour, in Auckland and in Los Angeles.

    At 23:30 UTC it is tomorrow in Auckland; at 00:30 yesterday in Los Angeles.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna

    def _at(self, zone):
        """Return the cockpits of Anna and of the head, who are both in a zone."""
        (self.anna | self.head).tz = zone
        cockpit = self.env["kam.cockpit"].with_context(
            allowed_company_ids=self.company.ids, tz=zone
        )
        return cockpit.with_user(self.anna), cockpit.with_user(self.head)

    @freeze_time("2026-05-31 23:30:00")
    def test_the_day_of_figures_is_that_of_utc_and_the_other_the_users(self):
        days = {}
        for zone in ZONES:
            mine, _head = self._at(zone)
            days[zone] = str(clock.here(mine))
            self.assertEqual(str(clock.today()), "2026-05-31")
        self.assertEqual(
            days, dict(zip(ZONES, ("2026-06-01", "2026-05-31"), strict=True))
        )

    def test_contacts_due_and_overdue(self):
        for now in "2026-05-31 23:30:00", "2026-06-01 00:30:00":
            with freeze_time(now):
                self.account.sudo().next_touch_date = "2026-05-31"
                self.env.flush_all()
                is_over = now > "2026-06"
                for zone in ZONES:
                    with self.subTest(now=now, zone=zone):
                        self._check_contacts(zone, is_over)

    def _check_contacts(self, zone, is_over):
        mine, head = self._at(zone)
        column = head.get_managers_work()["columns"]["overdue"]
        found = self.Account.with_user(self.head).search(column["action"]["domain"])
        self.assertEqual(found, self.account if is_over else self.Account)
        figure = column["figures"].get(str(self.anna.id), 0)
        self.assertEqual(figure, len(found))
        [line] = mine.get_my_day()["lines"]
        self.assertIn("1 day late" if is_over else "due today", str(line))

    @freeze_time("2026-05-31 23:30:00")
    def test_touches_of_now_count_today_and_this_month(self):
        self._touch("2026-05-31", date=fields.Datetime.now(), user_id=self.anna.id)
        for zone in ZONES:
            with self.subTest(zone=zone):
                mine, head = self._at(zone)
                self.assertEqual(mine.get_my_day()["done"], 1)
                column = head.get_managers_work()["columns"]["touches"]
                self.assertEqual(column["figures"], {str(self.anna.id): 1})
                touches = self.env["kam.touch"].search(column["action"]["domain"])
                self.assertEqual(len(touches), 1)

    @freeze_time("2026-05-31 23:30:00")
    def test_quota_of_may_runs_until_its_facts_are_there(self):
        quota = self.env["kam.quota"].create(
            {
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "date_start": "2026-05-01",
                "date_end": "2026-05-31",
                "line_ids": [Command.create({"indicator": "touches", "target": 1})],
            }
        )
        quota.with_user(self.head).action_run()
        for zone in ZONES:
            with self.subTest(zone=zone):
                mine, head = self._at(zone)
                quota.invalidate_recordset()
                self.assertFalse(quota.with_env(head.env).is_over)
                for quotas in mine.get_my_quotas(), head.get_managers_quotas():
                    shown = [each["id"] for each in quotas["quotas"]]
                    self.assertEqual(shown, quota.ids)

    def test_complaints_are_late_for_everybody_at_once(self):
        complaint = self.env["kam.complaint"].create(
            {
                "account_id": self.account.id,
                "name": "Noise",
                "date": "2026-05-20 12:00:00",
                "date_due": "2026-05-31",
            }
        )
        for now in "2026-05-31 23:30:00", "2026-06-01 00:30:00":
            for zone in ZONES:
                with self.subTest(now=now, zone=zone), freeze_time(now):
                    self.env.invalidate_all()
                    mine, _head = self._at(zone)
                    mine = complaint.with_env(mine.env)
                    is_late = now > "2026-06"
                    self.assertEqual(mine.is_late, is_late)
                    self.assertEqual(
                        bool(mine.search([("is_late", "=", True)])), is_late
                    )
                    self.assertEqual(mine.account_id.late_complaint_count, is_late)

    @freeze_time("2026-05-31 23:30:00")
    def test_activities_are_due_where_the_user_is(self):
        """As Odoo's clock icon says: what is for June is due in Auckland."""
        self.account.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.anna.id,
            summary="Call the buyer",
            date_deadline="2026-06-01",
        )
        self.account.sudo().next_touch_date = False
        due = {
            zone: "Call the buyer, due today" in str(self._at(zone)[0].get_my_day())
            for zone in ZONES
        }
        self.assertEqual(due, {ZONES[0]: True, ZONES[1]: False})

    def test_a_complaint_of_this_evening_may_be_due_this_evening(self):
        """In Los Angeles it is the 31st while the UTC date is the 1st, and vice versa."""
        for zone, now, due in (
            (ZONES[1], "2026-06-01 02:00:00", "2026-05-31"),
            (ZONES[0], "2026-05-31 23:30:00", "2026-06-01"),
        ):
            mine, _head = self._at(zone)
            with self.subTest(zone=zone), freeze_time(now):
                complaint = self.env["kam.complaint"].with_env(mine.env)
                complaint = complaint.create(
                    {"account_id": self.account.id, "name": "Noise", "date_due": due}
                )
                complaint.write({"state": "solved", "solution": "Mended"})
                self.assertEqual(complaint.date_solved, clock.today())
