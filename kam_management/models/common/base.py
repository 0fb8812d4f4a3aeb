from odoo import models

from .strangers import without_strangers

PREFIX = "default_"


class Base(models.AbstractModel):
    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        """Work out nothing about records that the user may not read.

        In any form, as its lines may be activities or leads. Only fields of ours are
        looked at; to others this is a walk through what the client sent.

        :raise AccessError: when the client names such a record
        """
        if not self.env.su:
            named = self._kam_get_context_defaults()
            without_strangers(self, named, named)
            values = without_strangers(self, values, field_names)
        return super().onchange(values, field_names, fields_spec)

    def _kam_get_context_defaults(self):
        """Return the values that a form begins with because the context says so."""
        return {
            key.removeprefix(PREFIX): value
            for key, value in self.env.context.items()
            if key.startswith(PREFIX)
        }
