from datetime import date

from odoo.tests import Form, freeze_time, tagged

from .portfolio_common import PortfolioCommon

REASON = "Revenue: 60.0\N{NO-BREAK SPACE}% of revenue, limit 30\N{NO-BREAK SPACE}%"


@tagged("post_install", "-at_install")
@freeze_time("2022-03-10")
class TestKeySuggestions(PortfolioCommon):
    """Who should be a key account, and which one is not looked after as one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kam.key.criterion"].search(
            [("id", "!=", cls.criterion.id)]
        ).active = False
        cls.criterion.write({"name": "Revenue", "min_share": 30})
        cls.accounts = cls._sell(a=60, b=30, c=10)
        cls.first, cls.second, cls.third = cls.accounts

    def test_figures_suggest_with_the_reason_in_words(self):
        self.assertEqual(self._suggested(), self.first + self.second)
        self.assertEqual(
            self.first.key_suggestion,
            REASON,
        )
        self.assertFalse(self.third.key_suggestion)

    def test_limit_with_decimals_is_reached_by_exactly_that(self):
        self.criterion.min_share = 30.01
        self.assertEqual(self._suggested(), self.first)
        self.criterion.min_share = 30
        self.assertEqual(self._suggested(), self.first + self.second)

    def test_share_of_the_group_counts_for_those_who_buy(self):
        holding = self._create_customer("Holding")
        (self.second + self.third).partner_id.parent_id = holding
        self.criterion.write({"min_share": 0, "min_group_share": 40})
        self._refresh(date(2022, 3, 10))
        self._account(holding)
        self.assertEqual(self._suggested(), self.accounts)
        self.first.is_key_account = True
        self.assertEqual(self._suggested(), self.second + self.third)
        self.assertIn(
            "the group brings 40.0\N{NO-BREAK SPACE}%", self.third.key_suggestion
        )

    def test_without_measured_criteria_nobody_is_suggested(self):
        self.criterion.min_share = 0
        self.assertFalse(self._suggested())

    def test_key_accounts_and_archived_ones_are_not_suggested(self):
        self.first.is_key_account = True
        self.second.active = False
        self.assertFalse(self._suggested())
        self.assertFalse(self.accounts.mapped("is_key_suggested")[0])

    def test_proposal_of_a_manager_is_a_suggestion(self):
        self.third.manager_id = self.anna
        self.third.with_user(self.anna)._propose(self.criterion, "Grows fast")
        self.assertIn(self.third, self._suggested())
        self.assertEqual(
            self.third.key_suggestion, "Anna proposes: Revenue, Grows fast"
        )

    def test_criterion_that_is_proposed_and_met_is_told_once(self):
        self.first.manager_id = self.anna
        self.first.with_user(self.anna)._propose(self.criterion, "Grows fast")
        self.assertEqual(
            self.first.key_suggestion,
            f"Anna proposes: Grows fast; {REASON}",
        )

    def test_dismissed_suggestion_comes_back_after_a_year(self):
        self._dismiss(self.first)
        self.assertEqual(self._suggested(), self.second)
        with freeze_time("2023-03-09"):
            self.env.invalidate_all()
            self.assertEqual(self._suggested(), self.second)
        with freeze_time("2023-03-10"):
            self.env.invalidate_all()
            self.assertEqual(self._suggested(), self.first + self.second)

    def test_dismissed_proposal_is_over_and_the_figures_are_silent_too(self):
        self.first.manager_id = self.anna
        self.first.with_user(self.anna)._propose(self.criterion, "Large")
        self._dismiss(self.first)
        self.assertEqual(self.first.nomination_ids.state, "dismissed")
        self.assertEqual(self._suggested(), self.second)

    def test_search_and_field_say_the_same(self):
        self._dismiss(self.first)
        self.third._propose(self.criterion, "Grows fast")
        Account = self.Account.search([("company_id", "=", self.company.id)])
        self.assertEqual(self._suggested(), Account.filtered("is_key_suggested"))
        self.assertEqual(
            Account.filtered_domain([("is_key_suggested", "=", False)]),
            Account.search(
                [
                    ("company_id", "=", self.company.id),
                    ("is_key_suggested", "=", False),
                ],
            ),
        )

    def test_suggestions_cost_as_many_queries_for_many_as_for_few(self):
        counts = []
        for accounts in (self.first, self.accounts):
            for _turn in range(2):
                self.env.invalidate_all()
                accounts.mapped("share")
                before = self.cr.sql_log_count
                accounts.mapped("key_suggestion")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # Key accounts nobody looks after

    def test_key_account_without_running_plan_or_with_gaps_is_flagged(self):
        self._sell(d=1)
        self.first.is_key_account = True
        self.assertEqual(self._neglected(), self.first)
        self.assertEqual(
            self.first.key_neglect, "no running service plan, coverage gaps: 3"
        )
        self._run_plan(self.first)
        self.assertEqual(self.first.key_neglect, "coverage gaps: 3")
        self._cover(self.first)
        self.assertFalse(self.first.key_neglect)
        self.assertFalse(self._neglected())

    def test_covered_key_account_without_plan_is_flagged(self):
        self.first.is_key_account = True
        self._cover(self.first)
        self.assertEqual(self.first.key_neglect, "no running service plan")
        self.assertEqual(self._neglected(), self.first)

    def test_who_is_no_key_account_is_not_flagged(self):
        self.assertFalse(self._neglected())
        self.assertFalse(any(self.accounts.mapped("is_key_neglected")))

    def _run_plan(self, account):
        plan = self.env["kam.plan"].create(
            {"account_id": account.id, "date_start": "2022-01-01"}
        )
        plan._set_state("running")

    def _cover(self, account):
        """Let one person whom we met play all roles."""
        person = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": account.partner_id.id}
        )
        roles = self.env["kam.stakeholder.role"].search(
            [("code", "in", ("decides", "sponsor", "uses"))]
        )
        self.env["kam.stakeholder"].create(
            {
                "partner_id": person.id,
                "account_id": account.id,
                "role_ids": roles.ids,
            }
        )
        self._touch("2022-03-01", account.partner_id, partner_ids=person.ids)
        self.env.invalidate_all()

    def _dismiss(self, account):
        Wizard = self.env["kam.key.decision"].with_user(self.head)
        context = {"default_account_id": account.id, "default_step": "dismiss"}
        with Form(Wizard.with_context(**context)) as form:
            form.reason = "Not now"
        form.record.action_apply()

    def _suggested(self):
        return self._search("is_key_suggested")

    def _neglected(self):
        return self._search("is_key_neglected")

    def _search(self, name):
        domain = [("company_id", "=", self.company.id), (name, "=", True)]
        return self.Account.search(domain)
