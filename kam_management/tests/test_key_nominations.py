from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .portfolio_common import TODAY, PortfolioCommon


@tagged("post_install", "-at_install")
@freeze_time("2022-03-10")
class TestKeyNominations(PortfolioCommon):
    """A customer is a key account for a reason, from a day to a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.account.accountable_id = cls.head

    def test_head_nominates_with_criteria_and_reason(self):
        self._decide("nominate", self.head, reason="Known by all")
        nomination = self.account.nomination_ids
        self.assertRecordValues(
            nomination,
            [
                {
                    "state": "nominated",
                    "criterion_ids": self.criterion.ids,
                    "reason": "Known by all",
                    "date_start": TODAY,
                    "date_end": False,
                    "user_id": self.head.id,
                }
            ],
        )
        self.assertTrue(self.account.is_key_account)

    def test_head_ends_it_with_date_and_reason_and_history_stays(self):
        self._nominate(self.account, "2021-01-01")
        self._decide("end", self.head, reason="Sold", date=date(2022, 3, 1))
        self.assertFalse(self.account.is_key_account)
        self.assertRecordValues(
            self.account.nomination_ids,
            [{"state": "ended", "end_reason": "Sold", "end_user_id": self.head.id}],
        )
        self._decide("nominate", self.head)
        self.assertEqual(
            self.account.nomination_ids.sorted("id").mapped("state"),
            ["ended", "nominated"],
        )

    def test_reason_and_criteria_are_asked_for(self):
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            self._decide("nominate", self.head, reason=" ")
        with self.assertRaisesRegex(UserError, "criterion"):
            self._decide("nominate", self.head, criteria=False)

    def test_manager_may_propose_and_nothing_else(self):
        for step in ("nominate", "end", "dismiss"):
            with self.subTest(step=step), self.assertRaises(AccessError):
                self._decide(step, self.anna)
        self._decide("propose", self.anna)
        self.assertFalse(self.account.is_key_account)
        self.assertEqual(self.account.nomination_ids.state, "proposed")
        with self.assertRaises(AccessError):
            self.account.nomination_ids.with_user(self.anna).date_start = TODAY
        with self.assertRaises(AccessError):
            self._decide("propose", self.boris)

    def test_dialogs_open_for_who_may_write_the_account(self):
        for name in (
            "action_nominate",
            "action_end_nomination",
            "action_propose",
            "action_dismiss",
        ):
            with self.subTest(button=name):
                self.assertEqual(
                    getattr(self.account.with_user(self.anna), name)()["res_model"],
                    "kam.key.decision",
                )
                with self.assertRaises(AccessError):
                    getattr(self.account.with_user(self.boris), name)()

    def test_head_is_asked_and_the_question_goes_with_the_answer(self):
        self._decide("propose", self.anna, reason="Opens doors")
        self.assertEqual(self.account.activity_ids.user_id, self.head)
        self._decide("nominate", self.head)
        self.assertFalse(self.account.activity_ids)
        nomination = self.account.nomination_ids
        self.assertEqual(
            (nomination.state, nomination.proposed_user_id, nomination.user_id),
            ("nominated", self.anna, self.head),
        )

    def test_what_does_not_fit_is_refused(self):
        with self.assertRaisesRegex(UserError, "not a key account"):
            self._decide("end", self.head)
        with self.assertRaisesRegex(UserError, "not suggested"):
            self._decide("dismiss", self.head)
        self._decide("propose", self.anna)
        with self.assertRaisesRegex(UserError, "already been proposed"):
            self._decide("propose", self.anna)
        self._decide("nominate", self.head)
        for step in ("nominate", "propose"):
            with self.assertRaisesRegex(UserError, "already a key account"):
                self._decide(step, self.head)

    # The flag

    def test_flag_that_is_set_opens_a_nomination_without_reason(self):
        self.account.with_user(self.head).is_key_account = True
        self.assertRecordValues(
            self.account.nomination_ids,
            [
                {
                    "state": "nominated",
                    "reason": "No reason was given.",
                    "user_id": self.head.id,
                    "date_start": TODAY,
                }
            ],
        )
        self.account.is_key_account = True
        self.assertEqual(len(self.account.nomination_ids), 1)
        self.account.with_user(self.head).is_key_account = False
        self.assertRecordValues(
            self.account.nomination_ids,
            [{"state": "ended", "end_reason": "No reason was given."}],
        )

    def test_account_created_with_the_flag_has_its_nomination(self):
        partner = self._create_customer("Stranger")
        self.Account.search([("partner_id", "=", partner.id)]).unlink()
        account = self.Account.with_user(self.head).create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "is_key_account": True,
            }
        )
        self.assertEqual(account.nomination_ids.state, "nominated")

    def test_flag_agrees_to_a_proposal(self):
        self._decide("propose", self.anna, reason="Opens doors")
        self.account.is_key_account = True
        nomination = self.account.nomination_ids
        self.assertEqual(
            (nomination.state, nomination.reason), ("nominated", "Opens doors")
        )

    def test_flag_that_is_off_leaves_a_proposal_alone(self):
        self._decide("propose", self.anna)
        self.account.is_key_account = False
        self.assertEqual(self.account.nomination_ids.state, "proposed")

    def test_flag_follows_the_nomination(self):
        Nomination = self.env["kam.key.nomination"].with_user(self.head)
        nomination = Nomination.create(
            {"account_id": self.account.id, "reason": "Why", "date_start": TODAY}
        )
        self.assertTrue(self.account.is_key_account)
        nomination.date_end = TODAY
        self.assertFalse(self.account.is_key_account)
        nomination.date_end = False
        self.assertTrue(self.account.is_key_account)
        nomination.sudo().unlink()
        self.assertFalse(self.account.is_key_account)

    def test_many_flags_at_once(self):
        accounts = self._sell(a=1, b=2, c=3)
        accounts.is_key_account = True
        self.assertEqual(accounts.nomination_ids.mapped("state"), ["nominated"] * 3)

    def test_who_nominated_is_typed_in_by_nobody(self):
        self._decide("nominate", self.head)
        mine = self.account.nomination_id.with_user(self.head)
        for vals in (
            {"user_id": self.anna.id},
            {"end_user_id": self.anna.id},
            {"proposed_user_id": self.anna.id},
            {"state": "ended"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                mine.write(vals)
        with self.assertRaisesRegex(AccessError, "Nominated By"):
            mine.create(
                {
                    "account_id": self._account().id,
                    "reason": "Why",
                    "date_start": TODAY,
                    "user_id": self.anna.id,
                }
            )
        mine.reason = "Known by all"
        mine.date_end = TODAY
        self.assertEqual(mine.end_user_id, self.head, "who ended it is noted")

    # Bad input

    def test_dates_to_come_and_two_at_a_time_are_refused(self):
        tomorrow = TODAY + timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._nominate(self.account, tomorrow)
        self._nominate(self.account, "2021-01-01")
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self.account.nomination_id.date_end = tomorrow
        with self.assertRaisesRegex(ValidationError, "already a key account"):
            self.env["kam.key.nomination"].create(
                {
                    "account_id": self.account.id,
                    "reason": "Before",
                    "date_start": "2020-01-01",
                    "date_end": "2021-01-02",
                }
            )

    @mute_logger("odoo.sql_db")
    def test_one_is_open_and_none_ends_before_it_begins(self):
        self._nominate(self.account, "2021-01-01")
        values = {"account_id": self.account.id, "reason": "Again"}
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["kam.key.nomination"].create(values)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.account.nomination_id.write({"date_end": "2020-01-01"})
            self.env.flush_all()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.criterion.min_share = 101
            self.env.flush_all()

    # Customers that turn out to be one

    def test_merged_customer_brings_its_nomination(self):
        double = self._account(self._create_customer("Double"))
        self._nominate(double, "2021-01-01")
        self._merge(double)
        self.assertTrue(self.account.is_key_account)
        self.assertRecordValues(
            self.account.nomination_ids,
            [{"state": "nominated", "reason": "Well known"}],
        )

    def test_of_two_key_accounts_one_nomination_stays(self):
        double = self._account(self._create_customer("Double"))
        self._nominate(double, "2021-01-01")
        self._nominate(self.account, "2021-06-01")
        mine = self.account.nomination_id
        self._merge(double)
        self.assertEqual(self.account.nomination_id, mine)
        self.assertEqual(len(self.account.nomination_ids), 2)
        self.assertTrue(self.account.is_key_account)

    def test_proposal_gives_way_to_a_nomination(self):
        double = self._account(self._create_customer("Double"))
        self._nominate(double, "2021-01-01")
        self._decide("propose", self.anna)
        self._merge(double)
        self.assertTrue(self.account.is_key_account)
        self.assertEqual(
            sorted(self.account.nomination_ids.mapped("state")),
            ["dismissed", "nominated"],
        )

    def _merge(self, double):
        self.Account._move_to_partner(double.partner_id, self.customer)

    def _decide(self, step, user, reason="Because", criteria=True, **values):
        """Take a step in the dialog, as a user."""
        Wizard = self.env["kam.key.decision"].with_user(user)
        context = {"default_account_id": self.account.id, "default_step": step}
        with Form(Wizard.with_context(**context)) as form:
            form.reason = reason
            for name, value in values.items():
                form[name] = fields.Date.to_string(value)
            if criteria and step in ("nominate", "propose"):
                form.criterion_ids.add(self.criterion)
        form.record.action_apply()
