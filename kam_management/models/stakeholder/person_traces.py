from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from .person_names import Spellings, get_phone_digits, split_name
from .person_places import get_places

# What hangs on records of any model: where it says on which, and its texts.
ATTACHED = {
    "mail.message": (
        "model",
        "res_id",
        ("subject", "body", "email_from", "reply_to", "incoming_email_to")
        + ("incoming_email_cc", "outgoing_email_to"),
    ),
    "mail.scheduled.message": ("model", "res_id", ("subject", "body")),
    "mail.tracking.value": (
        "mail_message_id.model",
        "mail_message_id.res_id",
        ("old_value_char", "new_value_char", "old_value_text", "new_value_text"),
    ),
    "mail.activity": (
        "res_model",
        "res_id",
        ("summary", "note", "feedback", "res_name"),
    ),
}


class Scope(NamedTuple):
    """Whose records are searched for the name of a person, and for which spellings.

    :ivar bool is_unique: whether nobody at other customers has the same name
    """

    accounts: models.BaseModel
    customers: models.BaseModel
    spellings: Spellings
    is_unique: bool

    def get_inside(self, place):
        """Return the domain of the records of a place in which the person is meant."""
        if place.kind == "company":
            companies = Domain(place.owner, "in", self.accounts.company_id.ids)
            return companies if self.is_unique else Domain.FALSE
        owners = self.accounts if place.kind == "account" else self.customers
        return Domain(place.owner, "in", owners.ids)


class KamPersonTraces(models.AbstractModel):
    """Finds what is written of a person, in whatever model of ours.

    - In records about the person (linked to them), whose account ever they are of: also
      where one word of the name stands alone.
    - In records of the customers they have belonged to: where the name, the mail address
      or the phone number stands. Records of no customer count, too, unless somebody at
      another customer has the same name.

    Which models and fields there are follows from the registry: what other modules add
    is searched as well. It works as superuser: a person is forgotten everywhere.
    """

    _name = "kam.person.traces"
    _description = "Traces of a Person"

    @api.model
    def _find(self, person):
        """Return {record: {field: text without the person}} of what is written of them.

        :param person: one ``res.partner``, as superuser
        """
        places = self._get_places()
        about = {
            name: self.env[name]
            .with_context(active_test=False)
            .search(place.get_about(person))
            for name, place in places.items()
        }
        scope = self._get_scope(person, about)
        changes, inside = {}, {}
        for name, place in places.items():
            domain = scope.get_inside(place)
            Model = about[name].browse()
            self._erase(changes, about[name], place.texts, scope, is_close=True)
            if place.texts:
                named = Model.search(domain & self._get_naming(place.texts, scope))
                self._erase(changes, named - about[name], place.texts, scope)
            if "message_ids" in Model._fields and name.startswith("kam."):
                inside[name] = Model.search(domain).ids
        self._find_attached(changes, about, inside, scope)
        return changes

    @api.model
    def _find_attached(self, changes, about, inside, scope):
        """Add what stands in messages and activities on the records that were found.

        :param dict about: {model: records about the person}
        :param dict inside: {model: ids of the records in which they may be named}
        """
        about = {name: records.ids for name, records in about.items()}
        # messages on contacts are Odoo's; activities on a contact remind of the person
        ours = {name: ids for name, ids in about.items() if name.startswith("kam.")}
        for name, (model, res_id, texts) in ATTACHED.items():
            owners = about if name == "mail.activity" else ours
            Model = self.env[name].with_context(active_test=False)
            own = Model.search(_get_attached(model, res_id, owners))
            self._erase(changes, own, texts, scope, is_close=True)
            naming = self._get_naming(texts, scope)
            named = Model.search(_get_attached(model, res_id, inside) & naming)
            self._erase(changes, named - own, texts, scope)

    @api.model
    def _erase(self, changes, records, texts, scope, is_close=False):
        """Add the texts of records that name the person, without the name."""
        word = self.env._("[erased]")
        erase = scope.spellings.erase
        for record in records:
            for name in texts:
                if text := record[name]:
                    is_html = record._fields[name].type == "html"
                    erased = erase(text, word, is_html, is_close)
                    if erased != str(text):
                        changes.setdefault(record, {})[name] = erased

    @api.model
    def _get_naming(self, texts, scope):
        """Return the domain of records that may name the person in one of some fields."""
        return Domain.OR(
            Domain(name, "ilike", needle)
            for name in texts
            for needle in scope.spellings.needles
        )

    @api.model
    def _get_scope(self, person, about):
        """Return where the person is meant when the name is read.

        :param dict about: {model: records about the person}
        """
        Partner = self.env["res.partner"].with_context(active_test=False)
        Account = self.env["kam.account"].with_context(active_test=False)
        accounts = about["kam.account"]
        for name, place in self._get_places().items():
            if place.kind == "account" and place.owner != "id":
                accounts |= about[name].mapped(place.owner)
        customers = person.commercial_partner_id | about["kam.stakeholder"].employer_id
        accounts |= Account.search([("partner_id", "in", customers.ids)])
        customers |= accounts.partner_id
        namesakes = Partner.search_count(
            [
                ("name", "=ilike", person.name or ""),
                ("id", "not in", person.ids),
                ("commercial_partner_id", "not in", customers.ids),
            ],
            limit=1,
        )
        people = Partner.search(
            [
                ("commercial_partner_id", "in", customers.ids),
                ("id", "not in", person.ids),
            ]
        )
        return Scope(
            accounts, customers, self._get_spellings(person, people), not namesakes
        )

    @api.model
    def _get_spellings(self, person, people):
        """Return how a person is named, as told from people and firms around them.

        The firm's own mail address and phone number are nobody's.
        """
        code = str(person.country_id.phone_code or "")
        firms = people.filtered("is_company")
        is_firms_mail = person.email in firms.mapped("email")
        digits = [get_phone_digits(firm.phone, code) for firm in firms]
        is_firms_phone = get_phone_digits(person.phone, code) in digits
        words = split_name(person.name)
        return Spellings(
            person.name,
            "" if is_firms_mail else person.email,
            "" if is_firms_phone else person.phone,
            code,
            # a second contact of the same person is no other person
            [one.name for one in people if one.name and split_name(one.name) != words],
        )

    @api.model
    @ormcache()
    def _get_places(self):
        """Return {model: place} of the models with texts or messages of ours."""
        return get_places(self.env)


def _get_attached(model, res_id, owners):
    """Return the domain of what hangs on records.

    :param str model: path to the name of the model
    :param str res_id: path to the id of the record
    :param dict owners: {model: ids}
    """
    return Domain.OR(
        Domain(model, "=", name) & Domain(res_id, "in", ids)
        for name, ids in owners.items()
        if ids
    )
