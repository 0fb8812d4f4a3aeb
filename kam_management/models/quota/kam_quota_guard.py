from odoo import api, models
from odoo.exceptions import UserError

# What a quota is of: fixed as soon as it runs.
AGREED_FIELDS = {
    "scope",
    "user_id",
    "team_id",
    "company_id",
    "period",
    "date_start",
    "date_end",
}


class KamQuota(models.Model):
    _name = "kam.quota"
    _inherit = ["kam.quota", "kam.guard"]

    def write(self, vals):
        changed = AGREED_FIELDS.intersection(vals)
        if changed and not self.env.su:
            self._check_agreed(changed, vals)
        result = super().write(vals)
        if not vals.get("active", True):
            self._drop_open_decisions()
        return result

    def unlink(self):
        # not left to the database: what hangs on them goes along or is kept
        self.filtered(lambda quota: quota.state == "draft").line_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep what was run with: its figures are part of the history."""
        if used := self.filtered(lambda quota: quota.state != "draft"):
            raise UserError(
                self.env._(
                    "%(quotas)s: only drafts are deleted. Archive it when it was a"
                    " mistake.",
                    quotas=", ".join(used.mapped("name")),
                )
            )

    def _check_agreed(self, names, vals):
        """Refuse to give a quota that runs to somebody else, or another time.

        :raise UserError: saying what to do
        """
        for quota in self.filtered(
            lambda quota: (
                quota.state != "draft"
                or any(line._is_decided_upon() for line in quota.line_ids)
            )
        ):
            now = quota._convert_to_write({name: quota[name] for name in names})
            if any(str(now[name] or "") != str(vals[name] or "") for name in names):
                raise UserError(
                    self.env._(
                        "“%(quota)s” is no draft any more, or something has been decided"
                        " about it: whose it is and for when is fixed. Make another quota.",
                        quota=quota.name,
                    )
                )
