from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.care.kam_handover import KINDS


class KamHandoverNew(models.TransientModel):
    """Hand over many accounts at once, step by step each, or at a stroke."""

    _name = "kam.handover.new"
    _description = "Hand Over Accounts"
    _inherit = ["kam.guard"]

    account_ids = fields.Many2many("kam.account", string="Accounts", required=True)
    kind = fields.Selection(
        [kind for kind in KINDS if kind[0] != "deal"],
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    manager_id = fields.Many2one(
        "res.users",
        "New Key Account Manager",
        domain="[('share', '=', False)]",
    )
    date_due = fields.Date("Complete By")
    reason = fields.Char(help="Such as leave or redistribution.")
    at_once = fields.Boolean(
        "Complete Now", help="Everything moves now, without the steps of a handover."
    )
    skip_reason = fields.Text("Why Without Steps")
    skipped = fields.Char(compute="_compute_skipped")
    is_head = fields.Boolean(compute="_compute_is_head")

    @api.depends("account_ids")
    def _compute_kind(self):
        for dialog in self:
            # sudo: whether the managers are still there
            managers = dialog.account_ids.sudo().manager_id
            left = managers and not any(managers.mapped("active"))
            dialog.kind = "leaver" if left else "managers"

    @api.depends("account_ids")
    def _compute_skipped(self):
        """Name the accounts that are being handed over already, and stay out."""
        for dialog in self:
            running = dialog.account_ids.filtered("handover_id")
            dialog.skipped = ", ".join(running.mapped("display_name"))

    @api.depends_context("uid")
    def _compute_is_head(self):
        self.is_head = self._is_head_of_sales()

    @api.model
    def _get_head_fields(self):
        return {"manager_id", "at_once", "skip_reason"}

    def action_begin(self):
        """Begin a handover of each account that has none; complete them where asked to.

        :return: action on what was begun
        :raise UserError: when none is left, or at a stroke without saying why
        """
        self.ensure_one()
        accounts = self.account_ids.filtered(lambda account: not account.handover_id)
        if not accounts:
            raise UserError(
                self.env._(
                    "These accounts are being handed over already. Complete or cancel"
                    " those handovers first."
                )
            )
        if self.at_once and not (self.skip_reason or "").strip():
            raise UserError(
                self.env._("Enter why these accounts are handed over without steps.")
            )
        handovers = self.env["kam.handover"].create(
            [self._prepare_handover(account) for account in accounts]
        )
        if self.at_once:
            handovers.action_complete()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_handover_action"
        )
        if len(handovers) == 1:
            return {**action, "res_id": handovers.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", handovers.ids)], "context": {}}

    def _prepare_handover(self, account):
        values = {"account_id": account.id, "kind": self.kind, "reason": self.reason}
        if self.date_due:
            values["date_due"] = self.date_due
        if self._is_head_of_sales():
            values |= {
                "manager_id": self.manager_id.id,
                "skip_reason": self.at_once and self.skip_reason,
            }
        return values
