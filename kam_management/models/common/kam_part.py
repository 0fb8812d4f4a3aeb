from odoo import api, fields, models
from odoo.exceptions import UserError

from .kam_merge import is_merging


class KamPart(models.AbstractModel):
    """A line of a record: seen and changed by who sees and changes that one.

    ``_kam_whole`` names the field that says of which record; the line stays with it.
    """

    _name = "kam.part"
    _description = "Part of a Record"
    _inherit = ["kam.guard"]
    _order = "sequence, id"
    _kam_whole = None

    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts[self._kam_whole].check_access("write")
        return parts

    def write(self, vals):
        name = self._kam_whole
        # where it follows from something else, the guard answers
        typed = name in vals.keys() - self._get_found_fields()
        if typed and not is_merging(self.env):
            if self.filtered(lambda part: part[name].id != vals[name]):
                raise UserError(self._get_whole_hint())
        return super().write(vals)

    def _filter_changeable(self):
        """Whoever may change the record may change what belongs to it."""
        changeable = self[self._kam_whole]._filtered_access("write")
        return self.filtered(lambda part: part[self._kam_whole] in changeable)

    @api.model
    def _get_whole_hint(self):
        """Return a sentence about what to do instead of moving a line elsewhere."""
        raise NotImplementedError
