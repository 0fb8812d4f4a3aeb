from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.conflicts import retrying
from ..evidence.contacts import (
    get_last_message_sql,
    get_late_messages_sql,
    get_next_messages_sql,
)
from .kam_touch_measure import CUSTOMERS_PER_BATCH, PASS

MESSAGES_PER_BATCH = 50_000
# Messages are numbered before they are committed: look back this far for latecomers.
MESSAGES_LOOKED_BACK = 10_000
# Meetings are moved and completed after they took place: look back this far. What was
# written down later than that is found by the day it was written.
DAYS_LOOKED_BACK = 7
# Mails alike are written one after the other: count them this far to both sides.
NEIGHBOURS = 1000

LAST_MESSAGE = "kam_management.captured_message"
LAST_MEETING = "kam_management.captured_meeting"
BEGINNING = {LAST_MESSAGE: "0", PASS: ""}
FIRST_DAY = "1970-01-08 00:00:00"


class KamTouch(models.Model):
    """Touches from what Odoo records anyway: done activities, mails and meetings.

    A batch may be repeated at will (``_capture_candidates``), so that the past is a
    matter of batches.
    """

    _inherit = "kam.touch"

    @api.model
    def _cron_capture(self):
        """Capture what has come since the last time, batch by batch, and go on later."""
        progress = self.env["ir.cron"]._commit_progress
        retrying(self._capture_meetings, self.env)
        while done := retrying(
            partial(self._capture_messages, MESSAGES_PER_BATCH), self.env
        ):
            if not progress(done, remaining=self._count_messages()):
                return
        while remaining := retrying(self._measure_reactions, self.env):
            if not progress(CUSTOMERS_PER_BATCH, remaining=remaining):
                return
        progress(remaining=0)

    @api.model
    def _count_messages(self):
        """Return about how many messages have not been looked at."""
        [[last]] = self.env.execute_query(get_last_message_sql())
        return max((last or 0) - int(self._get_bookmark(LAST_MESSAGE)), 0)

    @api.model
    def _capture_sent(self, messages, is_mass=False):
        """Capture mails that have just gone out, and that the cron would not see.

        Their neighbours are looked at too, to see how many are alike.

        :param messages: ``mail.message``
        :param bool is_mass: whether they are known to be of many alike
        """
        self.env.flush_all()
        candidates = self.env["kam.evidence"]._get_message_contacts_sql(
            min(messages.ids) - NEIGHBOURS,
            max(messages.ids) + NEIGHBOURS,
            messages,
            is_mass,
        )
        self._capture_candidates(candidates)

    @api.model
    def _capture(self, after_batch=None):
        """Capture everything up to now, in the transaction of the caller.

        :param after_batch: called after each batch, to commit it maybe
        """
        self._capture_meetings()
        while self._capture_messages(MESSAGES_PER_BATCH):
            if after_batch:
                after_batch()
        while self._measure_reactions():
            if after_batch:
                after_batch()

    @api.model
    def _capture_messages(self, limit):
        """Make touches of the next messages: done activities and mails in and out.

        :param int limit: how many messages to look at
        :return: how many there were to look at; none when all were seen before
        """
        self.env.flush_all()
        seen = int(self._get_bookmark(LAST_MESSAGE))
        first = seen - MESSAGES_LOOKED_BACK
        [[done, last]] = self.env.execute_query(get_next_messages_sql(seen, limit))
        [[is_late]] = self.env.execute_query(
            get_late_messages_sql(first, seen, self._get_last_look())
        )
        if done or is_late:
            self._capture_candidates(
                self.env["kam.evidence"]._get_message_contacts_sql(first, last or seen)
            )
        if done:
            self._set_bookmark(LAST_MESSAGE, str(last))
        return done

    @api.model
    def _capture_meetings(self):
        """Make touches of the meetings that have ended, for each customer invited."""
        self.env.flush_all()
        now = fields.Datetime.now()
        since = fields.Datetime.to_datetime(self._get_bookmark(LAST_MEETING))
        since = fields.Datetime.subtract(since, days=DAYS_LOOKED_BACK)
        self._mend_meetings(since, now)
        self._capture_candidates(
            self.env["kam.evidence"]._get_meeting_contacts_sql(since, now)
        )
        self._set_bookmark(LAST_MEETING, fields.Datetime.to_string(now))

    @api.model
    def _get_bookmark(self, key):
        """Return how far a source was captured, or a pass has come, as a string."""
        rows = self.env.execute_query(
            SQL("SELECT value FROM ir_config_parameter WHERE key = %s", key)
        )
        return rows[0][0] if rows else BEGINNING.get(key, FIRST_DAY)

    @api.model
    def _set_bookmark(self, key, value):
        """Remember how far a source was captured.

        Past the model of parameters, which would empty the caches of all processes:
        nobody but us reads these.
        """
        self.env.cr.execute(
            """
            INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """,
            [key, value],
        )
