from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .quota_process_common import START, QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaIntruder(QuotaProcessCommon):
    """What people try who know how to call the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company("Other Company")
        cls.env.user.company_ids |= cls.other_company
        cls.seller_manager = cls._create_user("daniel", "kam_management.group_kam_user")
        cls.foreign = (
            cls.env["kam.quota"]
            .with_context(allowed_company_ids=cls.other_company.ids)
            .create(
                {
                    "company_id": cls.other_company.id,
                    "scope": "company",
                    "date_start": START,
                    "line_ids": [Command.create({"indicator": "won", "target": 7})],
                }
            )
        )

    # Of another company

    def test_quota_does_not_move_to_a_company_one_does_not_see(self):
        quota = self._quota(scope="company", date_start="2020-04-01")
        with self.assertRaises(AccessError):
            quota.company_id = self.other_company.id

    def test_line_does_not_move_to_a_quota_one_does_not_see(self):
        quota = self._quota({"engaged": 3})
        with self.assertRaises(AccessError):
            quota.line_ids.quota_id = self.foreign.id

    def test_refusal_tells_nobody_of_the_quota_in_the_way(self):
        quota = self._quota()
        values = {"user_id": self.anna.id, "date_start": START}
        with self.assertRaises(AccessError) as refusal:
            self.env["kam.quota"].with_user(self.seller).create(values)
        self.assertNotIn(quota.name, str(refusal.exception))

    def test_line_does_not_move_into_a_closed_quota(self):
        closed = self._quota(state="closed")
        draft = self._quota({"engaged": 3}, date_start="2020-04-01")
        with self.assertRaisesRegex(UserError, "closed"):
            draft.line_ids.quota_id = closed

    def test_decision_does_not_move_to_another_line(self):
        quota = self._quota(state="running")
        self._stand(quota.line_ids, "behind", -50)
        with self.assertRaises(UserError):
            quota.decision_ids.line_id = self.foreign.line_ids.id

    def test_planning_measures_companies_one_sees_alone(self):
        """The preview showed what another company had reached a year before."""
        for step in ("action_preview", "action_create_quotas"):
            planning = (
                self.env["kam.quota.planning"]
                .with_user(self.head)
                .create({"user_ids": [], "with_company": True, "date": "2020-04-10"})
            )
            planning.sudo().company_id = self.other_company
            with self.subTest(step=step), self.assertRaises(AccessError):
                getattr(planning, step)()

    def test_client_names_no_other_line_to_learn_what_it_is(self):
        quota = self._quota(state="running")
        other = self._quota(state="running", user_id=self.boris.id)
        self._stand(quota.line_ids, "behind", -50)
        decision = self._decide(quota.decision_ids, owner_id=self.seller_manager.id)
        spec = {"display_name": {}, "manager_id": {}}
        mine = decision.with_user(self.seller_manager)
        for line in (other.line_ids, self.foreign.line_ids):
            with self.subTest(line=line), self.assertRaises(AccessError):
                mine.onchange({"line_id": line.id}, ["line_id"], spec)
        self.assertTrue(mine.onchange({"effect_note": "Met"}, ["effect_note"], spec))

    def test_targets_of_another_company_are_not_rolled_up(self):
        self.env["kam.quota"].create(
            {
                "company_id": self.other_company.id,
                "user_id": self._create_user(
                    "ben", "kam_management.group_kam_user", self.other_company
                ).id,
                "date_start": START,
                "line_ids": [Command.create({"indicator": "won", "target": 77})],
            }
        )
        line = self.env["kam.quota.line"].with_user(self.head)
        answer = line.onchange(
            {
                "scope": "company",
                "company_id": self.other_company.id,
                "date_start": "2020-03-01",
                "date_end": "2020-03-31",
                "indicator": "won",
                "buyer": "all",
            },
            ["indicator"],
            {"rolled_target": {}},
        )
        self.assertFalse(answer["value"].get("rolled_target"))

    # Bad input

    @mute_logger("odoo.sql_db")
    def test_no_number_is_no_target(self):
        line = self._quota().line_ids
        for target in (float("nan"), float("inf"), -1):
            with (
                self.subTest(target=target),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                line.sudo().target = target
                line.flush_recordset()
        for target in (float("nan"), float("inf")):
            with self.subTest(head=target), self.assertRaisesRegex(UserError, "Target"):
                line.target = target

    def test_quota_for_thousands_of_years_is_a_slip(self):
        for start, end in (("1900-01-01", "2020-01-01"), ("2019-01-01", "2021-01-03")):
            with (
                self.subTest(start=start),
                self.assertRaisesRegex(ValidationError, "two years"),
                self.cr.savepoint(),
            ):
                self._quota(period="free", date_start=start, date_end=end)
        for day in ("9999-12-01", "0202-03-01"):
            with self.assertRaisesRegex(ValidationError, "year"):
                self._quota(date_start=day)

    def test_only_who_may_decide_is_asked_to(self):
        quota = self._quota(state="running")
        self._stand(quota.line_ids, "behind", -50)
        with self.assertRaisesRegex(ValidationError, "not a head of sales"):
            quota.decision_ids.accountable_id = self.anna
        with self.assertRaises(AccessError):  # a head does not even read that user
            quota.decision_ids.accountable_id = self.env.ref("base.public_user")

    # What has been decided

    def test_draft_with_a_decision_becomes_nobody_elses(self):
        quota = self._quota(state="running")
        self._stand(quota.line_ids, "behind", -50)
        self._decide(quota.decision_ids)
        quota.action_back_to_draft()
        with self.assertRaisesRegex(UserError, "has decisions"):
            quota.user_id = self.boris
        with self.assertRaisesRegex(UserError, "measured"):
            quota.line_ids.indicator = "touches"

    def test_decisions_do_not_go_with_their_line(self):
        quota = self._quota(state="running")
        self._stand(quota.line_ids, "behind", -50)
        self._decide(quota.decision_ids)
        with self.assertRaisesRegex(UserError, "Quotas with decisions"):
            quota.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "Quotas with decisions"):
            quota.write({"line_ids": [Command.clear()]})

    def test_decisions_do_not_go_with_their_quota(self):
        quota = self._quota(state="running")
        self._stand(quota.line_ids, "behind", -50)
        self._decide(quota.decision_ids)
        quota.action_back_to_draft()
        with self.assertRaisesRegex(UserError, "Quotas with decisions"):
            quota.unlink()

    def test_decision_that_was_taken_stays_as_it_was(self):
        quota = self._quota(state="running")
        self._stand(quota.line_ids, "behind", -50)
        decision = self._decide(quota.decision_ids)
        other = self._quota({"engaged": 3}, date_start="2020-05-01")
        with self.assertRaises(UserError):
            decision.line_id = other.line_ids.id
        decision.sudo().state = "checked"
        with self.assertRaises(UserError):
            decision.decision = "Something cleverer"
        decision.effect_note = "It helped"

    # Markup

    def test_names_are_no_markup_in_picture_and_sheet(self):
        self.anna.name = "<script>alert()</script>"
        quota = self._quota({"won": 3, "engaged": 4}, state="running")
        sheet = self.env["ir.actions.report"]._render_qweb_html(
            "kam_management.report_quota", quota.ids
        )[0]
        self.assertNotIn("<script>alert", sheet.decode())
        self.assertNotIn("<script>alert", quota.balance_picture)

    def test_words_of_a_decision_are_no_markup_in_the_activity(self):
        quota = self._quota(state="running")
        self._stand(quota.line_ids, "behind", -50)
        words = "Visits < 3 a week:\nmore & <b>better</b> ones"
        decision = self._decide(quota.decision_ids, decision=words)
        note = decision.sudo().activity_ids.note
        self.assertIn("&lt; 3 a week", note)
        self.assertIn("&lt;b&gt;", note)
        self.assertIn("<br", note)
