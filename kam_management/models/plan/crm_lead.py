from odoo import api, fields, models


class CrmLead(models.Model):
    """A lead may come from a service plan: from a need, or a success elsewhere."""

    _inherit = "crm.lead"

    kam_plan_id = fields.Many2one(
        "kam.plan",
        "Service Plan",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups="kam_management.group_kam_user",
        help="The plan this lead carries out.",
    )
    kam_need_id = fields.Many2one(
        "kam.plan.need",
        "Transferred From",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="kam_management.group_kam_user",
        help="The need that was met elsewhere at the customer's, and is offered here.",
    )
    kam_unit_id = fields.Many2one(
        "kam.customer.unit",
        "Branch or Department",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="kam_management.group_kam_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        # sudo: the plan decides who may add to it
        leads.sudo().kam_plan_id.with_env(self.env)._check_may_join()
        return leads

    def write(self, vals):
        if "kam_plan_id" in vals:
            # sudo: the plan decides who may take its leads away
            self.sudo().kam_plan_id.with_env(self.env)._check_may_join()
            self.env["kam.plan"].browse(vals["kam_plan_id"] or ())._check_may_join()
        return super().write(vals)

    def _merge_dependences(self, opportunities):
        """Keep the plan a merged lead came from, and what led to it."""
        result = super()._merge_dependences(opportunities)
        # sudo: links follow the lead, whoever merges
        lead, merged = self.sudo(), opportunities.sudo()
        for name in ("kam_plan_id", "kam_need_id", "kam_unit_id"):
            if not lead[name] and (kept := merged.mapped(name)[:1]):
                lead[name] = kept
        for model in ("kam.plan.need", "kam.white.space"):
            lines = self.env[model].sudo().search([("lead_id", "in", merged.ids)])
            lines.lead_id = lead
        return result
