import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.conflicts import CONFLICTS, quiet_conflicts

_logger = logging.getLogger(__name__)


class KamAccountEvent(models.Model):
    """The queue of the engine: this customer of this company has news.

    Business events only append a row, when they commit, so that no order ever waits for,
    or conflicts with, the account it belongs to. A cron takes the rows and refreshes the
    accounts.
    """

    _name = "kam.account.event"
    _description = "Account Update"
    _inherit = ["kam.guard"]
    _order = "id"
    # Rows live for seconds; appending must stay one short statement.
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", ondelete="cascade", help="None: all customers of the company."
    )
    is_found = fields.Boolean(
        help="Nobody reported it, the night found it: what is learnt of a customer who has"
        " no account is history, no news."
    )
    retry_date = fields.Datetime(
        "Retry After",
        help="The account could not be updated and is tried again at this time.",
    )

    def unlink(self):
        self._get_appended().clear()
        return super().unlink()

    @api.model
    def _append(self, pairs):
        """Append an event for each (company, commercial partner), at the next commit.

        However often something is written until then, an event is appended once, and one
        statement appends all: nobody's loop over documents pays for us.

        :param pairs: iterable of (``res.company``, ``res.partner``) records; pairs
            without company or partner concern no account and are left out
        """
        news = {
            (company.id, partner.id)
            for company, partner in pairs
            if company.id and partner.id
        }
        precommit = self.env.cr.precommit
        if news and self._name not in precommit.data:
            precommit.add(self.browse()._append_waiting)
        if news:
            precommit.data.setdefault(self._name, set()).update(news)

    @api.model
    def _append_waiting(self):
        """Append the events that wait for the commit, of customers that are still there.

        Odoo also asks before each savepoint: what was appended since the last commit
        waits in the queue already. Past the ORM, for speed: this is all the addon adds
        to confirming an order.
        """
        appended = self._get_appended()
        waiting = self.env.cr.precommit.data.pop(self._name, set())
        if keys := sorted(waiting - appended):
            appended.update(keys)
            query = "INSERT INTO kam_account_event (company_id, partner_id) %s"
            self.env.cr.execute(SQL(query, self._get_living_sql(keys)))

    @api.model
    def _get_living_sql(self, keys):
        """Return the SQL of those among some customers who are still there.

        :param list keys: of (company id, partner id); one alone is looked up as such,
            which takes PostgreSQL half the time
        """
        if len(keys) == 1:
            query = """
                SELECT company.id, partner.id FROM res_company company, res_partner partner
                 WHERE company.id = %s AND partner.id = %s
            """
            return SQL(query, *keys[0])
        return SQL(
            """
            SELECT company.id, partner.id
              FROM unnest(%s::int[], %s::int[]) news (company_id, partner_id)
              JOIN res_company company ON company.id = news.company_id
              JOIN res_partner partner ON partner.id = news.partner_id
            """,
            *map(list, zip(*keys, strict=True)),
        )

    @api.model
    def _append_found(self, customers):
        """Append an event for customers the night has found.

        :param SQL customers: a table of company_id, partner_id
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_account_event (company_id, partner_id, is_found)
                SELECT company_id, partner_id, TRUE FROM %s
                """,
                customers,
            )
        )

    @api.model
    def _request_all(self):
        """Have all accounts refreshed by the next night, which is to begin soon."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO kam_account_event (company_id) VALUES (%s)",
                self.env.company.id,
            )
        )

    @api.model
    def _is_all_requested(self):
        """Return whether somebody has asked for a refresh of all accounts."""
        return bool(self.search_count([("partner_id", "=", False)], limit=1))

    @api.model
    def _forget_requests(self):
        """Forget who asked for a refresh of all accounts: it has been done."""
        self.env.cr.execute("DELETE FROM kam_account_event WHERE partner_id IS NULL")
        self.invalidate_model()

    @api.model
    def _get_appended(self):
        """Return the set of (company id, partner id) appended since the last commit."""
        return self.env.cr.cache.setdefault(self._name, set())

    @api.model
    def _process_batch(self, limit):
        """Refresh the accounts of the oldest events, in the transaction of the caller.

        :param int limit: the most events to take
        :return: the number of events that were taken, see ``_process``
        """
        self._append_waiting()
        return self._process(self._get_next(0, limit))

    @api.model
    def _get_due_domain(self):
        """Return the domain of the events to take now; those of all are the night's."""
        now = fields.Datetime.now()
        due = Domain("retry_date", "=", False) | Domain("retry_date", "<=", now)
        return due & Domain("partner_id", "!=", False)

    @api.model
    def _is_any_found(self):
        """Return whether customers the night has found still wait for their turn."""
        found = self._get_due_domain() & Domain("is_found", "=", True)
        return bool(self.search_count(found, limit=1))

    @api.model
    def _get_next(self, last, limit):
        """Return the ids of the oldest events to take after one.

        :param int last: id of that event, 0 for none
        :param int limit: the most to return
        """
        domain = self._get_due_domain() & Domain("id", ">", last)
        return self.search(domain, limit=limit, order="id").ids

    @api.model
    def _process(self, event_ids):
        """Refresh the accounts of some events and remove these events.

        Left in the queue are events another process is working on, and those of accounts
        that somebody writes right now. A failure takes everything back, so that an event
        is lost only when its account is up to date.

        :return: the number of events that were taken
        """
        events = self._lock(event_ids)
        if not events:
            return 0
        engine = self.env["kam.engine"]
        engine._wait_for_turn()
        claimed = engine._claim({customer for _event, customer, _found in events})
        taken = [event for event, customer, _found in events if customer in claimed]
        self.env.cr.execute("DELETE FROM kam_account_event WHERE id = ANY(%s)", [taken])
        self._get_appended().clear()
        self.invalidate_model()
        reported = claimed.intersection(
            customer for _event, customer, is_found in events if not is_found
        )
        engine._run(reported)
        if found := claimed - reported:
            engine._run(found, of_news=False)
        return len(taken)

    @api.model
    def _process_now(self, pairs):
        """Refresh customers with news in the caller's transaction, if it is our turn.

        Nobody who saves something waits for a refresh of others, or loses it because a
        refresh fails: the queue has it then. Events that are put off stay put off.

        :param pairs: iterable of (``res.company``, ``res.partner``)
        :return: whether they are up to date
        """
        self.env.flush_all()
        if not self.env["kam.engine"]._try_turn():
            return False
        self._append_waiting()
        asked = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "=", partner.id)
            for company, partner in pairs
        )
        # sudo: the queue is nobody's, whoever has made news
        queue = self.sudo()
        return queue._try_process(queue.search(queue._get_due_domain() & asked).ids)

    @api.model
    def _try_process(self, event_ids):
        """Refresh the accounts of some events; a failure leaves them to the queue.

        :return: whether it has worked
        """
        try:
            with quiet_conflicts(), self.env.cr.savepoint():
                self._process(event_ids)
        except CONFLICTS as conflict:
            _logger.info("%s: an account that was saved waits for the queue", conflict)
        except Exception:
            _logger.exception("An account that was saved is left to the queue")
        else:
            return True
        # what the refresh reported was taken back with it
        self._get_appended().clear()
        return False

    @api.model
    def _process_all(self, limit):
        """Refresh the accounts of all events there are, in the caller's transaction.

        :param int limit: the most events to take at once
        """
        while self._process_batch(limit):
            pass

    @api.model
    def _lock(self, event_ids):
        """Return [(id, (company id, partner id), is_found)] of events that are ours."""
        query = SQL(
            """
            SELECT id, company_id, partner_id, is_found FROM kam_account_event
             WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED
            """,
            event_ids,
        )
        return [
            (event, (company, partner), is_found)
            for event, company, partner, is_found in self.env.execute_query(query)
        ]
