from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import ormcache

from ..common import clock
from ..common.jobs import do_each


class KamDeputy(models.Model):
    """A colleague who stands in for a manager on leave: has the work, not the credit.

    Meanwhile they are members of the account teams, and what is due is on their My Day,
    too. Who leads the accounts stays; so does whose the figures are.
    """

    _name = "kam.deputy"
    _description = "Deputy"
    _inherit = ["mail.thread", "kam.guard"]
    _order = "date_start desc, id desc"
    _rec_name = "deputy_id"
    # the accounts that were opened say nothing about the note
    _kam_owner = ("company_id", "company")

    user_id = fields.Many2one(
        "res.users",
        "Absent",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="cascade",
        tracking=True,
        domain="[('share', '=', False)]",
    )
    deputy_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        domain="[('share', '=', False), ('id', '!=', user_id)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_start = fields.Date(
        "First Day", required=True, default=lambda self: clock.here(self)
    )
    date_end = fields.Date("Last Day", required=True, tracking=True)
    note = fields.Text(help="What the deputy has to know.")
    account_ids = fields.Many2many(
        "kam.account",
        "kam_deputy_account_rel",
        "deputy_record_id",
        "account_id",
        "Opened Accounts",
        readonly=True,
        copy=False,
        help="Accounts on which the deputy has joined the team meanwhile.",
    )
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("over", "Ended")],
        "Status",
        compute="_compute_state",
        search="_search_state",
    )

    _check_days = models.Constraint(
        "CHECK(date_end >= date_start)", "The last day cannot be before the first day."
    )
    _check_two = models.Constraint(
        "CHECK(deputy_id <> user_id)", "Somebody else has to be the deputy."
    )

    @api.depends("date_start", "date_end")
    def _compute_state(self):
        today = clock.today()
        for deputy in self:
            if not (deputy.date_start and deputy.date_end):
                deputy.state = "planned"
            elif today < deputy.date_start:
                deputy.state = "planned"
            else:
                deputy.state = "running" if today <= deputy.date_end else "over"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = str(clock.today())
        domains = {
            "planned": Domain("date_start", ">", today),
            "running": self._get_running(),
            "over": Domain("date_end", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("deputy_id", "company_id")
    def _check_deputy(self):
        for deputy in self:
            user, company = deputy.deputy_id, deputy.company_id
            # sudo: of a colleague, or of somebody who is none
            works_here = company in user.sudo().company_ids
            if not user.active or user.sudo().share or not works_here:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s. Choose a colleague who"
                        " does.",
                        user=user.name,
                        company=company.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        deputies = super().create(vals_list)
        if not self.env.su:
            # beyond the rules: for oneself, or as a head of sales
            deputies.check_access("write")
        deputies._follow()
        return deputies

    def write(self, vals):
        others = not {"user_id", "deputy_id", "company_id"}.isdisjoint(vals)
        if others:
            self._end()
        result = super().write(vals)
        if others:
            self.check_access("write")
        if others or not {"date_start", "date_end"}.isdisjoint(vals):
            self._follow()
        return result

    def unlink(self):
        self._end()
        self.env.registry.clear_cache()
        return super().unlink()

    def action_end(self):
        """Let the deputy's time end today: the manager is back."""
        self.check_access("write")
        yesterday = fields.Date.subtract(clock.today(), days=1)
        for deputy in self:
            start = min(deputy.date_start, yesterday)
            deputy.write({"date_start": start, "date_end": yesterday})

    def _filter_changeable(self):
        """Keep to who is absent, and heads of sales."""
        if self._is_head_of_sales():
            return self
        return self.filtered(lambda one: one.user_id == self.env.user)

    @api.model
    def _get_others_error(self):
        return AccessError(
            self.env._("Only who is absent, and heads of sales, name a deputy.")
        )

    @api.model
    def _get_running(self):
        """Return the domain of the deputies of today."""
        today = str(clock.today())
        return Domain("date_start", "<=", today) & Domain("date_end", ">=", today)

    @api.model
    @ormcache("user_id", "day")
    def _get_absent(self, user_id, day):
        """Return the ids of the users somebody stands in for on a day, as a tuple."""
        # sudo: who stands in for whom is no secret
        running = self.sudo().search_fetch(
            [
                ("deputy_id", "=", user_id),
                ("date_start", "<=", day),
                ("date_end", ">=", day),
            ],
            ["user_id"],
        )
        return tuple(running.user_id.ids)

    @api.model
    def _cron_follow(self):
        """Open what begins, and what the absent ones have got since; close what is over."""
        over = Domain("account_ids", "!=", False) & ~self._get_running()
        deputies = self.sudo().search(over | self._get_running())
        do_each(
            self.env,
            list(deputies),
            lambda deputy: deputy._follow(),
            "The accounts of the deputy %s were neither opened nor closed",
        )

    def _follow(self):
        """Let running deputies into the teams of the accounts, the others out."""
        self.env.registry.clear_cache()
        # sudo: who is absent opens their accounts, as a head of sales would
        deputies = self.sudo()
        deputies.filtered(lambda one: one.state != "running")._end()
        for deputy in deputies.filtered(lambda one: one.state == "running"):
            accounts = deputy.account_ids.search(
                [
                    ("manager_id", "=", deputy.user_id.id),
                    ("company_id", "=", deputy.company_id.id),
                ]
            )
            new = accounts.filtered(
                lambda one, user=deputy.deputy_id: user not in one.team_user_ids
            )
            new.member_ids = [Command.link(deputy.deputy_id.id)]
            deputy.account_ids = [Command.link(account.id) for account in new]

    def _end(self):
        """Take the deputies out of the teams they have joined for this time."""
        # sudo: as they were let in
        for deputy in self.sudo().filtered("account_ids"):
            others = self.sudo().search(
                [
                    ("id", "not in", self.ids),
                    ("deputy_id", "=", deputy.deputy_id.id),
                    *self._get_running(),
                ]
            )
            accounts = deputy.account_ids
            accounts.member_ids = [Command.unlink(deputy.deputy_id.id)]
            deputy.account_ids = False
            others._follow()
            # who takes a customer over meanwhile goes on seeing them
            accounts.handover_ids.filtered(lambda one: one.state == "open")._admit()
