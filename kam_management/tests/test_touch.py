from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestTouch(KamCommon):
    """A touch typed in by hand: what it needs, and what follows from it."""

    def test_new_touch_engages_the_customer_through_the_queue(self):
        account = self._account()
        self._touch("2020-03-10")
        self.assertEqual(account.level, "potential")
        self._drain()
        self.assertEqual(account.level, "engaged")
        self.assertEqual(account.first_touch_date.isoformat(), "2020-03-10")

    def test_changed_date_changes_the_log(self):
        touch = self._touch("2020-03-10")
        self._drain()
        touch.date = "2019-03-10 12:00:00"
        self._drain()
        self.assertEqual(
            self._log(self._account()), [("2019-03-10", "potential", "engaged")]
        )

    def test_touch_given_to_another_customer_changes_both(self):
        touch = self._touch("2020-03-10")
        rival = self._account(self._create_customer("Rival Machines"))
        self._drain()
        touch.account_id = rival
        self._drain()
        self.assertEqual((self._account().level, rival.level), ("potential", "engaged"))

    def test_deleted_touch_takes_the_level_back(self):
        touch = self._touch("2020-03-10")
        self._drain()
        touch.unlink()
        self._drain()
        self.assertEqual(self._account().level, "potential")
        self.assertFalse(self._log(self._account()))

    def test_touch_of_a_lead_belongs_to_its_customer(self):
        account = self._account()
        lead = self.env["crm.lead"].create(
            {"name": "Compressors", "partner_id": self.customer.id}
        )
        touch = self.env["kam.touch"].create(
            {"lead_id": lead.id, "date": "2020-03-10 12:00:00"}
        )
        self.assertEqual(touch.account_id, account)

    def test_touch_in_the_future_is_refused(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "in the future. Schedule"):
            self.env["kam.touch"].create(
                {"account_id": self._account().id, "date": tomorrow}
            )

    def test_touch_moved_into_the_future_is_refused(self):
        touch = self._touch("2020-03-10")
        with self.assertRaisesRegex(ValidationError, "in the future. Schedule"):
            touch.date = fields.Datetime.now() + timedelta(minutes=5)

    def test_contact_is_one_of_the_people_met(self):
        ines, otto, eva = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.customer.id}
                for name in ("Ines", "Otto", "Eva")
            ]
        )
        touch = self._touch(
            "2020-03-10", partner_id=ines.id, partner_ids=[(6, 0, otto.ids)]
        )
        self.assertEqual(touch.partner_ids, ines + otto)
        touch.partner_id = eva  # Ines was a slip
        self.assertEqual(touch.partner_ids, otto + eva)
        touch.partner_ids = False
        self.assertEqual(touch.partner_ids, eva)

    def test_touch_of_nobody_is_refused_with_a_clear_message(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            self.env["kam.touch"].create({"date": "2020-03-10 12:00:00"})
        message = self.env["kam.touch"]._sql_error_to_message(caught.exception)
        self.assertIn("belongs to an account or to a lead", message)
