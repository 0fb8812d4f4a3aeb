from datetime import date
from functools import partial

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

MOST_NAMED = 5


class BaseImport(models.TransientModel):
    """A file for a model of ours: bad numbers and dates are told by row and column.

    Odoo reads them before the model gets to see its rows.
    """

    _inherit = "base_import.import"

    def _parse_float_from_data(self, data, index, name, options):
        parse = partial(super()._parse_float_from_data, name=name, options=options)
        example = "1234{}56".format(options.get("float_decimal_separator") or ".")
        return self._kam_parse(parse, data, index, name, options, example)

    def _parse_date_from_data(self, data, index, name, field_type, options):
        parse = partial(
            super()._parse_date_from_data,
            name=name,
            field_type=field_type,
            options=options,
        )
        example = date.today().strftime(options.get("date_format") or "%Y-%m-%d")
        return self._kam_parse(parse, data, index, name, options, example)

    def _kam_parse(self, parse, data, index, name, options, example):
        """Have Odoo read a column; say which of its cells make no sense.

        :param parse: function of rows and the place of the column in them
        :param str name: the path of the field, as “line_ids/target”
        :param str example: a cell that would have been understood
        :raise ImportValidationError: naming rows, as Odoo counts them, and column
        """
        cells = [row[index] for row in data]
        try:
            return parse(data, index)
        except ImportValidationError as error:
            if not isinstance(self.env[self.res_model], self.pool["kam.guard"]):
                raise
            first = 1 + (options.get("skip") or 0)
            bad = [
                self.env._("“%(cell)s” in row %(row)s", cell=cell, row=row)
                for row, cell in enumerate(cells, first)
                if not _is_understood(parse, cell)
            ]
            more = ["…"] if len(bad) > MOST_NAMED else []
            message = self.env._(
                "%(column)s: %(cells)s. Write it like %(example)s, or choose another"
                " format beside the file.",
                column=self._kam_get_label(name),
                cells=", ".join(bad[:MOST_NAMED] + more),
                example=example,
            )
            raise ImportValidationError(message, field=name) from error

    def _kam_get_label(self, path):
        """Return the words for a column, as the user has chosen them."""
        model, labels = self.env[self.res_model], []
        for name in path.split("/"):
            field = model._fields[name]
            labels.append(field._description_string(self.env))
            model = self.env[field.comodel_name] if field.relational else model
        return " / ".join(labels)


def _is_understood(parse, cell):
    try:
        parse([[cell]], 0)
    except ImportValidationError:
        return False
    return True
