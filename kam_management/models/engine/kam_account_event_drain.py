import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.conflicts import CONFLICTS, quiet_conflicts
from .kam_engine_lock import RefreshRunningError

_logger = logging.getLogger(__name__)

# Who writes an account of the batch that is worked on waits, and may have to be tried
# again by Odoo. More at once would be faster, by a third, but in more people's way.
EVENTS_PER_BATCH = 250
# Seconds to wait for another refresh before the queue leaves it to its next turn
PATIENCE = 10
# When an account that failed is tried again, unless it has news before
RETRY_AFTER = timedelta(hours=1)
# So many accounts that fail in a row are no bad luck: something is broken.
FAULTS = 10


class Pace:
    """How many events to take at once: fewer after a failure, then more again."""

    def __init__(self, most):
        self.most = self.size = most
        self.faults = 0  # accounts in a row that failed by themselves

    def grow(self):
        self.size, self.faults = min(2 * self.size, self.most), 0

    def shrink(self, size):
        """Take a part of what has just failed.

        :param int size: how many events that were
        """
        self.size = max(size // 4, 1)


class KamAccountEvent(models.Model):
    """How the queue is drained: whatever happens to one account, the others go on."""

    _inherit = "kam.account.event"

    @api.model
    def _cron_process(self):
        """Drain the queue, as far as the time of a turn reaches."""
        self._drain()

    @api.model
    def _drain(self, most=None):
        """Refresh the accounts with news, batch by batch, each committed by itself.

        This is one pass, from the oldest event to the newest, and at least one batch of
        it, however late it is. A batch that fails is tried again at once in parts, in the
        end account by account. Left for a later turn is who is written just now, and who
        fails alone.

        :param int most: events to take at once; None for as many as are in nobody's way
            by day
        :return: whether the pass has come to its end: the time may be up before, or
            another refresh run for too long
        :raise Exception: when one account after the other fails
        """
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(self._get_due_domain()))
        last, pace, taken, time_left = 0, Pace(most or EVENTS_PER_BATCH), 0, True
        try:
            while (events := self._get_next(last, pace.size)) and time_left:
                done = self._try_batch(events, pace)
                if done is None:
                    continue
                last, taken = events[-1], taken + done
                time_left = progress(done)
        except RefreshRunningError:
            _logger.info("Another refresh is running: the queue goes on in a minute")
        if taken:
            self._try_to_follow()
        if time_left or not events:
            progress(remaining=0)  # what is left waits for the next turn
        return not events

    @api.model
    def _try_batch(self, event_ids, pace):
        """Refresh the accounts of some events, and commit.

        :return: the number of events taken; None when parts of them are to be tried
        """
        try:
            with quiet_conflicts(), self.env["kam.engine"]._alone(PATIENCE):
                taken = self._process(event_ids)
        except RefreshRunningError:
            raise
        except Exception as error:
            self._forget()
            if len(event_ids) > 1:
                pace.shrink(len(event_ids))
                _logger.info("%s: tries fewer than %s events", error, len(event_ids))
                return None
            if not isinstance(error, CONFLICTS):
                self._put_off(*event_ids, error)
                pace.faults += 1
            if pace.faults == FAULTS:
                raise
            return 0
        pace.grow()
        return taken

    @api.model
    def _forget(self):
        """Forget what a transaction knew that was rolled back."""
        self.env.transaction.reset()
        self.env.registry.reset_changes()

    @api.model
    def _put_off(self, event_id, error):
        """Leave a customer for later, all events of theirs, and say why.

        :param Exception error: what their refresh has raised
        """
        query = SQL(
            """
            UPDATE kam_account_event e SET retry_date = %s
              FROM kam_account_event failed
             WHERE failed.id = %s AND e.company_id = failed.company_id
               AND e.partner_id = failed.partner_id
            RETURNING e.company_id, e.partner_id
            """,
            fields.Datetime.now() + RETRY_AFTER,
            event_id,
        )
        rows = self.env.execute_query(query)
        self.env.cr.commit()  # pylint: disable=invalid-commit
        self.invalidate_model()
        for company, partner in set(rows):
            _logger.error(
                "The account of partner %s with company %s could not be refreshed; it is"
                " tried again in an hour, the others go on",
                partner,
                company,
                exc_info=error,
            )

    @api.model
    def _try_to_follow(self):
        """Do what follows, and commit; the next turn does it where that fails."""
        try:
            with quiet_conflicts():
                self._handle_drained()
                self.env.cr.commit()  # pylint: disable=invalid-commit
        except CONFLICTS as conflict:
            self.env.cr.rollback()
            self._forget()
            _logger.info("%s: what follows the queue waits for its next turn", conflict)
        except Exception:
            self.env.cr.rollback()
            self._forget()
            _logger.exception("What follows the queue has failed")

    @api.model
    def _handle_drained(self):
        """Do what follows once accounts are up to date; other rooms extend this."""
