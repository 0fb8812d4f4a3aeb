from odoo import api, models
from odoo.fields import Domain

from .strangers import without_strangers


class IrDefault(models.Model):
    _inherit = "ir.default"

    @api.model
    def _get_model_defaults(self, model_name, condition=False):
        """Leave out default values of the user's own that name what they may not read.

        Everybody may keep some for any field, and a form that begins with a record
        shows its name. What an administrator set for all stays.
        """
        defaults = super()._get_model_defaults(model_name, condition)
        # how a superuser sees it does not count: buttons of the user go on as one
        record = self.env[model_name].sudo(False)
        kept = without_strangers(record, defaults, refuse=False)
        strange = {name for name in defaults if kept.get(name) != defaults[name]}
        if strange:
            strange &= self._get_own_names(model_name, strange, condition)
        return {name: value for name, value in defaults.items() if name not in strange}

    @api.model
    def _get_own_names(self, model_name, names, condition):
        """Return those of some fields of which the user keeps default values."""
        # sudo: one's own, whoever may read the fields of models
        own = self.sudo().search(
            Domain("user_id", "=", self.env.uid)
            & Domain("company_id", "in", (False, self.env.company.id))
            & Domain("field_id.model", "=", model_name)
            & Domain("field_id.name", "in", list(names))
            & Domain("condition", "=", condition)
        )
        return set(own.field_id.mapped("name"))
