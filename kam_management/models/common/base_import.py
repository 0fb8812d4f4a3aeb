from functools import partial

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

from . import clock

MOST_NAMED = 5


class BaseImport(models.TransientModel):
    """A file for a model of ours: what is wrong with it is told by line and column.

    Lines are those of a spreadsheet, the headings are the first. Odoo reads numbers and
    dates before the model gets to see its rows.
    """

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        if self._kam_is_ours():
            messages, first = result["messages"], _get_first_line(options)
            result["messages"] = self._kam_name_lines(messages, first)
        return result

    def _kam_is_ours(self):
        return self.res_model.startswith("kam.")

    def _kam_name_lines(self, messages, first):
        """Return the messages about rows, those that say the same as one.

        The web client shows a row with some of them only, and counts it from zero.

        :param int first: the line of the first row
        """
        alike = {}
        for message in messages:
            key = (message["message"], message.get("field"), message.get("type"))
            alike.setdefault(key, []).append(message)
        told = []
        for message, *others in alike.values():
            if "rows" in message:
                # Odoo's own are shared by all messages about a record
                last = (others or [message])[-1]["rows"]["to"]
                message["rows"] = {**message["rows"], "to": last}
                starts = [one["rows"]["from"] + first for one in (message, *others)]
                message["record"] = starts[0]
                message["message"] = self._kam_name_starts(message["message"], starts)
            told.append(message)
        return told

    def _kam_name_starts(self, words, lines):
        """Return the words of a message with the lines it is about before them."""
        if len(lines) == 1:
            return self.env._("Line %(line)s: %(words)s", line=lines[0], words=words)
        named = [str(line) for line in lines[:MOST_NAMED]]
        named += ["…"] if len(lines) > MOST_NAMED else []
        lines = ", ".join(named)
        return self.env._("Lines %(lines)s: %(words)s", lines=lines, words=words)

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
        example = clock.today().strftime(options.get("date_format") or "%Y-%m-%d")
        return self._kam_parse(parse, data, index, name, options, example)

    def _kam_parse(self, parse, data, index, name, options, example):
        """Have Odoo read a column; say which of its cells make no sense.

        :param parse: function of rows and the place of the column in them
        :param str name: the path of the field, as “line_ids/target”
        :param str example: a cell that would have been understood
        :raise ImportValidationError: naming lines and column
        """
        cells = [row[index] for row in data]
        try:
            return parse(data, index)
        except ImportValidationError as error:
            if not self._kam_is_ours():
                raise
            bad = [
                self.env._("“%(cell)s” in line %(line)s", cell=cell, line=line)
                for line, cell in enumerate(cells, _get_first_line(options))
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


def _get_first_line(options):
    """Return the line of a spreadsheet in which the first row of a batch stands."""
    return 1 + bool(options.get("has_headers")) + (options.get("skip") or 0)


def _is_understood(parse, cell):
    try:
        parse([[cell]], 0)
    except ImportValidationError:
        return False
    return True
