from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class KamAccount(models.Model):
    """Who led the account when: kept as terms, whoever changes the manager and how."""

    _inherit = "kam.account"

    term_ids = fields.One2many(
        "kam.account.term", "account_id", "Led By", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts.filtered("manager_id")._refresh_terms_of_these(since_ever=True)
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if "manager_id" in vals:
            self._refresh_terms_of_these()
        return result

    def _merge_into(self, survivor):
        """Leave the survivor its terms; one that nobody led takes over those of another.

        So no two terms of the survivor are about the same day.
        """
        if not survivor.sudo().term_ids:
            # sudo: terms follow the accounts, whoever merges them
            led = self.sudo().filtered("manager_id")[:1] or self.sudo().filtered(
                "term_ids"
            )
            led[:1].term_ids.account_id = survivor
        return super()._merge_into(survivor)

    def _merge_relations(self, survivor):
        """Bring along what closed quotas have counted, or it would be nobody's."""
        # sudo: facts are the app's own
        Fact = self.env["kam.quota.fact"].sudo()
        facts = Fact.search([("account_id", "in", self.ids)])
        facts.filtered(lambda fact: fact.res_model == self._name).res_id = survivor.id
        facts.account_id = survivor
        return super()._merge_relations(survivor)

    def _get_computed_fields(self):
        return super()._get_computed_fields() | {"term_ids"}

    def _refresh_terms_of_these(self, since_ever=False):
        """Let the terms of these accounts follow their managers."""
        if self:
            self.flush_recordset(["manager_id"])
            self._refresh_terms(SQL("a.id IN %s", tuple(self.ids)), since_ever)

    @api.model
    def _refresh_terms(self, scope=None, since_ever=True):
        """Write what has changed about who leads which account.

        - Who leads it no more did so until yesterday (UTC); what began today was a slip.
        - Who leads it now does so from today. The first one has no beginning where the
          app comes to know the account with him: he answers for its past, too.

        :param SQL scope: a condition on ``kam_account a``; None for all
        :param bool since_ever: the first term has no beginning; else only that of an
            account made today has none
        """
        self.env["kam.account.term"].flush_model()
        today = fields.Date.today()
        values = {
            "today": today,
            "yesterday": today - timedelta(days=1),
            "scope": scope or SQL("TRUE"),
            "since_ever": since_ever,
        }
        for query in (DROP_SLIPS, END, GO_ON, BEGIN):
            self.env.cr.execute(SQL(query, **values))
        self.env["kam.account.term"].invalidate_model(flush=False)
        self.invalidate_model(["term_ids"], flush=False)


DROP_SLIPS = """
    DELETE FROM kam_account_term t USING kam_account a
     WHERE t.account_id = a.id AND t.date_end IS NULL AND t.date_start >= %(today)s
       AND a.manager_id IS DISTINCT FROM t.user_id AND %(scope)s
"""
END = """
    UPDATE kam_account_term t SET date_end = %(yesterday)s
      FROM kam_account a
     WHERE t.account_id = a.id AND t.date_end IS NULL
       AND a.manager_id IS DISTINCT FROM t.user_id AND %(scope)s
"""
# who left and came back on one day has never left
GO_ON = """
    UPDATE kam_account_term t SET date_end = NULL
      FROM kam_account a
     WHERE t.account_id = a.id AND t.date_end = %(yesterday)s AND a.manager_id = t.user_id
       AND NOT EXISTS (SELECT FROM kam_account_term open
                        WHERE open.account_id = a.id AND open.date_end IS NULL)
       AND %(scope)s
"""
# The terms there are are read once and before: joined to the table that is being filled,
# they would be read again for each account wherever statistics take it to be empty.
BEGIN = """
    WITH led AS MATERIALIZED (
        SELECT a.id, a.company_id, a.manager_id, a.create_date
          FROM kam_account a
         WHERE a.manager_id IS NOT NULL AND %(scope)s
    ), known AS MATERIALIZED (
        SELECT t.account_id, bool_or(t.date_end IS NULL) AS is_led
          FROM kam_account_term t JOIN led ON led.id = t.account_id
         GROUP BY t.account_id
    )
    INSERT INTO kam_account_term (account_id, company_id, user_id, date_start)
    SELECT led.id, led.company_id, led.manager_id,
           CASE WHEN (%(since_ever)s OR led.create_date >= %(today)s)
                 AND known.account_id IS NULL
                THEN NULL ELSE %(today)s END
      FROM led
      LEFT JOIN known ON known.account_id = led.id
     WHERE known.is_led IS NOT TRUE
"""
