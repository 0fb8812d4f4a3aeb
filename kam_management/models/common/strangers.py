"""Records that a client names to a form, although its user may not read them."""

from odoo.fields import Command
from odoo.models import LOG_ACCESS_COLUMNS

MODULE = "kam_management"


def is_ours(field):
    """Return whether a field was brought in by this addon, whoever extends it."""
    return field._modules[:1] == (MODULE,) and field.name not in LOG_ACCESS_COLUMNS


def without_strangers(record, values, changed=()):
    """Return the values of a form without the records that its user may not read.

    - What the record is linked to already stays: the user sees that anyway.
    - What the app works out is left out, so that the app works it out again.
    - Anything else was named by the client itself.

    Only fields of ours are looked at, in lines and parents of the form as well.

    :param record: the record in the form, empty for a new one
    :param dict values: as ``onchange`` gets them
    :param changed: names of the fields that the user has just changed
    :raise AccessError: when the client named such a record
    """
    kept = {}
    for name, value in values.items():
        field = record._fields.get(name)
        if value and field and field.relational and is_ours(field):
            comodel = record.env[field.comodel_name]
            # sudo: what the record is linked to, whoever may read that
            named = comodel.browse(_get_named_ids(field, value)) - record.sudo()[name]
            if strangers := named - named._filtered_access("read"):
                if field.compute and name not in changed:
                    continue
                strangers.check_access("read")
            value = _without_nested_strangers(comodel, field, value)
        kept[name] = value
    return kept


def _get_named_ids(field, value):
    """Return the ids of the existing records that a value of a form names."""
    if field.type == "many2one":
        ids = [value.get("id") if isinstance(value, dict) else value]
    else:
        ids = []
        for command in value:
            if command[0] in (Command.UPDATE, Command.LINK):
                ids.append(command[1])
            elif command[0] == Command.SET:
                ids.extend(command[2])
    # new lines have words for ids
    return [record_id for record_id in ids if record_id and isinstance(record_id, int)]


def _without_nested_strangers(comodel, field, value):
    """Return a value of a form, its lines or its parent without strangers."""
    if field.type == "many2one":
        if not isinstance(value, dict):
            return value
        return without_strangers(comodel.browse(_get_named_ids(field, value)), value)
    return [
        [
            *command[:2],
            without_strangers(
                comodel.browse(_get_named_ids(field, [command])), command[2]
            ),
        ]
        if command[0] in (Command.CREATE, Command.UPDATE)
        else command
        for command in value
    ]
