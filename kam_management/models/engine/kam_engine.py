from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common import clock
from ..evidence.look import get_members_sql
from .run import Rule, Run

# Where it stands of which day all figures are, and when all accounts were last looked at.
FIGURES_OF = "kam_management.figures_of"
PROVED_ON = "kam_management.proved_on"


class Step(NamedTuple):
    """Something a refresh does: a method of ``kam.engine``, called with its ``Run``."""

    place: int  # steps go in this order
    method: str


class KamEngine(models.AbstractModel):
    """Brings accounts up to date, all of them or some, in a few statements.

    A refresh is a row of steps. Each room appends its own and answers for what it finds
    out; what it needs from others it finds in the tables of the run. Either all of a
    refresh is seen, or nothing of it. A step that makes news of customers whose figures
    are written already names them in ``news``: a refresh of theirs follows.
    """

    _name = "kam.engine"
    _description = "Account Engine"

    @api.model
    def _get_steps(self):
        """Return the steps of a refresh; each room appends its own.

        :return: list of ``Step``, in any order
        """
        return []

    @api.model
    def _get_concerned(self, turn):
        """Return whose figures can differ though nobody reported news of them.

        Each room adds those its own figures of whom change as days go by, and those
        whose records were written past Odoo. Rather too many than too few: who is named
        is refreshed, and written only where something differs.

        :param Turn turn: the days that have gone by
        :return: list of queries of company_id, partner_id
        """
        return []

    @api.model
    def _run(self, customers=None, as_of=None, **how):
        """Compute the state of the world as known at the end of a day.

        One refresh runs at a time; a second one waits and may then raise a serialization
        failure, which Odoo's request layer and our crons answer by trying again.

        :param customers: set of (company id, partner id), None for all; a contact
            stands for its company, and who has no account yet gets one
        :param date as_of: the day; None for today (UTC)
        :param how: further fields of the ``Run``
        """
        if customers is not None and not customers:
            return
        self.env.flush_all()
        self._wait_for_turn()
        run = self._prepare_run(as_of, customers=customers, **how)
        self._set_scope(run)
        for step in sorted(self._get_steps()):
            getattr(self, step.method)(run)
        run.finish()
        self.env.invalidate_all(flush=False)
        if not run.scoped:
            self._note(FIGURES_OF, run.as_of)
            self._note(PROVED_ON, run.as_of)
            self.env["kam.account.event"]._forget_requests()
        self._run(run.news, as_of)

    @api.model
    def _get_day(self, key):
        """Return the day that is noted under a key; None for none, or no day."""
        try:
            return fields.Date.to_date(self._note(key))
        except ValueError:
            return None

    @api.model
    def _note(self, key, value=None):
        """Return what is noted under a key; note a value in its place where one is given.

        :param str key: of ``ir.config_parameter``
        """
        # sudo: what the engine knows of itself, whoever starts it
        Parameter = self.env["ir.config_parameter"].sudo()
        before = Parameter.get_param(key)
        if value is not None:
            Parameter.set_param(key, str(value))
            # a run lets go of what is cached
            Parameter.flush_model()
        return before

    @api.model
    def _prepare_run(self, as_of=None, companies=None, customers=None, **how):
        """Return a ``Run`` as of a day, for who takes some of its steps.

        Whoever prepares it calls ``finish`` in the end.

        :param date as_of: the day; None for today (UTC)
        :param companies: ``res.company`` records, None for all
        :param customers: see ``_run``
        :param how: further fields of the ``Run``
        """
        today = clock.today()
        day = fields.Date.to_date(as_of) or today
        rules = self._get_rules(day, companies)
        return Run(self.env, rules, customers, tells=day == today, **how)

    @api.model
    def _get_rules(self, as_of, companies=None):
        """Return the rules in force, each with the companies that share it.

        :param date as_of: the day whose state is wanted
        :param companies: ``res.company`` records, None for all
        :return: list of ``Rule``
        """
        # sudo: the settings of all companies are needed, whoever starts the refresh
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        companies = Company.search(Domain.TRUE) if companies is None else companies
        shared = companies.sudo().grouped(
            lambda company: (
                *company._get_kam_rule(),
                company.currency_id.decimal_places,
            )
        )
        return [
            Rule(tuple(companies.ids), *settings, as_of)
            for settings, companies in shared.items()
        ]

    @api.model
    def _set_scope(self, run):
        """Name the customers in question in ``scope``, their partners in ``member``."""
        if not run.scoped:
            return
        companies, partners = zip(*run.customers, strict=True)
        query = SQL(
            """
            SELECT DISTINCT named.company_id, p.commercial_partner_id AS partner_id
              FROM unnest(%s::int[], %s::int[]) named (company_id, partner_id)
              JOIN res_partner p ON p.id = named.partner_id
            """,
            list(companies),
            list(partners),
        )
        run.keep("scope", [query], ("company_id", "partner_id"))
        members = get_members_sql(SQL("SELECT partner_id FROM %s", run.table("scope")))
        run.keep("member", [members], ("id",))
