import random
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.kam_management.models.portfolio.kam_portfolio_month import MONTHS_TAKEN

from .portfolio_common import TODAY, PortfolioCommon

SAME = ("revenue", "segment", "share", "level")
LATELY = datetime(2022, 1, 2)


@tagged("post_install", "-at_install")
class TestPortfolioMonths(PortfolioCommon):
    """What the customers brought, month by month, also before the app came."""

    def test_months_of_the_past_are_what_a_refresh_then_would_have_found(self):
        self._make_random_history()
        self._refresh(date(2022, 3, 10))
        for day in ("2020-02-29", "2020-08-31", "2021-02-28", "2021-12-31"):
            self._take(day)
        for day in ("2020-02-29", "2020-08-31", "2021-02-28", "2021-12-31"):
            with self.subTest(month=day):
                self._refresh(date.fromisoformat(day))
                accounts = self.Account.search(
                    [("company_id", "=", self.company.id), ("revenue", "!=", 0)]
                )
                self.assertGreater(len(set(accounts.mapped("segment"))), 1)
                self.assertEqual(
                    self._standings(day),
                    {a: tuple(a[name] for name in SAME) for a in accounts},
                )

    def test_running_month_is_as_of_today_and_its_end_corrects_it(self):
        [account] = self._sell(a=100)
        self._take()
        self.assertEqual(self._month().revenue, 100)
        self._order("2022-03-20", 50, account.partner_id)
        self._take()
        self.assertEqual(self._month().revenue, 100)
        self._take("2022-03-31")
        self.assertEqual(self._month().revenue, 150)

    def test_to_take_a_month_again_changes_nothing(self):
        self._sell(a=100, b=20)
        self._take()
        before = self._versions()
        self._take()
        self.assertEqual(self._versions(), before)
        self.assertEqual(len(before), 3)

    def test_customer_whose_revenue_is_gone_leaves_the_month(self):
        first, second = self._sell(a=100, b=20)
        self._take()
        order = self.env["sale.order"].search(
            [("partner_id", "=", first.partner_id.id)]
        )
        order._action_cancel()
        self._refresh(TODAY)
        self._take()
        rows = self.AccountMonth.search([("company_id", "=", self.company.id)])
        self.assertEqual(rows.account_id, second)
        self.assertEqual(self._month().revenue, 20)

    def test_who_only_paid_in_advance_has_no_segment_in_any_room(self):
        """A down payment is revenue, but nobody buys one."""
        self.company.kam_purchase_basis = "invoice"
        partner = self._create_customer("Buyer")
        self._invoice(TODAY, 10_000, partner)
        customer = self._create_customer("Prepaid")
        move = self._invoice(TODAY, 50_000, customer)
        move.invoice_line_ids.is_downpayment = True
        self._refresh(TODAY)
        self._take()
        payer, buyer = self._account(customer), self._account(partner)
        self.assertEqual((payer.revenue, payer.purchase_count), (50_000, 0))
        # ranked behind what was paid in advance, which is revenue as well
        standing = [(payer, False), (buyer, "b")]
        for account, segment in standing:
            self.assertEqual(account.segment, segment, "now")
            rows = self.env["kam.account.month"].search(
                [("account_id", "=", account.id), ("date", "=", "2022-03-31")]
            )
            self.assertEqual(rows.segment, segment, "month")
        counts = {"a": 0, "b": 1, "c": 0}
        for leaving in (None, ()):
            figures = self.Account._get_portfolio_figures(self.company, leaving)
            segments = figures["segments"]
            self.assertEqual({s: segments[s]["count"] for s in "abc"}, counts)
            self.assertEqual(figures["customers"], 2)

    def test_health_once_known_stays_when_a_month_is_taken_again(self):
        self._sell(a=100)
        self._take()
        row = self.AccountMonth.search([("company_id", "=", self.company.id)])
        row.health = 70
        self._take("2022-03-31")
        row.invalidate_recordset()
        self.assertEqual((row.health, self._month().health), (70, 70))

    def test_average_health_leaves_out_what_is_not_known(self):
        accounts = self._sell(a=60, b=40, c=20)
        self._set_health(accounts[0], 80)
        self._set_health(accounts[1], 0)
        self._set_health(accounts[2], None)
        self._take()
        self.assertEqual(self._month().health, 40)

    def test_running_month_forgets_a_health_that_is_known_no_more(self):
        accounts = self._sell(a=60, b=40)
        self._set_health(accounts[0], 80)
        self._set_health(accounts[1], 20)
        self._take()
        self.assertEqual(self._month().health, 50)
        self._set_health(accounts[1], None)
        self._take()
        self.assertEqual(self._month().health, 80)

    def test_month_says_how_much_hangs_on_how_few(self):
        accounts = self._sell(a=60, b=20, c=15, d=5)
        first = accounts[0]
        holding = self._create_customer("Holding")
        self.Account.search(
            [("partner_id.name", "in", ("b", "c"))]
        ).partner_id.parent_id = holding
        self._nominate(first, "2021-01-01")
        self._refresh(TODAY)
        for account in accounts:
            self._set_health(account, 50 if account == first else 90)
        self._take()
        self.assertRecordValues(
            self._month(),
            [
                {
                    "revenue": 100,
                    "customer_count": 4,
                    "key_revenue": 60,
                    "key_share": 0.6,
                    "largest_account_id": first.id,
                    "largest_account_share": 0.6,
                    "largest_group_id": holding.id,
                    "largest_group_share": 0.35,
                    "a_count": 2,
                    "b_count": 1,
                    "c_count": 1,
                    "new_count": 4,
                    "health": (50 + 3 * 90) / 4,
                }
            ],
        )

    def test_key_accounts_of_the_past_are_those_nominated_then(self):
        first, second = self._sell(a=60, b=40)
        self._nominate(first, "2021-01-01")
        first.nomination_id._end("Enough", date(2022, 3, 5))
        self._nominate(second, "2022-03-08")
        for day, share in (
            ("2022-02-28", 0.6),
            ("2022-03-04", 0.6),
            ("2022-03-05", 0),
            ("2022-03-08", 0.4),
        ):
            with self.subTest(day=day):
                self._take(day)
                self.assertEqual(self._month(self._end(day)).key_share, share)

    def test_cron_goes_back_to_the_first_purchase_newest_first(self):
        self._order("2021-11-15", 10)
        self._refresh(TODAY)
        taken = []
        original = type(self.Month)._take

        def take(records, as_of, companies, since=None):
            if self.company.id in companies:
                taken.append(as_of)
            return original(records, as_of, companies, since)

        with patch.object(type(self.Month), "_take", take):
            self._cron()
            first, taken[:] = taken[:], []
            self._cron()
            second, taken[:] = taken[:], []
            self._age_accounts()
            self._cron()
        ends = ["2022-02-28", "2022-01-31", "2021-12-31", "2021-11-30"]
        self.assertEqual(first, [TODAY, *map(date.fromisoformat, ends)])
        # a night later, with news: the running month, and the one just ended
        self.assertEqual(second, [TODAY, date(2022, 2, 28)])
        self.assertEqual(taken, [], "no account has changed since")

    def test_months_that_ended_are_worked_out_for_who_changed_alone(self):
        """They come out as if all were worked out; looked at are those that changed."""
        accounts = self._sell(a=60, b=20, c=15, d=5)
        self._take("2022-02-28")
        self._age_accounts()
        self._order("2022-02-20", 500, accounts[1].partner_id)
        self._invoice("2022-02-25", 15, accounts[2].partner_id, move_type="out_refund")
        self._refresh(TODAY)
        Engine = type(self.env["kam.engine"])
        looked_at, get_sales_sql = [], Engine._get_sales_sql

        def look(engine, rule, partners=None):
            looked_at.append(partners is not None)
            return get_sales_sql(engine, rule, partners)

        with patch.object(Engine, "_get_sales_sql", look):
            self.Month._take(date(2022, 2, 28), {self.company.id}, LATELY)
        self.assertEqual(set(looked_at), {True})
        rows = self._standings("2022-02-28")
        self.assertEqual(
            {account: rows[account][0] for account in rows},
            {accounts[0]: 60, accounts[1]: 520, accounts[3]: 5},
        )
        before = self._versions()
        self._take("2022-02-28")
        self.assertEqual(self._versions(), before)

    def _age_accounts(self):
        """Let all accounts have been written long ago."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE kam_account SET write_date = '2022-01-01'")
        self.env.invalidate_all()

    def test_cron_goes_on_where_it_was_interrupted(self):
        self._order("2021-11-15", 10)
        self._refresh(TODAY)
        self._cron(patience=2)
        self.assertTrue(self._month("2022-02-28"))
        self.assertFalse(self._month("2022-01-31"))
        self._cron()
        self.assertTrue(self._month("2021-11-30"))

    def test_months_that_take_long_are_all_done_and_noted(self):
        """The time of a job is up after the first; no month is begun again and again."""
        self._cron()  # of other companies
        [account] = self._sell(a=100)
        self._order("2021-11-15", 10, account.partner_id)
        self._refresh(TODAY)
        for _call in range(5):
            self._cron(patience=1)
        self.assertTrue(self._month("2021-11-30"))
        self.env["ir.config_parameter"].search([("key", "=", MONTHS_TAKEN)]).unlink()
        self._order("2022-02-20", 500, account.partner_id)
        self._refresh(TODAY)
        self._cron(patience=1)
        self.assertEqual(self._month("2022-02-28").revenue, 610)
        self.assertTrue(self.env["kam.engine"]._note(MONTHS_TAKEN))

    def test_cron_looks_back_three_years_at_most(self):
        self._order("2015-01-01", 10)
        self._refresh(TODAY)
        self._cron()
        months = self.Month.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(months), 37)
        self.assertEqual(min(months.mapped("date")), date(2019, 3, 31))

    def test_company_without_purchases_has_no_months(self):
        self._cron()
        self.assertFalse(self.Month.search([("company_id", "=", self.company.id)]))

    def test_button_of_an_account_opens_its_months(self):
        first, _second = self._sell(a=60, b=40)
        first.manager_id = self.anna
        self._take()
        action = first.with_user(self.anna).action_view_months()
        rows = self.AccountMonth.with_user(self.anna).search(action["domain"])
        self.assertEqual(rows.account_id, first)
        self.assertFalse(self.AccountMonth.with_user(self.boris).search([]))

    def test_months_of_merged_customers_add_up(self):
        first, second = self._sell(a=60, b=40)
        self._take()
        survivor = second
        self.Account._move_to_partner(first.partner_id, second.partner_id)
        row = self.AccountMonth.search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            row, [{"account_id": survivor.id, "revenue": 100, "share": 1}]
        )
        self.assertEqual(self._month().largest_account_id, survivor)

    def _cron(self, patience=99):
        """Run the cron on TODAY, for as many steps."""
        steps = iter(range(1, patience))
        progress = patch.object(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda *_args, remaining=None, **_kw: (
                9 if remaining is not None else next(steps, None)
            ),
        )
        with freeze_time(TODAY), progress:
            self.Month._cron_take()

    def _set_health(self, account, health):
        """Write a health that only the engine may write."""
        self.env.flush_all()
        query = "UPDATE kam_account SET health = %s WHERE id = %s"
        self.env.cr.execute(query, [health, account.id])
        account.invalidate_recordset()

    def _end(self, day):
        return "2022-02-28" if day < "2022-03" else "2022-03-31"

    def _standings(self, day):
        """Return {account: values} of the rows of a month."""
        rows = self.AccountMonth.search(
            [("company_id", "=", self.company.id), ("date", "=", day)]
        )
        return {row.account_id: tuple(row[name] for name in SAME) for row in rows}

    def _versions(self):
        """Return where the rows lie: another place is another version."""
        self.cr.execute(
            """
            SELECT 'account', id, ctid::text FROM kam_account_month
             WHERE company_id = %(company)s
            UNION ALL
            SELECT 'all', id, ctid::text FROM kam_portfolio_month
             WHERE company_id = %(company)s
            """,
            {"company": self.company.id},
        )
        return sorted(self.cr.fetchall())

    def _make_random_history(self):
        """Give twelve customers orders and some credit notes over two years."""
        chance = random.Random(28)
        for number in range(12):
            partner = self._create_customer(f"Customer {number}")
            for _order in range(chance.randint(1, 8)):
                day = date(2019, 6, 1) + timedelta(chance.randrange(900))
                self._order(day, chance.randint(1, 1000) * 10 / (number + 1), partner)
            if number % 4 == 0:
                self._invoice("2021-01-15", 300, partner, move_type="out_refund")
