from odoo import api, fields, models


class CrmLead(models.Model):
    """What the customer objected to in a deal."""

    _inherit = "crm.lead"

    kam_objection_ids = fields.One2many(
        "kam.objection",
        "lead_id",
        "Objections",
        groups="kam_management.group_kam_user",
    )
    kam_objection_count = fields.Integer(
        "Objections Logged",
        compute="_compute_kam_objection_count",
        groups="kam_management.group_kam_user",
    )

    @api.depends("kam_objection_ids")
    def _compute_kam_objection_count(self):
        """Count the objections the user sees, in one query."""
        counts = dict(
            self.env["kam.objection"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.kam_objection_count = counts.get(lead._origin, 0)

    def action_kam_objections(self):
        """Open the objections of this deal."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_objection_action"
        )
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {
            "default_lead_id": self.id,
            "default_partner_id": self._find_kam_contact().id,
        }
        return action

    def _find_kam_contact(self):
        """Return whom we talked to last about this deal, else its contact; a person."""
        touches = self.env["kam.touch"]
        talk = touches.search(
            [("lead_id", "=", self.id), ("partner_id.is_company", "=", False)],
            order="date desc, id desc",
            limit=1,
        )
        person = talk.partner_id or self.partner_id
        return person if not person.is_company else person.browse()

    def _kam_let_go(self):
        """Leave objections of deleted deals with the customer."""
        result = super()._kam_let_go()
        # sudo: what was said, whatever becomes of the deal
        leads = self.sudo().with_context(active_test=False)
        leads.kam_objection_ids.filtered("account_id").lead_id = False
        return result


class KamAccount(models.Model):
    """What this customer objected to."""

    _inherit = "kam.account"

    objection_ids = fields.One2many("kam.objection", "account_id", "Objections")
    objection_count = fields.Integer(
        "Open Objections", compute="_compute_objection_count"
    )

    @api.depends("objection_ids.worked")
    def _compute_objection_count(self):
        """Count what is not answered yet, in one query for all accounts."""
        counts = dict(
            self.env["kam.objection"]._read_group(
                [("account_id", "in", self.ids), ("worked", "=", "open")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.objection_count = counts.get(account._origin, 0)

    def action_view_objections(self):
        """Open the objections of this account."""
        action = self._prepare_records_action("kam_management.kam_objection_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id}
        return action

    def _filter_with_history(self):
        """Keep accounts with objections too: somebody has typed them in."""
        return super()._filter_with_history() | self.filtered("objection_ids")
