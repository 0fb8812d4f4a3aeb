from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ..common import clock
from ..common.kam_guard import HEAD_GROUP
from .kam_key_nomination import STATES


class KamAccount(models.Model):
    """Being a key account: the flag, the nomination behind it, and who decides on it."""

    _inherit = "kam.account"

    nomination_ids = fields.One2many(
        "kam.key.nomination", "account_id", string="Nominations", readonly=True
    )
    nomination_id = fields.Many2one(
        "kam.key.nomination",
        compute="_compute_nomination_id",
        help="The current nomination, or the proposal awaiting the head of sales.",
    )
    nomination_state = fields.Selection(
        STATES, "Nomination Status", compute="_compute_nomination_id"
    )

    @api.depends("nomination_ids.date_start", "nomination_ids.date_end")
    def _compute_nomination_id(self):
        found = self.env["kam.key.nomination"].search(
            [("account_id", "in", self.ids), ("date_end", "=", False)]
        )
        by_account = found.grouped("account_id")
        for account in self:
            account.nomination_id = by_account.get(account._origin, found.browse())
            account.nomination_state = account.nomination_id.state

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts.filtered("is_key_account")._follow_flag()
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if self and "is_key_account" in vals:
            self._follow_flag()
        return result

    # Dialogs

    def action_nominate(self):
        """Open the dialog in which a head of sales nominates the customer."""
        return self._open_decision("nominate", self.env._("Nominate as Key Account"))

    def action_end_nomination(self):
        """Open the dialog in which a head of sales ends the nomination."""
        return self._open_decision("end", self.env._("End Nomination"))

    def action_propose(self):
        """Open the dialog in which a manager proposes his customer."""
        return self._open_decision("propose", self.env._("Propose as Key Account"))

    def action_dismiss(self):
        """Open the dialog in which a head of sales says no to a suggestion."""
        return self._open_decision("dismiss", self.env._("Dismiss Suggestion"))

    def _open_decision(self, step, title):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "kam.key.decision",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id, "default_step": step},
        }

    # Flag and nomination

    def _follow_flag(self):
        """Open or end nominations for a flag that was set without giving a reason."""
        # sudo: who may set the flag was checked, see HEAD_FIELDS
        nominations = self.sudo().nomination_id
        nominated = nominations.filtered("date_start").account_id
        today = clock.today()
        begun = {"user_id": self.env.user.id, "date_start": today}
        unreasoned = self.env._("No reason was given.")
        keys = self.filtered("is_key_account")
        proposals = (nominations - nominated.nomination_id).filtered(
            lambda proposal: proposal.account_id in keys
        )
        proposals.write(begun)
        (nominations - proposals).filtered(
            lambda nomination: nomination.account_id in nominated - keys
        )._end(unreasoned)
        nominations.create(
            [
                {**begun, "account_id": account.id, "reason": unreasoned}
                for account in keys - nominations.account_id
            ]
        )

    def _follow_nominations(self):
        """Set the flag of these accounts as their nominations say."""
        # sudo: whoever may change nominations changes what follows from them
        accounts = self.sudo()
        keys = accounts.nomination_id.filtered("date_start").account_id
        (keys.filtered(lambda account: not account.is_key_account)).write(
            {"is_key_account": True}
        )
        (accounts - keys).filtered("is_key_account").write({"is_key_account": False})

    def _nominate(self, criterion_ids, reason, date=None):
        """Make these accounts key accounts; a proposal that waits is agreed to.

        :param list criterion_ids: ids of ``kam.key.criterion``
        :param str reason: why, in words
        :param date date: the first day; today by default
        """
        values = {
            "criterion_ids": [Command.set(criterion_ids)],
            "reason": reason,
            "user_id": self.env.user.id,
            "date_start": date or clock.today(),
        }
        # sudo: the user has been checked; who nominates is noted by the app alone
        proposals = self.nomination_id.sudo()
        proposals.write(values)
        proposals.create(
            [{**values, "account_id": a.id} for a in self - proposals.account_id]
        )

    def _get_head(self):
        """Return the head of sales to ask about an account, empty when there is none.

        - The accountable one of the account;
        - else that of the company, see ``_get_company_head``.
        """
        self.ensure_one()
        # sudo: who is accountable is no secret from who asks him
        accountable = self.sudo().accountable_id.filtered("active")
        if accountable and accountable.has_group(HEAD_GROUP):
            return accountable.sudo(False)
        return self._get_company_head(self.company_id)

    @api.model
    def _get_company_head(self, company):
        """Return the head of sales of a company, empty when there is none.

        Of several the one who is accountable for most revenue, else the first.

        :param company: a ``res.company`` record
        """
        # sudo: heads are looked for by the system and by managers alike
        heads = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(HEAD_GROUP).ids),
                    ("company_ids", "in", company.ids),
                ],
                order="id",
            )
        )
        accountable = self.sudo()._read_group(
            [("company_id", "=", company.id), ("accountable_id", "in", heads.ids)],
            ["accountable_id"],
            order="revenue:sum desc",
            limit=1,
        )
        head = accountable[0][0] if accountable else heads[:1]
        return head.sudo(False)

    @api.model
    def _check_portfolio_access(self, company_id):
        """Return the company whose figures are asked for.

        :raise AccessError: when the user is no head of sales there
        """
        company = self.env["res.company"].browse(company_id)
        if not self.env.user.has_group(HEAD_GROUP) or company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "Figures of all customers are visible to heads of sales only. Ask"
                    " your head of sales."
                )
            )
        return company
