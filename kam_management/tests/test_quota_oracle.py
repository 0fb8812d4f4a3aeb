import os
from datetime import date, timedelta
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import freeze_time, tagged

from .quota_common import INDICATORS, QuotaCommon, insert
from .quota_oracle import Customer, Sale, figure

FIRST_DAY = date(2020, 1, 1)
# close together, so that the ends of terms, levels and periods fall on days of facts
days = st.one_of(st.sampled_from([0, 10, 31, 41]), st.integers(0, 62)).map(
    lambda n: FIRST_DAY + timedelta(days=n)
)
sales = st.lists(
    st.tuples(days, st.integers(1, 500), st.integers(0, 1), st.sampled_from("abx")),
    max_size=6,
)
touches = st.lists(st.tuples(days, st.integers(0, 1), st.integers(0, 5)), max_size=4)
changes = st.lists(st.tuples(days, st.sampled_from([0, 1, None])), max_size=4)
customers = st.tuples(sales, sales, touches, st.sampled_from([0, 1, None]), changes)
periods = st.tuples(days, st.sampled_from([1, 11, 32, 42]))
EXAMPLES = int(os.environ.get("KAM_ORACLE_EXAMPLES", "10"))


@tagged("post_install", "-at_install")
class TestQuotaOracle(QuotaCommon):
    """The SQL of the facts says the same as the naive rule, on random histories."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.kam_window_months = 1
        cls.customers = [cls._create_customer(f"Customer {n}") for n in range(3)]
        cls.accounts = [cls._account(customer) for customer in cls.customers]
        cls.users = [cls.anna, cls.boris]
        cls.team = cls.env["crm.team"].create(
            {"name": "Two", "company_id": cls.company.id}
        )
        cls.team.member_ids = cls.anna + cls.boris
        cls.journal, cls.ledger = cls._sale_journal(), cls._income_account()
        Category = cls.env["product.category"]
        above = Category.create({"name": "A"})
        below = Category.create({"name": "B", "parent_id": above.id})
        beside = Category.create({"name": "X"})
        cls.categories = {"a": above, "b": below, "x": beside}
        cls.products = {
            key: cls.env["product.product"].create(
                {"name": key, "type": "service", "categ_id": categ.id}
            )
            for key, categ in cls.categories.items()
        }
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls._refresh()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        stories=st.lists(customers, min_size=3, max_size=3),
        basis=st.sampled_from(["both", "invoice"]),
        spans=st.lists(periods, min_size=1, max_size=3),
        today=days,
    )
    def test_facts_agree_with_naive_rule(self, **example):
        with self.env.cr.savepoint():
            self._check_example(**example)

    def _check_example(self, stories, basis, spans, today):
        self.company.kam_purchase_basis = basis
        told = [
            self._tell(account, basis, *story)
            for account, story in zip(self.accounts, stories, strict=True)
        ]
        with freeze_time(f"{today} 12:00:00"):
            self._refresh()
            for account, customer in zip(self.accounts, told, strict=True):
                self._led(account, *self._get_terms(customer))
            self.Account._refresh(self.Account.union(*self.accounts))
            rows = list(self._ask(spans))
            figures = self.env["kam.measure"]._measure(rows)
            for row in rows:
                self._check(row, figures[row["key"]], told, today)
            self._check_facts(spans[0], rows)

    def _get_terms(self, customer):
        return [
            (
                None if day == date.min else day,
                None if user is None else self.users[user],
            )
            for day, user in customer.changes
        ]

    def _ask(self, spans):
        """Return what is asked: every indicator of every scope in every period."""
        for place, (start, length) in enumerate(spans):
            for (scope, users), key, buyer in product(
                (("manager", [0]), ("team", [0, 1]), ("company", None)),
                INDICATORS,
                ("all", "new", "active"),
            ):
                by_category = key.startswith("category")
                if buyer != "all" and not by_category:
                    continue
                yield {
                    "key": (place, scope, key, buyer),
                    "company_id": self.company.id,
                    "scope": scope,
                    "user_id": self.anna.id if scope == "manager" else None,
                    "team_id": self.team.id if scope == "team" else None,
                    "date_start": start,
                    "date_end": start + timedelta(days=length - 1),
                    "indicator": key,
                    "categ_id": self.categories["a"].id if by_category else None,
                    "buyer": buyer,
                    "users": users,
                }

    def _check(self, row, value, told, today):
        self.assertAlmostEqual(
            value,
            figure(
                told,
                row["indicator"],
                row["users"],
                row["date_start"],
                row["date_end"],
                today,
                "ab",
                row["buyer"],
            ),
            4,
            f"{row} on {today}: {told}",
        )

    def _check_facts(self, span, rows):
        start, length = span
        lines = [
            {
                "indicator": row["indicator"],
                "categ_id": row["categ_id"],
                "buyer": row["buyer"],
            }
            for row in rows
            if row["key"][:2] == (0, "company")
        ]
        end = start + timedelta(days=length - 1)
        for owner in ({"user": self.anna}, {"team": self.team}, {}):
            quota = self._quota(start, end, *lines, **owner)
            quota._measure()
            self.assertFactsAddUp(quota.line_ids)
            # the next history may ask for the same time
            quota.state = "draft"
            quota.unlink()

    # Telling a history

    def _tell(self, account, basis, bought, credited, touched, first, later):
        """Write a history into the database, by SQL for speed; return it for the oracle."""
        self._forget(account)
        customer = Customer()
        for day, amount, user, category in bought:
            if basis == "both":
                self._insert_order(account, day, amount, user, category)
            else:
                self._insert_move(account, day, amount, user, category, "out_invoice")
            customer.sales.append(Sale(day, amount, amount * 12, user, category))
        for day, amount, user, category in credited:
            self._insert_move(account, day, -amount, user, category, "out_refund")
            customer.sales.append(Sale(day, -amount, -amount * 12, user, category))
        for day, user, stars in touched:
            self.env["kam.touch"].create(
                {
                    "account_id": account.id,
                    "date": f"{day} 23:59:59",
                    "user_id": self.users[user].id,
                    "quality": stars,
                }
            )
            customer.touches.append((day, user, stars))
        customer.changes = sorted(
            {date.min: first, **dict(later)}.items(), key=lambda change: change[0]
        )
        return customer

    def _forget(self, account):
        account.touch_ids.unlink()
        account.manager_id = False
        self.env.flush_all()
        for table in ("sale_order", "account_move"):
            self.env.cr.execute(
                f"DELETE FROM {table} WHERE partner_id = %s", [account.partner_id.id]
            )

    def _insert_order(self, account, day, amount, user, category):
        """Insert an order in a currency of which two make one of ours, sold in dozens."""
        partner = account.partner_id.id
        order = insert(
            self.env,
            "sale_order",
            name="S",
            company_id=self.company.id,
            partner_id=partner,
            partner_invoice_id=partner,
            partner_shipping_id=partner,
            kam_commercial_partner_id=partner,
            user_id=self.users[user].id,
            state="sale",
            date_order=f"{day} 23:59:59",
            currency_id=self.company.currency_id.id,
            currency_rate=2,
            amount_untaxed=amount * 2,
        )
        insert(
            self.env,
            "sale_order_line",
            order_id=order,
            name="Line",
            product_id=self.products[category].id,
            product_uom_qty=amount,
            product_uom_id=self.dozen.id,
            price_unit=2,
            price_subtotal=amount * 2,
            customer_lead=0,
        )

    def _insert_move(self, account, day, amount, user, category, move_type):
        partner = account.partner_id.id
        currency = self.company.currency_id.id
        move = insert(
            self.env,
            "account_move",
            company_id=self.company.id,
            partner_id=partner,
            commercial_partner_id=partner,
            invoice_user_id=self.users[user].id,
            move_type=move_type,
            state="posted",
            date=day,
            invoice_date=day,
            journal_id=self.journal.id,
            currency_id=currency,
            auto_post="no",
            amount_untaxed_signed=amount,
        )
        insert(
            self.env,
            "account_move_line",
            move_id=move,
            company_id=self.company.id,
            currency_id=currency,
            account_id=self.ledger.id,
            display_type="product",
            balance=-amount,
            amount_currency=-amount,
            debit=max(-amount, 0),
            credit=max(amount, 0),
            quantity=abs(amount),
            product_id=self.products[category].id,
            product_uom_id=self.dozen.id,
        )
