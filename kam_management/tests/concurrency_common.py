"""What tests with several transactions at once share: a customer, and workers."""

import threading
import time
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.service.model import retrying
from odoo.tests import TransactionCase

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

# Seconds after which something that should not wait is taken to hang.
PATIENCE = 20


class ConcurrencyCase(TransactionCase):
    """Several transactions at once, each with a connection of its own.

    What they commit about one customer is removed afterwards; other accounts are at
    most brought up to date.
    """

    def setUp(self):
        super().setUp()
        # a failed attempt is repeated at once
        self.startPatcher(patch("odoo.service.model.random.uniform", return_value=0.01))
        self.addCleanup(self._clean_up)
        with self._transaction() as env:
            self.company_id = env.ref("base.main_company").id
            self.seller_id = env.ref("base.user_admin").id
            product = env["product.product"].create({"name": "KAM test compressor"})
            product.type = "service"
            customer = env["res.partner"].create(
                {
                    "name": "KAM test customer",
                    "is_company": True,
                    "company_id": self.company_id,
                }
            )
            self.product_id, self.customer_id = product.id, customer.id

    @contextmanager
    def _transaction(self):
        """Give an environment of its own connection, committed in the end."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = %s", [f"{PATIENCE}s"])
            yield api.Environment(cr, SUPERUSER_ID, DISABLED_MAIL_CONTEXT)

    def _start(self, function):
        """Run a function of an environment in a thread, as a request or cron does."""
        return Worker(self.registry, function)

    def _process(self, env):
        return env["kam.account.event"]._process_batch(10**6)

    def _assign_manager(self, env):
        self._get_account(env).manager_id = self.seller_id

    def _get_account(self, env):
        return env["kam.account"].search([("partner_id", "=", self.customer_id)])

    def _get_events(self, env):
        return env["kam.account.event"].search([("partner_id", "=", self.customer_id)])

    def _make_account(self):
        with self._transaction() as env:
            self._process(env)

    def _create_order(self, env):
        line = {"product_id": self.product_id, "price_unit": 100, "tax_ids": False}
        return env["sale.order"].create(
            {
                "partner_id": self.customer_id,
                "company_id": self.company_id,
                "user_id": self.seller_id,
                "order_line": [Command.create(line)],
            }
        )

    def _confirm_order(self):
        with self._transaction() as env:
            self._create_order(env).action_confirm()

    def _clean_up(self):
        with self._transaction() as env:
            domain = [("partner_id", "=", self.customer_id)]
            orders = env["sale.order"].search(domain)
            orders._action_cancel()
            orders.unlink()
            self._get_account(env).unlink()
            env["res.partner"].browse(self.customer_id).unlink()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            env.flush_all()
            self._get_events(env).unlink()


class Worker(threading.Thread):
    """A function in a transaction of its own, tried again as Odoo does it."""

    def __init__(self, registry, function):
        super().__init__(daemon=True)
        self.registry, self.function = registry, function
        self.attempts, self.error, self.pid = 0, None, None
        self.start()

    def run(self):
        try:
            with self.registry.cursor() as cr:
                self.pid = cr.connection.get_backend_pid()
                env = api.Environment(cr, SUPERUSER_ID, DISABLED_MAIL_CONTEXT)
                retrying(partial(self._attempt, env), env)
        except Exception as error:  # handed to the test by join()
            self.error = error

    def _attempt(self, env):
        self.attempts += 1
        env.cr.execute("SET LOCAL lock_timeout = %s", [f"{PATIENCE}s"])
        return self.function(env)

    def wait_until_it_waits(self):
        """Return when the server says that the transaction waits for a lock."""
        deadline = time.monotonic() + PATIENCE
        query = "SELECT FROM pg_locks WHERE pid = %s AND NOT granted"
        with self.registry.cursor() as cr:
            while time.monotonic() < deadline and self.is_alive():
                cr.execute(query, [self.pid])
                if cr.rowcount:
                    return
                time.sleep(0.01)
        raise AssertionError(f"It does not wait for anything: {self.error}")

    def wait(self, timeout=2 * PATIENCE):
        """Wait for the end; raise what went wrong in the thread."""
        self.join(timeout)
        if self.error:
            raise self.error
        if self.is_alive():
            raise AssertionError("It hangs")
