from odoo import api, models


class ResUsers(models.Model):
    """Who works here is no customer; who leaves leaves customers behind."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users.filtered(lambda user: not user.share).partner_id._kam_report_moved()
        return users

    def write(self, vals):
        internal = self.browse()
        if not {"group_ids", "partner_id"}.isdisjoint(vals):
            internal = self.filtered(lambda user: not user.share)
        leavers = self.browse()
        if "active" in vals and not vals["active"]:
            leavers = self.filtered("active")
        partners = internal.partner_id
        result = super().write(vals)
        if not {"group_ids", "partner_id"}.isdisjoint(vals):
            now = self.filtered(lambda user: not user.share)
            if now != internal or now.partner_id != partners:
                (partners | now.partner_id)._kam_report_moved()
        for leaver in leavers:
            self.env["kam.account"]._tell_left_behind(leaver)
        return result
