from odoo import Command, api, fields, models


class KamTouch(models.Model):
    """Who of the customer took part: the contact, and whoever else was there."""

    _inherit = "kam.touch"

    partner_ids = fields.Many2many(
        "res.partner",
        "kam_touch_partner_rel",
        "touch_id",
        "partner_id",
        string="Participants",
        check_company=True,
        help="Everyone from the customer who took part, including the contact.",
    )
    customer_id = fields.Many2one(
        "res.partner",
        compute="_compute_customer_id",
        compute_sudo=True,
        help="The customer that the participants belong to.",
    )

    @api.depends("account_id.partner_id", "lead_id.partner_id")
    def _compute_customer_id(self):
        for touch in self:
            touch.customer_id = (
                touch.account_id.partner_id
                or touch.lead_id.partner_id.commercial_partner_id
            )

    def write(self, vals):
        if "partner_id" in vals and "partner_ids" not in vals:
            for partner, touches in self.grouped("partner_id").items():
                # corrected: who was named before was not there
                if partner:
                    super(KamTouch, touches).write(
                        {"partner_ids": [Command.unlink(partner.id)]}
                    )
        result = super().write(vals)
        if not {"partner_id", "partner_ids"}.isdisjoint(vals):
            self._take_in_contacts()
        return result

    def _complete_values(self, vals):
        """Return values for create with the contact among the people met."""
        partner_id = vals.get("partner_id", self.env.context.get("default_partner_id"))
        if partner_id:
            people = [*(vals.get("partner_ids") or []), Command.link(partner_id)]
            vals = {**vals, "partner_ids": people}
        return super()._complete_values(vals)

    def _take_in_contacts(self):
        """Count the contact of each touch among the people met."""
        for partner, touches in self.grouped("partner_id").items():
            missing = touches.filtered(lambda t, p=partner: p not in t.partner_ids)
            if partner and missing:
                missing.partner_ids = [Command.link(partner.id)]
