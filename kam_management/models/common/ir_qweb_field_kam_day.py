from odoo import api, models

from . import formats


class IrQwebFieldKamDay(models.AbstractModel):
    """Dates in templates of ours look as in Odoo's fields beside them."""

    _name = "ir.qweb.field.kam_day"
    _description = "Qweb Field Day"
    _inherit = "ir.qweb.field.date"

    @api.model
    def value_to_html(self, value, options):
        """Return a day as ``formats.day`` writes it, on a screen with ``short``."""
        return formats.day(self.env, value, short=options.get("short", False))
