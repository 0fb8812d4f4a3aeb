from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaDecision(QuotaProcessCommon):
    """A deviation is decided upon, carried out, and its effect is looked at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quota = cls._quota(state="running")
        cls.line = cls.quota.line_ids

    def test_line_behind_opens_one_decision_however_often_it_is_measured(self):
        self._stand(self.line, "behind", -30)
        self._stand(self.line, "behind", -35)
        decision = self.line.decision_ids
        self.assertRecordValues(
            decision,
            [{"state": "open", "deviation": -30, "company_id": self.company.id}],
        )
        self.assertEqual(len(decision.activity_ids), 1)

    def test_head_of_the_team_is_asked_first(self):
        other = self._create_user("other", "kam_management.group_kam_manager")
        self.env["crm.team"].create(
            {
                "name": "Nord",
                "company_id": self.company.id,
                "user_id": other.id,
                "member_ids": self.anna.ids,
            }
        )
        self._stand(self.line, "behind", -30)
        self.assertEqual(self.line.decision_ids.accountable_id, other)
        self.assertEqual(self.line.decision_ids.activity_ids.user_id, other)

    def test_head_of_the_team_of_this_company_is_asked(self):
        """Anna is in a team of a sister company, too, whose head is here as well."""
        sister = self._create_company("Sister")
        carla, dora = (
            self._create_user(name, "kam_management.group_kam_manager")
            for name in ("carla", "dora")
        )
        (carla | self.anna).company_ids |= sister
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        self.env["crm.team"].create(
            [
                {
                    "name": leader.name,
                    "company_id": company.id,
                    "user_id": leader.id,
                    "member_ids": self.anna.ids,
                }
                for leader, company in ((carla, sister), (dora, self.company))
            ]
        )
        self.assertEqual(self.quota._get_accountable()[self.quota], dora)

    def test_leader_who_is_no_head_of_sales_is_not_asked(self):
        self.env["crm.team"].create(
            {
                "name": "Nord",
                "company_id": self.company.id,
                "user_id": self.boris.id,
                "member_ids": self.anna.ids,
            }
        )
        self._stand(self.line, "behind", -30)
        self.assertEqual(self.line.decision_ids.accountable_id, self.head)

    def test_nothing_is_asked_in_the_first_fifth_of_a_period(self):
        with freeze_time("2020-03-04 12:00:00"):  # 3 of 22 working days
            self._stand(self.line, "behind", -90)
            self.assertFalse(self.line.decision_ids)
        with freeze_time("2020-03-09 12:00:00"):  # 6 of them
            self._stand(self.line, "behind", -90)
            self.assertTrue(self.line.decision_ids)

    def test_half_a_customer_is_missed_by_nobody(self):
        """With one to win in a month, 0.7 are expected after two thirds of it."""
        figures = {"standing": "behind", "deviation": -100, "actual": 0}
        self.line.sudo().write({**figures, "expected": 0.7})
        self.quota._handle_measured()
        self.assertFalse(self.line.decision_ids)
        self.line.sudo().expected = 1
        self.quota._handle_measured()
        self.assertTrue(self.line.decision_ids)

    def test_drafts_ask_for_nothing(self):
        self.quota.sudo().state = "draft"
        self._stand(self.line, "behind", -30)
        self.assertFalse(self.line.decision_ids)

    def test_line_back_on_track_needs_no_decision(self):
        self._stand(self.line, "behind", -30)
        self._stand(self.line, "on_track", -5)
        decision = self.line.decision_ids
        self.assertEqual(decision.state, "dropped")
        self.assertFalse(decision.activity_ids)
        self.assertIn("Back on track", decision.message_ids[0].body)
        self._stand(self.line, "behind", -20)
        self.assertEqual(self.line.decision_ids.mapped("state").count("open"), 1)

    def test_decision_says_what_is_missing(self):
        self._stand(self.line, "behind", -30)
        decision = self.line.decision_ids.with_user(self.head)
        with self.assertRaisesRegex(UserError, "fill in Cause, Decision, then"):
            decision.action_decide()
        for vals in (
            {"decision": "  "},
            {"date_due": date.today() - timedelta(days=2)},
            {"owner_id": self.seller.id},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                self._decide(decision, **vals)

    def test_decision_goes_to_who_carries_it_out(self):
        self._stand(self.line, "behind", -30)
        self.line.sudo().deviation = -40
        decision = self._decide(self.line.decision_ids)
        self.assertRecordValues(
            decision,
            [{"state": "decided", "deviation": -40, "decided_by_id": self.head.id}],
        )
        self.assertEqual(decision.activity_ids.user_id, self.anna)
        self.assertEqual(decision.activity_ids.date_deadline, date(2099, 1, 1))
        with self.assertRaisesRegex(UserError, "already"):
            decision.action_decide()

    def test_effect_is_checked_when_due(self):
        for after, effect in ((-10, "better"), (-31, "same"), (-50, "worse")):
            with self.subTest(effect=effect):
                self.line.sudo().decision_ids.state = "dropped"
                self._stand(self.line, "behind", -30)
                decision = self._decide(
                    self.line.decision_ids.filtered(lambda d: d.state == "open")
                )
                self.line.sudo().write({"deviation": after, "standing": "on_track"})
                self._check_on("2098-12-31")
                self.assertEqual(decision.state, "decided")
                self._check_on("2099-01-01")
                self.assertRecordValues(
                    decision,
                    [{"state": "checked", "effect": effect, "deviation_after": after}],
                )
                self.assertFalse(decision.activity_ids)
                told = decision.message_ids.partner_ids
                self.assertIn(self.head.partner_id, told)

    def test_line_still_behind_asks_for_the_next_decision(self):
        self._stand(self.line, "behind", -30)
        first = self._decide(self.line.decision_ids)
        self._stand(self.line, "behind", -30)
        self.assertEqual(len(self.line.decision_ids), 1, "it is being carried out")
        self._check_on("2099-01-01")
        self._check_on("2099-01-01")
        self.assertEqual(first.state, "checked")
        self.assertEqual((self.line.decision_ids - first).mapped("state"), ["open"])

    def test_manager_reads_and_the_owner_notes_what_came_of_it(self):
        self._stand(self.line, "behind", -30)
        decision = self.line.decision_ids
        with self.assertRaises(AccessError):
            decision.with_user(self.anna).effect_note = "Not asked"
        self._decide(decision, owner_id=self.boris.id)
        self.assertTrue(decision.with_user(self.anna).decision)
        self.assertTrue(decision.with_user(self.boris).display_name)
        decision.with_user(self.boris).effect_note = "Three visits made"
        self.assertFalse(decision.with_user(self.boris).can_see_facts)
        self.assertTrue(decision.with_user(self.anna).can_see_facts)
        for vals in ({"decision": "Rest"}, {"date_due": "2100-01-01"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                decision.with_user(self.boris).write(vals)
        with self.assertRaises(AccessError):
            decision.with_user(self.anna).action_decide()
        with self.assertRaises(AccessError):
            decision.with_user(self.head).state = "checked"

    def test_form_lets_who_may_not_decide_type_in_no_decision(self):
        """He filled in all of it, and was refused when he saved."""
        self._stand(self.line, "behind", -30)
        decision = self.line.decision_ids
        form = Form(decision.with_user(self.anna))
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.decision = "I call them all"
        form = Form(decision.with_user(decision.accountable_id))
        form.decision = "Two calls a day"
        self.assertEqual(form.save().decision, "Two calls a day")

    def test_decisions_are_kept(self):
        self._stand(self.line, "behind", -30)
        decision = self._decide(self.line.decision_ids)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            decision.unlink()

    def test_hundreds_of_deviations_take_no_more_queries_than_a_few(self):
        counts = []
        for number, size in enumerate((2, 20)):
            quotas = self.env["kam.quota"].create(
                [
                    {
                        "user_id": self.anna.id,
                        "company_id": self.company.id,
                        "date_start": f"20{number}0-{month:02d}-01"
                        if number
                        else f"1990-{month:02d}-01",
                        "period": "month",
                        "line_ids": [(0, 0, {"indicator": "won", "target": 5})],
                    }
                    for month in range(1, min(size, 12) + 1)
                ]
            )
            quotas.state = "running"
            quotas.line_ids.write(
                {"standing": "behind", "deviation": -50, "expected": 5}
            )
            self.env.flush_all()
            before = self.cr.sql_log_count
            quotas._handle_measured()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] * 2.5)

    def _check_on(self, day):
        """Run the cron on a day."""
        with freeze_time(f"{day} 12:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "kam_management.ir_cron_check_decisions"
            ).method_direct_trigger()
