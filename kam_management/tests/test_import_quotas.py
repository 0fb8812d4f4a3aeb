from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .import_common import ImportCommon

HEADER = "Key Account Manager,Period,Targets/Indicator,Targets/Target\n"
PAST = (
    "Key Account Manager,Period,Targets/Indicator,Targets/Target,"
    "Targets/Actual Before Odoo\n"
)


@tagged("post_install", "-at_install")
class TestImportQuotas(ImportCommon):
    """A flat file of quotas: owner, period, indicator, target; one row a target."""

    def _targets(self, quota):
        return {line.indicator: line.target for line in quota.line_ids}

    def test_rows_of_one_owner_and_period_are_one_quota(self):
        quotas = self._load(
            "kam.quota",
            f"{HEADER}Anna,2099-03,won,4\nBoris,2099-03,won,5\n"
            "Anna,2099-03,touches,40\nAnna,2099-04,won,6\n",
        )
        march, boris, april = quotas[0], quotas[1], quotas[3]
        self.assertEqual(quotas[2], march)
        self.assertEqual(self._targets(march), {"won": 4, "touches": 40})
        self.assertEqual(self._targets(boris), {"won": 5})
        self.assertEqual(self._targets(april), {"won": 6})
        self.assertEqual(march.period, "month")
        self.assertEqual(march.date_end, date(2099, 3, 31))
        self.assertEqual((march.user_id, march.state), (self.anna, "draft"))

    def test_period_is_recognised_however_it_is_written(self):
        words = {
            "March 2099": ("month", date(2099, 3, 1)),
            "04/2099": ("month", date(2099, 4, 1)),
            "Q2 2099": ("quarter", date(2099, 4, 1)),
            "2099-Q3": ("quarter", date(2099, 7, 1)),
            "2099": ("year", date(2099, 1, 1)),
        }
        for text, (kind, start) in words.items():
            with self.subTest(text=text):
                quota = self._load("kam.quota", f"{HEADER}Anna,{text},won,4\n")
                self.assertEqual((quota.period, quota.date_start), (kind, start))

    def test_kind_is_recognised_by_the_first_and_last_day(self):
        quotas = self._load(
            "kam.quota",
            "Key Account Manager,From,Until,Targets/Indicator,Targets/Target\n"
            "Anna,2099-04-01,2099-06-30,won,4\n"
            "Anna,2099-01-15,2099-02-20,won,4\n",
        )
        self.assertEqual(quotas.mapped("period"), ["quarter", "free"])

    def test_day_without_kind_is_refused_with_row_and_column(self):
        """It became a month."""
        [(row, field, words)] = self._refused(
            "kam.quota",
            "Key Account Manager,From,Targets/Indicator,Targets/Target\n"
            "Anna,2099-04-01,won,4\n",
        )
        self.assertEqual((row, field), (1, "period"))
        self.assertIn("Quarter", words)

    def test_unknown_indicator_names_the_allowed_ones(self):
        [(row, _field, words)] = self._refused(
            "kam.quota", f"{HEADER}Anna,2099-03,won,4\nAnna,2099-03,turnover,5\n"
        )
        self.assertEqual(row, 2)
        self.assertIn("turnover", words)
        labels = dict(self.env["kam.measure"]._select_indicators("quota"))
        self.assertIn(labels["revenue"], words)
        self.assertFalse(self.env["kam.quota"].search([("user_id", "=", self.anna.id)]))

    def test_target_given_twice_is_refused(self):
        [(row, _field, words)] = self._refused(
            "kam.quota", f"{HEADER}Anna,2099-03,won,4\nAnna,March 2099,won,5\n"
        )
        self.assertEqual(row, 2)
        self.assertIn("Rows 1 and 2", words)

    def test_quota_that_is_there_gets_the_targets(self):
        quota = self._load(
            "kam.quota", f"{HEADER}Anna,2099-03,won,4\nAnna,2099-03,touches,9\n"
        )[0]
        loaded = self._load(
            "kam.quota", f"{HEADER}Anna,2099-03,won,7\nAnna,2099-03,kept,3\n"
        )
        self.assertEqual(loaded[0], quota)
        self.assertEqual(self._targets(quota), {"won": 7, "touches": 9, "kept": 3})

    def test_teams_and_company_are_owners_too(self):
        team = self.env["crm.team"].create(
            {"name": "North", "company_id": self.company.id}
        )
        quotas = self._load(
            "kam.quota",
            "Sales Team,Period,Targets/Indicator,Targets/Target\n"
            "North,2099-03,won,4\n,2099-03,won,9\n",
        )
        self.assertEqual(quotas.mapped("scope"), ["team", "company"])
        self.assertEqual(quotas[0].team_id, team)

    def test_lines_that_go_on_are_still_understood(self):
        """Odoo's own form of such files: the owner in the first row alone."""
        quota = self._load("kam.quota", f"{HEADER}Anna,2099-03,won,4\n,,touches,40\n")
        self.assertEqual(self._targets(quota), {"won": 4, "touches": 40})

    def test_past_periods_are_closed_with_their_actuals_and_one_reason(self):
        quotas = self._load(
            "kam.quota",
            f"{PAST}Anna,2020-03,won,10,3\nAnna,2020-03,revenue,1000,1250.5\n"
            "Anna,2020-04,won,10,2\n",
        )
        quotas = quotas.browse(dict.fromkeys(quotas.ids)).with_user(self.head)
        action = quotas.action_close_past()
        self.env["kam.quota.closing"].with_user(self.head).with_context(
            **action["context"]
        ).create({"reason": "Taken over"}).action_apply()
        self.assertEqual(set(quotas.mapped("state")), {"closed"})
        march = {line.indicator: line for line in quotas[0].line_ids}
        self.assertEqual(march["won"].actual, 3)
        self.assertEqual(march["revenue"].actual, 1250.5)
        self.assertEqual(march["won"].attainment, 30)
        self.assertFalse(quotas.decision_ids)
        self.assertIn("Taken over", "".join(quotas[1].message_ids.mapped("body")))
        facts = march["revenue"].fact_ids
        self.assertEqual(sum(facts.mapped("value")), 1250.5)
        self.assertEqual((facts.res_model, facts.res_id), ("kam.quota", quotas[0].id))

    def test_reported_figures_are_no_corrections_later(self):
        """Odoo measures nothing in that month: nobody owes the difference."""
        past = self._load("kam.quota", f"{PAST}Anna,2020-03,won,10,3\n")
        past.with_user(self.head)._close_past("Taken over")
        later = self._load("kam.quota", f"{HEADER}Anna,2099-03,won,10\n")
        later.with_user(self.head).action_run()
        self.assertEqual(later.line_ids.correction, 0)

    def test_running_periods_report_nothing(self):
        [(_row, _field, words)] = self._refused(
            "kam.quota", f"{PAST}Anna,2099-03,won,10,3\n"
        )
        self.assertIn("is not over", words)

    def test_past_quotas_of_former_colleagues_are_loaded(self):
        self.boris.active = False
        quota = self._load("kam.quota", f"{PAST}Boris,2020-03,won,10,3\n")
        self.assertEqual(quota.user_id, self.boris)

    def test_periods_that_go_on_are_not_closed(self):
        quota = self._load("kam.quota", f"{HEADER}Anna,2099-03,won,4\n")
        with self.assertRaisesRegex(UserError, "Close it afterwards"):
            quota.with_user(self.head)._close_past("Taken over")

    def test_open_decisions_are_dropped_with_the_closing(self):
        quota = self._load("kam.quota", f"{HEADER}Anna,2020-03,won,4\n")
        quota = quota.with_user(self.head)
        quota.action_run()
        self.assertEqual(quota.decision_ids.mapped("state"), ["open"])
        closing = self.env["kam.quota.closing"].with_user(self.head)
        dialog = closing.create({"quota_ids": quota.ids, "reason": "Nobody remembers"})
        self.assertEqual(dialog.open_count, len(quota.decision_ids))
        dialog.action_apply()
        self.assertEqual(quota.decision_ids.mapped("state"), ["dropped"])
        self.assertEqual(quota.state, "closed")

    def test_manager_closes_and_loads_nothing(self):
        quota = self._load("kam.quota", f"{HEADER}Anna,2020-03,won,4\n")
        with self.assertRaises(AccessError):
            quota.with_user(self.anna).action_close_past()
        self._refused("kam.quota", f"{HEADER}Anna,2020-04,won,4\n", user=self.anna)

    def test_state_and_actual_cannot_be_loaded(self):
        load = self.env["kam.quota"].with_user(self.head).load
        for name, value in (("state", "closed"), ("line_ids/actual", "12")):
            with self.subTest(field=name):
                result = load(
                    ["user_id", "period", "line_ids/indicator", name],
                    [["Anna", "2020-05", "won", value]],
                )
                self.assertFalse(result["ids"])
                self.assertIn("calculated", result["messages"][0]["message"])
