from datetime import timedelta

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from .common import KamCommon
from .portfolio_common import PortfolioCommon


@tagged("post_install", "-at_install")
class TestTouchesAreOneNumber(KamCommon):
    """A touch counts everywhere or nowhere: 7 stood beside 12.

    Two calls and a mail in, a newsletter that counts nowhere, and a call of last year.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        now = fields.Datetime.now()
        for values in (
            {"channel": "phone", "quality": 4},
            {"channel": "phone"},
            {"channel": "email", "direction": "in"},
            {"channel": "newsletter", "quality": 1},
            {"channel": "phone", "date": now - timedelta(days=400)},
        ):
            cls._touch("2020-01-01", **{"date": now, **values})
        cls.cockpit = cls.env["kam.cockpit"].with_user(cls.anna)
        cls.env.flush_all()

    def test_button_of_the_account_and_situation_of_the_plan_say_three(self):
        mine = self.account.with_user(self.anna)
        facts = mine._get_facts()["touches"]
        self.assertEqual(
            (mine.touch_count, facts["count"], facts["quality"]), (3, 3, 4)
        )
        self.assertNotIn("newsletter", [key for key, *_rest in facts["channels"]])
        action = mine.action_open_fact("touches")
        self.assertEqual(self.env["kam.touch"].search_count(action["domain"]), 3)

    def test_my_day_says_three(self):
        self.assertEqual(self.cockpit.get_my_day()["done"], 3)

    def test_my_managers_and_quotas_say_three_and_the_list_behind_them_too(self):
        columns = self.cockpit.with_user(self.head).get_managers_work()["columns"]
        self.assertEqual(columns["touches"]["title"], "Touches This Month")
        for name, figure in (("touches", 3), ("quality", 4)):
            column, anna = columns[name], str(self.anna.id)
            self.assertEqual(column["figures"][anna], figure, name)
            domain = [("user_id", "=", self.anna.id), *column["action"]["domain"]]
            found = self.env["kam.touch"].search(domain)
            self.assertEqual(len(found), {"touches": 3, "quality": 1}[name], name)
        today = fields.Date.today()
        quota = self.env["kam.quota"].create(
            {
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "period": "free",
                "date_start": today,
                "date_end": today,
                "line_ids": [
                    Command.create({"indicator": indicator, "target": 9})
                    for indicator in ("touches", "touch_quality")
                ],
            }
        )
        quota._measure()
        self.assertEqual(quota.line_ids.mapped("actual"), [3, 4])

    def test_filters_of_the_list_are_those_of_the_figure(self):
        view = self.env["kam.touch"].get_view(view_type="search")["arch"]
        action = self.account.action_view_touches()
        self.assertEqual(action["context"]["search_default_personal"], 1)
        self.assertIn('name="personal"', view)
        self.assertIn('name="last_year"', view)


@tagged("post_install", "-at_install")
class TestSharesAreOneNumber(PortfolioCommon):
    """The share of key accounts stood as 59 % beside 51 %: that of now, of last night."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2022-03-10 12:00:00"))
        cls.first, cls.second = cls._sell(a=60, b=40)
        cls._take("2022-02-28")
        cls._take()
        cls._nominate(cls.first)

    def test_running_month_is_that_of_now(self):
        answer = self.Account.with_user(self.head).get_concentration(self.company.id)
        before, running = answer["months"]
        self.assertEqual(answer["now"]["key_share"], 0.6)
        self.assertEqual((before["key_share"], running["key_share"]), (0, 0.6))
        cockpit = self.env["kam.cockpit"].with_user(self.head)
        cockpit = cockpit.with_company(self.company)
        shown = cockpit.get_portfolio_concentration()
        self.assertEqual(shown["now"]["key_share"], shown["months"][-1]["key_share"])

    def test_months_say_as_of_which_day_they_are(self):
        self.env["kam.engine"]._note(
            "kam_management.months_taken", "2022-03-10 04:00:00"
        )
        days = [self._month(day).as_of for day in ("2022-02-28", "2022-03-31")]
        self.assertEqual(list(map(str, days)), ["2022-02-28", "2022-03-10"])
