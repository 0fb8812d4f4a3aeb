from odoo import Command, api, models

from .lookup import Answer
from .strangers import is_ours


class IrFieldsConverter(models.AbstractModel):
    """Cells of a file become values: those that have been looked up say which."""

    _inherit = "ir.fields.converter"

    @api.model
    def _str_to_many2one(self, model, field, values, savepoint):
        answer = self._get_kam_answer(values)
        if answer is None:
            return super()._str_to_many2one(model, field, values, savepoint)
        return self._kam_tell(field, answer), []

    @api.model
    def _str_to_many2many(self, model, field, value, savepoint):
        answer = self._get_kam_answer(value)
        if answer is None:
            return super()._str_to_many2many(model, field, value, savepoint)
        ids = self._kam_tell(field, answer)
        return ids and [Command.set(ids)], []

    @api.model
    def _str_to_selection(self, model, field, value, savepoint):
        """Say right away what may stand in a column of ours."""
        if isinstance(value, Answer):
            return self._kam_tell(field, value), []
        if not is_ours(field):
            return super()._str_to_selection(model, field, value, savepoint)
        try:
            return super()._str_to_selection(model, field, value.strip(), savepoint)
        except ValueError as error:
            labels = dict(field._description_selection(self.env)).values()
            raise self._format_import_error(
                ValueError,
                self.env._("“%(value)s” is none of: %(labels)s."),
                {"value": value, "labels": ", ".join(labels)},
                *error.args[1:],
            ) from error

    @api.model
    def _get_kam_answer(self, values):
        """Return the ``Answer`` in what a cell was split into, None without one."""
        [record] = values
        cells = list(record.values())
        return cells[0] if len(cells) == 1 and isinstance(cells[0], Answer) else None

    @api.model
    def _kam_tell(self, field, answer):
        """Return what was found for a cell.

        :raise ValueError: when it may mean several; the column may be left out instead
        """
        if not answer.problem:
            return answer.found
        if field.name in self.env.context.get("import_skip_records", []):
            return None
        if field.name in self.env.context.get("import_set_empty_fields", []):
            return False
        raise self._format_import_error(
            ValueError, answer.problem.replace("%", "%%"), (), {"value": str(answer)}
        )
