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

    def unlink(self):
        former = self._kam_get_colleagues()
        result = super().unlink()
        former._kam_report_moved()
        return result

    def _kam_get_colleagues(self):
        """Return the partners of those of these users who work here."""
        return self.filtered(lambda user: not user.share).partner_id


class ResGroups(models.Model):
    """A group whose users, or whose rights, change may make or unmake colleagues."""

    _inherit = "res.groups"

    def write(self, vals):
        if {"user_ids", "implied_ids", "implied_by_ids"}.isdisjoint(vals):
            return super().write(vals)
        before = self._kam_get_all_colleagues()
        result = super().write(vals)
        now = self._kam_get_all_colleagues()
        ((before - now) | (now - before))._kam_report_moved()
        return result

    def _kam_get_all_colleagues(self):
        """Return the partners of all who work here, or did."""
        # sudo: whoever may change groups
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return users.search([("share", "=", False)]).partner_id
