from ast import literal_eval

from odoo import api, fields, models

from .kam_complaint import KINDS


class KamComplaintMailbox(models.Model):
    """An address that customers write their complaints to, such as complaints@."""

    _name = "kam.complaint.mailbox"
    _description = "Mailbox for Complaints"
    _inherit = ["mail.alias.mixin", "kam.guard"]
    _order = "company_id, name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Customers of this company write here.",
    )
    kind = fields.Selection(
        KINDS, required=True, default="complaint", help="What comes in here."
    )
    alias_id = fields.Many2one(
        help="The address: what comes in becomes a complaint of the customer who wrote."
    )

    def write(self, vals):
        result = super().write(vals)
        if not {"company_id", "kind"}.isdisjoint(vals):
            for mailbox in self:
                mailbox.alias_defaults = mailbox._alias_get_creation_values()[
                    "alias_defaults"
                ]
        return result

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("kam.complaint.mail")
        if self.id:
            values["alias_defaults"] = {
                **literal_eval(self.alias_defaults or "{}"),
                "company_id": self.company_id.id,
                "kind": self.kind,
            }
        return values

    @api.model
    def _get_defaults_of(self, alias):
        """Return what a mail to an alias becomes: what its mailbox says, and no more.

        Who may change an alias could write anything into its defaults.
        """
        # sudo: the gateway asks, whoever has sent the mail
        mailboxes = self.sudo().with_context(active_test=False)
        mailbox = alias and mailboxes.search([("alias_id", "=", alias.id)], limit=1)
        if not mailbox:
            return {}
        return {"company_id": mailbox.company_id.id, "kind": mailbox.kind}

    @api.model
    def _get_found_hint(self):
        return self.env._("Enter name and address of the mailbox instead.")
