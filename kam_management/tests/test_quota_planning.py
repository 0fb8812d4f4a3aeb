from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaPlanning(QuotaProcessCommon):
    """Quotas for many people and periods at once."""

    def test_year_is_spread_over_months_and_adds_up(self):
        for season in ("even", "workdays", "facts"):
            with self.subTest(season=season):
                self.env["kam.quota"].search(self._ours()).unlink()
                self._plan({"revenue": 1000, "kept": 9}, season=season)
                quotas = self.env["kam.quota"].search(self._ours())
                self.assertEqual(len(quotas), 12)
                lines = quotas.line_ids
                revenue = lines.filtered(lambda line: line.indicator == "revenue")
                self.assertEqual(sum(revenue.mapped("target")), 1000)
                kept = lines.filtered(lambda line: line.indicator == "kept")
                self.assertEqual(set(kept.mapped("target")), {9}, "a state lasts")

    @freeze_time("2020-02-15")
    def test_first_month_nobody_has_a_quota_for_is_suggested(self):
        Planning = self.env["kam.quota.planning"].with_user(self.head)
        self.assertEqual(str(Planning.new().date), "2020-03-01")
        self._quota()
        self._quota(date_start="2020-05-01")
        self.assertEqual(str(Planning.new().date), "2020-04-01")

    def test_season_follows_last_years_facts_of_the_company(self):
        for month, amount in (("02", 300), ("11", 100)):
            self._order(f"2019-{month}-10", amount)
        self._refresh()
        self._plan({"revenue": 1000}, season="facts")
        targets = {
            quota.date_start.month: quota.line_ids.target
            for quota in self.env["kam.quota"].search(self._ours())
        }
        self.assertEqual((targets[2], targets[11], targets[5]), (750, 250, 0))

    def test_targets_are_proposed_from_last_year(self):
        self._account().manager_id = self.anna
        with self._facts({"revenue": 200, "touches": 10, "touch_quality": 3.37}):
            self._plan(
                {"revenue": 0, "touches": 0, "touch_quality": 0},
                way="facts",
                span="one",
                change=5,
            )
        quota = self.env["kam.quota"].search(self._ours())
        # 10.5 touches are 11
        self.assertEqual(quota.line_ids.mapped("target"), [210, 11, 3.5])

    @freeze_time("2019-11-22")
    def test_months_not_over_yet_are_proposed_from_the_year_before_them(self):
        """A next year planned in November had no targets for November and December."""
        for day, amount in (("2019-03-11", 100), ("2018-12-10", 300)):
            self._order(day, amount)
        self._order("2019-11-20", 50)
        self._order("2018-11-20", 700)
        self._refresh()
        choice = {"user_ids": False, "with_company": True, "way": "facts"}
        self._plan({"revenue": 0}, **choice)
        targets = {
            quota.date_start.month: quota.line_ids.target
            for quota in self.env["kam.quota"].search(self._ours())
        }
        self.assertEqual((targets[3], targets[11], targets[12]), (100, 700, 300))
        wizard = self._wizard({"revenue": 0}, **choice)
        self.assertEqual(wizard.facts_label, "Nov 1, 2018 – Oct 31, 2019")

    def test_proposal_of_a_year_adds_up_to_last_year(self):
        self._account().manager_id = self.anna
        with self._facts({"revenue": 100}):
            self._plan({"revenue": 0}, way="facts", season="even", change=1)
        lines = self.env["kam.quota"].search(self._ours()).line_ids
        self.assertEqual(sum(lines.mapped("target")), 1212)

    def test_targets_are_copied_month_by_month(self):
        for month, target in ((1, 3), (2, 4)):
            self._quota({"won": target}, date_start=f"2019-{month:02d}-01")
        self._plan({}, way="copy", source_date="2019-06-01")
        quotas = self.env["kam.quota"].search(self._ours(), order="date_start")
        self.assertEqual(quotas.line_ids.mapped("target"), [3, 4])

    def test_quotas_there_already_are_left_alone_and_named(self):
        mine = self._quota({"won": 3})
        action = self._plan({"won": 12}, season="even")
        self.assertIn(
            "Anna, Mar 2020: there is already a quota", action["params"]["message"]
        )
        self.assertEqual(mine.line_ids.target, 3)
        self.assertEqual(self.env["kam.quota"].search_count(self._ours()), 12)
        with self.assertRaisesRegex(UserError, "Nothing to plan"):
            self._plan({"won": 12}, season="even")

    def test_team_and_company_sum_up_their_managers(self):
        team = self.env["crm.team"].create(
            {
                "name": "Nord",
                "company_id": self.company.id,
                "member_ids": [Command.link(self.anna.id)],
            }
        )
        self._quota({"won": 3}, user_id=self.boris.id)
        self._plan(
            {"won": 10, "touches": 7},
            span="one",
            team_ids=team.ids,
            with_company=True,
        )
        targets = {
            quota.scope: quota.line_ids.mapped("target")
            for quota in self.env["kam.quota"].search(
                [*self._ours(), ("user_id", "!=", self.boris.id)]
            )
        }
        self.assertEqual(targets["team"], [10, 7])
        self.assertEqual(targets["company"], [13, 7])

    def test_team_sums_up_its_members_by_their_days_in_it(self):
        """A team was planned what those of today reach, had they come yesterday or not."""
        team = self.env["crm.team"].create(
            {"name": "Nord", "company_id": self.company.id}
        )
        team.member_ids = self.anna
        term = self.env["kam.team.term"].search([("user_id", "=", self.anna.id)])
        # Anna came on the 21st of 31 days
        term.date_start = "2020-03-21"
        self._plan({"won": 31, "touch_quality": 4}, span="one", team_ids=team.ids)
        quota = self.env["kam.quota"].search([*self._ours(), ("scope", "=", "team")])
        self.assertEqual(str(quota.date_start), "2020-03-01")
        self.assertEqual(quota.line_ids.mapped("target"), [11, 4])

    def test_preview_shows_the_plan_and_makes_nothing(self):
        wizard = self._wizard({"revenue": 1000}, season="even")
        action = wizard.action_preview()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertEqual(wizard.table["periods"][0]["label"], "Jan 2020")
        self.assertEqual(len(wizard.target_ids), 12)
        self.assertEqual(sum(wizard.target_ids.mapped("target")), 1000)
        self.assertFalse(self.env["kam.quota"].search(self._ours()))

    def test_fiscal_year_that_begins_in_april_has_twelve_months_too(self):
        self.company.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        self._plan({"won": 12}, season="even", date="2020-05-05")
        quotas = self.env["kam.quota"].search(self._ours(), order="date_start")
        self.assertEqual(len(quotas), 12)
        self.assertEqual(str(quotas[0].date_start), "2020-04-01")
        self.assertEqual(str(quotas[-1].date_end), "2021-03-31")

    def test_what_is_missing_is_said(self):
        for values, words in (
            ({"user_ids": [Command.clear()]}, "Choose managers"),
            ({"line_ids": [Command.clear()]}, "at least one indicator"),
            ({"way": "copy", "source_date": False}, "copy from"),
            (
                {
                    "line_ids": [
                        Command.clear(),
                        Command.create({"indicator": "category_revenue"}),
                    ]
                },
                "need a product category",
            ),
            (
                {
                    "line_ids": [
                        Command.clear(),
                        Command.create({"indicator": "won"}),
                        Command.create({"indicator": "won"}),
                    ]
                },
                "twice",
            ),
        ):
            with self.subTest(words=words):
                wizard = self._wizard({"won": 1})
                wizard.write(values)
                with self.assertRaisesRegex(UserError, words):
                    wizard.action_preview()
        with self.assertRaisesRegex(ValidationError, "-100 %"):
            self._wizard({"won": 1}, change=-101)

    def test_manager_plans_nothing(self):
        with self.assertRaises(AccessError):
            self.env["kam.quota.planning"].with_user(self.anna).create({})
        wizard = self._wizard({"won": 1})
        with self.assertRaises(AccessError):
            wizard.with_user(self.anna).action_create_quotas()

    def test_form_suggests_everybody_who_leads_customers(self):
        self._account().manager_id = self.anna
        form = Form(self.env["kam.quota.planning"].with_user(self.head))
        self.assertEqual(form.user_ids[:], self.anna)

    def _wizard(self, targets, **values):
        return (
            self.env["kam.quota.planning"]
            .with_user(self.head)
            .create(
                {
                    "company_id": self.company.id,
                    "user_ids": self.anna.ids,
                    "period": "month",
                    "span": "year",
                    "date": "2020-03-15",
                    "way": "typed",
                    "line_ids": [
                        Command.create({"indicator": indicator, "target": target})
                        for indicator, target in targets.items()
                    ],
                    **values,
                }
            )
        )

    def _plan(self, targets, **values):
        return self._wizard(targets, **values).action_create_quotas()

    def _ours(self):
        """Return the domain of the quotas from the year 2020 on."""
        return [
            ("company_id", "=", self.company.id),
            ("date_start", ">=", "2020-01-01"),
        ]

    def _facts(self, facts):
        """Let every period of anybody have these facts."""
        return patch.object(
            type(self.env["kam.measure"]),
            "_measure",
            lambda _self, rows, _today: {r["key"]: facts[r["indicator"]] for r in rows},
        )
