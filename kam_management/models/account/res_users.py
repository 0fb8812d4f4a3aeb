from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        leavers = self.browse()
        if "active" in vals and not vals["active"]:
            leavers = self.filtered("active")
        result = super().write(vals)
        for leaver in leavers:
            self.env["kam.account"]._tell_left_behind(leaver)
        return result
