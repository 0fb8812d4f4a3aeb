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
        help="The service plan this lead belongs to.",
    )
    kam_need_id = fields.Many2one(
        "kam.plan.need",
        "Transferred From",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="kam_management.group_kam_user",
        help="The need already met at another branch of the customer, offered here.",
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

    @api.model
    def _get_checked_fields(self):
        """Leave the plan to itself, see ``_check_may_join``."""
        return super()._get_checked_fields() | {"kam_plan_id"}
