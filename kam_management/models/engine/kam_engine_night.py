import logging
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..common import clock
from ..common.conflicts import retrying
from .kam_engine import FIGURES_OF, PROVED_ON
from .run import Turn

_logger = logging.getLogger(__name__)

DAYS_BETWEEN_PROOFS = 7
# Where more accounts are concerned than these, and than this part of them, a refresh of
# all is faster than one of each.
MANY_ACCOUNTS, MANY_PART = 10_000, 0.1
# Of the queue, at night: more than by day are in nobody's way
EVENTS_AT_ONCE = 5_000
# Seconds to wait for a refresh that runs
PATIENCE = 60


class KamEngine(models.AbstractModel):
    """The night: all figures become those of a new day.

    It looks only at whom the day can make a difference to: their customers are named to
    the queue, which refreshes them. All accounts are looked at when settings changed,
    when too many are concerned, and once a week, to prove that nobody was forgotten.
    """

    _inherit = "kam.engine"

    @api.model
    def _heal(self):
        """Take up what was written past Odoo, where its own fields show that.

        :return: set of (company id, partner id) whom that concerns
        """
        return set()

    @api.model
    def _compare(self):
        """Bring up to date what accounts owe to all others, each room its own.

        What follows from it is left to the queue.
        """

    @api.model
    def _cron_night(self):
        """Bring all figures to today; each part is committed, and may be begun anew."""
        progress, queue = (
            self.env["ir.cron"]._commit_progress,
            self.env["kam.account.event"],
        )
        for part in (self._turn, self._compare, self._prove_when_due):
            retrying(partial(self._do_alone, part), self.env)
            if not queue._drain(EVENTS_AT_ONCE):
                progress(remaining=1)  # the time was up
                return

    @api.model
    def _do_alone(self, part):
        """Call a method while no other refresh runs, and commit."""
        with self._alone(PATIENCE):
            part()

    @api.model
    def _turn(self):
        """Refresh all accounts, or have those refreshed that the new day concerns."""
        since, proved = self._get_day(FIGURES_OF), self._get_day(PROVED_ON)
        today, queue = clock.today(), self.env["kam.account.event"]
        if queue._is_all_requested() or not since or not proved or since > today:
            self._run()
        elif since == today and queue._is_any_found():
            return  # this night was interrupted, and goes on with whom it has named
        elif self._report_concerned(since):
            self._note(FIGURES_OF, today)
        else:
            self._run()

    @api.model
    def _prove_when_due(self):
        """Prove once a week that the nights forgot nobody.

        The last part of a night: where it takes long, whoever works meanwhile may keep it
        from being written, and its figures are those of the new day by then.
        """
        today, proved = clock.today(), self._get_day(PROVED_ON)
        if proved and (today - proved).days >= DAYS_BETWEEN_PROOFS:
            self._prove()

    @api.model
    def _prove(self):
        """Do what a night does, then refresh all accounts: what still differs is a fault.

        All in one transaction, so that nobody's work falls between. Faults are logged,
        and mended.
        """
        queue = self.env["kam.account.event"]
        self._wait_for_turn()
        self._report_concerned(self._get_day(FIGURES_OF), most=None)
        queue._process_all(EVENTS_AT_ONCE)
        self._compare()
        queue._process_all(EVENTS_AT_ONCE)
        self._run(proves=True)

    @api.model
    def _report_concerned(self, since, most=MANY_PART):
        """Name to the queue whom the days since may concern.

        :param date since: the day that figures are of
        :param float most: the greatest part of all accounts that may be concerned
        :return: False when there are more: then nobody has been named
        """
        self.env.flush_all()
        healed = self._heal()
        run = self._prepare_run()
        concerned = [
            _get_pairs_sql(healed),
            *self._get_concerned(Turn(since, run.rules)),
        ]
        query = SQL(
            "SELECT DISTINCT company_id, partner_id FROM (%s) concerned"
            " WHERE company_id IS NOT NULL AND partner_id IS NOT NULL",
            SQL(" UNION ALL ").join(
                SQL("SELECT company_id, partner_id FROM (%s) named", one)
                for one in concerned
            ),
        )
        run.keep("concerned", [query])
        found = run.tables["concerned"]
        is_few = most is None or found <= max(
            MANY_ACCOUNTS, most * self._count_accounts()
        )
        if is_few:
            self.env["kam.account.event"]._append_found(run.table("concerned"))
        _logger.info("%s customers are concerned since %s", found, since)
        run.finish()
        return is_few

    @api.model
    def _count_accounts(self):
        """Return about how many accounts there are."""
        self.env.cr.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'kam_account'::regclass"
        )
        return self.env.cr.fetchone()[0]


def _get_pairs_sql(pairs):
    """Return the SQL of some customers: company_id, partner_id.

    :param pairs: of (company id, partner id)
    """
    companies, partners = zip(*pairs, strict=True) if pairs else ((), ())
    return SQL(
        "SELECT * FROM unnest(%s::int[], %s::int[]) pair (company_id, partner_id)",
        list(companies),
        list(partners),
    )
