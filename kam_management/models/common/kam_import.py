from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.models import fix_import_export_id_paths

# Columns of these kinds have few values: all rows with one are written together.
SHARED_TYPES = ("many2one", "selection", "boolean")
LATER = "kam_import_later"


class Later:
    """What is done once for all rows of a file: {(model, method): ids of records}.

    It travels in the context, where a client cannot put one.
    """

    def __init__(self):
        self.waiting = defaultdict(set)

    def run(self, env):
        """Do it, and forget it."""
        for (model, method), ids in list(self.waiting.items()):
            getattr(env[model].browse(sorted(ids)), method)()
        self.waiting.clear()


class KamImport(models.AbstractModel):
    """Rows of a file: each finds the record it is about, and updates it.

    A model names in ``_import_key`` what tells its records apart. A row about one that
    is there updates it, with the rights of whoever imports; one about none creates it.
    See ``kam_import_lookup`` for how cells find what they call by name, and
    ``kam_import_names`` for external ids. For guarded models alone, see ``kam.guard``.
    """

    _name = "kam.import"
    _description = "Imported Rows"

    # Fields that tell which record a row is about; none: every row is a new one.
    _import_key = ()
    # Whether it may be about an archived one.
    _import_archived = True

    @api.model
    def load(self, fields, data):
        """Load rows; a failure leaves nothing behind, contacts made on the way included.

        See ``BaseModel.load``. Columns that nobody may fill in are refused right away.
        """
        if not _is_table(fields, data):
            return super().load(fields, data)
        if refused := self._refuse_columns(fields):
            return refused
        savepoint = self.env.cr.savepoint()
        self = self.with_context(**{LATER: Later()})
        limit = self.env.context.get("_import_limit")
        fields, rows = self._prepare_rows(fields, [list(row) for row in data], limit)
        paths = [fix_import_export_id_paths(name) for name in fields]
        self._look_up_rows(paths, rows[:limit])
        result = super().load(fields, rows)
        if result["ids"] is False:
            savepoint.rollback()
        savepoint.close(rollback=False)
        return result

    @api.model
    def _refuse_columns(self, fields):
        """Return what ``load`` returns when a column is not for anybody to fill in."""
        names = {fix_import_export_id_paths(name)[0] for name in fields}
        found = self._get_found_fields().intersection(names)
        try:
            self._check_guarded_fields(dict.fromkeys(found))
        except AccessError as error:
            message = {
                "type": "error",
                "message": str(error),
                "field": min(found),
                "record": 0,
                "rows": {"from": 0, "to": 0},
            }
            return {"ids": False, "messages": [message], "nextrow": 0}
        return None

    @api.model
    def _prepare_rows(self, fields, rows, limit):
        """Return columns and rows of a file in the way Odoo wants them.

        Each row stays in its place, so that messages name the right one.

        :param list fields: names of the columns, as ``load`` gets them
        :param list rows: lists of cells, which may be changed
        :param limit: how many rows are loaded now; None: all
        """
        return fields, rows

    @api.model
    def _convert_records(self, records, *, savepoint, **options):
        """Refuse two rows about the same record, naming both.

        A row with a cell that is not understood goes no further: it says so once.
        """
        if not self._is_loading():
            yield from super()._convert_records(records, savepoint=savepoint, **options)
            return
        log = options.get("log", lambda message: None)
        failed, seen = set(), {}

        def note(message):
            if message["type"] == "error":
                failed.add(message["record"])
            log(message)

        defaults = self.default_get(list(self._import_key))
        converted = super()._convert_records(records, log=note, savepoint=savepoint)
        for number, xid, values, info in converted:
            if info["record"] in failed:
                continue
            claims = self._get_row_claims({**defaults, **values})
            first = next((seen[claim] for claim in claims if claim in seen), None)
            seen.update({claim: info for claim in claims if claim not in seen})
            if first:
                note(
                    {
                        **info,
                        "type": "error",
                        "field": self._import_key[0],
                        "message": self.env._(
                            "Rows %(first)s and %(second)s describe the same record."
                            " Remove one of them.",
                            first=first["rows"]["from"] + 1,
                            second=info["rows"]["from"] + 1,
                        ),
                    }
                )
                continue
            yield number, xid, values, info

    def _load_records(self, data_list, update=False):
        """Update the records that rows of a file are about, and create the others."""
        if not self._is_loading():
            return super()._load_records(data_list, update)
        later = self.env.context[LATER]
        later.waiting.clear()
        # a failure has the rows loaded again, one by one: theirs are left as they are
        data_list = [
            {**data, "values": self._drop_empty(data["values"])} for data in data_list
        ]
        self._find_known(data_list)
        self._write_known(data_list)
        records = super()._load_records(data_list, update)
        later.run(self.with_context(**{LATER: None}).env)
        return records

    def _load_records_write(self, values):
        if self._is_loading() and not values.keys() - {"id"}:
            return None
        return super()._load_records_write(values)

    def _load_records_create(self, vals_list):
        if self._is_loading():
            vals_list = self._complete_rows(vals_list)
        return super()._load_records_create(vals_list)

    @api.model
    def _drop_empty(self, values):
        """Return values without empty cells where something is required."""
        return {
            name: value
            for name, value in values.items()
            if name not in self._fields
            or value is not False
            or not self._fields[name].required
        }

    @api.model
    def _complete_rows(self, vals_list):
        """Return values for new records with what a file leaves to be found."""
        return vals_list

    @api.model
    def _is_loading(self):
        """Return whether rows of a file are being loaded."""
        return isinstance(self.env.context.get(LATER), Later)

    def _put_off(self, method):
        """Return whether a method is done later, for all rows of a file at once."""
        if loading := self._is_loading():
            self.env.context[LATER].waiting[self._name, method].update(self.ids)
        return loading

    # Which record a row is about

    @api.model
    def _get_row_key(self, values):
        """Return what tells which record values are about, None when they do not say."""
        key = tuple(values.get(name) or False for name in self._import_key)
        return key if all(key) else None

    @api.model
    def _get_row_claims(self, values):
        """Return what only one row of a file may be about: its record."""
        key = self._get_row_key(values)
        return [key] if key else []

    @api.model
    def _find_known(self, data_list):
        """Give each row the id of the record it is about, or its external id to that."""
        self._find_named(data_list)
        new = [data for data in data_list if not data["values"].get("id")]
        if not new or not self._import_key:
            return
        defaults = self.default_get(list(self._import_key))
        keys = [self._get_row_key({**defaults, **data["values"]}) for data in new]
        known = self._map_known({key for key in keys if key})
        pairs = [
            (data, known[key])
            for data, key in zip(new, keys, strict=True)
            if key in known
        ]
        for data, record in pairs:
            data["values"]["id"] = record.id
        self._name_known(pairs)

    @api.model
    def _map_known(self, keys):
        """Return {key: the record that is there}, in one query; archived ones count."""
        if not keys:
            return {}
        columns = zip(self._import_key, zip(*keys, strict=True), strict=True)
        found = self.with_context(active_test=not self._import_archived).search_fetch(
            Domain.AND(Domain(name, "in", set(values)) for name, values in columns),
            list(self._import_key),
        )
        return {
            self._get_row_key(record._read_key()): record
            for record in found.with_env(self.env)
        }

    def _read_key(self):
        """Return the values of ``_import_key`` as they are written."""
        self.ensure_one()
        return self._convert_to_write({name: self[name] for name in self._import_key})

    @api.model
    def _write_known(self, data_list):
        """Write what rows say about records that are there, where it differs.

        What many rows have in common is written to all of them at once.
        """
        known = [data for data in data_list if data["values"].get("id")]
        records = self.browse({data["values"]["id"] for data in known})
        records.check_access("read")
        place = {record.id: record for record in records}
        changes = []
        for data in known:
            values = data["values"]
            record = place[values.pop("id")]
            changes.append((record, record._keep_changed(values)))
            data["values"] = {"id": record.id}
        shared = defaultdict(self.browse)
        for record, values in changes:
            for name in list(values):
                if self._fields[name].type in SHARED_TYPES:
                    shared[name, values.pop(name)] |= record
        for (name, value), group in shared.items():
            group.write({name: value})
        for record, values in changes:
            if values:
                record.write(values)

    def _keep_changed(self, values):
        """Return those of some values that are others than now."""
        self.ensure_one()
        return {
            name: value
            for name, value in values.items()
            if (field := self._fields[name]).type in ("one2many", "many2many")
            or field.convert_to_cache(value, self)
            != field.convert_to_cache(self[name], self)
        }


def _is_table(fields, data):
    """Return whether there are names of columns, and rows of as many cells."""
    return (
        isinstance(fields, (list, tuple))
        and all(isinstance(name, str) for name in fields)
        and isinstance(data, (list, tuple))
        and all(
            isinstance(row, (list, tuple)) and len(row) == len(fields) for row in data
        )
    )
