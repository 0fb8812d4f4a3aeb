from datetime import timedelta
from time import monotonic

from odoo import api, fields, models

from ..common.jobs import do_each, is_rested
from .periods import PERIODS

# From so many accounts on, looking at all of them takes longer than anybody waits.
LARGE = 50_000
# Keeping figures takes this part of the time at most.
LOAD = 0.05
# Older ones are shown to nobody: rather they wait.
LIFETIME = timedelta(days=1)


def get_name(part, arguments):
    """Return what the answer to a question is found by.

    >>> get_name("funnel", ("2026-01-01", "2026-12-31", False))
    'funnel 2026-01-01 2026-12-31 -'
    """
    return " ".join(str(value or "-") for value in (part, *arguments))


class KamCockpitFigures(models.Model):
    """Figures of all accounts of a large company, with the moment they are of.

    A head of sales who opens the cockpit waits for no scan of a million accounts; of
    smaller companies nothing is kept, and everything is looked up. Worked out by the
    methods that answer a smaller company, so they say the same.
    """

    _name = "kam.cockpit.figures"
    _description = "Cockpit Figures"
    _inherit = ["kam.guard"]
    _order = "company_id, name"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(
        "Question",
        required=True,
        readonly=True,
        help="The cockpit part and its parameters.",
    )
    figures = fields.Json(readonly=True)
    taken_at = fields.Datetime("As Of", required=True, readonly=True)
    seconds = fields.Float(
        readonly=True, help="Calculation time for the whole company."
    )

    _company_name_uniq = models.UniqueIndex(
        "(company_id, name)", "The figures of a company are kept once."
    )

    @api.model
    def _find(self, company, part, arguments):
        """Return the figures kept for a question, empty when there are none of today."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("name", "=", get_name(part, arguments)),
                ("taken_at", ">", fields.Datetime.now() - LIFETIME),
            ]
        )

    @api.model
    def _cron_keep(self):
        """Work out the figures of large companies, each committed by itself."""
        large = self._find_large()
        self.search([("company_id", "not in", large.ids)]).unlink()
        due = list(large.filtered(self._is_due))
        do_each(self.env, due, self._keep, "Cockpit of %s: figures not kept")

    @api.model
    def _find_large(self):
        """Return the companies with so many accounts that their figures are kept."""
        groups = self.env["kam.account"]._read_group(
            [], ["company_id"], ["__count"], having=[("__count", ">=", LARGE)]
        )
        return self.env["res.company"].union(*(company for company, _count in groups))

    @api.model
    def _is_due(self, company):
        """Return whether what it took the last time is a small part of the time since."""
        last = self.search([("company_id", "=", company.id)], limit=1)
        return not last or is_rested(last.seconds, last.taken_at, LOAD)

    @api.model
    def _keep(self, company):
        """Keep the answers to all questions about a company, and no others."""
        now, start = fields.Datetime.now(), monotonic()
        cockpit = self.env["kam.cockpit"].with_context(
            allowed_company_ids=company.ids, active_test=True
        )
        answers = {
            get_name(part, arguments): cockpit._measure(part, arguments)
            for part, arguments in cockpit._get_questions()
        }
        seconds = monotonic() - start
        known = self.search([("company_id", "=", company.id)]).grouped("name")
        for name, kept in known.items():
            if name not in answers:
                kept.unlink()
        for name, figures in answers.items():
            values = {"figures": figures, "taken_at": now, "seconds": seconds}
            if name in known:
                known[name].write(values)
            else:
                self.create({**values, "company_id": company.id, "name": name})


class KamCockpit(models.AbstractModel):
    """Where the figures of all accounts come from."""

    _inherit = "kam.cockpit"

    @api.model
    def _get_figures(self, part, *arguments):
        """Return figures of all accounts the user sees.

        :param str part: see ``_get_parts``
        :param arguments: of its method
        :return: dict of figures, and ``as_of``: the moment they are of (UTC), None
            when they are looked up now
        """
        if self._is_head():
            company = self.env.company
            kept = self.env["kam.cockpit.figures"]._find(company, part, arguments)
            if kept:
                return {
                    **kept.figures,
                    "as_of": fields.Datetime.to_string(kept.taken_at),
                }
        return {**self._measure(part, arguments), "as_of": None}

    @api.model
    def _measure(self, part, arguments):
        return self._get_parts()[part](*arguments)

    @api.model
    def _get_parts(self):
        """Return {part: method that looks its figures up}; they can be kept as JSON."""
        return {}

    @api.model
    def _get_questions(self):
        """Return [(part, arguments)] of all that a head of sales may ask."""
        return []

    @api.model
    def _get_all_periods(self):
        """Return [(first day, last day)] of the periods there are to choose."""
        return [
            self._get_period(period, previous)[:2]
            for period in PERIODS
            for previous in (False, True)
        ]
