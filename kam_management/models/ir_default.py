from odoo import api, models
from odoo.exceptions import ValidationError


class IrDefault(models.Model):
    _inherit = "ir.default"

    @api.constrains("field_id")
    def _check_kam_field(self):
        """Refuse default values for what the app finds out, such as states and dates.

        Every user may keep default values of his own; with one for its state he would
        approve his plans himself.
        """
        # sudo: reads the description of a field, whoever may see it
        for field in self.sudo().field_id:
            if not (field.model.startswith("kam.") or field.name.startswith("kam_")):
                continue
            known = self.env[field.model]._fields.get(field.name)
            if known and known.readonly:
                raise ValidationError(
                    self.env._(
                        "%(field)s: the app finds this out, it has no default value.",
                        field=field.field_description,
                    )
                )
