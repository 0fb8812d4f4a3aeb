import logging
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.kam_management.models.engine import kam_account_event_drain

from .common import KamCommon

LOGGER = kam_account_event_drain.__name__


@tagged("post_install", "-at_install")
class TestQueueDrain(KamCommon):
    """Whatever happens to one account, the queue goes on with the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Event = cls.env["kam.account.event"]
        cls.cron = cls.env.ref("kam_management.ir_cron_process_events")
        cls.customers = cls.env["res.partner"].union(
            *(cls._create_customer(f"Customer {n}") for n in range(8))
        )
        for customer in cls.customers:
            cls._account(customer)
        # the first one of a company concerns all its accounts
        cls._touch("2020-04-01", cls.customers[0])
        cls._forget_news()

    def setUp(self):
        super().setUp()
        for customer in self.customers:
            self._touch("2020-05-01", customer)
        self._report()
        self.batches = []

    # Batches

    def test_batch_that_collides_is_tried_again_at_once_in_parts(self):
        """Odoo would try the same batch five times, and sleep half a minute."""

        def collide(customers):
            if len(customers) > 2:
                raise SerializationFailure("somebody was faster")

        with (
            patch.object(kam_account_event_drain, "EVENTS_PER_BATCH", 8),
            self.assertNoLogs("odoo", "ERROR"),
        ):
            self._drain_with(collide)
        self.assertEqual(self.batches, [8, 2, 4, 1, 2, 3, 1, 2])
        self.assertWaiting()

    def test_batches_grow_again(self):
        collisions = [SerializationFailure("somebody was faster")]

        def collide(_customers):
            if collisions:
                raise collisions.pop()

        with patch.object(kam_account_event_drain, "EVENTS_PER_BATCH", 4):
            self._drain_with(collide)
        self.assertEqual(self.batches, [4, 1, 2, 4, 1])

    def test_account_that_collides_alone_is_left_for_the_next_turn(self):
        one = self.customers[3]

        def collide(customers):
            if one.id in customers:
                raise SerializationFailure("somebody is always faster")

        with self.assertNoLogs("odoo", "ERROR"):
            self._drain_with(collide)
        self.assertWaiting(one)
        self.assertFalse(self.Event.search([]).retry_date)
        self._drain_with(lambda customers: None)
        self.assertWaiting()

    # Faults

    def test_account_that_fails_is_left_for_an_hour_while_others_go_on(self):
        one = self.customers[3]

        def fail(customers):
            if one.id in customers:
                raise ValueError("A record that nobody understands")

        with self.assertLogs(LOGGER, "ERROR") as logs:
            self._drain_with(fail)
        self.assertEqual(len(logs.records), 1)
        self.assertIn(f"partner {one.id} ", logs.output[0])
        self.assertIn("A record that nobody understands", logs.output[0])
        self.assertWaiting(one)
        self.assertEqual(
            self._account(self.customers[4]).level, "engaged", "the others went on"
        )
        with self.assertNoLogs(LOGGER, "ERROR"):
            self._drain_with(fail)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1, minutes=1)):
            self._drain_with(lambda customers: None)
        self.assertWaiting()

    def test_fresh_news_of_an_account_that_failed_are_taken_at_once(self):
        one = self.customers[3]

        def fail(customers):
            if one.id in customers:
                raise ValueError("A record that nobody understands")

        with mute_logger(LOGGER):
            self._drain_with(fail)
        self._touch("2020-05-02", one)
        self._drain_with(lambda customers: None)
        self.assertEqual(self._account(one).level, "engaged")

    def test_fault_of_everybody_is_a_failure_of_the_job(self):
        def fail(customers):
            raise ValueError("The engine is broken")

        with (
            patch.object(kam_account_event_drain, "FAULTS", 2),
            mute_logger(LOGGER),
            self.assertLogs("odoo.addons.base.models.ir_cron", "ERROR") as logs,
        ):
            self._drain_with(fail)
        self.assertIn("The engine is broken", logs.output[0])
        self.assertWaiting(*self.customers)
        self.assertEqual(self.Event.search_count([("retry_date", "!=", False)]), 2)

    # Turns

    def test_turn_says_what_it_did_and_leaves_nothing_for_this_one(self):
        said = []

        def progress(_cron, processed=0, *, remaining=None, deactivate=False):
            said.append((processed, remaining))
            return 60

        with (
            patch.object(kam_account_event_drain, "EVENTS_PER_BATCH", 5),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", progress),
        ):
            self._drain_with(lambda customers: None)
        self.assertEqual(said, [(0, 8), (5, None), (3, None), (0, 0)])

    def test_turn_ends_when_its_time_is_up(self):
        with (
            patch.object(kam_account_event_drain, "EVENTS_PER_BATCH", 5),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", side_effect=[60, 0]
            ),
            self._own_environment() as env,
        ):
            self.assertFalse(env["kam.account.event"]._drain())
        self.assertEqual(self.Event.search_count([]), 3)
        with self._own_environment() as env:
            self.assertTrue(env["kam.account.event"]._drain())
        self.assertWaiting()

    def test_turn_that_begins_late_does_one_batch(self):
        with (
            patch.object(kam_account_event_drain, "EVENTS_PER_BATCH", 5),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=0),
            self._own_environment() as env,
        ):
            queue = env["kam.account.event"]
            self.assertFalse(queue._drain(), "three are left")
            self.assertEqual(queue.search_count([]), 3)
            self.assertTrue(queue._drain())
        self.assertWaiting()

    def test_what_follows_may_fail_and_the_accounts_are_right(self):
        with (
            patch.object(type(self.Event), "_handle_drained", side_effect=ValueError),
            self.assertLogs(LOGGER, logging.ERROR) as logs,
            self._own_environment() as env,
        ):
            self.assertTrue(env["kam.account.event"]._drain())
        self.assertIn("What follows the queue has failed", logs.output[0])
        self.assertWaiting()

    # Words

    @contextmanager
    def _own_environment(self):
        """Give an environment in which a job may commit."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)

    def assertWaiting(self, *customers):
        """Assert whose events are in the queue."""
        self.env.invalidate_all()
        waiting = self.Event.search([("company_id", "=", self.company.id)])
        self.assertEqual({*waiting.partner_id}, {*customers})

    def _drain_with(self, spy):
        """Run the job, and tell a function whom each batch is about before it is done."""
        Engine = type(self.env["kam.engine"])
        run = Engine._run

        def tell(engine, customers=None, as_of=None):
            if customers:
                self.batches.append(len(customers))
                spy({partner for _company, partner in customers})
            return run(engine, customers, as_of)

        self._report()
        with patch.object(Engine, "_run", tell), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _report(self):
        """Do what a commit does, but write the data."""
        self.env.flush_all()
        self.cr.flush()
        self.cr.cache.clear()
