from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..models.common import clock
from ..models.common.turns import take_turns

# What a dialog is for: a manager may propose, all else is for heads of sales.
STEPS = [
    ("propose", "Propose"),
    ("nominate", "Nominate"),
    ("dismiss", "Dismiss"),
    ("end", "End"),
]


class KamKeyDecision(models.TransientModel):
    """Somebody says that a customer should be a key account, is one, or is none."""

    _name = "kam.key.decision"
    _description = "Key Account Decision"
    _inherit = ["kam.guard"]

    step = fields.Selection(STEPS, required=True, default="nominate")
    account_id = fields.Many2one("kam.account", required=True, ondelete="cascade")
    # with the user's own rights: a dialog can be asked about any account before it is kept
    suggestion = fields.Char(related="account_id.key_suggestion", related_sudo=False)
    criterion_ids = fields.Many2many(
        "kam.key.criterion",
        string="Criteria",
        compute="_compute_criterion_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    reason = fields.Text(
        compute="_compute_reason",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
    )
    date = fields.Date(required=True, default=lambda self: clock.today())

    @api.depends("account_id", "step")
    def _compute_criterion_ids(self):
        """Start from what was proposed, and from what the figures say."""
        measured = self.env["kam.key.criterion"].search(Domain.TRUE)
        for wizard in self:
            account = wizard.account_id
            met = [criterion.id for criterion, _ in measured._get_met_reasons(account)]
            proposed = wizard.account_id.nomination_id.filtered(
                lambda n: n.state == "proposed"
            )
            wizard.criterion_ids = proposed.criterion_ids | measured.browse(met)

    @api.depends("account_id", "step")
    def _compute_reason(self):
        for wizard in self:
            nomination = wizard.account_id.nomination_id
            wizard.reason = wizard.step == "nominate" and nomination.reason

    def action_apply(self):
        """Write down the decision.

        :raise AccessError: when the user is no head of sales, unless he proposes
        :raise UserError: when the account does not stand where the step begins
        """
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        if self.step != "propose" and not account.can_lead:
            raise AccessError(
                self.env._(
                    "Only a head of sales decides on key accounts. You may propose one."
                )
            )
        take_turns(account)
        self._check_step()
        getattr(self, f"_apply_{self.step}")()
        return {"type": "ir.actions.act_window_close"}

    def _check_step(self):
        """Check that the decision can be taken.

        :raise UserError: when it cannot, or lacks reason or criteria
        """
        account = self.account_id
        if not self.reason.strip():
            message = self.env._("Enter a reason.")
        elif self.step in ("propose", "nominate"):
            if account.is_key_account:
                message = self.env._("This customer is already a key account.")
            elif self.step == "propose" and account.nomination_id:
                message = self.env._("This customer has already been proposed.")
            elif not self.criterion_ids:
                message = self.env._("Choose at least one criterion.")
            else:
                return
        elif self.step == "end" and not account.is_key_account:
            message = self.env._("This customer is not a key account.")
        elif self.step == "dismiss" and not account.is_key_suggested:
            message = self.env._("This customer is not suggested as a key account.")
        else:
            return
        raise UserError(message)

    def _apply_propose(self):
        self.account_id._propose(self.criterion_ids, self.reason)

    def _apply_nominate(self):
        self.account_id._nominate(self.criterion_ids.ids, self.reason, self.date)
        self.account_id._close_key_proposals()

    def _apply_end(self):
        self.account_id.nomination_id._end(self.reason, self.date)

    def _apply_dismiss(self):
        """Say no to the proposal, or to what the figures suggest."""
        account = self.account_id
        if account.nomination_id:
            account.nomination_id._end(self.reason, self.date)
        else:
            # sudo: he leads the account; who said no is noted by the app alone
            account.nomination_id.sudo().create(
                {
                    "account_id": account.id,
                    "reason": account.key_suggestion,
                    "date_end": self.date,
                    "end_reason": self.reason,
                    "end_user_id": self.env.user.id,
                }
            )
        account._close_key_proposals()
