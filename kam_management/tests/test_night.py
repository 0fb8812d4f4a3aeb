import logging
import random
from contextlib import suppress
from datetime import date, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.kam_management.models.engine import kam_engine_night
from odoo.addons.kam_management.models.engine.kam_engine import FIGURES_OF, PROVED_ON

from .test_health import WEIGHTS, HealthCommon

FAULTS = "odoo.addons.kam_management.models.account.kam_engine_concerned"
START = date(2026, 6, 15)
TURNS = 12


class NightCommon(HealthCommon):
    """Nights go by; figures are those of ``START`` and nothing is news."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = cls.env["kam.engine"]
        cls.Event = cls.env["kam.account.event"]

    @classmethod
    def _at(cls, day):
        """Let it be the first hour of a day."""
        return freeze_time(f"{day} 00:20:00")

    @classmethod
    def _settle(cls, day=START):
        """Have all figures be of a day."""
        with cls._at(day):
            cls._refresh()
        cls._forget_news()

    def _pass(self, day):
        """Let a night pass into a day; return our customers that it named."""
        with self._at(day):
            self.engine._turn()
            named = self.Event.search([("company_id", "=", self.company.id)])
            partners = named.partner_id
            self.Event._process_all(1000)
            self.engine._compare()
            self.Event._process_all(1000)
            self.engine._prove_when_due()
        return partners

    def _prove(self, day):
        """Assert that a refresh of all finds nothing that the night has left."""
        with self._at(day), self.assertNoLogs(FAULTS, logging.ERROR):
            self.engine._run(proves=True)


@tagged("post_install", "-at_install")
class TestNight(NightCommon):
    """The night looks only at whom a new day concerns, and forgets nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Other")
        cls._order("2026-05-20", 400, partner=cls.other)

    def assertConcerned(self, day, account=None):
        """The account is named on a day, not on the day before, and comes out right."""
        account = account or self.account
        self._settle(day - timedelta(days=2))
        self.assertNotIn(account.partner_id, self._pass(day - timedelta(days=1)))
        self.assertIn(account.partner_id, self._pass(day))
        self._prove(day)

    def test_answer_grows_old(self):
        """From the older half of the window on it counts half."""
        day = START + timedelta(days=10)
        self._give_rating(self.account, 5, day - timedelta(days=20))
        self._give_rating(self.account, 2, day - relativedelta(months=6))
        self.assertConcerned(day)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.loyalty, 4)

    def test_night_whose_time_is_up_goes_on_where_it_was(self):
        """Each call does a batch of those that were named once."""
        cron, Engine = type(self.env["ir.cron"]), type(self.engine)
        said, day = [], START + timedelta(days=1)
        self._order(str(day), 70)
        self._settle()

        def progress(cron, processed=0, *, remaining=None, deactivate=False):
            said.append(remaining)
            cron.env.cr.commit()
            return 0

        with (
            self._at(day),
            patch.object(kam_engine_night, "EVENTS_AT_ONCE", 1),
            patch.object(cron, "_commit_progress", progress),
            patch.object(
                Engine, "_report_concerned", autospec=True, side_effect=self._name_two
            ) as report,
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            engine = self.env(cr=cr)["kam.engine"]
            for left in (1, 0):
                engine._cron_night()
                self.assertEqual(said[-1], left)
        self.assertEqual(report.call_count, 1)
        self.env.invalidate_all()
        self.assertEqual(self.account.revenue, 1270)

    def _name_two(self, engine, since, most=None):
        pairs = [(self.company.id, p.id) for p in (self.other, self.customer)]
        engine.env["kam.account.event"]._append_found(
            SQL("(%s) two", kam_engine_night._get_pairs_sql(pairs))
        )
        return True

    def test_who_falls_asleep(self):
        self.assertConcerned(date(2027, 6, 1))
        self.assertEqual(self.account.level, "dormant")
        self.assertEqual(self.account.revenue, 0)

    def test_sale_that_leaves_the_window_before(self):
        self._order("2026-06-10", 50)
        self._settle(date(2028, 6, 8))
        self.assertEqual(self.account.revenue_previous, 50)
        self.assertConcerned(date(2028, 6, 10))
        self.assertEqual(self.account.revenue_previous, 0)

    def test_order_of_a_day_to_come(self):
        self._order("2026-06-20", 70)
        self.assertConcerned(date(2026, 6, 20))
        self.assertEqual(self.account.revenue, 1270)

    def test_credit_note_of_a_day_to_come(self):
        self._invoice("2026-06-21", 200, move_type="out_refund")
        self.assertConcerned(date(2026, 6, 21))
        self.assertEqual(self.account.revenue, 1000)

    def test_invoice_that_becomes_past_due(self):
        self._owe(100, "2026-07-07")
        self.company.write(dict.fromkeys(WEIGHTS, 0))
        self.company.kam_health_weight_invoices = 100
        self._settle(date(2026, 7, 6))
        before = self.account.health
        self.assertConcerned(date(2026, 7, 8))
        self.assertLess(self.account.health, before)

    def test_complaint_that_becomes_late(self):
        self._complain(date_due="2026-07-09")
        self.assertConcerned(date(2026, 7, 10))

    def test_answer_that_leaves_the_window(self):
        self._answer(1, "2026-06-10")
        self.env.cr.execute("UPDATE kam_survey SET write_date = '2026-06-10'")
        self._settle(date(2027, 6, 8))
        self.assertNotIn(self.customer, self._pass(date(2027, 6, 9)))
        self.assertIn(self.customer, self._pass(date(2027, 6, 10)))
        self._prove(date(2027, 6, 10))

    def test_talk_that_is_longer_ago_than_a_rhythm(self):
        self._set(rhythm_days=0)
        self._touch("2026-06-10")
        self._settle()
        days = self.account.rhythm_days
        self.assertConcerned(date(2026, 6, 10) + timedelta(days=days + 1))

    def test_next_purchase_that_becomes_overdue(self):
        self._order("2026-05-12", 100)
        self._settle()
        self.assertEqual(self._purchases(), 100)
        # once in 20 days
        self.assertConcerned(date(2026, 6, 22))
        with self._at("2026-06-22"):
            self.assertEqual(self._purchases(), 50)

    def test_safe_source_that_comes_to_be_at_risk(self):
        for day in ("2025-03-01", "2025-05-01", "2025-09-01", "2026-01-01"):
            self._order(day, 300)
        # once in 114 days, two and a half times that is 285: no more on the day after
        last = date(2026, 6, 1) + timedelta(days=285)
        self._settle(last - timedelta(days=1))
        for day, pattern, score in (
            (last, "safe", 50),
            (last + timedelta(days=1), "repeat", 0),
        ):
            self._pass(day)
            self._prove(day)
            self.assertEqual(self.account.buyer_pattern, pattern)
            with self._at(day):
                self.assertEqual(self._purchases(), score)
                self.assertEqual(self.account.is_at_risk, pattern == "repeat")

    def _purchases(self):
        """Return the score that counts in the health as it is stored."""
        self.company.write(dict.fromkeys(WEIGHTS, 0))
        self.company.kam_health_weight_purchases = 100
        self.engine._run({(self.company.id, self.customer.id)})
        return self.account.health

    def test_order_written_past_odoo(self):
        order = self._order("2026-06-02", 90)
        self._settle()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET kam_commercial_partner_id = NULL,"
            " amount_untaxed = 190 WHERE id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        self.assertIn(self.customer, self._pass(START))
        self.assertEqual(self.account.revenue, 1390)
        self._prove(START)

    def test_companies_and_leads_written_past_odoo(self):
        self._settle()
        self.env.cr.execute(
            """
            INSERT INTO res_partner (name, complete_name, is_company, active, company_id,
                                     type, autopost_bills)
            VALUES ('By SQL', 'By SQL', TRUE, TRUE, %s, 'contact', 'ask') RETURNING id
            """,
            [self.company.id],
        )
        [[partner]] = self.env.cr.fetchall()
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = %s", [partner]
        )
        found = self._pass(START)
        self.assertEqual(found.ids, [partner])
        self.assertTrue(self.Account._get_for(self.company, found))
        self._prove(START)

    def test_past_of_customers_it_finds_is_no_news(self):
        told = []
        self._settle()
        customer = self._create_customer("From an Import")
        self._order("2020-05-01", partner=customer)
        self._forget_news()
        with patch.object(
            type(self.Account),
            "_handle_transitions",
            lambda _s, steps: told.append(steps),
        ):
            self.assertIn(customer, self._pass(START))
        self.assertEqual(self._account(customer).level, "dormant")
        self.assertEqual(told, [])

    def test_ranks_follow_the_news_of_others(self):
        self._settle()
        self.assertEqual((self.account.segment, self.account.share), ("a", 0.75))
        self._order("2026-06-14", 8000, partner=self.other)
        self._drain()
        self.assertEqual((self.account.segment, self.account.share), ("a", 0.75))
        self._pass(START + timedelta(days=1))
        self.assertEqual((self.account.segment, self.account.share), ("b", 0.125))
        self._prove(START + timedelta(days=1))

    def test_group_follows_a_company_above(self):
        holding = self._create_customer("Holding")
        self.other.parent_id = holding
        self._drain()
        self._settle()
        owner = self._create_customer("Owner")
        holding.parent_id = owner
        self._drain()
        self.assertEqual(self._account(self.other).group_partner_id, owner)
        self._pass(START)
        self._prove(START)

    def test_nothing_is_written_without_news(self):
        self._settle()
        self.env.flush_all()
        query = SQL("SELECT xmin, ctid FROM kam_account ORDER BY id")
        before = self.env.execute_query(query)
        self.assertFalse(self._pass(START))
        self.assertEqual(self.env.execute_query(query), before)

    def test_request_of_all_is_met_once(self):
        self._settle()
        runs = self._note_runs()
        self.company.kam_window_months = 6
        self._pass(START)
        self._pass(START)
        self.assertEqual(runs, [(None, False)])

    def test_too_many_are_refreshed_all_at_once(self):
        self._order("2026-06-16", 33)
        self._settle()
        runs = self._note_runs()
        with (
            patch.object(kam_engine_night, "MANY_ACCOUNTS", 0),
            patch.object(type(self.engine), "_count_accounts", lambda _self: 1),
        ):
            self.assertFalse(self._pass(date(2026, 6, 16)))
        self.assertEqual(runs, [(None, False)])
        self.assertEqual(self.account.revenue, 1233)

    def test_proof_comes_once_a_week_and_mends_what_it_finds(self):
        self._settle()
        self._pass(START + timedelta(days=6))
        runs = self._note_runs()
        self._set(average_purchase=5)
        with self.assertLogs(FAULTS, logging.ERROR) as logs:
            self._pass(START + timedelta(days=7))
        self.assertEqual(runs[-1], (None, True))
        self.assertIn("{'average_purchase': 1}", logs.output[0])
        self.assertIn(str(self.account.id), logs.output[0])
        self.assertEqual(self.account.average_purchase, 1200)
        self.assertEqual(
            self.env["ir.config_parameter"].get_param(PROVED_ON), "2026-06-22"
        )

    def test_proof_that_collides_leaves_the_figures_of_the_new_day(self):
        day = START + timedelta(days=7)
        self._order(str(day), 70)
        self._settle()
        tries = []

        def collide(_engine):
            tries.append(day)
            raise ConcurrencyError("somebody was faster")

        with (
            self._at(day),
            patch.object(type(self.engine), "_prove", collide),
            patch("odoo.service.model.time.sleep"),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
            suppress(ConcurrencyError),
        ):
            self.env(cr=cr)["kam.engine"]._cron_night()
        self.assertGreater(len(tries), 1)
        self.env.invalidate_all()
        self.assertEqual(self.account.revenue, 1270)
        self.assertEqual(self.engine._get_day(FIGURES_OF), day)

    def test_days_that_were_missed_are_made_up_for(self):
        """The server rested, the whole first of the month too."""
        self._owe(100, "2026-06-20")
        self._complain(date_due="2026-06-28")
        self._settle()
        was = self.account.health
        self._pass(date(2026, 7, 3))
        self._prove(date(2026, 7, 3))
        self.assertEqual(self.account.health_previous, was)

    def test_unreadable_day_means_a_refresh_of_all(self):
        self._settle()
        runs = self._note_runs()
        self.env["ir.config_parameter"].set_param(FIGURES_OF, "yesterday")
        self._pass(START)
        self.assertEqual(runs, [(None, False)])

    def _note_runs(self):
        """Note the runs over all accounts, as (customers, whether it proves)."""
        runs, run = [], type(self.engine)._run

        def note(engine, customers=None, as_of=None, **how):
            if customers is None:
                runs.append((customers, how.get("proves", False)))
            return run(engine, customers, as_of, **how)

        self.startPatcher(patch.object(type(self.engine), "_run", note))
        return runs


@tagged("post_install", "-at_install")
class TestNightsGoBy(NightCommon):
    """Random histories: however many days go by at once, nobody is forgotten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(14)
        cls.customers = [cls._create_customer(f"Customer {n}") for n in range(8)]
        cls.customers[1].parent_id = cls.customers[0]
        cls.roles = cls.env["kam.stakeholder.role"].search([])

    def _live(self, customer):
        """Write something about a customer around ``START``, as people do."""
        day = START + timedelta(days=self.random.randint(-800, 200))
        account, amount = self._account(customer), self.random.randint(1, 900)
        match self.random.randint(0, 7):
            case 0 | 1:
                self._order(day, amount, partner=customer)
            case 2:
                self._invoice(day, amount, partner=customer)
            case 3:
                self._invoice(day, amount, partner=customer, move_type="out_refund")
            case 4 if day <= START:
                self._touch(day, customer)
            case 5 if day <= START:
                self._complain(
                    account_id=account.id,
                    user_id=self.env.uid,
                    date=f"{day} 09:00:00",
                    date_due=day + timedelta(days=14),
                )
            case 6:
                account.write(
                    {
                        "opening_first_date": day - timedelta(days=500),
                        "opening_last_date": day - timedelta(days=300),
                        "opening_count": 3,
                        "opening_revenue": amount,
                    }
                )
            case 7:
                person = self.env["res.partner"].create(
                    {"name": f"Person {amount}", "parent_id": customer.id}
                )
                self.env["kam.stakeholder"].create(
                    {
                        "account_id": account.id,
                        "partner_id": person.id,
                        "role_ids": [
                            Command.set(self.random.sample(self.roles.ids, 2))
                        ],
                    }
                )
                self._touch(min(day, START), customer, partner_id=person.id)

    @mute_logger("odoo.addons.kam_management.models.engine.kam_engine_night")
    def test_nobody_is_forgotten(self):
        for customer in self.customers * 6:
            self._live(customer)
        self._settle()
        day = START
        for _turn in range(TURNS):
            day += timedelta(days=self.random.choice((1, 1, 1, 2, 6, 14, 31)))
            with self._at(day):
                self._live(self.random.choice(self.customers))
            self._pass(day)
            self._prove(day)
