import time
from contextlib import contextmanager

from psycopg2 import Error

from odoo import api, models
from odoo.tools import SQL

# Key of the advisory lock under which one refresh at a time runs in a database.
REFRESH_LOCK = 1_262_570_801


class RefreshRunningError(Exception):
    """Another refresh is running, and has been for longer than we are patient."""


class KamEngine(models.AbstractModel):
    """Who may work: one refresh at a time, and on accounts that nobody writes just now."""

    _inherit = "kam.engine"

    @api.model
    def _wait_for_turn(self):
        """Let no other refresh run until the end of this transaction."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])

    @api.model
    def _try_turn(self):
        """Let no other refresh run until the end of this transaction, if none runs now.

        :return: whether it is our turn
        """
        query = SQL("SELECT pg_try_advisory_xact_lock(%s)", REFRESH_LOCK)
        [[taken]] = self.env.execute_query(query)
        return taken

    @api.model
    @contextmanager
    def _alone(self, patience=0):
        """Work while no other refresh runs, in a transaction that begins only then.

        A transaction that waits for its turn sees the world as it was before: whatever
        was written meanwhile, it may not write any more. So the session takes the lock
        before, and keeps it until the work is committed, or taken back by an error. A
        process that is killed loses its session, and the lock with it.

        :param float patience: for how many seconds to wait for another refresh
        :raise RefreshRunningError: when that takes longer
        """
        cr = self.env.cr
        deadline = time.monotonic() + patience
        while not self._try_session_lock():
            cr.commit()  # pylint: disable=invalid-commit
            if time.monotonic() > deadline:
                raise RefreshRunningError
            time.sleep(0.05)
        try:
            # the snapshot is let go of
            cr.commit()  # pylint: disable=invalid-commit
            yield
            cr.commit()  # pylint: disable=invalid-commit
        except BaseException:
            cr.rollback()
            raise
        finally:
            self._release_session_lock()

    @api.model
    def _try_session_lock(self):
        """Return whether this session has got the lock."""
        query = SQL("SELECT pg_try_advisory_lock(%s)", REFRESH_LOCK)
        [[taken]] = self.env.execute_query(query)
        return taken

    @api.model
    def _release_session_lock(self):
        cr = self.env.cr
        try:
            cr.execute("SELECT pg_advisory_unlock(%s)", [REFRESH_LOCK])
            cr.commit()  # pylint: disable=invalid-commit
        except Error:
            # back in the pool, the connection would keep everybody else waiting
            cr.connection.close()
            raise

    @api.model
    def _claim(self, customers):
        """Lock the accounts of some customers, except those somebody writes right now.

        At the beginning of a transaction: nobody comes between it and its accounts then,
        and it waits for nobody.

        :param customers: set of (company id, partner id)
        :return: the set of those that are ours until the end of the transaction, or have
            no account yet
        """
        companies, partners = zip(*customers, strict=True)
        query = SQL(
            """
            WITH named AS MATERIALIZED (
                SELECT named.*, p.commercial_partner_id
                  FROM unnest(%s::int[], %s::int[]) named (company_id, partner_id)
                  JOIN res_partner p ON p.id = named.partner_id
            ),
            claimed AS MATERIALIZED (
                SELECT a.id FROM kam_account a
                 WHERE (a.company_id, a.partner_id)
                       IN (SELECT company_id, commercial_partner_id FROM named)
                   FOR NO KEY UPDATE SKIP LOCKED
            )
            SELECT named.company_id, named.partner_id
              FROM named
              LEFT JOIN kam_account a ON a.company_id = named.company_id
               AND a.partner_id = named.commercial_partner_id
             WHERE a.id IS NULL OR a.id IN (SELECT id FROM claimed)
            """,
            list(companies),
            list(partners),
        )
        return set(self.env.execute_query(query))
