from datetime import timedelta
from time import monotonic

from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock
from ..common.jobs import do_each, is_rested

# Following the news takes this part of the time at most.
LOAD = 0.02
# What was written by then may have been committed after we looked.
OVERLAP = timedelta(minutes=5)


class KamQuota(models.Model):
    """Figures follow the news of the day within minutes, where that is cheap.

    The night measures everything. During the day only the quotas of today are measured,
    in companies with news, and not again before what it took the last time is a small
    part of the time since: a large company sees its figures of the last hours, with
    the moment they are of.
    """

    _inherit = "kam.quota"

    measure_seconds = fields.Float(
        readonly=True,
        copy=False,
        aggregator=None,
        help="How long it took to measure all quotas of the company that run today.",
    )

    @api.model
    def _cron_measure_news(self):
        """Measure the quotas of today anew, one company with news after the other.

        Those that the night has not measured yet are left to it: it looks further.
        """
        today = clock.today()
        running = self.search(
            [
                ("state", "=", "running"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
                ("measured_at", ">=", today),
            ]
        )
        due = {
            company: quotas
            for company, quotas in running.grouped("company_id").items()
            if quotas._is_rested() and quotas._has_news()
        }
        do_each(
            self.env,
            list(due),
            lambda company: due[company]._measure_news(),
            "Quotas of %s not measured",
        )

    def _measure_news(self):
        """Measure these quotas of one company, and note how long it took."""
        start = monotonic()
        self._measure(restate=False)
        # sudo: the figures are the app's own
        self.sudo().measure_seconds = monotonic() - start

    def _is_rested(self):
        """Return whether what measuring took is a small part of the time since then."""
        seconds, measured = (self.mapped(n) for n in ("measure_seconds", "measured_at"))
        return is_rested(max(seconds), max(measured), LOAD)

    def _has_news(self):
        """Return whether anything was written since these quotas were measured."""
        since = min(self.mapped("measured_at")) - OVERLAP
        # sudo: whatever it is; what is put away, such as a lost deal, counts otherwise
        env = self.with_context(active_test=False).sudo().env
        return any(
            env[model].search_count(domain, limit=1)
            for model, domain in self._get_news_domains(since).items()
        )

    def _get_news_domains(self, since):
        """Return {model: domain} of what these quotas measure, written since a moment.

        Orders and invoices are news once the queue has refreshed their account.
        """
        written = Domain("write_date", ">=", since)
        of_company = Domain("company_id", "=", self.company_id.id)
        of_any = of_company | Domain("company_id", "=", False)
        return {
            "kam.account": written & of_company,
            "kam.touch": written & of_company,
            "crm.lead": written & of_any,
        }
