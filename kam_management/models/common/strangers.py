"""Records that a client names, although its user may not read them."""

from odoo.fields import Command
from odoo.models import LOG_ACCESS_COLUMNS

from .sense import LARGEST_NUMBER

MODULE = "kam_management"


def is_ours(field):
    """Return whether a field was brought in by this addon, whoever extends it."""
    return field._modules[:1] == (MODULE,) and field.name not in LOG_ACCESS_COLUMNS


def without_strangers(record, values, changed=(), refuse=True):
    """Return the values of a form without the records that its user may not read.

    - What the record is linked to already stays: the user sees that anyway.
    - What the app works out is left out, so that the app works it out again.
    - Anything else was named by the client itself: it is refused, or left out.

    Only fields of ours are looked at, in all lines and parents of the form as well.

    :param record: the record in the form, empty for a new one
    :param dict values: as ``onchange`` gets them
    :param changed: names of the fields that the user has just changed
    :param bool refuse: whether to refuse what the client named; it empties caches
    :raise AccessError: when the client named such a record
    """
    kept = {}
    for name, value in values.items():
        field = record._fields.get(name)
        if value and field and field.relational:
            comodel = record.env[field.comodel_name]
            if is_ours(field) and (strangers := _find_strangers(record, field, value)):
                if not refuse or (field.compute and name not in changed):
                    continue
                strangers.check_access("read")
            value = _without_nested_strangers(comodel, field, value, refuse)
        kept[name] = value
    return kept


def _find_strangers(record, field, value):
    """Return the records a value names anew that the user may not read."""
    comodel = record.env[field.comodel_name]
    # sudo: what the record is linked to, whoever may read that
    named = comodel.browse(_get_named_ids(field, value)) - record.sudo()[field.name]
    named = named.exists()  # what is gone is for Odoo to refuse
    return named - named._filtered_access("read")


def refuse_strangers(records, vals_list):
    """Refuse values that link records which the user may not read: a link tells the name.

    Only fields of ours are looked at, each once for all; lines look at theirs.

    :param records: what is written, empty when it is created
    :param list vals_list: dicts, as ``create`` gets them
    :raise AccessError: when there is such a link
    """
    for name in {name for vals in vals_list for name in vals}:
        field = records._fields.get(name)
        if field and field.relational and is_ours(field):
            values = [vals[name] for vals in vals_list if vals.get(name)]
            ids = {one for value in values for one in _get_named_ids(field, value)}
            # sudo: what they are linked to already tells nothing new, whoever reads it
            named = records.env[field.comodel_name].browse(ids) - records.sudo()[name]
            if named:
                named.exists().check_access("read")  # what is gone is Odoo's to refuse


def _get_named_ids(field, value):
    """Return the ids of the existing records that a value names."""
    if field.type == "many2one":
        ids = [value.get("id") if isinstance(value, dict) else value]
    else:
        ids = []
        for command, record_id, content in map(_unpack, _get_commands(value)):
            if command in (Command.UPDATE, Command.LINK):
                ids.append(record_id)
            elif command == Command.SET and isinstance(content, (list, tuple)):
                ids.extend(content)
    return [number for one in ids if 0 < (number := _get_number(one)) <= LARGEST_NUMBER]


def _get_number(one):
    """Return the number that an id is, 0 when it is none.

    New lines have words for ids; a number in quotes or with a point is one all the same.
    """
    try:
        return 0 if isinstance(one, bool) else int(one)
    except (TypeError, ValueError, OverflowError):
        return 0


def _without_nested_strangers(comodel, field, value, refuse):
    """Return a value of a form, its lines or its parent without strangers."""
    if field.type == "many2one":
        if not isinstance(value, dict):
            return value
        parent = comodel.browse(_get_named_ids(field, value))
        return without_strangers(parent, value, refuse=refuse)
    if not isinstance(value, (list, tuple)):
        return value  # nothing a form sends: Odoo knows what to make of it
    kept = []
    for command in value:
        kind, record_id, content = _unpack(command)
        if kind in (Command.CREATE, Command.UPDATE) and isinstance(content, dict):
            line = comodel.browse(_get_named_ids(field, [command]))
            content = without_strangers(line, content, refuse=refuse)
            command = [kind, record_id, content]
        kept.append(command)
    return kept


def _get_commands(value):
    """Return the commands of a value for several records; a mere id is one, too."""
    return value if isinstance(value, (list, tuple)) else []


def _unpack(command):
    """Return what a command does, to which record, and with what."""
    if isinstance(command, dict):
        return Command.CREATE, 0, command
    if not isinstance(command, (list, tuple)):
        return Command.LINK, command, False
    return (*command, False, False, False)[:3]
