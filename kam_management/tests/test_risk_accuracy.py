from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import KamCommon

TODAY = date(2022, 3, 10)
WARNED = date(2021, 11, 30)


@tagged("post_install", "-at_install")
@freeze_time("2022-03-10")
class TestRiskAccuracy(KamCommon):
    """Warnings of the past are judged by what the following three months brought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Accuracy = cls.env["kam.risk.accuracy"]

    @classmethod
    def _buy(cls, *days):
        """Let a new customer buy on some days, on purchase a day."""
        partner = cls._create_customer(f"Bought {days}")
        for day in days:
            cls._order(day, 100, partner)
        return partner

    @classmethod
    def _take(cls, day=WARNED):
        cls.Accuracy._take(day, cls.company)
        return cls.Accuracy.search(
            [("company_id", "=", cls.company.id), ("date", "=", day)]
        )

    def assertCounts(self, row, customers, lost, at_risk, right):
        self.assertRecordValues(
            row,
            [
                {
                    "customer_count": customers,
                    "lost_count": lost,
                    "risk_count": at_risk,
                    "risk_lost_count": right,
                }
            ],
        )

    def test_customers_are_counted_as_of_then(self):
        silent = ("2021-08-01", "2021-08-11", "2021-08-21")
        fresh = ("2021-10-01", "2021-11-01", "2021-11-28")
        self._buy(*silent)  # at risk and lost
        self._buy(*silent, "2022-02-28")  # at risk, and came back on the last day
        self._buy(*silent, "2022-03-01")  # one day too late
        self._buy(*fresh)  # lost without a warning
        self._buy(*fresh, "2021-12-01")
        self._buy("2021-11-01", "2021-11-02")  # no rhythm yet
        self._buy("2020-09-01", "2020-10-01", "2020-11-30")  # dormant by then
        self.assertCounts(self._take(), customers=5, lost=3, at_risk=3, right=2)

    def test_credit_note_is_no_purchase_that_followed(self):
        partner = self._buy("2021-08-01", "2021-08-11", "2021-08-21")
        self._invoice("2022-01-01", 50, partner, move_type="out_refund")
        self.assertCounts(self._take(), customers=1, lost=1, at_risk=1, right=1)

    def test_other_companies_are_apart(self):
        self._buy("2021-08-01", "2021-08-11", "2021-08-21")
        other = self._create_company("Other")
        self.Accuracy._take(WARNED, self.company | other)
        row = self.Accuracy.search([("company_id", "=", other.id)])
        self.assertCounts(row, customers=0, lost=0, at_risk=0, right=0)

    def test_accounts_stay_as_they_are(self):
        partner = self._buy("2021-08-01", "2021-08-11", "2021-08-21", "2022-03-01")
        self._refresh()
        account = self._account(partner)
        before = account.read()
        self._take()
        self.env.invalidate_all()
        self.assertEqual(account.read(), before)

    def test_months_of_the_last_year_that_are_over_are_to_do(self):
        self._buy("2021-08-01")
        self._refresh()
        todo = [d for d, some in self.Accuracy._get_todo(TODAY) if self.company in some]
        self.assertEqual(
            todo, [WARNED, date(2021, 10, 31), date(2021, 9, 30), date(2021, 8, 31)]
        )
        with freeze_time("2022-03-01"):
            [day, *_older] = self.Accuracy._get_todo(date(2022, 2, 28))
            self.assertEqual(day[0], date(2021, 10, 31))

    def test_cron_does_what_lacks_and_nothing_twice(self):
        self._buy("2021-08-01", "2021-08-11", "2021-08-21")
        self._refresh()
        self._run_cron()
        rows = self.Accuracy.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(rows), 4)
        with patch.object(type(self.Accuracy), "_take", autospec=True) as take:
            self._run_cron()
        for call in take.mock_calls:
            self.assertNotIn(self.company, call.args[2])

    def test_other_settings_have_the_past_judged_anew(self):
        self._buy("2021-08-01", "2021-08-11", "2021-08-21")
        self._refresh()
        self._run_cron()
        self.company.kam_window_months = 2
        self._run_cron()
        [row, *_older] = self.Accuracy.search([("company_id", "=", self.company.id)])
        self.assertCounts(row, customers=0, lost=0, at_risk=0, right=0)

    def _run_cron(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *_a, **_k: 1):
            self.Accuracy._cron_watch()

    def _know(self, customers, lost, at_risk, right):
        self.env.cr.execute(
            """
            INSERT INTO kam_risk_accuracy (company_id, date, customer_count, lost_count,
                                           risk_count, risk_lost_count)
            VALUES (%s, '2021-11-30', %s, %s, %s, %s)
            """,
            [self.company.id, customers, lost, at_risk, right],
        )

    def test_accuracy_is_told_in_a_sentence(self):
        self.assertEqual(self.Accuracy._get_summary(self.company), "")
        self._know(200, 48, 20, 14)
        self.assertEqual(
            self.Accuracy.with_user(self.anna)._get_summary(self.company),
            "In the past year: of 100 customers at risk, 70 bought nothing in the 3"
            " months that followed; of 100 regular customers, 24.",
        )

    def test_few_warnings_are_told_as_they_are(self):
        self._know(30, 5, 4, 3)
        self.assertEqual(
            self.Accuracy._get_summary(self.company),
            "So far: of 4 customers at risk, 3 bought nothing in the 3 months that"
            " followed.",
        )

    def test_nobody_writes_it_and_other_companies_do_not_see_it(self):
        self._know(30, 5, 4, 3)
        row = self.Accuracy.search([("company_id", "=", self.company.id)])
        for user in self.anna, self.head:
            with self.assertRaises(AccessError):
                row.with_user(user).risk_count = 7
        other = self._create_company("Other")
        foreign = self._create_user("foreign", "kam_management.group_kam_user", other)
        self.assertFalse(
            self.Accuracy.with_user(foreign)
            .with_context(allowed_company_ids=other.ids)
            .search([])
        )
