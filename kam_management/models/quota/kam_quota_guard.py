from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..context import without_defaults

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
# What says of which company a record is, and so who may change it.
PLACE_FIELDS = {"company_id", "quota_id"}


class KamQuotaGuard(models.AbstractModel):
    """What the app finds out, such as states and figures, is typed in by nobody."""

    _name = "kam.quota.guard"
    _description = "Figures That Nobody Types In"

    @api.model_create_multi
    def create(self, vals_list):
        found = self._get_found_fields()
        self = without_defaults(self, found)
        for vals in vals_list:
            self._check_found_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_found_fields(vals)
        result = super().write(vals)
        if not PLACE_FIELDS.isdisjoint(vals):
            # the rules were asked before: is it still of a company of the user's?
            self.check_access("write")
        return result

    @api.model
    def _get_found_fields(self):
        """Return the names of the fields of ours that are shown, not typed in."""
        return {
            name
            for name, field in self._fields.items()
            if field.readonly and field._module == "kam_management"
        }

    @api.model
    def _check_found_fields(self, vals):
        """Protect what the app finds out.

        :raise AccessError: when the user sets one of these fields
        """
        if self.env.su or not (typed := self._get_found_fields().intersection(vals)):
            return
        labels = sorted(
            self._fields[name]._description_string(self.env) for name in typed
        )
        raise AccessError(
            self.env._(
                "%(fields)s: the app finds this out, nobody types it in.",
                fields=", ".join(labels),
            )
        )


class KamQuota(models.Model):
    _name = "kam.quota"
    _inherit = ["kam.quota", "kam.quota.guard"]

    def write(self, vals):
        changed = AGREED_FIELDS.intersection(vals)
        if changed and not self.env.su:
            self._check_agreed(changed, vals)
        return super().write(vals)

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
        for quota in self.filtered(lambda quota: quota.state != "draft"):
            now = quota._convert_to_write({name: quota[name] for name in names})
            if any(str(now[name] or "") != str(vals[name] or "") for name in names):
                raise UserError(
                    self.env._(
                        "“%(quota)s” is no draft any more: whose it is and for when is"
                        " fixed. Make another quota.",
                        quota=quota.name,
                    )
                )
