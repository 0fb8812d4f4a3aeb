from odoo import api, fields, models

from ..models.common import clock
from .kam_talk import AS_USER


class KamLeadQualify(models.TransientModel):
    """What a telemarketer finds out of a lead, and what becomes of it."""

    _name = "kam.lead.qualify"
    _description = "Qualify a Lead"
    _inherit = ["kam.guard"]

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    fit = fields.Selection(
        lambda self: self.env["crm.lead"]._fields["kam_fit"].selection,
        required=True,
        compute="_compute_known",
        **AS_USER,
        help="Whether they are the kind of customer we can serve well.",
    )
    need = fields.Selection(
        lambda self: self.env["crm.lead"]._fields["kam_need"].selection,
        required=True,
        compute="_compute_known",
        **AS_USER,
        help="Whether they need what we sell, not when.",
    )
    need_note = fields.Text("What They Need", compute="_compute_known", **AS_USER)
    sales_type = fields.Selection(
        lambda self: self.env["kam.account"]._fields["sales_type"].selection,
        compute="_compute_known",
        **AS_USER,
        help="By which kind of relation to work on it.",
    )
    result = fields.Selection(
        lambda self: self.env["crm.lead"]._fields["kam_qualification"].selection,
        required=True,
        compute="_compute_result",
        **AS_USER,
    )
    developer_id = fields.Many2one(
        "res.users",
        compute="_compute_developer_id",
        **AS_USER,
        domain="[('share', '=', False)]",
        help="Who goes on with it: salesperson of the opportunity.",
    )

    @api.depends("lead_id")
    def _compute_known(self):
        """Begin with what is known already."""
        for dialog in self:
            lead = dialog.lead_id
            dialog.fit = lead.kam_fit or "unclear"
            dialog.need = lead.kam_need or "unclear"
            dialog.need_note = lead.kam_need_note
            dialog.sales_type = lead.kam_sales_type

    @api.depends("fit", "need")
    def _compute_result(self):
        """Propose what becomes of it: one no is enough, two yes are needed."""
        for dialog in self:
            answers = {dialog.fit, dialog.need}
            if "no" in answers:
                dialog.result = "unqualified"
            else:
                dialog.result = "qualified" if answers == {"yes"} else "nurture"

    @api.depends("lead_id")
    def _compute_developer_id(self):
        """Propose the developer of the customer, else the salesperson of the lead."""
        for dialog in self:
            # sudo: who has the role, whoever may open the account
            account = dialog.lead_id.sudo().kam_account_id
            people = account.developer_id | account.manager_id | dialog.lead_id.user_id
            dialog.developer_id = people.filtered("active")[:1].sudo(False)

    def action_apply(self):
        """Keep what was found out, by whom and when; a qualified lead is converted next.

        :return: action of Odoo's conversion, or one that closes the dialog
        """
        self.ensure_one()
        lead = self.lead_id
        lead.action_kam_qualify()  # still open?
        lead.check_access("write")
        values = {
            "kam_fit": self.fit,
            "kam_need": self.need,
            "kam_need_note": self.need_note,
        }
        if self.sales_type != lead.kam_sales_type:
            values["kam_sales_type"] = self.sales_type
        lead.write(values)
        # sudo: the button notes who qualified it
        lead.sudo().write(
            {
                "kam_qualification": self.result,
                "kam_qualified_by_id": self.env.uid,
                "kam_qualified_date": clock.today(),
            }
        )
        if self.result != "qualified":
            return {"type": "ir.actions.act_window_close"}
        return self._prepare_conversion()

    def _prepare_conversion(self):
        """Return the action of Odoo's own conversion, with the developer proposed."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.action_crm_lead2opportunity_partner"
        )
        action["context"] = {
            "active_model": "crm.lead",
            "active_id": self.lead_id.id,
            "active_ids": self.lead_id.ids,
            "default_lead_id": self.lead_id.id,
            "default_user_id": self.developer_id.id,
        }
        return action
