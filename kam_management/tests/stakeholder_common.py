from contextlib import contextmanager
from datetime import timedelta

import psycopg2

from odoo import Command, fields
from odoo.tools import mute_logger

from .common import KamCommon


class StakeholderCommon(KamCommon):
    """An account that Anna leads, and a few words to fill it with people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.personal = cls.env.ref("kam_management.group_kam_personal")

    @classmethod
    def _person(cls, name, **values):
        """Return a new contact of the customer."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": cls.customer.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _role(cls, code):
        return cls.env["kam.stakeholder.role"].search([("code", "=", code)])

    @classmethod
    def _dossier(cls, person, roles="", **values):
        """Return a dossier on a partner, or on a new contact of this name.

        :param roles: codes with spaces between them
        """
        if isinstance(person, str):
            person = cls._person(person)
        role_ids = [cls._role(code).id for code in roles.split()]
        return cls.env["kam.stakeholder"].create(
            {
                "partner_id": person.id,
                "account_id": cls.account.id,
                "user_id": cls.anna.id,
                "role_ids": [Command.set(role_ids)],
                **values,
            }
        )

    @classmethod
    def _profile(cls, person, **values):
        """Return personal facts about a person, kept for a good reason."""
        return cls.env["kam.person.profile"].create(
            {
                "partner_id": person.id,
                "company_id": cls.company.id,
                "hobbies": "Sailing",
                "purpose": "Invitations",
                "legal_basis": "consent",
                "review_date": fields.Date.today() + timedelta(days=200),
                **values,
            }
        )

    @classmethod
    def _erase(cls, record, user=None):
        """Erase the person of a dossier, or a contact, as a user does by the dialog."""
        record = record.with_user(user or cls.env.user)
        if record._name == "kam.stakeholder":
            action = record.action_erase_person()
        else:
            action = record.action_kam_erase_person()
        record.env[action["res_model"]].browse(action["res_id"]).action_erase()

    @classmethod
    def _lead(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Compressors",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
                **values,
            }
        )

    @contextmanager
    def assertUniqueViolation(self, message, model="kam.stakeholder"):
        """Assert that a UNIQUE index refuses something, with a clear message."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            yield
            self.env.flush_all()
        text = self.env[model]._sql_error_to_message(caught.exception)
        self.assertIn(message, text)
