from contextlib import closing
from datetime import date, timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.kam_management.models.account.kam_engine_health import HealthPart

from .oracle import health
from .stakeholder_common import StakeholderCommon

TODAY = date(2026, 6, 15)
PARTS = (
    "revenue",
    "touches",
    "coverage",
    "satisfaction",
    "complaints",
    "invoices",
    "purchases",
)
WEIGHTS = [f"kam_health_weight_{part}" for part in PARTS]


class HealthCommon(StakeholderCommon):
    """The customer bought; what else is known of him a test says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        # not to be reckoned with in every figure: see the early warning
        cls.company.kam_health_weight_purchases = 0
        cls._order("2026-06-01", 1200)
        # touches are logged here, see the touches before the first one
        cls.colleague = cls._create_customer("Colleague")
        cls._touch("2026-05-02", cls.colleague)
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
        """Have a person answer a question of ours with stars on a day."""
        return cls._give_rating(cls.account, score, day)

    @classmethod
    def _owe(cls, amount, due):
        """Return an invoice that is not paid, due on a day."""
        return cls._invoice("2026-01-01", amount, invoice_date_due=due)

    def _row(self):
        return self.account._get_health_rows().get(self.account.id)

    def _score(self, part):
        return self._row()["parts"][part]["score"]

    def _facts(self, part):
        return self._row()["parts"][part]["facts"]

    def _get_text(self):
        """Return what is shown of the health, as plain text."""
        self.account.invalidate_recordset(["health_html"])
        page = html.fromstring(self.account.health_html)
        return " ".join(page.text_content().split())


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
        self.assertIn("no purchases any more", self.account.health_html)

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

    def test_touches_are_unknown_before_the_company_has_logged_one(self):
        """Where nobody logs touches every customer was neglected."""
        self._set(rhythm_days=30)
        self.assertEqual(self._score("touches"), 0)
        self.env["kam.touch"].search([("company_id", "=", self.company.id)]).unlink()
        self.assertIsNone(self._score("touches"))
        self.assertIn("no touch logged yet", self._get_text())

    def test_first_touch_of_a_company_and_the_last_one_wake_the_refresh(self):
        Trigger, Touch = self.env["ir.cron.trigger"], self.env["kam.touch"]
        woken = [("cron_id", "=", self.env.ref("kam_management.ir_cron_refresh").id)]
        touches = Touch.search([("company_id", "=", self.company.id)])
        counts = [Trigger.search_count(woken)]
        touches.unlink()
        counts.append(Trigger.search_count(woken))
        self._touch("2026-06-01")
        counts.append(Trigger.search_count(woken))
        self._touch("2026-06-02")
        counts.append(Trigger.search_count(woken))
        first, *more = counts
        self.assertEqual([n - first for n in more], [1, 2, 2])

    def test_coverage_is_the_part_of_the_decisive_roles_met_lately(self):
        self.assertIsNone(self._score("coverage"))
        first = self._dossier("Ada", "decides")
        self._dossier("Bob", "uses pays")
        self._touch("2026-06-01", partner_ids=[Command.set(first.partner_id.ids)])
        self.assertEqual(self._score("coverage"), 33)
        first.attitude = "sponsor"
        self.assertEqual(self._score("coverage"), 67)

    def test_coverage_is_unknown_until_a_decisive_person_was_met(self):
        """Health fell because a decision maker was written down."""
        ada = self._dossier("Ada", "decides")
        self.assertIsNone(self._score("coverage"))
        self.assertIn("no decision maker, sponsor or user met yet", self._get_text())
        bob = self._dossier("Bob", "pays")
        self._touch("2026-06-01", partner_ids=[Command.set(bob.partner_id.ids)])
        self.assertIsNone(self._score("coverage"), "who pays decides nothing")
        self._touch(
            "2026-06-01",
            partner_ids=[Command.set(ada.partner_id.ids)],
            outcome="not_reached",
        )
        self.assertIsNone(self._score("coverage"), "nobody answered")
        self._touch("2025-06-01", partner_ids=[Command.set(ada.partner_id.ids)])
        self.assertEqual(self._score("coverage"), 0, "met once, not lately")

    def test_coverage_is_known_of_who_left_without_a_successor(self):
        ada = self._dossier("Ada", "decides")
        self.assertIsNone(self._score("coverage"))
        ada.write({"left_date": "2026-06-01"})
        self.assertEqual(self._score("coverage"), 0)
        heir = self._dossier("Eve", "decides")
        ada.successor_id = heir
        self.assertIsNone(self._score("coverage"))

    def test_satisfaction_is_what_was_answered_within_the_window(self):
        self.assertIsNone(self._score("satisfaction"))
        self._answer(1, "2025-06-15")  # has just left the window
        self.assertIsNone(self._score("satisfaction"))
        self._answer(4, "2025-06-16")
        self.assertEqual(self._score("satisfaction"), 75)
        self._answer(5, "2026-06-15")
        # 5, and half as much of the old 4: 4.67 of 5
        self.assertEqual(self._score("satisfaction"), 92)
        self.assertEqual(self._facts("satisfaction")["answer_date"], TODAY)

    def test_complaints_are_unknown_before_the_company_has_logged_one(self):
        """Where nobody logs complaints every customer was content."""
        self.assertIsNone(self._score("complaints"))
        other = self._create_company("Sister")
        self.env.user.company_ids |= other
        theirs = self._account(
            self._create_customer("Foreign", company_id=other.id), other
        )
        self._complain(account_id=theirs.id, user_id=self.env.uid)
        self.assertIsNone(self._score("complaints"))
        other = self._account(self._create_customer("Other"))
        self._complain(account_id=other.id, kind="wish", user_id=self.env.uid)
        self.assertEqual(self._score("complaints"), 100)
        self.assertIn("no open complaints", self._get_text())

    def test_first_complaint_of_a_company_wakes_the_refresh(self):
        Trigger = self.env["ir.cron.trigger"]
        woken = [("cron_id", "=", self.env.ref("kam_management.ir_cron_refresh").id)]
        before = Trigger.search_count(woken)
        self._complain()
        self.assertEqual(Trigger.search_count(woken), before + 1)
        self._complain()
        self.assertEqual(Trigger.search_count(woken), before + 1)

    def test_complaint_costs_25_and_50_when_late(self):
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

    def test_invoices_are_unknown_before_the_first_is_posted(self):
        """Who is invoiced elsewhere always had paid in time."""
        self.assertIsNone(self._score("invoices"))
        self._invoice("2026-01-01", 50, move_type="out_refund")
        self.assertIsNone(self._score("invoices"))
        draft = self._owe(50, "2026-05-01")
        draft.button_draft()
        self.assertIsNone(self._score("invoices"))
        draft.action_post()
        self.assertIsNotNone(self._score("invoices"))

    def test_invoices_are_0_when_a_month_of_revenue_is_overdue(self):
        self._owe(5000, "2026-06-15")  # not past due before tomorrow
        self._set(revenue=1200)
        self.assertEqual(self._score("invoices"), 100)
        self._owe(40, "2026-06-14")
        self.assertEqual(self._score("invoices"), 60)
        self._owe(60, "2026-05-01")
        self.assertEqual(self._score("invoices"), 0)
        since = date(2026, 5, 1)
        self.assertEqual(
            self._facts("invoices"), {"overdue": 100, "overdue_since": since}
        )
        self.assertEqual(self._owed(), (2, 100, since))

    def _owed(self, partner=None):
        """Return how many items are past due, how much, since when, as one opens it."""
        account = self._account(partner)
        items = self.env["account.move.line"].search(
            account._prepare_overdue_action()["domain"]
        )
        count, amount, since = account._get_overdue()
        self.assertEqual(max(sum(items.mapped("amount_residual")), 0), amount)
        return count, amount, since

    def _pay_in(self, amount, day):
        """Book money of the customer that nobody has set against an invoice yet."""
        invoice = self._owe(1, "2030-01-01")
        receivable = invoice.line_ids.filtered("date_maturity").account_id
        journal = self.env["account.journal"].create(
            {
                "name": "Money",
                "code": "KAMM",
                "type": "general",
                "company_id": self.company.id,
            }
        )
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "credit": amount,
                        }
                    ),
                    Command.create(
                        {"account_id": self._income_account().id, "debit": amount}
                    ),
                ],
            }
        )
        move.action_post()

    def test_each_instalment_is_due_on_its_own_day(self):
        """An invoice was late from the day of its last instalment on."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "In two parts",
                "company_id": self.company.id,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 40, "nb_days": 30}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 60, "nb_days": 300}
                    ),
                ],
            }
        )
        self._set(revenue=1200)
        self._invoice("2026-01-01", 100, invoice_payment_term_id=terms.id)
        self.assertEqual(self._owed(), (1, 40, date(2026, 1, 31)))
        self.assertEqual(self._score("invoices"), 60)

    def test_credit_notes_are_set_against_what_is_due_longest(self):
        """Who had more coming than they owed was in arrears."""
        self._owe(50, "2026-04-01")
        self._owe(70, "2026-05-01")
        self._invoice("2026-03-01", 60, move_type="out_refund")
        self.assertEqual(self._owed(), (2, 60, date(2026, 5, 1)))
        self._set(revenue=1200)
        self.assertEqual(self._score("invoices"), 40)
        self._invoice("2026-03-01", 60, move_type="out_refund")
        self.assertEqual(self._owed(), (0, 0, None))
        self.assertEqual(self._score("invoices"), 100)

    def test_payments_are_set_against_what_is_due(self):
        self._owe(100, "2026-04-01")
        self._pay_in(30, "2026-06-10")
        self.assertEqual(self._owed(), (1, 70, date(2026, 4, 1)))

    def test_what_contacts_of_a_customer_owe_is_theirs(self):
        contact = self.env["res.partner"].create(
            {"name": "Ines", "parent_id": self.customer.id}
        )
        self._invoice("2026-01-01", 30, contact, invoice_date_due="2026-04-01")
        self._owe(50, "2026-05-01")
        self.assertEqual(self._owed(), (2, 80, date(2026, 4, 1)))

    def test_payments_behind_what_is_due_are_open_to_who_leads_the_account(self):
        """They saw invoices alone, which did not add up to the figure."""
        self._owe(100, "2026-04-01")
        self._pay_in(30, "2026-06-10")
        self.account.manager_id = self.anna
        domain = self.account._prepare_overdue_action()["domain"]
        for user in (self.anna, self.head):
            items = self.env["account.move.line"].with_user(user).search(domain)
            self.assertEqual(sum(items.mapped("amount_residual")), 70, user.name)
        items = self.env["account.move.line"].with_user(self.boris)
        self.assertFalse(items.search(domain))

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
        self.assertEqual(self._facts("invoices")["overdue"], 40)


@tagged("post_install", "-at_install")
class TestHealth(HealthCommon):
    """Health is the weighted mean of what is known, stored by both refreshes.

    Known are the revenue (25: grown), touches (20: nobody was reached) and complaints
    (10: a wish was logged), 55 of 100: (25 x 100 + 20 x 0 + 10 x 100) / 55 = 64.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order("2025-01-10", 1000)
        cls._complain(kind="wish")
        cls._refresh()

    def test_health_rests_on_what_is_known(self):
        self.assertRecordValues(
            self.account, [{"health": 64, "health_basis": 55, "health_band": "fair"}]
        )
        self.assertIn("64 of 100, fair from 3 of 6 parts", self._get_text())
        self.assertRecordValues(
            self.account,
            [
                {
                    "health_known_parts": 3,
                    "health_parts": 6,
                    "health_summary": "64 from 3 of 6 parts",
                }
            ],
        )

    def test_part_without_weight_is_none_of_the_parts(self):
        self.company.kam_health_weight_touches = 0
        self.company.kam_health_weight_satisfaction = 0
        self._refresh()
        self.assertEqual(self.account.health_summary, "100 from 2 of 4 parts")

    def test_new_customer_is_inserted_with_their_health(self):
        """Touches 20 x 0, complaints 60 x 100 and invoices 15 x 100, of 95 of 150."""
        self.company.kam_health_weight_complaints = 60
        partner = self._create_customer("Newcomer")
        self._order("2026-06-01", partner=partner)
        self._invoice("2026-06-02", partner=partner, invoice_date_due="2026-07-01")
        self.assertFalse(self.Account._get_for(self.company, partner))
        self._drain()
        account = self._account(partner)
        self.assertRecordValues(account, [{"health": 79, "health_basis": 63}])
        row = account._get_health_rows()[account.id]
        self.assertEqual((row["health"], row["basis"]), (79, 63))

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
        scores = [row["parts"][part]["score"] for part in PARTS]
        self.assertEqual(scores, [80, 50, 67, 75, 75, 60, 100])
        self.assertEqual((row["health"], row["basis"]), (68, 100))

    def test_part_without_weight_does_not_count(self):
        """25 x 80 + 10 x 75 + 15 x 60 = 3650, of 50."""
        self._tell()
        self.company.write(
            {
                f"kam_health_weight_{part}": 0
                for part in ("touches", "coverage", "satisfaction")
            }
        )
        row = self._row()
        self.assertEqual((row["health"], row["basis"]), (73, 100))

    def test_half_of_the_weights_is_enough(self):
        """Revenue 25 x 80, complaints 10 x 75 and invoices 15 x 100: 4250, of 50."""
        self._set(revenue=900, revenue_previous=1000, rhythm_days=None)
        self._complain()
        self._owe(30, "2026-07-01")
        row = self._row()
        self.assertEqual((row["health"], row["basis"]), (85, 50))

    def test_less_than_half_of_the_weights_is_not_enough(self):
        """Revenue 25 and complaints 10; 98 of 198 is 49.5 %, which is not rounded up."""
        self._set(revenue=900, revenue_previous=1000, rhythm_days=None)
        row = self._row()
        self.assertEqual((row["health"], row["basis"]), (None, 35))
        self.company.write(dict.fromkeys(WEIGHTS, 0))
        self.company.kam_health_weight_revenue = 98
        self.company.kam_health_weight_touches = 100
        row = self._row()
        self.assertEqual((row["health"], row["basis"]), (None, 49))

    def test_unknown_health_is_empty_and_says_so(self):
        self.company.kam_health_weight_satisfaction = 100
        self._refresh()
        self.env.cr.execute(
            """SELECT health, health_band, health_trend, health_basis FROM kam_account
                WHERE id = %s""",
            [self.account.id],
        )
        # revenue, touches and complaints, 55 of 185
        self.assertEqual(self.env.cr.fetchone(), (None, None, None, 29))
        text = self._get_text()
        self.assertIn("Health Unknown Not enough data: 3 of 6 parts known", text)
        self.assertIn("no conversation yet", text)
        self.assertNotIn("of 100", text)
        poor = [("health_band", "=", "poor"), ("id", "=", self.account.id)]
        self.assertFalse(self.Account.search(poor))

    def test_nothing_counts_without_any_weight(self):
        self.company.write(dict.fromkeys(WEIGHTS, 0))
        self._refresh()
        self.assertFalse(self.account.health_band)
        self.assertFalse(self._row())
        self.assertFalse(self.account.health_html)

    def test_who_never_bought_has_none(self):
        other = self._account(self._create_customer("Other"))
        self._refresh()
        other.invalidate_recordset()
        self.env.cr.execute(
            "SELECT health, health_basis, health_band FROM kam_account WHERE id = %s",
            [other.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (None, None, None))
        self.assertFalse(other.health_html)
        poor = [("health_band", "=", "poor"), ("id", "=", other.id)]
        self.assertFalse(self.Account.search(poor))

    def test_both_refreshes_write_it(self):
        """25 x 100, 20 x 0, 10 x 75: 3250, of 55."""
        self._complain()
        self._drain()
        self.assertEqual(self.account.health, 59)
        self._set(health=1, health_band="poor", health_basis=1)
        self._refresh()
        self.assertEqual(self.account.health, 59)
        self.assertEqual(self.account.health_basis, 55)
        self.assertEqual(self.account.health_band, "fair")

    def test_bands_are_those_of_the_settings_page(self):
        self._owe(10, "2026-07-01")
        for weight, band in ((0, "good"), (7, "fair"), (100, "poor")):
            self.company.write(
                dict.fromkeys(WEIGHTS, 0)
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

    def test_news_before_the_first_refresh_of_a_month_keep_the_health_before(self):
        """It was that of the news: the trend was 0 for a month."""
        was = self.account.health
        with freeze_time("2026-07-01 00:05:00"):
            self._complain(date_due="2026-07-20")
            self._drain()
            self.assertLess(self.account.health, was)
            self.assertEqual(self.account.health_previous, was)
            self.assertEqual(self.account.health_trend, self.account.health - was)
            self._refresh()
            self._complain(date_due="2026-07-20")
            self._drain()
        self.assertEqual(self.account.health_previous, was)

    def test_nobody_types_it_in(self):
        for name in (
            "health",
            "health_basis",
            "health_known_parts",
            "health_parts",
            "health_band",
            "health_previous",
            "health_trend",
        ):
            with self.assertRaises(AccessError):
                self.account.with_user(self.head).write({name: False})

    def test_weights_are_from_0_to_100(self):
        for name in WEIGHTS:
            for weight in (-1, 101):
                with (
                    self.subTest(name=name, weight=weight),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(psycopg2.IntegrityError),
                    self.env.cr.savepoint(),
                ):
                    self.company[name] = weight
                    self.env.flush_all()

    def test_change_of_a_weight_wakes_the_refresh(self):
        Trigger = self.env["ir.cron.trigger"]
        cron = self.env.ref("kam_management.ir_cron_refresh")
        for name in WEIGHTS:
            before = Trigger.search_count([("cron_id", "=", cron.id)])
            self.company[name] = 33
            after = Trigger.search_count([("cron_id", "=", cron.id)])
            self.assertGreater(after, before, name)

    # On the screen

    def test_parts_are_shown_in_words(self):
        self._tell()
        page = html.fromstring(self.account.with_user(self.anna).health_html)
        text = " ".join(page.text_content().split())
        for words in (
            "68 of 100, fair",
            "-10 % revenue",
            "45 days ago · contact every 30 days",
            "2 of 3 roles met",
            "4.0 of 5",
            "1 open",
            "$ 30 overdue",
        ):
            self.assertIn(words, text)
        parts = page.xpath("//@data-kam-fact")
        self.assertEqual(parts, [f"health_{part}" for part in PARTS])

    def test_what_is_not_known_says_so(self):
        self._set(revenue_previous=0, rhythm_days=None)
        self.env["kam.complaint"].search([]).unlink()
        text = self._get_text()
        self.assertIn("Health Unknown Not enough data: 0 of 6 parts known", text)
        self.assertEqual(text.count("Unknown:"), 6)

    def test_each_part_opens_its_records(self):
        self._tell()
        mine = self.account.with_user(self.anna)
        counts = dict(zip(PARTS, (2, 2, 2, 1, 2, 1, 3), strict=True))
        for part, count in counts.items():
            action = mine.action_open_fact(f"health_{part}")
            model = self.env[action["res_model"]]
            model = model.with_context(**action["context"])
            self.assertEqual(len(model.search(action["domain"])), count, part)
        with self.assertRaisesRegex(UserError, "not available any more"):
            mine.action_open_fact("health_weather")
        with self.assertRaises(AccessError):
            self.account.with_user(self.boris).action_open_fact("health_revenue")

    def test_sales_behind_the_revenue_add_up_to_it(self):
        """All there ever were had been listed, of a window's revenue."""
        customer = self._create_customer("Old Customer")
        self._order("2024-06-01", 1000, customer)
        self._order("2025-06-15", 70, customer)
        self._order("2025-06-16", 200, customer)
        self._order("2026-06-01", 300, customer)
        self._refresh()
        account = self._account(customer)
        action = account.action_open_fact("health_revenue")
        Sale = self.env["kam.sale"].with_context(**action["context"])
        found = Sale.search(action["domain"]).mapped("amount")
        self.assertEqual((account.revenue, sum(found)), (500, 500))

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
class TestHealthPartOfAModule(HealthCommon):
    """A module that adds a part has it in the figure, on the form, and can open it.

    Its part: 10 for each open deal, of weight 60 beside touches 20 x 0; 80 of 160.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Engine, Account = type(cls.env["kam.engine"]), type(cls.Account)
        get_parts = Engine._get_health_parts

        def get_more_parts(engine):
            return get_parts(engine) | {
                "deals": HealthPart(
                    35,
                    "Deals",
                    weight=60,
                    score=SQL("10 * deals.count"),
                    unknown="no deal",
                    tell="_tell_deals",
                    opener="action_view_leads",
                    known="_get_deals_sql",
                    facts=("count",),
                )
            }

        def get_deals_sql(_engine, look):
            return SQL(
                """SELECT kam_account_id AS account_id, count(*)::int AS count
                     FROM crm_lead WHERE kam_account_id %s GROUP BY kam_account_id""",
                look.in_accounts,
            )

        def tell_deals(_account, count):
            return f"{count} deals", "of today"

        for model, name, function in (
            (Engine, "_get_health_parts", get_more_parts),
            (Engine, "_get_deals_sql", get_deals_sql),
            (Account, "_tell_deals", tell_deals),
        ):
            cls.startClassPatcher(patch.object(model, name, function, create=True))
        cls.deals = cls._lead() | cls._lead() | cls._lead()
        cls._refresh()

    def test_it_is_in_the_figure_of_both_refreshes(self):
        """(20 x 0 + 60 x 30) / 80 = 22.5."""
        self.assertRecordValues(
            self.account, [{"health": 23, "health_basis": 50, "health_band": "poor"}]
        )
        self._lead()
        self._set(health=1)
        self.account._enqueue()
        self._drain()
        self.assertEqual(self.account.health, 30)

    def test_it_is_shown_in_its_place(self):
        text = self._get_text()
        self.assertIn("23 of 100, poor from 2 of 7 parts", text)
        self.assertIn("Deals 30/100 3 deals of today", text)
        page = html.fromstring(self.account.health_html)
        shown = page.xpath("//@data-kam-fact")
        self.assertEqual(shown[3], "health_deals")
        self.assertEqual(len(shown), len(PARTS) + 1)

    def test_its_records_open(self):
        action = self.account.with_user(self.anna).action_open_fact("health_deals")
        Lead = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(Lead.search(action["domain"]), self.deals)

    def test_without_its_rows_it_is_not_known(self):
        self.deals.unlink()
        self.assertEqual(self._row()["basis"], 12)  # 20 of 160
        self.assertIn("Unknown: no deal", self._get_text())


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
        is_logging=st.booleans(),
        due=st.lists(st.integers(-10, 10), max_size=4),
        invoices=st.lists(
            st.tuples(st.integers(-100, 200).filter(bool), st.integers(-20, 20)),
            max_size=3,
        ),
        months=st.sampled_from([1, 6, 12]),
        weights=st.lists(st.integers(0, 100), min_size=7, max_size=7),
        # (usual interval, days since the last purchase, is a rhythm known)
        silence=st.one_of(
            st.none(),
            st.tuples(st.integers(1, 90), st.integers(0, 250), st.booleans()),
        ),
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
        is_logging,
        due,
        invoices,
        months,
        weights,
        silence,
    ):
        self.company.write(
            dict(zip(WEIGHTS, weights, strict=True)) | {"kam_window_months": months}
        )
        self._set(
            level=level,
            revenue=revenue,
            revenue_previous=before,
            last_reached_date=None if days is None else TODAY - timedelta(days=days),
            rhythm_days=rhythm,
            **self._get_silence(*silence or (None, 0, False)),
        )
        for score, ago in answers:
            self._answer(score, TODAY - timedelta(days=ago))
        if is_logging:
            self._complain_in_days([9], "wish")
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
            is_logging or bool(due),
            due,
            invoices,
            silence,
        )
        row = self._row() or {"health": None, "basis": None}
        self.assertEqual((row["health"], row["basis"]), expected, (row, weights))

    def _get_silence(self, interval, ago, is_rhythm):
        """Return the figures of a customer who buys at an interval."""
        last = TODAY - timedelta(days=ago)
        expected = interval and last + timedelta(days=interval)
        limit = max(5 * (interval or 0) // 2, 14)
        return {
            "usual_interval": interval,
            "expected_purchase_date": expected,
            "risk_date": last + timedelta(days=limit + 1) if is_rhythm else None,
        }

    def _complain_in_days(self, due, kind="complaint"):
        """Insert open complaints, by SQL for speed."""
        for days in due:
            self.env.cr.execute(
                """
                INSERT INTO kam_complaint (account_id, company_id, name, kind, state,
                                           user_id, date, date_due)
                VALUES (%s, %s, 'Noise', %s, 'open', %s, '2026-05-01', %s)
                """,
                [
                    self.account.id,
                    self.company.id,
                    kind,
                    self.anna.id,
                    TODAY + timedelta(days=days),
                ],
            )

    def _owe_in_days(self, invoices):
        """Insert invoices not paid, and open credit notes, by SQL for speed."""
        self._sale_journal()
        receivable = self.env["account.account"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("company_ids", "in", self.company.ids),
            ],
            limit=1,
        )
        for amount, days in invoices:
            self.env.cr.execute(
                """
                WITH move AS (
                    INSERT INTO account_move (company_id, partner_id,
                           commercial_partner_id, move_type, state, payment_state, date,
                           invoice_date, invoice_date_due, journal_id, currency_id,
                           auto_post, amount_untaxed_signed)
                    VALUES (%(company)s, %(partner)s, %(partner)s, %(kind)s, 'posted',
                            'not_paid', %(today)s, %(today)s, %(due)s, %(journal)s,
                            %(currency)s, 'no', %(amount)s)
                    RETURNING *
                )
                INSERT INTO account_move_line (move_id, company_id, partner_id,
                       account_id, currency_id, company_currency_id, display_type,
                       parent_state, date, date_maturity, balance, amount_residual)
                SELECT id, company_id, partner_id, %(account)s, currency_id, currency_id,
                       'payment_term', state, date, invoice_date_due, %(amount)s,
                       %(amount)s
                  FROM move
                """,
                {
                    "company": self.company.id,
                    "partner": self.customer.id,
                    "kind": "out_invoice" if amount > 0 else "out_refund",
                    "today": TODAY,
                    "due": TODAY + timedelta(days=days),
                    "journal": self._sale_journal().id,
                    "currency": self.company.currency_id.id,
                    "amount": amount,
                    "account": receivable.id,
                },
            )
