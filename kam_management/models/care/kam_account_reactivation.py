from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common import clock
from ..common.jobs import do_each
from .win_back import BOUNDS, get_rates, get_stage


class KamAccount(models.Model):
    """Customers worth winning back: A, B and key accounts who stopped buying.

    A silence is known by the last purchase before it; there is one case for each.
    """

    _inherit = "kam.account"

    reactivation_ids = fields.One2many(
        "kam.reactivation", "account_id", "Reactivations", readonly=True
    )

    def _handle_transitions(self, steps):
        """Open a case for who falls dormant and was worth it; close it for who is back."""
        result = super()._handle_transitions(steps)
        dormant = steps.filtered(lambda step: step.to_level == "dormant").account_id
        dormant.filtered(lambda one: one.level == "dormant")._open_reactivation(
            "dormant"
        )
        back = steps.filtered(lambda step: step.from_level == "dormant").account_id
        back._close_reactivations()
        return result

    def action_reactivate(self):
        """Open a case for this customer, or show the one there is.

        :return: action on ``kam.reactivation``
        :raise UserError: when they never bought
        """
        self.ensure_one()
        self.check_access("write")
        if not self.last_purchase_date:
            raise UserError(
                self.env._(
                    "They have never bought: engage them with a new deal instead."
                )
            )
        cases = self.sudo().reactivation_ids
        case = cases.filtered(
            lambda one: (
                one.state == "open" or one.silent_since == self.last_purchase_date
            )
        )[:1]
        # sudo: cases are opened by the app and this button alone
        case = case or self.sudo()._create_reactivations("manual")
        return {
            "type": "ir.actions.act_window",
            "res_model": "kam.reactivation",
            "res_id": case.id,
            "views": [(False, "form")],
        }

    def _open_reactivation(self, trigger):
        """Open a case for those worth it that have none for this silence.

        What was opened by the early warning goes on when they fall dormant.

        :param str trigger: dormant or risk
        """
        # sudo: the app opens cases, whoever's documents led to it
        accounts = self.sudo().filtered("last_purchase_date")
        known = accounts.env["kam.reactivation"].search(
            [("account_id", "in", accounts.ids)]
        )
        running = known.filtered(lambda case: case.state == "open")
        if trigger == "dormant":
            for case in running:
                case.dormant_date = case.account_id.level_date
        silences = {(case.account_id, case.silent_since) for case in known}
        new = (accounts - running.account_id).filtered(
            lambda one: (one, one.last_purchase_date) not in silences
        )
        new._filter_worth_it()._create_reactivations(trigger)

    def _create_reactivations(self, trigger):
        """Create cases of these accounts, as superuser.

        :param str trigger: why they are opened
        :return: ``kam.reactivation`` records
        """
        return self.env["kam.reactivation"].create(
            [
                {
                    "account_id": account.id,
                    "trigger": trigger,
                    "silent_since": account.last_purchase_date,
                    "dormant_date": account.level == "dormant" and account.level_date,
                    "worth": account._get_reactivation_worth(),
                    "user_id": account._get_reactivation_user().id,
                }
                for account in self
            ]
        )

    def _get_reactivation_worth(self):
        """Return the revenue of the last window in which the customer bought.

        On the day of dormancy the previous window ends with the last purchase.
        """
        return self.revenue_previous if self.level == "dormant" else self.revenue

    def _get_reactivation_user(self):
        """Return who tries to win the customer back: a colleague who is still there."""
        manager = self.manager_id.filtered("active")
        return manager or self.accountable_id.filtered("active")

    def _filter_worth_it(self):
        """Return those that are key accounts, or brought as much as an A or B customer."""
        least = dict(
            self.env["kam.account"]._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("segment", "in", ("a", "b")),
                    # segments are those of last night, revenue is that of now
                    ("revenue", ">", 0),
                ],
                ["company_id"],
                ["revenue:min"],
            )
        )
        return self.filtered(
            lambda one: (
                one.is_key_account
                or 0 < least.get(one.company_id, 0) <= one._get_reactivation_worth()
            )
        )

    def _close_reactivations(self):
        """Note who bought again, since the silence their open case is about."""
        # sudo: the app closes them, whoever sold
        cases = self.sudo().reactivation_ids.filtered(lambda case: case.state == "open")
        cases.filtered(lambda case: case._has_bought_again())._end("won")

    @api.model
    def _cron_reactivate(self):
        """Open cases of customers at risk, and close those of who has bought again."""
        companies = self.env["res.company"].search(Domain.TRUE)
        do_each(
            self.env,
            companies,
            self._reactivate_company,
            "Reactivations of %s could not be brought up to date",
        )

    @api.model
    def _reactivate_company(self, company):
        """Bring the cases of one company up to date; see ``_cron_reactivate``."""
        ours = Domain("company_id", "=", company.id)
        # an order is cancelled within a year, if ever
        lately = Domain("date_end", ">", clock.today() - relativedelta(years=1))
        cases = self.env["kam.reactivation"].search(
            ours & (Domain("state", "=", "open") | Domain("state", "=", "won") & lately)
        )
        running = cases.filtered(lambda case: case.state == "open")
        running.account_id._close_reactivations()
        cases._take_up_unfounded()
        worthy = Domain("is_key_account", "=", True) | Domain(
            "segment", "in", ["a", "b"]
        )
        silent = self.search(ours & worthy & Domain("is_at_risk", "=", True))
        silent._open_reactivation("risk")

    # How likely

    @api.model
    @tools.ormcache("company_id", "day")
    def _get_win_back_rates(self, company_id, day):
        """Return how likely dormant customers of a company come back; see ``win_back``.

        Kept for the day: it looks at all customers that were ever dormant.

        :return: tuple of a rate for each stage, from 0 to 1 or None
        """
        returned, still = [0] * len(BOUNDS), [0] * len(BOUNDS)
        # sudo: a rate of all, which tells of nobody
        steps = self.env["kam.level.transition"].sudo()
        for days, count in steps._read_group(
            [
                ("account_id.company_id", "=", company_id),
                ("from_level", "=", "dormant"),
                ("days", ">=", 0),
            ],
            ["days"],
            ["__count"],
        ):
            returned[get_stage(days)] += count
        for since, count in self.sudo()._read_group(
            [("company_id", "=", company_id), ("level", "=", "dormant")],
            ["level_date:day"],
            ["__count"],
        ):
            if since:
                still[get_stage((day - since).days)] += count
        return tuple(get_rates(returned, still))

    def _filter_with_history(self):
        """Keep accounts of which somebody noted why they stopped buying."""
        # sudo: what a colleague noted counts
        cases = self.env["kam.reactivation"].sudo()
        known = cases.search([("account_id", "in", self.ids)]).account_id
        return super()._filter_with_history() | known.with_env(self.env)

    def _get_activity_records(self):
        return {
            **super()._get_activity_records(),
            "kam.reactivation": lambda case: case.account_id,
        }

    def _find_work(self, user):
        still_open = [("state", "=", "open")]
        return [
            *super()._find_work(user),
            *self._search_work(self.env["kam.reactivation"], user, still_open),
        ]
