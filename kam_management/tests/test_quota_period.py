from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaPeriod(QuotaProcessCommon):
    """Whose a quota is and for when."""

    def test_any_day_of_a_month_stands_for_the_month(self):
        quota = self._quota(date_start="2020-02-10")
        self.assertEqual(
            (quota.date_start, quota.date_end), (date(2020, 2, 1), date(2020, 2, 29))
        )

    def test_quarters_and_years_are_those_of_the_fiscal_year(self):
        self.company.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        year = self._quota(period="year", date_start="2020-02-10")
        quarter = self._quota(period="quarter", date_start="2020-05-10")
        self.assertEqual(
            (year.date_start, year.date_end), (date(2019, 4, 1), date(2020, 3, 31))
        )
        self.assertEqual(
            (quarter.date_start, quarter.date_end),
            (date(2020, 4, 1), date(2020, 6, 30)),
        )
        self.assertEqual(year.name, "Anna, 2019/20")
        self.assertEqual(quarter.name, "Anna, Q1 2020/21")

    def test_name_says_who_and_when(self):
        team = self.env["crm.team"].create(
            {"name": "Nord", "company_id": self.company.id}
        )
        self.assertEqual(self._quota().name, "Anna, March 2020")
        self.assertEqual(
            self._quota(scope="team", team_id=team.id, period="quarter").name,
            "Nord, Q1 2020",
        )
        self.assertEqual(
            self._quota(scope="company", period="year").name, "Our Company, 2020"
        )

    def test_name_is_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.company.partner_id.lang = "de_DE"
        self.assertEqual(self._quota().name, "Anna, März 2020")

    def test_free_period_is_typed(self):
        quota = self._quota(
            period="free", date_start="2020-03-05", date_end="2020-04-15"
        )
        self.assertEqual(
            (quota.date_start, quota.date_end), (date(2020, 3, 5), date(2020, 4, 15))
        )

    def test_form_completes_the_period(self):
        with Form(self.env["kam.quota"].with_user(self.head)) as form:
            form.user_id = self.anna
            form.period = "quarter"
            form.date_start = "2020-05-20"
            self.assertEqual(form.date_end, date(2020, 6, 30))
            self.assertEqual(form.date_start, date(2020, 4, 1))

    def test_broken_month_is_refused_saying_which_days_it_has(self):
        with self.assertRaisesRegex(ValidationError, "Mar 31, 2020"):
            self._quota(date_start="2020-03-01", date_end="2020-03-15")

    def test_free_period_that_ends_before_it_begins_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._quota(period="free", date_start="2020-03-05", date_end="2020-03-01")

    def test_second_quota_for_the_same_time_is_refused_naming_the_first(self):
        self._quota(period="free", date_start="2020-03-05", date_end="2020-04-15")
        with self.assertRaisesRegex(ValidationError, "Anna, Mar 5 – Apr 15, 2020"):
            self._quota(period="free", date_start="2020-04-15", date_end="2020-05-15")

    def test_same_month_twice_is_refused(self):
        first = self._quota()
        with self.assertRaisesRegex(
            ValidationError, "for this period: “Anna, March 2020”"
        ):
            self._quota()
        self.assertTrue(self.env["kam.quota"]._owner_uniq, "nor by two at a time")
        first.action_archive()
        self.assertTrue(self._quota(), "what is archived is in nobody's way")

    def test_month_and_year_are_levels_of_one_plan(self):
        self._quota()
        self.assertTrue(self._quota(period="year"))
        self.assertTrue(self._quota(user_id=self.boris.id))

    def test_scope_wants_its_owner(self):
        for values in (
            {"user_id": False},
            {"scope": "team"},
            {"scope": "company", "user_id": self.anna.id},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._quota(**values)

    def test_nobody_gets_a_quota_who_cannot_work_for_it(self):
        today = date.today()
        with self.assertRaisesRegex(ValidationError, "not a key account manager"):
            self._quota(user_id=self.seller.id, date_start=today)
        self.boris.active = False
        with self.assertRaisesRegex(ValidationError, "archived"):
            self._quota(user_id=self.boris.id, date_start=today)
        self.assertTrue(self._quota(user_id=self.boris.id), "in the past")

    def test_manager_who_leaves_is_flagged_on_his_quota(self):
        quota = self._quota()
        self.assertFalse(quota.owner_problem)
        self.anna.sudo().active = False
        quota.invalidate_recordset()
        self.assertIn("archived", quota.owner_problem)
