import os
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import KamCommon
from .oracle import History, segments

FIRST_DAY = date(2019, 12, 20)
# Seldom days are drawn seldom: ends of months, leap days and repeats matter most.
days = st.one_of(
    st.sampled_from(
        [
            date(2020, 2, 28),
            date(2020, 2, 29),
            date(2020, 3, 31),
            date(2020, 8, 31),
            date(2020, 12, 31),
            date(2021, 2, 28),
            date(2021, 3, 1),
        ]
    ),
    st.integers(0, 900).map(lambda n: FIRST_DAY + timedelta(days=n)),
)
amounts = st.integers(1, 500)
documents = st.lists(st.tuples(days, amounts), max_size=6)
openings = st.one_of(
    st.none(),
    st.tuples(days, st.integers(0, 400), st.integers(2, 4)),
    days.map(lambda day: (day, 0, 1)),
)
histories = st.tuples(documents, documents, st.lists(days, max_size=3), openings)
EXAMPLES = int(os.environ.get("KAM_ORACLE_EXAMPLES", "60"))


@tagged("post_install", "-at_install")
class TestOracle(KamCommon):
    """The engine's SQL says the same as the naive rule, on random histories."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [cls._create_customer(f"Customer {n}") for n in range(4)]
        cls.accounts = [cls._account(customer) for customer in cls.customers]
        cls.currency = cls.company.currency_id
        cls.journal = cls._sale_journal()
        cls._refresh()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        histories=st.lists(histories, min_size=4, max_size=4),
        months=st.sampled_from([1, 2, 6, 12, 13]),
        minimum=st.integers(1, 4),
        basis=st.sampled_from(["order", "invoice"]),
        looks=st.lists(days, min_size=1, max_size=3),
    )
    def test_engine_agrees_with_naive_rule(self, **example):
        # an example that fails must not spoil the transaction of the next
        with self.env.cr.savepoint():
            self._check_example(**example)

    def _check_example(self, histories, months, minimum, basis, looks):
        self.company.write(
            {
                "kam_window_months": months,
                "kam_min_purchases": minimum,
                "kam_purchase_basis": basis,
            }
        )
        told = [
            self._tell(account, basis, *history)
            for account, history in zip(self.accounts, histories, strict=True)
        ]
        for history in told:
            history.months, history.minimum = months, minimum
        # one look after another, back in time too: each rebuilds what differs
        for look in looks:
            self._refresh(as_of=look)
            for account, history in zip(self.accounts, told, strict=True):
                self._check(account, history, look)
            self.assertEqual(
                [(account.segment, account.share) for account in self.accounts],
                segments(told, look),
                (look, told),
            )

    def _tell(self, account, basis, purchases, credit_notes, touches, opening):
        """Write a history into the database, by SQL for speed; return it for the oracle."""
        self._forget(account)
        for day, amount in purchases:
            if basis == "order":
                self._insert_order(account, day, amount)
            else:
                self._insert_move(account, day, amount, "out_invoice")
        for day, amount in credit_notes:
            self._insert_move(account, day, -amount, "out_refund")
        history = History(list(purchases), list(credit_notes), list(touches))
        for day in touches:
            self.env["kam.touch"].create({"account_id": account.id, "date": str(day)})
        if opening:
            first, gap, count = opening
            last = first + timedelta(days=gap)
            account.write(
                {
                    "opening_first_date": first,
                    "opening_last_date": last,
                    "opening_count": count,
                }
            )
            history.purchases += [(first, 0)] + [(last, 0)] * (count - 1)
        return history

    def _forget(self, account):
        """Remove what the example before told of an account."""
        account.touch_ids.unlink()
        account.write(
            {
                "opening_first_date": False,
                "opening_last_date": False,
                "opening_count": 0,
            }
        )
        self.env.flush_all()
        for table in ("sale_order", "account_move"):
            column = "partner_id"
            self.env.cr.execute(
                f"DELETE FROM {table} WHERE {column} = %s", [account.partner_id.id]
            )

    def _insert_order(self, account, day, amount):
        partner = account.partner_id.id
        self.env.cr.execute(
            """
            INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id,
                   partner_shipping_id, kam_commercial_partner_id, state, date_order,
                   currency_id, currency_rate, amount_untaxed)
            VALUES ('S', %s, %s, %s, %s, %s, 'sale', %s, %s, 2, %s)
            """,
            [
                self.company.id,
                *[partner] * 4,
                f"{day} 23:59:59",
                self.currency.id,
                amount * 2,
            ],
        )

    def _insert_move(self, account, day, amount, move_type):
        partner = account.partner_id.id
        self.env.cr.execute(
            """
            INSERT INTO account_move (company_id, partner_id, commercial_partner_id,
                   move_type, state, date, invoice_date, journal_id, currency_id, auto_post,
                   amount_untaxed_signed)
            VALUES (%s, %s, %s, %s, 'posted', %s, %s, %s, %s, 'no', %s)
            """,
            [
                self.company.id,
                partner,
                partner,
                move_type,
                day,
                day,
                self.journal.id,
                self.currency.id,
                amount,
            ],
        )

    def _check(self, account, history, day):
        """Hold all figures of an account as of a day against the oracle."""
        note = f"{history} as of {day}"
        self.assertEqual(account.level, history.level(day), note)
        log = [
            (step.date, step.from_level, step.to_level, step.days)
            for step in account.transition_ids.sorted("date")
        ]
        self.assertEqual(log, history.log(day), note)
        self.assertEqual(account.level_date or None, log[-1][0] if log else None, note)
        known = [d for d, _amount in history.purchases if d <= day]
        self.assertEqual(account.purchase_count, len(known), note)
        self.assertEqual(
            account.first_purchase_date or None, min(known, default=None), note
        )
        self.assertEqual(
            account.last_purchase_date or None, max(known, default=None), note
        )
        self.assertEqual(account.window_purchase_count, history.window_count(day), note)
        self.assertAlmostEqual(account.revenue, history.revenue(day), 2, note)
        self.assertAlmostEqual(
            account.revenue_previous, self._revenue_before(history, day), 2, note
        )

    def _revenue_before(self, history, day):
        return history.revenue(day, windows_ago=1)
