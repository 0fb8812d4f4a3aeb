import os
from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import freeze_time, tagged

from .common import KamCommon
from .documents import Scribe
from .oracle import History, segments
from .oracle_sales import CreditNote, Invoice, JointInvoice, Line, Order, read

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
categories = st.integers(0, 1)
dated = st.tuples(days, amounts)
lines = st.builds(
    Line,
    category=categories,
    # now and then a discount, or a line that was lowered to nothing
    ordered=st.one_of(amounts, amounts, amounts, st.integers(-50, 0)),
    invoiced=st.lists(st.tuples(days, amounts, st.booleans()), max_size=2),
    credited=st.lists(dated, max_size=2),
    prepaid=st.lists(st.tuples(days, st.sampled_from([-30, 30])), max_size=1),
)
orders = st.builds(
    Order,
    day=days,
    lines=st.lists(lines, min_size=1, max_size=2),
    confirmed=st.sampled_from([True, True, True, False]),
    payer=st.sampled_from([0, 0, 1]),
    goodwill=st.one_of(st.just([]), st.lists(dated, max_size=2)),
)

simple = st.builds(Line, categories, amounts).map(lambda line: [line])
plain = st.builds(Order, day=days, lines=simple)
invoices = st.builds(
    Invoice,
    day=days,
    lines=st.lists(st.tuples(categories, amounts), min_size=1, max_size=2),
    reversed=st.one_of(st.just([]), st.lists(dated, max_size=2)),
)
notes = st.builds(CreditNote, days, categories, amounts)
alike = st.builds(Order, days, simple, confirmed=st.sampled_from([True, True, False]))
joint = st.builds(
    JointInvoice, days, st.lists(alike, min_size=2, max_size=2), st.sampled_from([0, 9])
)
stories = st.lists(st.one_of(plain, plain, orders, invoices, notes, joint), max_size=5)
openings = st.one_of(
    st.none(),
    st.tuples(
        days, st.one_of(st.integers(0, 3), st.integers(0, 400)), st.integers(2, 5)
    ),
    days.map(lambda day: (day, 0, 1)),
)
touches = st.lists(days, max_size=3)
EXAMPLES = int(os.environ.get("KAM_ORACLE_EXAMPLES", "15"))
# Finding the smallest example that fails takes minutes.
SHRINK = [Phase.shrink] if "KAM_ORACLE_EXAMPLES" not in os.environ else []


@tagged("post_install", "-at_install")
class TestOracle(KamCommon):
    """All rooms say the same as one naive reading of random documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [cls._create_customer(f"Customer {n}") for n in range(4)]
        cls.accounts = [cls._account(customer) for customer in cls.customers]
        cls.categs = cls.env["product.category"].create([{"name": "A"}, {"name": "B"}])
        products = cls.env["product.product"].create(
            [{"name": categ.name, "categ_id": categ.id} for categ in cls.categs]
        )
        sister = cls._create_company("Sister").partner_id
        cls.scribe = Scribe(cls, products)
        # what we sell to ourselves, or to who works here, counts nowhere
        for partner in (sister, cls.boris.partner_id):
            ours = Order(date(2020, 3, 31), [Line(0, 777)])
            cls.scribe.tell([partner], [[ours, CreditNote(ours.day, 0, 5)]])
        cls._refresh()

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate, *SHRINK],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        told=st.lists(st.tuples(stories, touches, openings), min_size=4, max_size=4),
        months=st.sampled_from([1, 2, 6, 12, 13]),
        minimum=st.integers(1, 4),
        basis=st.sampled_from(["order", "invoice", "both"]),
        looks=st.lists(days, min_size=1, max_size=3),
    )
    def test_rooms_agree_with_naive_reading(self, **example):
        # what an example writes is gone before the next
        savepoint = self.env.cr.savepoint()
        try:
            self._check_example(**example)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _check_example(self, told, months, minimum, basis, looks):
        self.company.write(
            {
                "kam_window_months": months,
                "kam_min_purchases": minimum,
                "kam_purchase_basis": basis,
            }
        )
        self.scribe.tell(self.customers, [story for story, *_others in told])
        books = read([story for story, *_others in told], basis)
        histories = [
            self._get_history(account, sales, days_touched, opening)
            for account, sales, (_story, days_touched, opening) in zip(
                self.accounts, books, told, strict=True
            )
        ]
        self.env.flush_all()
        for history in histories:
            history.months, history.minimum = months, minimum
        # one look after another, back in time too: each rebuilds what differs
        for look in looks:
            self._refresh(as_of=look)
            for account, history in zip(self.accounts, histories, strict=True):
                self._check(account, history, look)
            self.assertEqual(
                [(account.segment, account.share) for account in self.accounts],
                segments(histories, look),
                (look, histories),
            )
            with freeze_time(datetime.combine(look, time(12))):
                self._check_silence(histories, look)
                self._check_rooms(books, histories, look)

    def _get_history(self, account, sales, touched, opening):
        """Write touches and opening balance; return the history for the oracle."""
        history = History(
            [(sale.day, 0) for sale in sales if sale.is_purchase],
            sales=[(sale.day, sale.amount) for sale in sales],
            touches=list(touched),
        )
        for day in touched:
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
            history.opening = first, last, count
        return history

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
        self.assertEqual(
            account.expected_purchase_date or None, history.expected(day), note
        )
        self.assertEqual(account.purchase_day_count, history.day_count(day), note)
        interval = history.interval(day)
        self.assertEqual(account.usual_interval, round(interval or 0), note)
        self.assertEqual(account.risk_date or None, history.risk_date(day), note)
        self.assertEqual(account.buyer_pattern, history.pattern(day), note)
        self.assertEqual(account.window_purchase_count, history.window_count(day), note)
        self.assertAlmostEqual(account.revenue, history.revenue(day), 2, note)
        self.assertAlmostEqual(
            account.revenue_previous, history.revenue(day, windows_ago=1), 2, note
        )

    def _check_silence(self, histories, day):
        """Hold who is at risk, and the estimates, as of today against the oracle."""
        self.accounts[0].browse().invalidate_model()
        known = [h.interval(day) for h in histories if h.interval(day) is not None]
        usual = round(float(sum(known) / len(known)), 2) if known else None
        self.assertAlmostEqual(self.company.kam_usual_interval, usual or 0, 2)
        at_risk = self.Account.search([("is_at_risk", "=", True)])
        for account, history in zip(self.accounts, histories, strict=True):
            note = f"{history} as of {day}"
            self.assertEqual(account.is_at_risk, history.is_at_risk(day), note)
            self.assertEqual(account in at_risk, history.is_at_risk(day), note)
            estimate = history.estimate(day, usual) or 0
            self.assertAlmostEqual(
                account.estimated_wait, estimate, msg=note, delta=0.5 + estimate / 100
            )

    def _check_rooms(self, books, histories, day):
        """Hold goals, quotas, white space, concentration and drill-down against it."""
        self.env.invalidate_all()
        start = histories[0].window_start(day) + timedelta(days=1)
        for account, sales in zip(self.accounts, books, strict=True):
            self._check_account(account, sales, start, day)
        expected = sum(
            sale.amount for sales in books for sale in sales if start <= sale.day <= day
        )
        figures = self.env["kam.measure"]._measure(
            [self._ask("revenue", start, day, scope="company")]
        )
        self.assertAlmostEqual(figures["revenue"], expected, 2, books)
        figures = self.env["kam.account"]._get_portfolio_figures(self.company)
        self.assertAlmostEqual(figures["revenue"], expected, 2, books)

    def _check_account(self, account, sales, start, day):
        """Hold what is told of one customer and window, by category, against it."""
        bought = [sale for sale in sales if start <= sale.day <= day]
        own = {"scope": "account", "account_id": account.id}
        rows = [self._ask("revenue", start, day, **own)]
        for place, categ in enumerate(self.categs):
            row = self._ask("category_revenue", start, day, **own, categ_id=categ.id)
            rows.append({**row, "key": place})
        figures = self.env["kam.measure"]._measure(rows)
        lists = self.env["kam.sale"].with_context(kam_account_ids=account.ids)
        rows = lists.search([("date", ">=", start), ("date", "<=", day)])
        cells = account.get_white_space()["cells"]
        for place, categ in [*enumerate(self.categs), (None, False)]:
            # a down payment is of no category in the naive reading
            some = [s for s in bought if place is None or s.category == place]
            expected = sum(sale.amount for sale in some)
            found = {
                "measure": figures["revenue" if place is None else place],
                "records": sum(
                    row.amount for row in rows if not categ or row.categ_id == categ
                ),
                "white space": sum(
                    cell.get("amount", 0)
                    for key, cell in cells.items()
                    if not categ or key == f"0-{categ.id}"
                ),
            }
            if place is not None and any(s.category is None for s in bought):
                continue
            for room, figure in found.items():
                self.assertAlmostEqual(figure, expected, 2, (room, place, sales))

    def _ask(self, indicator, start, end, **values):
        return {
            "key": indicator,
            "company_id": self.company.id,
            "indicator": indicator,
            "date_start": start,
            "date_end": end,
            **values,
        }
