from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize_all, ormcache

from .person_names import Spellings, get_phone_digits, split_name
from .person_places import get_places
from .person_reach import Reach, get_owners

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
        ("summary", "note", "feedback"),
    ),
}


class Scope(NamedTuple):
    """Whose records are searched for the name of a person, and for which spellings.

    :ivar bool is_unique: whether nobody at other customers has the same name
    :ivar reach: in which records the user may have the person erased
    """

    accounts: models.BaseModel
    customers: models.BaseModel
    spellings: Spellings
    is_unique: bool
    reach: Reach

    def get_inside(self, place):
        """Return the domain of the records of a place in which the person is meant."""
        if place.kind == "company":
            companies = Domain(place.owner, "in", self.accounts.company_id.ids)
            is_meant = self.is_unique and self.reach.is_head
            return companies if is_meant else Domain.FALSE
        owners = self.accounts if place.kind == "account" else self.customers
        return Domain(place.owner, "in", owners.ids)

    def search_inside(self, model, place, domain):
        """Return the records of a place in which the person may be looked for."""
        found = model.search(self.get_inside(place) & domain)
        return self.reach.filter_named(found, place)


class KamPersonTraces(models.AbstractModel):
    """Finds what is written of a person, in whatever model of ours.

    - In records about the person (linked to them), whose account ever they are of: also
      where one word of the name stands alone.
    - In records of the customers they have belonged to: where the name, the mail address
      or the phone number stands. Records of no customer count, too, unless somebody at
      another customer has the same name.

    Which models and fields there are follows from the registry: what other modules add
    is searched as well. All this within the reach of the user, see ``Reach``: as
    superuser a person is forgotten everywhere.
    """

    _name = "kam.person.traces"
    _description = "Traces of a Person"

    @api.model
    def _find(self, person):
        """Return {record: {field: text without the person}} of what is written of them.

        :param person: one ``res.partner``, as the user who erases them
        :return: records as superuser
        """
        # sudo: what is found is cut down to what the user may have changed
        return self.sudo()._find_within(person.sudo(), Reach(person.env))

    @api.model
    def _has_hidden(self, person):
        """Return whether there are records of ours about a person beyond the user's.

        It tells by links alone, not by what is written.

        :param person: ``res.partner``, as the user who erases them
        """
        reach = Reach(person.env)
        if reach.is_everywhere:
            return False
        # sudo: tells that there is more, not what
        about = self.sudo()._get_about(person.sudo())
        places = self._get_places()
        return any(
            records - reach.filter_own(records, places[name])
            for name, records in about.items()
            if name.startswith("kam.")
        )

    @api.model
    def _find_within(self, person, reach):
        """Return what ``_find`` does, as superuser."""
        places = self._get_places()
        about = {
            name: reach.filter_own(records, places[name])
            for name, records in self._get_about(person).items()
        }
        scope = self._get_scope(person, about, reach)
        changes, inside = {}, {}
        for name, place in places.items():
            Model = about[name].browse()
            self._erase(changes, about[name], place.texts, scope, is_close=True)
            if place.texts:
                naming = self._get_naming(place.texts, scope)
                named = scope.search_inside(Model, place, naming)
                self._erase(changes, named - about[name], place.texts, scope)
            if "message_ids" in Model._fields and name.startswith("kam."):
                inside[name] = scope.search_inside(Model, place, Domain.TRUE).ids
        self._find_attached(changes, about, inside, scope)
        return changes

    @api.model
    def _get_about(self, person):
        """Return {model: records about a person}, whosoever they are."""
        return {
            name: self.env[name]
            .with_context(active_test=False)
            .search(place.get_about(person))
            for name, place in self._get_places().items()
        }

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
    def _get_scope(self, person, about, reach):
        """Return where the person is meant when the name is read.

        :param dict about: {model: records about the person}
        :param reach: in which records the user may have the person erased
        """
        Partner = self.env["res.partner"].with_context(active_test=False)
        Account = self.env["kam.account"].with_context(active_test=False)
        accounts = about["kam.account"]
        for name, place in self._get_places().items():
            if place.kind == "account":
                accounts |= get_owners(about[name], place)
        customers = person.commercial_partner_id | about["kam.stakeholder"].employer_id
        accounts |= Account.search([("partner_id", "in", customers.ids)])
        accounts = reach.filter_access(accounts, "write")
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
        spellings = self._get_spellings(person, people)
        return Scope(accounts, customers, spellings, not namesakes, reach)

    @api.model
    def _get_spellings(self, person, people):
        """Return how a person is named, as told from people and firms around them.

        The firm's own mail address and phone number are nobody's.
        """
        code = str(person.country_id.phone_code or "")
        firms = people.filtered("is_company")
        shared = {one for firm in firms for one in email_normalize_all(firm.email)}
        emails = [one for one in email_normalize_all(person.email) if one not in shared]
        digits = [get_phone_digits(firm.phone, code) for firm in firms]
        is_firms_phone = get_phone_digits(person.phone, code) in digits
        words = split_name(person.name)
        return Spellings(
            person.name,
            list(dict.fromkeys(emails)),
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
