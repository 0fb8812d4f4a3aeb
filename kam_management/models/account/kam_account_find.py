import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

POSITIVE = ("ilike", "like", "=ilike", "=like")
# Fewer digits are in too many numbers to tell a customer by them.
MIN_DIGITS = 4
# All that people write in a phone number beside its digits.
PHONE = re.compile(r"[\d\s+()./\\-]+")
# What is looked for word by word: a phone number is one, however it is written.
WORD = re.compile(r"[+(\d][\d\s+()./\\-]*(?=\s|$)|\S+")
# Who pastes a page is not meant to wait for each word of it.
MAX_WORDS = 8


def _field(label, *ways):
    """Return a field to search accounts by, in some ways; it shows nothing."""
    return fields.Char(
        label,
        store=False,
        exportable=False,
        search=lambda self, operator, value: self._search_found_by(
            ways, operator, value
        ),
    )


class KamAccount(models.Model):
    """Accounts are found by whatever one knows of the customer or of its people."""

    _inherit = "kam.account"

    found_by = _field("Customer, Contact, Phone, Email, City, Reference")
    found_by_name = _field("Contact Name", "name")
    found_by_phone = _field("Phone", "phone")
    found_by_email = _field("Email", "email")
    found_by_city = _field("City", "city")
    found_by_reference = _field("Reference or Tax ID", "reference")

    @api.model
    def _search_display_name(self, operator, value):
        """Find accounts by what one knows of the customer; files name it exactly."""
        if operator in POSITIVE and isinstance(value, str) and value.strip():
            return self._search_found_by((), operator, value)
        return super()._search_display_name(operator, value)

    @api.model
    def _search_found_by(self, ways, operator, value):
        """Return the domain of the accounts found by a text: by all of its words, in any
        order, each at the customer or at one of its people.

        :param ways: keys of ``_get_ways_to_find``; none for all of them
        """
        if operator == "in":
            # there is nothing to find by what is no text
            return Domain.OR(
                self._search_found_by(ways, "=ilike", escape_psql(text))
                for text in value
                if isinstance(text, str) and text.strip()
            )
        if operator not in POSITIVE or not isinstance(value, str):
            return NotImplemented
        if not (text := self._get_pattern(value)):
            return Domain.TRUE
        # who asks for a whole name gets it; else the words may stand anywhere
        words = [text] if operator[0] == "=" else self._split_words(text)
        return Domain.AND(self._get_word_domain(ways, operator, word) for word in words)

    @api.model
    def _split_words(self, text):
        """Return what must be found, each anywhere: words and phone numbers."""
        words = [word.strip() for word in WORD.findall(text)]
        return words[:MAX_WORDS]

    @api.model
    def _get_word_domain(self, ways, operator, word):
        """Return the domain of the accounts whose customer, or one of its people, has a
        word in one of its ways.
        """
        finders = self._get_ways_to_find()
        people = Domain.OR(
            finders[way](operator, word) for way in (ways or finders.keys())
        )
        # who was archived is looked for as well: the account says whether it is
        Partner = self.env["res.partner"].with_context(active_test=False)
        query = Partner._search(people)
        customers = query.subselect(
            Partner._field_to_sql(query.table, "commercial_partner_id", query)
        )
        return Domain("partner_id", "in", customers)

    @api.model
    def _get_pattern(self, value):
        """Return a text to compare with: one space between words, no open escape."""
        text = " ".join(value.split())
        is_open = (len(text) - len(text.rstrip("\\"))) % 2
        return text[:-1].rstrip() if is_open else text

    @api.model
    def _get_ways_to_find(self):
        """Return {key: function of operator and text} with the domains of the partners,
        customers or their people, that a text stands for.
        """
        return {
            "name": self._get_name_domain,
            "phone": self._get_phone_domain,
            "email": lambda operator, text: Domain("email", operator, text),
            "city": lambda operator, text: Domain("city", operator, text),
            "reference": self._get_reference_domain,
        }

    @api.model
    def _get_name_domain(self, operator, text):
        """Return the domain of the partners with a name; alone or after the company's."""
        domain = Domain("complete_name", operator, text)
        # what is within a name is within the complete one as well
        return domain | Domain("name", operator, text) if operator[0] == "=" else domain

    @api.model
    def _get_phone_domain(self, _operator, text):
        """Return the domain of the partners with a phone number, however it is written."""
        digits = self._get_national_digits(text)
        if len(digits) < MIN_DIGITS:
            return Domain.FALSE
        return Domain("phone_mobile_search", "like", digits)

    @api.model
    def _get_national_digits(self, text):
        """Return the digits of a phone number that all spellings of it have in common.

        Without the country's code, and without the zero in its place; "" for what is no
        phone number.
        """
        if not PHONE.fullmatch(text):
            return ""
        digits = re.sub(r"\D", "", text.replace("(0)", ""))
        if text.startswith(("+", "00")):
            digits = digits.lstrip("0")
            # sudo: calling codes are no secret
            countries = self.env["res.country"].sudo().search([("phone_code", ">", 0)])
            codes = {str(code) for code in countries.mapped("phone_code")}
            # no code begins with another one, those of countries that share one aside
            size = next((n for n in range(1, 4) if digits[:n] in codes), 0)
            digits = digits[size:]
        return digits.lstrip("0")

    @api.model
    def _get_reference_domain(self, operator, text):
        """Return the domain of the partners with a reference or a tax ID, spaces or not."""
        close = text.replace(" ", "")
        return (
            Domain("ref", operator, text)
            | Domain("vat", operator, text)
            | Domain("vat", operator, close)
        )
