from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmLead(models.Model):
    """A deal may answer a call for bids."""

    _inherit = "crm.lead"

    kam_tender_ids = fields.One2many(
        "kam.tender", "lead_id", "Tenders", groups="kam_management.group_kam_user"
    )
    kam_tender_date = fields.Date(
        "Tender Submission",
        compute="_compute_kam_tender_date",
        groups="kam_management.group_kam_user",
    )

    @api.depends("kam_tender_ids.date_submission")
    def _compute_kam_tender_date(self):
        for lead in self:
            lead.kam_tender_date = lead.kam_tender_ids[:1].date_submission

    @api.constrains("type")
    def _check_kam_tenders(self):
        """Keep an opportunity one while it answers a call for bids."""
        # sudo: whoever works on the lead
        for lead in self.sudo():
            if lead.type != "opportunity" and lead.kam_tender_ids:
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” answers a call for bids. Delete its tender before"
                        " it becomes a lead again.",
                        lead=lead.name,
                    )
                )

    def action_kam_tender(self):
        """Open the tender of this deal, or a new one."""
        self.ensure_one()
        tenders = self.kam_tender_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Tender"),
            "res_model": "kam.tender",
            "context": {"default_lead_id": self.id},
        }
        if len(tenders) > 1:
            views = [(False, "list"), (False, "form")]
            return {**action, "views": views, "domain": [("lead_id", "=", self.id)]}
        return {**action, "views": [(False, "form")], "res_id": tenders.id}

    def _kam_let_go(self):
        """Delete the tenders of deleted deals, with their messages and files.

        Those of merged deals have gone on to what these were merged into.
        """
        result = super()._kam_let_go()
        merged = self._kam_get_merged()
        if gone := [lead_id for lead_id in self.ids if lead_id not in merged]:
            # sudo: the deal decides, whoever deletes it
            tenders = self.env["kam.tender"].sudo()
            tenders.search([("lead_id", "in", gone)]).unlink()
        return result
