import logging
from traceback import format_exception

import psycopg2

from odoo.tests import TransactionCase, tagged

from ..private_log import ATTACHED, PrivateQueries, install

LOGGER = "odoo.sql_db"


@tagged("post_install", "-at_install")
class TestPrivateLog(TransactionCase):
    """A query that fails writes nothing personal to the log."""

    def _fail(self, query, params=()):
        """Return what is logged when a query fails."""
        with (
            self.assertLogs(LOGGER, "ERROR") as caught,
            self.assertRaises(psycopg2.Error),
            self.cr.savepoint(flush=False),
        ):
            self.cr.execute(query, params)
        return "\n".join(caught.output)

    def test_row_that_breaks_a_constraint_is_not_quoted(self):
        """PostgreSQL quotes the row that is refused, Odoo the values it tried."""
        logged = self._fail(
            "INSERT INTO kam_person_profile (hobbies, family) VALUES (%s, %s)",
            ["Sails with O'Hara", "Two \\ children"],
        )
        self.assertNotIn("Sails", logged)
        self.assertNotIn("Hara", logged)
        self.assertNotIn("children", logged)
        self.assertIn("INSERT INTO kam_person_profile (hobbies, family)", logged)
        self.assertIn("violates not-null constraint", logged)

    def test_value_that_is_no_date_is_not_quoted(self):
        logged = self._fail(
            """UPDATE "kam_touch" SET "date" = %s -- the day, don't ask
            WHERE "note" = %s""",
            ["Born in May", "Likes tulips"],
        )
        self.assertNotIn("May", logged)
        self.assertNotIn("tulips", logged)
        self.assertIn('UPDATE "kam_touch" SET "date" = ?', logged)
        self.assertIn("invalid input syntax", logged)

    def test_what_is_saved_through_a_record_is_private_too(self):
        person = self.env["res.partner"].create({"name": "Ada Lovelace"})
        values = {"partner_id": person.id, "purpose": "Three cats"}
        self.env["kam.person.profile"].create(values)
        with (
            self.assertLogs(LOGGER, "ERROR") as caught,
            self.assertRaises(psycopg2.IntegrityError),
            self.cr.savepoint(),
        ):
            self.env["kam.person.profile"].create(values)
        self.assertNotIn("cats", caught.output[0])
        self.assertIn("kam_person_profile", caught.output[0])

    def test_what_is_written_on_records_is_private_whatever_the_table(self):
        """Texts on our records, and keys of surveys, stand in tables of all models."""
        for table in ATTACHED:
            query = f'INSERT INTO "{table}" (nothing) VALUES (%s)'
            with self.subTest(table=table):
                logged = self._fail(query, ["Likes tulips"])
                self.assertNotIn("tulips", logged)
                self.assertIn(f'INSERT INTO "{table}" (nothing)', logged)

    def test_row_of_a_message_or_rating_is_not_quoted(self):
        for table, column in (
            ("mail_activity", "note"),
            ("mail_message", "body"),
            ("mail_scheduled_message", "body"),
            ("mail_tracking_value", "new_value_text"),
            ("rating_rating", "access_token"),
        ):
            query = f"INSERT INTO {table} ({column}) VALUES (%s)"
            with self.subTest(table=table):
                logged = self._fail(query, ["Likes tulips"])
                self.assertNotIn("tulips", logged)
                self.assertIn("violates not-null constraint", logged)

    def test_error_that_is_raised_quotes_nothing_further_up(self):
        with (
            self.assertLogs(LOGGER, "ERROR"),
            self.assertRaises(psycopg2.IntegrityError) as caught,
            self.cr.savepoint(flush=False),
        ):
            self.cr.execute("INSERT INTO kam_touch (note) VALUES ('Likes tulips')")
        text = "".join(format_exception(caught.exception))
        self.assertIn("violates not-null constraint", text)
        self.assertNotIn("Failing row", text)
        told = self.env["kam.touch"]._sql_error_to_message(caught.exception)
        self.assertIn("Missing required value", told)

    def test_queries_of_others_are_logged_as_before(self):
        query = "UPDATE res_partner SET name = NULL, ref = %s WHERE id = %s"
        logged = self._fail(query, ["Reference", self.env.user.partner_id.id])
        self.assertIn("'Reference'", logged)
        self.assertIn("DETAIL", logged)
        logged = self._fail("SELECT nothing FROM res_partner WHERE name = 'kam_touch'")
        self.assertIn("'kam_touch'", logged)

    def test_filter_is_there_once(self):
        install()
        filters = logging.getLogger(LOGGER).filters
        self.assertEqual(sum(isinstance(f, PrivateQueries) for f in filters), 1)
