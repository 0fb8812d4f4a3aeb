from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge what we keep on them first: the raw SQL of base knows nothing of it.

        The documents of both customers then belong to the one that stays, which the
        queue takes up. A contact who is merged with a company becomes one.
        """
        everyone = src_partners + dst_partner
        customer = (
            dst_partner
            if any(everyone.mapped("is_company"))
            else dst_partner.commercial_partner_id
        )
        src_partners._check_kam_may_move(customer)
        everyone._check_kam_may_merge(people=True)
        self.env["kam.account"]._move_to_partner(src_partners, customer)
        self.env["kam.customer.unit"]._part_with_customers(everyone)
        self.env["kam.merge"]._carry_along(dict.fromkeys(src_partners, dst_partner))
        result = super()._update_foreign_keys(src_partners, dst_partner)
        dst_partner._kam_report_moved()
        return result
