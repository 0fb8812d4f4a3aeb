from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.kam_management.models.cockpit.periods import get_day_within

from .plan_common import PlanCommon

DAY = date(2026, 5, 15)


@tagged("post_install", "-at_install")
class TestCockpitManagers(PlanCommon):
    """What a head of sales sees of his managers, and they of themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cockpit = cls.env["kam.cockpit"].with_user(cls.head)
        cls.other = cls._account(cls._create_customer("Other"))
        cls.other.manager_id = cls.boris
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Metal",
                "company_id": cls.company.id,
                "member_ids": [Command.set(cls.anna.ids)],
            }
        )

    @classmethod
    def _quota(cls, user, start="2026-05-01", end="2026-05-31", **values):
        """Return a running quota of two lines."""
        quota = cls.env["kam.quota"].create(
            {
                "user_id": user.id,
                "company_id": cls.company.id,
                "period": "month",
                "date_start": start,
                "date_end": end,
                "line_ids": [
                    Command.create({"indicator": "won", "target": 3}),
                    Command.create({"indicator": "revenue", "target": 5000}),
                ],
                **values,
            }
        )
        # sudo: it is a button that lets it run
        quota.sudo().state = "running"
        return quota

    # Periods

    def test_periods_follow_the_calendar_and_the_fiscal_year(self):
        self.company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        for period, start, end in (
            ("month", "2026-05-01", "2026-05-31"),
            ("quarter", "2026-04-01", "2026-06-30"),
            ("year", "2025-07-01", "2026-06-30"),
        ):
            with self.subTest(period=period):
                bounds = self.company._get_kam_period(period, DAY)
                self.assertEqual([str(day) for day in bounds], [start, end])
        day = get_day_within(self.company, "year", True, DAY)
        self.assertEqual(str(day), "2025-06-30")

    def test_quarters_are_those_quotas_are_planned_for(self):
        """The quarter before was the same one in a year that begins in February."""
        self.company.write({"fiscalyear_last_month": "1", "fiscalyear_last_day": 31})
        day = date(2026, 1, 10)
        bounds = self.company._get_kam_period("quarter", day)
        self.assertEqual([str(day) for day in bounds], ["2025-11-01", "2026-01-31"])
        before = get_day_within(self.company, "quarter", True, day)
        self.assertEqual(str(before), "2025-10-31")

    def test_other_periods_are_refused(self):
        with self.assertRaisesRegex(UserError, "month, quarter or year"):
            self.cockpit.get_managers_quotas("decade")

    # Quotas

    @freeze_time("2026-05-15 12:00:00")
    def test_quotas_of_the_period_are_shown(self):
        now = self._quota(self.anna)
        before = self._quota(self.anna, "2026-04-01", "2026-04-30")
        for previous, quota in ((False, now), (True, before)):
            result = self.cockpit.get_managers_quotas("month", previous)
            self.assertEqual([q["id"] for q in result["quotas"]], quota.ids)
        self.assertEqual(result["managers"], [{"id": self.anna.id, "name": "Anna"}])
        self.assertFalse(self.cockpit.get_managers_quotas("quarter")["quotas"])

    @freeze_time("2026-05-15 12:00:00")
    def test_lines_say_what_they_count(self):
        self._quota(self.anna)
        [quota] = self.cockpit.get_managers_quotas()["quotas"]
        won, revenue = quota["lines"]
        self.assertEqual((won["is_count"], won["is_amount"]), (True, False))
        self.assertEqual((revenue["is_count"], revenue["is_amount"]), (False, True))
        self.assertEqual(revenue["target"], 5000)

    @freeze_time("2026-05-15 12:00:00")
    def test_a_team_shows_its_members(self):
        self._quota(self.anna)
        self._quota(self.boris)
        result = self.cockpit.get_managers_quotas("month", False, self.team.id)
        self.assertEqual([q["user_id"] for q in result["quotas"]], self.anna.ids)
        work = self.cockpit.get_managers_work("month", False, self.team.id)
        self.assertEqual([user["id"] for user in work["managers"]], self.anna.ids)

    @freeze_time("2026-05-15 12:00:00")
    def test_a_manager_sees_the_quotas_of_his_own(self):
        mine = self._quota(self.anna)
        self._quota(self.boris)
        result = self.cockpit.with_user(self.anna).get_my_quotas()
        self.assertEqual([quota["id"] for quota in result["quotas"]], mine.ids)
        self.assertFalse(result["is_head"])

    def test_only_heads_compare_managers(self):
        mine = self.cockpit.with_user(self.anna)
        for method in (
            "get_managers_quotas",
            "get_managers_work",
            "get_managers_cards",
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(mine, method)()
        for method in ("get_my_day", "get_portfolio_accounts"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.cockpit.with_user(self.seller), method)()

    def test_other_companies_do_not_show(self):
        company = self._create_company("Another")
        self.head.company_ids |= company
        there = self.cockpit.with_company(company)
        self.assertFalse(there.get_managers_work()["managers"])
        self.assertFalse(there.get_portfolio_accounts()["cells"])

    # Work

    def assertFigure(self, key, user, records, figure=None):
        """Assert a figure of a manager, and that it opens its records."""
        columns = self.cockpit.get_managers_work("month")["columns"]
        columns |= self.cockpit.get_managers_key_accounts()["columns"]
        column = columns[key]
        shown = column["figures"].get(str(user.id), 0)
        self.assertEqual(shown, len(records) if figure is None else figure)
        domain = [(column["field"], "=", user.id), *column["action"]["domain"]]
        model = self.env[column["action"]["res_model"]].with_user(self.head)
        self.assertEqual(model.search(domain).ids, records.ids)

    def test_customers_and_overdue_touches_of_a_manager(self):
        self.account.sudo().next_touch_date = fields.Date.today() - timedelta(days=1)
        self.other.sudo().next_touch_date = fields.Date.today()
        self.assertFigure("accounts", self.anna, self.account)
        self.assertFigure("overdue", self.anna, self.account)
        self.assertFigure("overdue", self.boris, self.Account)

    def test_touches_of_the_period_and_their_quality(self):
        today = fields.Datetime.now()
        rated = self._touch("2020-01-01", date=today, quality=4)
        plain = self._touch("2020-01-01", date=today)
        got = self._touch(
            "2020-01-01", date=today, direction="in", user_id=self.anna.id
        )
        self._touch("2020-02-01", quality=1)
        self.assertFigure("touches", self.anna, got + plain + rated)
        self.assertFigure("quality", self.anna, rated, 4)
        self.assertFigure("quality", self.boris, self.env["kam.touch"])

    def test_touches_are_those_that_quotas_count(self):
        """Ten out and five in were 10 in the cockpit and 15 in the line of the quota."""
        for direction, count in (("out", 3), ("in", 2)):
            for quality in range(1, count + 1):
                self._touch(
                    "2020-05-01",
                    date="2020-05-05 12:00:00",
                    direction=direction,
                    quality=quality,
                    user_id=self.anna.id,
                )
        with freeze_time("2020-05-15 12:00:00"):
            quota = self._quota(
                self.anna,
                "2020-05-01",
                "2020-05-31",
                line_ids=[
                    Command.create({"indicator": indicator, "target": 9})
                    for indicator in ("touches", "touch_quality")
                ],
            )
            quota._measure()
            columns = self.cockpit.get_managers_work()["columns"]
        shown = [
            columns[n]["figures"][str(self.anna.id)] for n in ("touches", "quality")
        ]
        self.assertEqual(shown, quota.line_ids.mapped("actual"))
        self.assertEqual(shown, [5, 1.8])

    def test_team_shows_who_was_in_it_in_the_period(self):
        """Who left a team took the quotas of periods along that had long been over."""
        south = self.empty_team()
        with freeze_time("2030-05-15 12:00:00"):
            south.member_ids = self.anna
        for start, end in (
            ("2030-04-01", "2030-04-30"),
            ("2030-05-01", "2030-05-31"),
            ("2030-06-01", "2030-06-30"),
        ):
            self._quota(self.anna, start, end)
        for day, teams in (
            ("2030-04-20", [self.team]),
            ("2030-05-20", [self.team, south]),
            ("2030-06-20", [south]),
        ):
            with freeze_time(f"{day} 12:00:00"):
                for team in (self.team, south):
                    with self.subTest(day=day, team=team.name):
                        there = {"team_id": team.id}
                        shown = (
                            self.cockpit.get_managers_quotas(**there)["managers"],
                            self.cockpit.get_managers_work(**there)["managers"],
                        )
                        for managers in shown:
                            self.assertEqual(bool(managers), team in teams)

    def test_key_accounts_without_a_fresh_plan_or_coverage(self):
        (self.account | self.other).is_key_account = True
        plan = self._plan("running", date_start=fields.Date.today())
        self.assertFalse(plan.is_stale)
        self.assertFigure("key", self.anna, self.account)
        self.assertFigure("unplanned", self.anna, self.Account)
        self.assertFigure("unplanned", self.boris, self.other)
        self.assertFigure("uncovered", self.anna, self.account)

    def test_reaction_time_is_the_median(self):
        today = fields.Datetime.now()
        touches = self.env["kam.touch"]
        for hours in (1, 2, 9):
            touch = self._touch("2020-01-01", date=today, direction="in")
            answer = self._touch("2020-01-01", date=today)
            touch.sudo().write({"answer_id": answer.id, "reaction_hours": hours})
            touches |= touch
        reports = self.env["kam.reaction.report"].browse(touches.ids)
        self.assertFigure("reaction", self.anna, reports.sorted("id", True), 2)

    # What waits for the head

    def test_decisions_and_approvals_wait_for_the_head(self):
        quota = self._quota(self.anna)
        Decision = self.env["kam.quota.decision"]
        line = quota.line_ids[0]
        decision = Decision.create({"line_id": line.id, "deviation": -30})
        plan = self._plan("submitted")
        for team, records in ((self.team, [decision, plan]), (self.empty_team(), [])):
            cards = self.cockpit.get_managers_cards(team.id)["cards"]
            found = [
                self.env[card["action"]["res_model"]].search(card["action"]["domain"])
                for card in cards
            ]
            self.assertEqual([record for record in found if record], records)
            self.assertEqual(sum(card["count"] for card in cards), len(records))

    def empty_team(self):
        return self.team.create({"name": "Empty", "company_id": self.company.id})

    def test_what_is_no_sales_team_is_refused(self):
        for team in ["x"], "x", True, 5.5, 2**70, {"id": 1}:
            with self.subTest(team=team):
                for method in "get_managers_cards", "get_managers_quotas":
                    with self.assertRaisesRegex(UserError, "no such sales team"):
                        getattr(self.cockpit, method)(team_id=team)
