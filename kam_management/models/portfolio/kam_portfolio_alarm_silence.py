from odoo import api, fields, models

from ..common import clock, formats

SILENCE = "key_risk"


class KamPortfolioAlarm(models.Model):
    """A key account is at risk: one alarm each, until it buys or is none any more."""

    _inherit = "kam.portfolio.alarm"

    kind = fields.Selection(
        selection_add=[(SILENCE, "Key account at risk")],
        ondelete={SILENCE: "cascade"},
    )
    silent_since = fields.Date("Last Purchase Then", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(company_id, kind, (CASE kind WHEN 'key_risk' THEN account_id ELSE 0 END))"
        " WHERE date_end IS NULL",
        "This alarm is on already.",
    )

    @api.model
    def _watch_silence(self):
        """Raise and lift the alarms of key accounts at risk, of all companies.

        Who falls asleep is at risk no more, yet the alarm stays on: nobody has reacted.
        """
        # sudo: the cron watches over all companies, whoever starts it
        Account = self.env["kam.account"].sudo()
        keys = Account.search([("is_key_account", "=", True)])
        silent = keys.filtered("is_at_risk")
        alarms = self.sudo().search([("kind", "=", SILENCE), ("date_end", "=", False)])
        asleep = keys.filtered(lambda account: account.level == "dormant")
        alarms.filtered(lambda a: a.account_id not in silent | asleep)._lift()
        for account in silent - alarms.account_id:
            self.sudo().create(
                {
                    "company_id": account.company_id.id,
                    "kind": SILENCE,
                    "account_id": account.id,
                    "date": clock.today(),
                    "silent_since": account.last_purchase_date,
                }
            )._tell()

    @api.model
    def _get_watched_domain(self):
        return super()._get_watched_domain() + [("kind", "!=", SILENCE)]

    @api.depends("silent_since")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_summary(self):
        if self.kind != SILENCE:
            return super()._get_summary()
        return self.env._(
            "%(name)s is at risk: nothing bought since %(day)s",
            name=self.account_id.display_name,
            day=formats.day(self.env, self.silent_since),
        )
