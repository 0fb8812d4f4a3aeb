from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .plan_common import TODAY, PlanCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanVersions(PlanCommon):
    """What was agreed upon is changed with a reason, and what it was is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            goals = [cls._free_goal(name=name) for name in ("Stops", "Visits")]
            cls.plan = cls._plan("running", goals=goals)

    def _new_version(self, user=None, reason="He bought a rival"):
        wizard = self.env["kam.plan.new.version"].with_user(user or self.anna)
        wizard.create({"plan_id": self.plan.id, "reason": reason}).action_apply()

    def test_new_version_keeps_the_goals_and_makes_a_draft(self):
        self._new_version()
        self.assertRecordValues(self.plan, [{"state": "draft", "version": 2}])
        version = self.plan.version_ids
        self.assertRecordValues(
            version,
            [
                {
                    "number": 1,
                    "date": TODAY,
                    "user_id": self.anna.id,
                    "reason": "He bought a rival",
                    "strategy": "retain",
                }
            ],
        )
        self.plan.goal_ids[0].with_user(self.anna).target = 12
        self.assertEqual(version.line_ids.mapped("target"), [10, 10])

    def test_plan_runs_on_with_the_next_approval_and_its_first_baseline(self):
        first = self.plan.goal_ids[0].baseline_date
        self._new_version()
        with freeze_time("2020-08-01"):
            self.plan.with_user(self.anna).action_submit()
            self.plan.with_user(self.head).action_approve()
        self.assertEqual(self.plan.state, "running")
        self.assertEqual(self.plan.goal_ids[0].baseline_date, first)

    def test_version_wants_a_reason(self):
        with self.assertRaisesRegex(UserError, "Enter the reason"):
            self.plan.with_user(self.anna)._start_new_version("  ")

    def test_only_what_was_agreed_upon_has_versions(self):
        self._new_version()
        with self.assertRaisesRegex(UserError, "is not possible"):
            self._new_version()

    def test_stranger_starts_no_version(self):
        with self.assertRaises(AccessError):
            self._new_version(self.boris)

    def test_draft_of_a_later_version_is_not_deleted(self):
        self._new_version()
        with self.assertRaises(UserError):
            self.plan.with_user(self.head).unlink()

    def test_nobody_rewrites_a_version(self):
        self._new_version()
        version = self.plan.version_ids.with_user(self.head)
        for record, vals in (
            (version, {"reason": "None"}),
            (version.line_ids[0], {"target": 1}),
        ):
            with self.assertRaises(AccessError):
                record.write(vals)
            with self.assertRaises(AccessError):
                record.unlink()

    def test_versions_are_compared_side_by_side(self):
        self._new_version()
        stops, visits = self.plan.goal_ids.with_user(self.anna)
        stops.target = 12.5
        visits.unlink()
        self.plan.with_user(self.anna).write(
            {
                "strategy": "expand",
                "goal_ids": [(0, 0, self._free_goal(name="Audits <b>"))],
            }
        )
        wizard = (
            self.env["kam.plan.compare"]
            .with_user(self.anna)
            .create({"plan_id": self.plan.id})
        )
        self.assertEqual(wizard.old_version_id, self.plan.version_ids)
        rows = {
            name: (change, *cells)
            for change, name, *cells in wizard._get_goal_rows(
                wizard.old_version_id, wizard.plan_id
            )
        }
        self.assertEqual(
            rows,
            {
                "Stops": ("changed", "10 a year", "12.5 a year", "+2.5"),
                "Visits": ("dropped", "10 a year", "", ""),
                "Audits <b>": ("added", "", "10 a year", ""),
            },
        )
        for words in ("Retain", "Expand sales", "Audits &lt;b&gt;", "dropped"):
            self.assertIn(words, wizard.comparison)

    def test_closed_plan_has_no_new_version(self):
        self.plan.with_user(self.head).action_close()
        with self.assertRaisesRegex(UserError, "is not possible"):
            self._new_version()
