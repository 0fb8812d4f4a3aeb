from odoo import api, models
from odoo.exceptions import AccessError

from .context import without_defaults

# What says of which company a record is, and so who may change it.
PLACE_FIELDS = {"company_id", "quota_id"}


class KamGuard(models.AbstractModel):
    """What the app finds out, such as states and figures, is typed in by nobody."""

    _name = "kam.guard"
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
