from odoo import fields, models


class KamReferenceLead(models.TransientModel):
    """Somebody an advocate recommends: becomes a lead that knows where it comes from."""

    _name = "kam.reference.lead"
    _description = "Recommended Person"
    _inherit = ["kam.guard"]

    reference_id = fields.Many2one("kam.reference", required=True, ondelete="cascade")
    contact_name = fields.Char("Person", required=True)
    partner_name = fields.Char("Company")
    email_from = fields.Char("Email")
    phone = fields.Char()
    description = fields.Text("Note", help="What the advocate said about them.")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Who contacts them.",
    )

    def action_apply(self):
        """Make the lead.

        :return: action that opens it
        """
        self.ensure_one()
        reference = self.reference_id
        reference.check_access("write")
        names = ("contact_name", "partner_name", "email_from", "phone", "description")
        values = {name: self[name] for name in names if self[name]}
        lead = self.env["crm.lead"].create(
            {**reference._prepare_lead(values), "user_id": self.user_id.id}
        )
        # sudo: where a lead comes from is found here, and typed in by nobody
        lead.sudo().kam_reference_id = reference
        return lead.get_formview_action()
