import logging
import time
from threading import Event
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from odoo.addons.kam_management.models.common.conflicts import quiet_conflicts
from odoo.addons.kam_management.models.engine.kam_account_event_drain import Pace
from odoo.addons.kam_management.models.engine.kam_engine_lock import (
    REFRESH_LOCK,
    RefreshRunningError,
)

from .concurrency_common import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestQueueConflicts(ConcurrencyCase):
    """People write accounts while the queue is drained: neither waits for the other."""

    def setUp(self):
        super().setUp()
        self._make_account()
        self._confirm_order()

    def test_account_that_somebody_writes_is_left_for_the_next_turn(self):
        with self._transaction() as user:
            self._assign_manager(user)
            user.flush_all()
            with self.assertNoLogs("odoo", "ERROR"):
                self._drain()
            with self._transaction() as env:
                self.assertTrue(self._get_events(env))
                self.assertEqual(self._get_account(env).level, "potential")
        self._drain()
        with self._transaction() as env:
            account = self._get_account(env)
            self.assertEqual(account.level, "new")
            self.assertEqual(account.manager_id.id, self.seller_id)
            self.assertFalse(self._get_events(env))

    def test_what_was_written_while_the_queue_waited_is_no_conflict(self):
        """The lock used to be taken after the first query: all was tried again."""
        waits, sleep = Event(), time.sleep

        def wait(_seconds):
            waits.set()
            sleep(0.01)

        with (
            patch.object(time, "sleep", wait),
            patch.object(Pace, "shrink", autospec=True) as shrink,
        ):
            with self._transaction() as other:
                other["kam.engine"]._wait_for_turn()
                queue = self._start(lambda env: env["kam.account.event"]._drain())
                self.assertTrue(waits.wait(20), "another refresh runs")
                with self._transaction() as user:
                    self._assign_manager(user)
            queue.wait()
        shrink.assert_not_called()
        with self._transaction() as env:
            self.assertEqual(self._get_account(env).level, "new")
            self.assertFalse(self._get_events(env))

    def test_refresh_that_takes_long_is_waited_for_in_the_next_turn(self):
        module = "odoo.addons.kam_management.models.engine.kam_account_event_drain"
        with self._transaction() as other:
            other["kam.engine"]._wait_for_turn()
            with (
                patch(f"{module}.PATIENCE", 0),
                self.assertNoLogs("odoo", "ERROR"),
            ):
                self.assertFalse(self._drain())
        with self._transaction() as env:
            self.assertTrue(self._get_events(env))

    def test_lock_is_given_back_whatever_happens(self):
        with self._transaction() as env:
            with self.assertRaises(ZeroDivisionError), env["kam.engine"]._alone():
                raise ZeroDivisionError
            self.assertFalse(self._get_locks(env))
            with env["kam.engine"]._alone():
                self.assertEqual(len(self._get_locks(env)), 1)
                with (
                    self._transaction() as other,
                    self.assertRaises(RefreshRunningError),
                    other["kam.engine"]._alone(),
                ):
                    self.fail("two refreshes at once")
            self.assertFalse(self._get_locks(env))

    def test_lock_is_given_back_when_what_came_before_cannot_be_written(self):
        with self._transaction() as env:
            env.cr.precommit.add(lambda: 1 / 0)
            with self.assertRaises(ZeroDivisionError), env["kam.engine"]._alone():
                self.fail("nothing is to be done")
            self.assertFalse(self._get_locks(env))

    def test_conflict_that_is_answered_is_no_line_in_the_log(self):
        with (
            self._transaction() as one,
            self._transaction() as other,
            self.assertLogs("odoo.sql_db", logging.ERROR) as logs,
        ):
            self._get_account(other).mapped("level")
            self._assign_manager(one)
            one.cr.commit()
            for quiet in (True, False):
                with self.assertRaises(SerializationFailure), other.cr.savepoint():
                    if quiet:
                        with quiet_conflicts():
                            self._write_past(other)
                    self._write_past(other)
            other.cr.rollback()
        self.assertEqual(len(logs.records), 1)

    def test_capture_that_collides_comes_right_without_an_error(self):
        Touch = self.registry["kam.touch"]
        capture, tries = Touch._capture_meetings, []

        def collide_once(touch):
            tries.append(self._get_account(touch.env).level)
            if len(tries) == 1:
                with self._transaction() as user:
                    self._assign_manager(user)
                self._write_past(touch.env)
            capture(touch)

        with (
            patch.object(Touch, "_capture_meetings", collide_once),
            self.assertNoLogs("odoo", "ERROR"),
            self._transaction() as env,
        ):
            env["kam.touch"]._cron_capture()
        self.assertEqual(len(tries), 2)

    def _write_past(self, env):
        env.cr.execute(
            "UPDATE kam_account SET write_uid = 1 WHERE partner_id = %s",
            [self.customer_id],
        )

    def _get_locks(self, env):
        query = """
            SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
             WHERE l.locktype = 'advisory' AND l.objid = %s
               AND d.datname = current_database()
        """
        env.cr.execute(query, [REFRESH_LOCK])
        return env.cr.fetchall()

    def _drain(self):
        """Drain the queue with a connection of its own, without waiting for locks."""
        with self._transaction() as env:
            return env["kam.account.event"]._drain()
