from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaDecideMany(QuotaProcessCommon):
    """Several deviations are decided upon at once, each by the manager concerned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cause = cls.env.ref("kam_management.quota_cause_contacts")
        quotas = cls._quota({"won": 10, "engaged": 8}, state="running")
        quotas |= cls._quota({"won": 6}, state="running", user_id=cls.boris.id)
        for line in quotas.line_ids:
            cls._stand(line, "behind", -50)
        cls.quotas = quotas
        cls.decisions = quotas.decision_ids.with_user(cls.head)

    def test_one_cause_decision_and_date_for_all_and_the_manager_carries_it_out(self):
        wizard = self._wizard()
        wizard.write({"decision": "Two calls a day", "date_due": "2099-01-01"})
        with self.assertRaisesRegex(UserError, "fill in Cause, then"):
            wizard.action_apply()
        wizard.cause_id = self.cause
        wizard.action_apply()
        self.assertEqual(len(self.decisions), 3)
        for decision in self.decisions:
            self.assertRecordValues(
                decision,
                [
                    {
                        "state": "decided",
                        "cause_id": self.cause.id,
                        "decision": "Two calls a day",
                        "owner_id": decision.manager_id.id,
                        "date_due": date(2099, 1, 1),
                        "decided_by_id": self.head.id,
                    }
                ],
            )
            self.assertEqual(decision.activity_ids.user_id, decision.manager_id)
        self.assertEqual(self.decisions.owner_id, self.anna + self.boris)

    def test_what_a_row_says_is_kept(self):
        mine = self.decisions[0]
        mine.write({"decision": "A fair", "owner_id": self.head.id})
        self._wizard(
            cause_id=self.cause.id, decision="Calls", date_due="2099-01-01"
        ).action_apply()
        self.assertEqual((mine.decision, mine.owner_id), ("A fair", self.head))
        self.assertEqual(self.decisions[1].decision, "Calls")

    def test_rows_that_say_all_are_decided_without_a_question(self):
        values = {
            "cause_id": self.cause.id,
            "decision": "Calls",
            "date_due": "2099-01-01",
        }
        self.decisions.write(values)
        self.assertIsNone(self.decisions.action_decide_many())
        self.assertEqual(set(self.decisions.mapped("state")), {"decided"})
        with self.assertRaisesRegex(UserError, "already decided"):
            self.decisions.action_decide_many()

    def test_without_a_date_the_effect_is_looked_at_on_a_working_day(self):
        mine = self.decisions[0]
        for now, due in (("2026-11-28", "Dec 14"), ("2026-11-30", "Dec 14")):
            with freeze_time(f"{now} 12:00:00"):
                mine.invalidate_recordset(["proposed_due"])
                self.assertEqual(mine.proposed_due, due)
        with freeze_time("2026-11-29 12:00:00"):
            mine.write({"cause_id": self.cause.id, "decision": "Calls"})
            mine.action_decide()
        self.assertEqual(mine.date_due, date(2026, 12, 14))
        self.assertFalse(mine.proposed_due)

    def test_those_decided_already_are_left_alone(self):
        self._decide(self.decisions[0])
        action = self.decisions.action_decide_many()
        self.assertEqual(
            action["context"]["default_decision_ids"], self.decisions[1:].ids
        )

    def test_team_has_no_manager_and_names_somebody(self):
        quota = self._quota({"won": 4}, state="running", scope="company")
        self._stand(quota.line_ids, "behind", -40)
        wizard = self._wizard(
            quota.decision_ids,
            cause_id=self.cause.id,
            decision="A fair",
            date_due="2099-01-01",
        )
        with self.assertRaisesRegex(UserError, "Responsible"):
            wizard.action_apply()
        wizard.owner_id = self.anna
        wizard.action_apply()
        self.assertEqual(quota.decision_ids.owner_id, self.anna)
        self.assertEqual(quota.decision_ids.period_label, quota.name)

    def test_figures_are_shown_to_who_sees_the_quota_alone(self):
        decision = self.quotas[0].line_ids[0].decision_ids
        self.assertRecordValues(
            decision.with_user(self.anna),
            [{"target": 10, "actual": 5, "expected": 10, "period_label": "March 2020"}],
        )
        self._decide(decision, owner_id=self.boris.id)
        self.assertRecordValues(
            decision.with_user(self.boris), [{"target": 0, "actual": 0}]
        )

    def test_list_is_made_one_for_each_manager(self):
        groups = self.decisions._read_group(
            [("id", "in", self.decisions.ids)], ["manager_id"], ["__count"]
        )
        self.assertEqual(dict(groups), {self.anna: 2, self.boris: 1})

    def test_managers_and_strangers_decide_nothing(self):
        with self.assertRaises(AccessError):
            self.decisions.with_user(self.anna).action_decide_many()
        with self.assertRaises(AccessError):
            self.env["kam.quota.deciding"].with_user(self.anna).create(
                {"decision_ids": self.decisions.ids}
            )
        wizard = self._wizard(cause_id=self.cause.id)
        with self.assertRaises(AccessError):
            wizard.with_user(self.anna).action_apply()
        other = self._create_company("Other")
        stranger = self._create_user(
            "far", "kam_management.group_kam_manager", company=other
        )
        with self.assertRaises(AccessError):
            self._wizard(user=stranger).action_apply()

    def test_decision_without_words_or_in_the_past_is_refused_for_all(self):
        for values, words in (
            ({"decision": "  "}, "Decision"),
            ({"date_due": "2020-01-01"}, "in the past"),
        ):
            wizard = self._wizard(
                **{
                    "cause_id": self.cause.id,
                    "decision": "Calls",
                    "date_due": "2099-01-01",
                    **values,
                }
            )
            with (
                self.subTest(words=words),
                self.assertRaisesRegex(UserError, words),
                self.cr.savepoint(),
            ):
                wizard.action_apply()
            self.env.invalidate_all()
            self.assertEqual(set(self.decisions.mapped("state")), {"open"})

    def test_figures_of_many_cost_what_those_of_one_do(self):
        names = ["target", "actual", "expected", "forecast", "label", "period_label"]
        counts = []
        ids = self.decisions.ids
        for some in (ids[:1], ids[:1], ids):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.decisions.browse(some).read(names)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def _wizard(self, decisions=None, user=None, **values):
        decisions = self.decisions if decisions is None else decisions
        return (
            self.env["kam.quota.deciding"]
            .with_user(user or self.head)
            .create({"decision_ids": decisions.ids, **values})
        )
