from unittest.mock import patch

from psycopg2 import Error

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .concurrency_common import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestConcurrency(ConcurrencyCase):
    """Refreshes, people and customers at once: nothing is lost, doubled or in the way."""

    # Refreshes

    def test_second_refresh_waits_for_the_first_and_doubles_nothing(self):
        self._confirm_order()
        with self._transaction() as env:
            env["kam.account"]._refresh()
            second = self._start(lambda env: env["kam.account"]._refresh())
            second.wait_until_it_waits()
        second.wait()
        with self._transaction() as env:
            account = self._get_account(env)
            self.assertEqual(account.purchase_count, 1)
            self.assertEqual(account.transition_ids.mapped("to_level"), ["new"])

    def test_two_queues_at_once_share_the_work(self):
        self._confirm_order()
        with self._transaction() as env:
            self.assertTrue(self._process(env))
            with self._transaction() as other:
                self.assertFalse(self._process(other))
        with self._transaction() as env:
            self.assertEqual(self._get_account(env).purchase_count, 1)
            self.assertFalse(self._get_events(env))

    def test_refresh_killed_in_the_middle_leaves_nothing_half_done(self):
        self._confirm_order()
        for step in ("_insert_accounts", "_update_accounts", "_step_write_log"):
            with self.subTest(killed_before=step):
                self._kill_before(step)
                with self._transaction() as env:
                    self.assertFalse(self._get_account(env))
                    self.assertTrue(self._get_events(env))
        with self._transaction() as env:
            self._process(env)
        with self._transaction() as env:
            self.assertEqual(self._get_account(env).level, "new")
            self.assertFalse(self._get_events(env))

    def test_refresh_that_is_rolled_back_leaves_no_trace(self):
        self._confirm_order()
        with self._transaction() as env:
            self._process(env)
            env.cr.rollback()
            self.assertFalse(self._get_account(env))
            self.assertTrue(self._get_events(env))
            self._process(env)
            self.assertEqual(self._get_account(env).purchase_count, 1)

    # Business goes on

    def test_order_confirmed_during_a_refresh_is_not_lost(self):
        self._confirm_order()
        with self._transaction() as env:
            self._process(env)
            self._confirm_order()  # would hang or fail if it had to wait
        with self._transaction() as env:
            self.assertEqual(self._get_account(env).purchase_count, 1)
            self.assertTrue(self._get_events(env))
            self._process(env)
            self.assertEqual(self._get_account(env).purchase_count, 2)

    def test_touch_logged_during_a_refresh_does_not_wait(self):
        self._make_account()
        self._confirm_order()
        with self._transaction() as env:
            self._process(env)
            with self._transaction() as other:
                other["kam.touch"].create({"account_id": self._get_account(other).id})
        with self._transaction() as env:
            self._process(env)
            self.assertTrue(self._get_account(env).last_touch_date)

    def test_user_who_saves_during_a_refresh_gets_no_error(self):
        self._make_account()
        self._confirm_order()
        with self._transaction() as env:
            self._process(env)
            user = self._start(self._assign_manager)
            user.wait_until_it_waits()
        user.wait()
        self.assertGreater(user.attempts, 1)
        with self._transaction() as env:
            account = self._get_account(env)
            self.assertEqual(account.manager_id.id, self.seller_id)
            self.assertEqual(account.level, "new")

    def test_refresh_starts_again_when_a_user_saved_meanwhile(self):
        self._make_account()
        self._confirm_order()
        with self._transaction() as env:
            self._assign_manager(env)
            env.flush_all()
            refresh = self._start(lambda env: env["kam.account"]._refresh())
            refresh.wait_until_it_waits()
        refresh.wait()
        self.assertGreater(refresh.attempts, 1)
        with self._transaction() as env:
            account = self._get_account(env)
            self.assertEqual(account.manager_id.id, self.seller_id)
            self.assertEqual(account.level, "new")

    def test_two_first_orders_of_a_customer_at_once(self):
        with self._transaction() as one, self._transaction() as other:
            for env in (one, other):
                self._create_order(env).action_confirm()
                env.flush_all()
        queues = [self._start(self._process) for _n in range(2)]
        for queue in queues:
            queue.wait()
        with self._transaction() as env:
            account = self._get_account(env)
            self.assertEqual(len(account), 1)
            self.assertEqual(account.purchase_count, 2)
            self.assertEqual(account.transition_ids.mapped("to_level"), ["active"])

    def test_two_people_are_not_made_each_others_superior(self):
        with self._transaction() as env:
            env["kam.engine"]._run({(self.company_id, self.customer_id)})
            account = self._get_account(env)
            people = env["res.partner"].create(
                [{"name": name, "parent_id": self.customer_id} for name in ("A", "B")]
            )
            dossiers = env["kam.stakeholder"].create(
                [{"account_id": account.id, "partner_id": one.id} for one in people]
            )
            one, other = dossiers.ids
        self.addCleanup(self._remove_people, dossiers.ids, people.ids)
        with self._transaction() as env:
            env["kam.stakeholder"].browse(one).parent_id = other
            env.flush_all()
            second = self._start(
                lambda env: (
                    env["kam.stakeholder"].browse(other).write({"parent_id": one})
                )
            )
            second.wait_until_it_waits()
        with self.assertRaisesRegex(ValidationError, "reporting line cannot lead back"):
            second.wait()

    # Words

    def _remove_people(self, dossier_ids, partner_ids):
        with self._transaction() as env:
            env["kam.stakeholder"].browse(dossier_ids).unlink()
            env["res.partner"].browse(partner_ids).unlink()

    def _kill_before(self, step):
        """Have the server end the connection of a refresh when it comes to a step."""

        def kill(engine, *args):
            engine.env.cr.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        engine = self.registry["kam.engine"]
        with (
            patch.object(engine, step, kill),
            mute_logger("odoo.sql_db"),
            self.assertRaises(Error),
            self._transaction() as env,
        ):
            self._process(env)
