from contextlib import closing
from datetime import date, timedelta

import psycopg2
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kam_management.models.res_company import HEALTH_PARTS

from .oracle import health
from .stakeholder_common import StakeholderCommon

TODAY = date(2026, 6, 15)


class HealthCommon(StakeholderCommon):
    """The customer bought; what else is known of him a test says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        cls._order("2026-06-01", 1200)
        cls._refresh()

    @classmethod
    def _set(cls, account=None, **columns):
        """Write columns of the account that only the engine may write."""
        account = account or cls.account
        cls.env.flush_all()
        for name, value in columns.items():
            cls.env.cr.execute(
                f"UPDATE kam_account SET {name} = %s WHERE id = %s",  # pylint: disable=sql-injection
                [value, account.id],
            )
        account.invalidate_recordset()

    @classmethod
    def _complain(cls, **values):
        return cls.env["kam.complaint"].create(
            {
                "name": "Noise",
                "account_id": cls.account.id,
                "date": "2026-05-01 08:00:00",
                "date_due": TODAY,
                **values,
            }
        )

    @classmethod
    def _answer(cls, score, day):
        """Have a person answer a survey with stars on a day; by SQL, he clicks in a mail."""
        cls.env.cr.execute(
            """
            INSERT INTO kam_survey (account_id, company_id, user_id, state, score,
                                    answer_date)
            VALUES (%s, %s, %s, 'answered', %s, %s)
            """,
            [cls.account.id, cls.company.id, cls.anna.id, score, day],
        )

    @classmethod
    def _owe(cls, amount, due):
        """Return an invoice that is not paid, due on a day."""
        return cls._invoice("2026-01-01", amount, invoice_date_due=due)

    def _row(self):
        self.env.flush_all()
        return self.account._get_health_rows().get(self.account.id)

    def _score(self, part):
        return self._row()[part]


@tagged("post_install", "-at_install")
class TestHealthParts(HealthCommon):
    """Each part is a figure from 0 to 100 that one can work out by hand."""

    def test_revenue_kept_is_100_and_halved_is_0(self):
        for revenue, before, score in (
            (1000, 1000, 100),
            (2000, 1000, 100),
            (900, 1000, 80),
            (755, 1000, 51),
            (500, 1000, 0),
            (100, 1000, 0),
            (-50, 1000, 0),
            (1000, 0, None),
            (1000, -20, None),
        ):
            self._set(revenue=revenue, revenue_previous=before)
            self.assertEqual(self._score("revenue"), score, (revenue, before))

    def test_revenue_of_who_fell_asleep_is_0_however_long_ago(self):
        """Nine years after his last order a customer was in fair health."""
        self._set(level="dormant", revenue=0, revenue_previous=0)
        self.assertEqual(self._score("revenue"), 0)
        self.assertIn("nothing bought any more", self.account.health_html)

    def test_touches_are_fresh_within_the_rhythm_and_0_at_twice_of_it(self):
        for days, rhythm, score in (
            (0, 30, 100),
            (30, 30, 100),
            (36, 30, 80),
            (45, 30, 50),
            (60, 30, 0),
            (400, 30, 0),
            (None, 30, 0),
            (10, None, None),
            (None, None, None),
        ):
            reached = days is not None and TODAY - timedelta(days=days)
            self._set(last_reached_date=reached or None, rhythm_days=rhythm)
            self.assertEqual(self._score("touches"), score, (days, rhythm))

    def test_coverage_is_the_part_of_the_decisive_roles_met_lately(self):
        self.assertIsNone(self._score("coverage"))
        first = self._dossier("Ada", "decides")
        self._dossier("Bob", "uses pays")
        self.assertEqual(self._score("coverage"), 0)
        self._touch("2026-06-01", partner_ids=[Command.set(first.partner_id.ids)])
        self.assertEqual(self._score("coverage"), 33)
        first.attitude = "sponsor"
        self.assertEqual(self._score("coverage"), 67)

    def test_satisfaction_is_what_was_answered_within_the_window(self):
        self.assertIsNone(self._score("satisfaction"))
        self._answer(1, "2025-06-15")  # has just left the window
        self.assertIsNone(self._score("satisfaction"))
        self._answer(4, "2025-06-16")
        self.assertEqual(self._score("satisfaction"), 75)
        self._answer(5, "2026-06-15")
        row = self._row()
        self.assertEqual(row["satisfaction"], 88)  # 4.5 of 5: 87.5
        self.assertEqual(row["answer_date"], TODAY)

    def test_complaint_costs_25_and_50_when_late(self):
        self.assertEqual(self._score("complaints"), 100)
        self._complain(kind="wish", date_due="2026-05-08")
        self.assertEqual(self._score("complaints"), 100)
        self._complain()
        self.assertEqual(self._score("complaints"), 75)
        late = self._complain(kind="misunderstanding", date_due="2026-06-14")
        self.assertEqual(self._score("complaints"), 25)
        self._complain(date_due="2026-05-08")
        self.assertEqual(self._score("complaints"), 0)
        late.write({"state": "solved", "solution": "Silencer"})
        self.assertEqual(self._score("complaints"), 25)

    def test_invoices_are_0_when_a_month_of_revenue_is_overdue(self):
        self.assertEqual(self._score("invoices"), 100)
        self._owe(5000, "2026-06-15")  # not past due before tomorrow
        self._set(revenue=1200)
        self.assertEqual(self._score("invoices"), 100)
        self._owe(40, "2026-06-14")
        self.assertEqual(self._score("invoices"), 60)
        self._owe(60, "2026-05-01")
        row = self._row()
        self.assertEqual((row["invoices"], row["overdue"]), (0, 100))
        self.assertEqual(row["overdue_since"], date(2026, 5, 1))

    def test_overdue_without_revenue_is_0(self):
        self._owe(1, "2026-06-14")
        self._set(revenue=0)
        self.assertEqual(self._score("invoices"), 0)

    def test_window_of_the_company_says_what_a_month_of_revenue_is(self):
        self.company.kam_window_months = 6
        self._set(revenue=1200)
        self._owe(40, "2026-06-14")
        self.assertEqual(self._score("invoices"), 80)

    def test_invoice_in_another_currency_counts_in_ours(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self._set(revenue=1200)
        self._invoice(
            "2026-01-01", 20, invoice_date_due="2026-06-14", currency_id=euro.id
        )
        self.assertEqual(self._row()["overdue"], 40)


@tagged("post_install", "-at_install")
class TestHealth(HealthCommon):
    """Health is the weighted mean of what is known, stored by both refreshes."""

    def _tell(self):
        """Tell the example that is worked out by hand below."""
        self._set(
            revenue=900,
            revenue_previous=1000,
            last_reached_date=TODAY - timedelta(days=45),
            rhythm_days=30,
        )
        for name, role in (("Ada", "decides"), ("Bob", "uses")):
            dossier = self._dossier(name, role)
            self._touch("2026-06-01", partner_ids=[Command.set(dossier.partner_id.ids)])
        self._answer(4, "2026-05-01")
        self._complain()
        self._owe(30, "2026-06-01")

    def test_example_worked_out_by_hand(self):
        """25 x 80 + 20 x 50 + 15 x 67 + 15 x 75 + 10 x 75 + 15 x 60 = 6780."""
        self._tell()
        row = self._row()
        self.assertEqual([row[part] for part in HEALTH_PARTS], [80, 50, 67, 75, 75, 60])
        self.assertEqual(row["health"], 68)

    def test_part_without_weight_does_not_count(self):
        """25 x 80 + 10 x 75 + 15 x 60 = 3650, of 50."""
        self._tell()
        self.company.write(
            {
                f"kam_health_weight_{part}": 0
                for part in ("touches", "coverage", "satisfaction")
            }
        )
        self.assertEqual(self._row()["health"], 73)

    def test_what_is_not_known_does_not_count(self):
        """Complaints 10 x 75 and invoices 15 x 100, of 25."""
        self._set(revenue_previous=0, rhythm_days=None)
        self._complain()
        self.assertEqual(self._row()["health"], 90)

    def test_nothing_counts_without_any_weight(self):
        self.company.write({f"kam_health_weight_{part}": 0 for part in HEALTH_PARTS})
        self._refresh()
        self.assertFalse(self.account.health_band)
        self.assertFalse(self._row())
        self.assertFalse(self.account.health_html)

    def test_who_never_bought_has_none(self):
        other = self._account(self._create_customer("Other"))
        self._refresh()
        other.invalidate_recordset()
        self.env.cr.execute(
            "SELECT health, health_band FROM kam_account WHERE id = %s", [other.id]
        )
        self.assertEqual(self.env.cr.fetchone(), (None, None))
        self.assertFalse(other.health_html)
        poor = [("health_band", "=", "poor"), ("id", "=", other.id)]
        self.assertFalse(self.Account.search(poor))

    def test_both_refreshes_write_it(self):
        self._complain()
        self._drain()
        by_queue = self.account.health
        self._set(health=1, health_band="poor")
        self._refresh()
        self.assertEqual(self.account.health, by_queue)
        self.assertLess(by_queue, 100)
        self.assertEqual(self.account.health_band, "fair")

    def test_bands_are_those_of_the_settings_page(self):
        for weight, band in ((0, "good"), (7, "fair"), (100, "poor")):
            self.company.write(
                {f"kam_health_weight_{part}": 0 for part in HEALTH_PARTS}
                | {
                    "kam_health_weight_invoices": 10,
                    "kam_health_weight_complaints": weight,
                }
            )
            if weight == 7:
                for _time in range(2):
                    self._complain(date_due="2026-06-01")
            self._refresh()
            self.assertEqual(self.account.health_band, band, weight)

    def test_nothing_is_written_where_nothing_differs(self):
        self._refresh()
        self.env.flush_all()
        query = "SELECT xmin, ctid FROM kam_account WHERE id = %s"
        self.env.cr.execute(query, [self.account.id])
        before = self.env.cr.fetchone()
        self._refresh()
        self.env.cr.execute(query, [self.account.id])
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_first_refresh_of_a_month_keeps_the_health_before(self):
        was = self.account.health
        self._complain(date_due="2026-07-20")
        self._refresh()
        self.assertEqual(
            (self.account.health_previous, self.account.health_trend), (0, 0)
        )
        self._complain(date_due="2026-07-20")
        june = self.account.health
        self.assertLess(june, was)
        self._refresh(as_of=date(2026, 7, 1))
        self.assertEqual(self.account.health_previous, june)
        self.assertEqual(self.account.health_trend, self.account.health - june)
        self.assertLess(self.account.health_trend, 0)
        self._complain(date_due="2026-06-20")
        self._refresh(as_of=date(2026, 7, 31))
        self.assertEqual(self.account.health_previous, june)

    def test_refresh_of_some_accounts_does_not_turn_the_month(self):
        was = self.account.health
        with freeze_time("2026-07-01 10:00:00"):
            self._complain(date_due="2026-07-20")
            self._drain()
            self.assertFalse(self.account.health_previous)
            self._set(health=was)
            self._refresh()
        self.assertEqual(self.account.health_previous, was)

    def test_nobody_types_it_in(self):
        for name in ("health", "health_band", "health_previous", "health_trend"):
            with self.assertRaises(AccessError):
                self.account.with_user(self.head).write({name: False})

    def test_weights_are_from_0_to_100(self):
        for weight in (-1, 101):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.company.kam_health_weight_revenue = weight
                self.env.flush_all()

    def test_change_of_a_weight_wakes_the_refresh(self):
        Trigger = self.env["ir.cron.trigger"]
        cron = self.env.ref("kam_management.ir_cron_refresh")
        before = Trigger.search_count([("cron_id", "=", cron.id)])
        self.company.kam_health_weight_revenue = 30
        self.assertGreater(Trigger.search_count([("cron_id", "=", cron.id)]), before)

    # On the screen

    def test_parts_are_shown_in_words(self):
        self._tell()
        page = html.fromstring(self.account.with_user(self.anna).health_html)
        text = " ".join(page.text_content().split())
        for words in (
            "68 of 100, fair",
            "-10% revenue",
            "45 days ago, rhythm 30",
            "2 of 3 roles met",
            "4.0 of 5",
            "1 open",
            "30 USD overdue",
        ):
            self.assertIn(words, text)
        parts = page.xpath("//@data-kam-fact")
        self.assertEqual(parts, [f"health_{part}" for part in HEALTH_PARTS])

    def test_what_is_not_known_says_so(self):
        self._set(revenue_previous=0, rhythm_days=None)
        text = html.fromstring(self.account.health_html).text_content()
        self.assertEqual(text.count("Not known"), 4)

    def test_each_part_opens_its_records(self):
        self._tell()
        mine = self.account.with_user(self.anna)
        counts = dict(zip(HEALTH_PARTS, (1, 2, 2, 1, 1, 1), strict=True))
        for part, count in counts.items():
            action = mine.action_open_fact(f"health_{part}")
            model = self.env[action["res_model"]]
            self.assertEqual(len(model.search(action["domain"])), count, part)
        with self.assertRaisesRegex(UserError, "no such figure"):
            mine.action_open_fact("health_weather")
        with self.assertRaises(AccessError):
            self.account.with_user(self.boris).action_open_fact("health_revenue")

    def test_one_query_shows_any_number_of_accounts(self):
        accounts = self.account
        for n in range(5):
            partner = self._create_customer(f"Customer {n}")
            self._order("2026-06-01", partner=partner)
            accounts |= self._account(partner)
        self._refresh()
        counts = set()
        for some in (accounts[:1], accounts):
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(some._get_health_rows()), len(some))
            counts.add(self.cr.sql_log_count - before)
        self.assertEqual(counts, {1})


@tagged("post_install", "-at_install")
class TestHealthOracle(HealthCommon):
    """The SQL says the same as the naive rule, whatever is known of an account."""

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        level=st.sampled_from(["new", "active", "dormant"]),
        revenue=st.integers(-100, 3000),
        before=st.integers(-100, 2000),
        days=st.one_of(st.none(), st.integers(0, 200)),
        rhythm=st.sampled_from([None, 7, 30, 45, 90]),
        answers=st.lists(
            st.tuples(st.integers(1, 5), st.integers(-5, 400)), max_size=3
        ),
        due=st.lists(st.integers(-10, 10), max_size=4),
        invoices=st.lists(
            st.tuples(st.integers(1, 200), st.integers(-20, 20)), max_size=3
        ),
        months=st.sampled_from([1, 6, 12]),
        weights=st.lists(st.integers(0, 100), min_size=6, max_size=6),
    )
    def test_sql_agrees_with_naive_rule(self, **known):
        with closing(self.env.cr.savepoint()):
            self._check_example(**known)
        self.env.invalidate_all()

    def _check_example(
        self,
        level,
        revenue,
        before,
        days,
        rhythm,
        answers,
        due,
        invoices,
        months,
        weights,
    ):
        self.company.write(
            dict(zip(self._get_weight_names(), weights, strict=True))
            | {"kam_window_months": months}
        )
        self._set(
            level=level,
            revenue=revenue,
            revenue_previous=before,
            last_reached_date=None if days is None else TODAY - timedelta(days=days),
            rhythm_days=rhythm,
        )
        for score, ago in answers:
            self._answer(score, TODAY - timedelta(days=ago))
        self._complain_in_days(due)
        self._owe_in_days(invoices)
        expected = health(
            TODAY,
            months,
            weights,
            level,
            revenue,
            before,
            days,
            rhythm,
            answers,
            due,
            invoices,
        )
        row = self._row()
        self.assertEqual(row and row["health"], expected, (row, weights))

    def _get_weight_names(self):
        return [f"kam_health_weight_{part}" for part in HEALTH_PARTS]

    def _complain_in_days(self, due):
        """Insert open complaints, by SQL for speed."""
        for days in due:
            self.env.cr.execute(
                """
                INSERT INTO kam_complaint (account_id, company_id, name, kind, state,
                                           user_id, date, date_due)
                VALUES (%s, %s, 'Noise', 'complaint', 'open', %s, '2026-05-01', %s)
                """,
                [
                    self.account.id,
                    self.company.id,
                    self.anna.id,
                    TODAY + timedelta(days=days),
                ],
            )

    def _owe_in_days(self, invoices):
        """Insert invoices not paid, by SQL for speed."""
        for amount, days in invoices:
            self.env.cr.execute(
                """
                INSERT INTO account_move (company_id, partner_id, commercial_partner_id,
                       move_type, state, payment_state, date, invoice_date,
                       invoice_date_due, journal_id, currency_id, auto_post,
                       amount_untaxed_signed, amount_residual_signed)
                VALUES (%s, %s, %s, 'out_invoice', 'posted', 'not_paid', %s, %s, %s, %s,
                        %s, 'no', %s, %s)
                """,
                [
                    self.company.id,
                    *[self.customer.id] * 2,
                    TODAY,
                    TODAY,
                    TODAY + timedelta(days=days),
                    self._sale_journal().id,
                    self.company.currency_id.id,
                    amount,
                    amount,
                ],
            )
