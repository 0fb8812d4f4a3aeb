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
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")

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
    def _get_appended(self):
        """Return the set of (company id, partner id) appended since the last commit."""
        return self.env.cr.cache.setdefault(self._name, set())

    @api.model
    def _cron_process(self):
        """Drain the queue batch by batch, each committed by itself."""
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count([]))
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
                                       ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
                RETURNING company_id, partner_id
                """,
                limit,
            )
        )
        self._get_appended().clear()
        self.invalidate_model()
        self.env["kam.engine"]._run(set(news))
        return len(news)
