import time
from contextlib import contextmanager
from typing import NamedTuple

from psycopg2 import Error

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..evidence.look import get_members_sql
from .run import Rule, Run

# Key of the advisory lock under which one refresh at a time runs in a database.
REFRESH_LOCK = 1_262_570_801


class RefreshRunningError(Exception):
    """Another refresh is running, and has been for longer than we are patient."""


class Step(NamedTuple):
    """Something a refresh does: a method of ``kam.engine``, called with its ``Run``."""

    place: int  # steps go in this order
    method: str


class KamEngine(models.AbstractModel):
    """Brings accounts up to date, all of them or some, in a few statements.

    A refresh is a row of steps. Each room appends its own and answers for what it finds
    out; what it needs from others it finds in the tables of the run. Either all of a
    refresh is seen, or nothing of it. A step that makes news of customers whose figures
    are written already names them in ``news``: a refresh of theirs follows.
    """

    _name = "kam.engine"
    _description = "Engine of the Accounts"

    @api.model
    def _get_steps(self):
        """Return the steps of a refresh; each room appends its own.

        :return: list of ``Step``, in any order
        """
        return []

    @api.model
    def _run(self, customers=None, as_of=None):
        """Compute the state of the world as known at the end of a day.

        One refresh runs at a time; a second one waits and may then raise a serialization
        failure, which Odoo's request layer and our crons answer by trying again.

        :param customers: set of (company id, partner id), None for all; a contact
            stands for its company, and who has no account yet gets one
        :param date as_of: the day; None for today (UTC)
        """
        if customers is not None and not customers:
            return
        self.env.flush_all()
        self._wait_for_turn()
        run = self._prepare_run(as_of, customers=customers)
        self._set_scope(run)
        for step in sorted(self._get_steps()):
            getattr(self, step.method)(run)
        run.finish()
        self.env.invalidate_all(flush=False)
        self._run(run.news, as_of)

    @api.model
    def _wait_for_turn(self):
        """Let no other refresh run until the end of this transaction."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])

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
            if time.monotonic() > deadline:
                raise RefreshRunningError
            time.sleep(0.05)
        try:
            yield
            cr.commit()  # pylint: disable=invalid-commit
        except BaseException:
            cr.rollback()
            raise
        finally:
            self._release_session_lock()

    @api.model
    def _try_session_lock(self):
        """Return whether this session has got the lock; the snapshot is let go of."""
        query = SQL("SELECT pg_try_advisory_lock(%s)", REFRESH_LOCK)
        [[taken]] = self.env.execute_query(query)
        self.env.cr.commit()  # pylint: disable=invalid-commit
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

    @api.model
    def _prepare_run(self, as_of=None, companies=None, customers=None):
        """Return a ``Run`` as of a day, for who takes some of its steps.

        Whoever prepares it calls ``finish`` in the end.

        :param date as_of: the day; None for today (UTC)
        :param companies: ``res.company`` records, None for all
        :param customers: see ``_run``
        """
        today = fields.Date.today()
        day = fields.Date.to_date(as_of) or today
        return Run(self.env, self._get_rules(day, companies), customers, day == today)

    @api.model
    def _get_rules(self, as_of, companies=None):
        """Return the rules in force, each with the companies that share it.

        :param date as_of: the day whose state is wanted
        :param companies: ``res.company`` records, None for all
        :return: list of ``Rule``
        """
        # sudo: the settings of all companies are needed, whoever starts the refresh
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        companies = Company.search(Domain.TRUE) if companies is None else companies
        shared = companies.sudo().grouped(
            lambda company: (
                *company._get_kam_rule(),
                company.currency_id.decimal_places,
            )
        )
        return [
            Rule(tuple(companies.ids), *settings, as_of)
            for settings, companies in shared.items()
        ]

    @api.model
    def _set_scope(self, run):
        """Name the customers in question in ``scope``, their partners in ``member``."""
        if not run.scoped:
            return
        companies, partners = zip(*run.customers, strict=True)
        query = SQL(
            """
            SELECT DISTINCT named.company_id, p.commercial_partner_id AS partner_id
              FROM unnest(%s::int[], %s::int[]) named (company_id, partner_id)
              JOIN res_partner p ON p.id = named.partner_id
            """,
            list(companies),
            list(partners),
        )
        run.keep("scope", [query], ("company_id", "partner_id"))
        members = get_members_sql(SQL("SELECT partner_id FROM %s", run.table("scope")))
        run.keep("member", [members], ("id",))
