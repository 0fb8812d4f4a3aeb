from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.common.turns import take_turns


class KamStakeholderAdd(models.TransientModel):
    """Several contacts of a customer become its people at once, with their roles."""

    _name = "kam.stakeholder.add"
    _description = "Add from Contacts"
    _inherit = ["kam.guard"]

    account_id = fields.Many2one("kam.account", required=True, ondelete="cascade")
    lead_id = fields.Many2one(
        "crm.lead", "Deal", ondelete="cascade", help="They decide on this deal."
    )
    line_ids = fields.One2many(
        "kam.stakeholder.add.line",
        "dialog_id",
        "Contacts",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("account_id")
    @api.depends_context("kam_contact_id")
    def _compute_line_ids(self):
        """Offer all contacts; the one that was searched for is ticked."""
        wanted = self.env.context.get("kam_contact_id")
        for dialog in self:
            account = dialog.account_id
            contacts = account._get_new_contacts().get(account, ())
            dialog.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {"partner_id": one.id, "is_chosen": one.id == wanted}
                    )
                    for one in contacts
                ),
            ]

    def action_add(self):
        """Add the contacts that are ticked, or have a role; who is known by now stays.

        :raise UserError: when there is none
        """
        self.ensure_one()
        chosen = self.line_ids.filtered(lambda line: line.is_chosen or line.role_ids)
        if not chosen:
            raise UserError(
                self.env._("Nobody is chosen yet. Tick who should be added to People.")
            )
        # two clicks at once: the later one sees whom the first has added
        take_turns(self.account_id)
        known = self.account_id.with_context(active_test=False).stakeholder_ids
        self.env["kam.stakeholder"].create(
            [
                line._prepare_stakeholder()
                for line in chosen
                if line.partner_id not in known.partner_id
            ]
        )
        if self.lead_id:
            people = self.account_id.stakeholder_ids
            self.lead_id.kam_stakeholder_ids |= people.filtered(
                lambda one: one.partner_id in chosen.partner_id
            )
        return {"type": "ir.actions.act_window_close"}


class KamStakeholderAddLine(models.TransientModel):
    """A contact who may become one of the people of the account."""

    _name = "kam.stakeholder.add.line"
    _description = "Contact to Add"
    _inherit = ["kam.guard"]

    dialog_id = fields.Many2one(
        "kam.stakeholder.add", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade"
    )
    # with the user's own rights: a dialog can name anybody
    function = fields.Char(related="partner_id.function", related_sudo=False)
    email = fields.Char(related="partner_id.email", related_sudo=False)
    phone = fields.Char(related="partner_id.phone", related_sudo=False)
    is_chosen = fields.Boolean("Add")
    role_ids = fields.Many2many("kam.stakeholder.role", string="Buying Roles")

    def _prepare_stakeholder(self):
        """Return the values of the dossier of this contact."""
        return {
            "account_id": self.dialog_id.account_id.id,
            "partner_id": self.partner_id.id,
            "role_ids": [Command.set(self.role_ids.ids)],
        }
