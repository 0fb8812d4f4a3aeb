"""Where people may be written of: the models, and their fields for free text.

It follows from the registry, so that what other modules add is found as well.
"""

from typing import NamedTuple

from odoo.fields import Domain

from ..common.strangers import is_ours

TEXT_TYPES = ("char", "text", "html")
# Records that belong to a customer by themselves.
OWNERS = {
    "kam.account": ("id", "account"),
    "res.partner": ("commercial_partner_id", "customer"),
}


class Place(NamedTuple):
    """Where people may be written of, in the records of one model.

    :ivar texts: names of the fields for free text
    :ivar owner: path to what a record belongs to, empty when it belongs to no customer
    :ivar kind: what the path leads to: ``account``, ``customer`` or ``company``
    :ivar people: paths to the people whom a record is about
    """

    texts: tuple
    owner: str
    kind: str
    people: tuple

    def get_about(self, person):
        """Return the domain of the records about a person."""
        return Domain.OR(Domain(path, "in", person.ids) for path in self.people)


def get_places(env):
    """Return {model: place} of the models with texts or messages of ours."""
    places = {}
    for name, Model in env.items():
        if Model._abstract or Model._transient or not Model._auto:
            continue
        texts = _get_texts(Model)
        owner, kind = _get_owner(Model)
        has_log = name.startswith("kam.") and "message_ids" in Model._fields
        if owner and (texts or has_log):
            places[name] = Place(texts, owner, kind, _get_people(Model))
    return places


def _get_texts(model):
    """Return the fields of a model in which users write freely, of others' ours.

    What is translated is a word of the catalogue, not one about a person.
    """
    fields = model._fields.items()
    technical = {getattr(field, "model_field", None) for _name, field in fields}
    return tuple(
        name
        for name, field in fields
        if field.type in TEXT_TYPES and field.store and name not in technical
        if model._name.startswith("kam.") or is_ours(field)
        if not field.translate and not field.related
        if not field.compute or not field.readonly
    )


def _get_owner(model):
    """Return path and kind of what a record of a model belongs to, see ``Place``.

    A model may say so in ``_kam_owner``, where no link of its own tells.
    """
    if owner := OWNERS.get(model._name) or getattr(model, "_kam_owner", None):
        return owner
    links = _get_links(model)
    for name, comodel in links:
        if comodel == "kam.account":
            return name, "account"
    for name, comodel in links:
        if comodel == "res.partner":
            return f"{name}.commercial_partner_id", "customer"
    for name, comodel in links:
        if comodel.startswith("kam.") and model._fields[name].required:
            owner, kind = _get_owner(model.env[comodel])
            return (f"{name}.{owner}", kind) if owner else (owner, kind)
    return ("company_id" if "company_id" in model._fields else ""), "company"


def _get_people(model):
    """Return the paths to the people whom a record of a model is about."""
    if model._name == "res.partner":
        return ("id",)
    paths = []
    for name, comodel in _get_links(model):
        if comodel == "res.partner":
            paths.append(name)
        elif comodel not in ("kam.account", model._name):
            people = model.env[comodel]._fields.get("partner_id")
            if people and people.store and people.comodel_name == "res.partner":
                paths.append(f"{name}.partner_id")
    return tuple(paths)


def _get_links(model):
    """Return [(field, model)] of the stored links to people and records of ours."""
    return [
        (name, field.comodel_name)
        for name, field in model._fields.items()
        if field.type in ("many2one", "many2many") and field.store
        if field.comodel_name == "res.partner" or field.comodel_name.startswith("kam.")
    ]
