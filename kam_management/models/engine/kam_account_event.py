from functools import partial

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

EVENTS_PER_BATCH = 5000


class KamAccountEvent(models.Model):
    """The queue of the engine: this customer of this company has news.

    Business events only append a row, when they commit, so that no order ever waits for,
    or conflicts with, the account it belongs to. A cron takes the rows and refreshes the
    accounts.
    """

    _name = "kam.account.event"
    _description = "News About an Account"
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
            companies, partners = map(list, zip(*keys, strict=True))
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO kam_account_event (company_id, partner_id)
                    SELECT company.id, partner.id
                      FROM unnest(%s::int[], %s::int[]) news (company_id, partner_id)
                      JOIN res_company company ON company.id = news.company_id
                      JOIN res_partner partner ON partner.id = news.partner_id
                    """,
                    companies,
                    partners,
                )
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
    def _get_appended(self):
        """Return the set of (company id, partner id) appended since the last commit."""
        return self.env.cr.cache.setdefault(self._name, set())

    @api.model
    def _cron_process(self):
        """Drain the queue batch by batch, each committed by itself."""
        self._drain()

    @api.model
    def _drain(self):
        """Refresh the accounts of all events there are, and commit what is done."""
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count([("partner_id", "!=", False)]))
        while done := retrying(
            partial(self._process_batch, EVENTS_PER_BATCH), self.env
        ):
            self._follow_batch()
            if not progress(done):
                break

    @api.model
    def _follow_batch(self):
        """Do what follows once accounts are up to date; it is committed by itself."""

    @api.model
    def _process_batch(self, limit):
        """Refresh the accounts of the oldest events and remove these events.

        Events another process is working on are skipped; a failure takes everything
        back, so that an event is lost only when its account is up to date.

        :param int limit: the most events to take
        :return: the number of events that were taken
        """
        self._append_waiting()
        news = self.env.execute_query(
            SQL(
                """
                DELETE FROM kam_account_event
                 WHERE id = ANY(ARRAY(SELECT id FROM kam_account_event
                                       WHERE partner_id IS NOT NULL
                                       ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
                RETURNING company_id, partner_id, is_found
                """,
                limit,
            )
        )
        self._get_appended().clear()
        self.invalidate_model()
        engine = self.env["kam.engine"]
        reported = {(company, partner) for company, partner, found in news if not found}
        engine._run(reported)
        found = {(company, partner) for company, partner, _found in news} - reported
        engine._run(found, of_news=False)
        return len(news)

    @api.model
    def _process_all(self):
        """Refresh the accounts of all events there are, in this transaction."""
        while self._process_batch(EVENTS_PER_BATCH):
            pass
