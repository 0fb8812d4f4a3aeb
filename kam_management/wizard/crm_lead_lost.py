from odoo import api, fields, models


class CrmLeadLost(models.TransientModel):
    """What the customer gave as the reason, in their words; beside Odoo's lost reason."""

    _inherit = "crm.lead.lost"

    kam_objection = fields.Char("Refusal", groups="kam_management.group_kam_user")
    kam_objection_category_id = fields.Many2one(
        "kam.objection.category",
        "Category",
        copy=False,
        groups="kam_management.group_kam_user",
    )
    kam_objection_partner_id = fields.Many2one(
        "res.partner",
        "Said By",
        compute="_compute_kam_objection_partner_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        copy=False,
        domain="[('commercial_partner_id', 'in', kam_customer_ids),"
        " ('is_company', '=', False)]",
        groups="kam_management.group_kam_user",
    )
    kam_objection_answer = fields.Text(
        "Our Answer", groups="kam_management.group_kam_user"
    )
    kam_customer_ids = fields.Many2many(
        "res.partner",
        compute="_compute_kam_customer_ids",
        groups="kam_management.group_kam_user",
    )

    @api.depends("lead_ids")
    def _compute_kam_customer_ids(self):
        for dialog in self:
            dialog.kam_customer_ids = dialog.lead_ids.partner_id.commercial_partner_id

    @api.depends("lead_ids")
    def _compute_kam_objection_partner_id(self):
        """Begin with whom we talked to last about the deal; colleagues are not asked."""
        self.kam_objection_partner_id = False
        if not self.env.user.has_group("kam_management.group_kam_user"):
            return
        for dialog in self:
            if len(dialog.lead_ids) == 1:
                dialog.kam_objection_partner_id = dialog.lead_ids._find_kam_contact()

    def action_lost_reason_apply(self):
        result = super().action_lost_reason_apply()
        if self.env.user.has_group("kam_management.group_kam_user"):
            self._log_kam_refusal()
        return result

    def _log_kam_refusal(self):
        """Keep what was given as the reason, for each of these deals."""
        text = (self.kam_objection or "").strip() or self.kam_objection_category_id.name
        if not text:
            return
        person = self.kam_objection_partner_id
        self.env["kam.objection"].create(
            [
                {
                    "name": text,
                    "kind": "refusal",
                    "category_id": self.kam_objection_category_id.id,
                    "lead_id": lead.id,
                    "partner_id": person.id
                    if person.commercial_partner_id
                    == lead.partner_id.commercial_partner_id
                    else False,
                    "answer": self.kam_objection_answer,
                    "worked": "no" if self.kam_objection_answer else "open",
                }
                for lead in self.lead_ids
            ]
        )
