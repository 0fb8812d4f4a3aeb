from odoo import api, models


class ResUsers(models.Model):
    """Who works here is no customer; who leaves leaves customers behind."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._kam_get_colleagues()._kam_report_moved()
        return users

    def write(self, vals):
        moves = not {"group_ids", "partner_id"}.isdisjoint(vals)
        before = self._kam_get_colleagues() if moves else self.partner_id.browse()
        leavers = self.browse()
        if "active" in vals and not vals["active"]:
            leavers = self.filtered("active")
        result = super().write(vals)
        if moves:
            now = self._kam_get_colleagues()
            ((before - now) | (now - before))._kam_report_moved()
        for leaver in leavers:
            self.env["kam.account"]._tell_left_behind(leaver)
        return result

    def _kam_get_colleagues(self):
        """Return the partners of those of these users who work here."""
        return self.filtered(lambda user: not user.share).partner_id
