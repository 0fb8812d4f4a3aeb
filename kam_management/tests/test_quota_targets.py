from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaTargets(QuotaProcessCommon):
    """Targets: typed in a draft, changed by the head alone afterwards, and logged."""

    def test_category_belongs_to_indicators_of_categories_and_there_always(self):
        category = self.env.ref("product.product_category_goods")
        for values in (
            {"indicator": "category_revenue"},
            {"indicator": "won", "categ_id": category.id},
            {"indicator": "won", "buyer": "new"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._quota({}, line_ids=[Command.create(values)])
        quota = self._quota(
            {},
            line_ids=[
                Command.create(
                    {
                        "indicator": "category_units",
                        "categ_id": category.id,
                        "buyer": buyer,
                    }
                )
                for buyer in ("new", "active")
            ],
        )
        self.assertEqual(len(quota.line_ids), 2)

    def test_indicator_is_planned_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._quota(
                {}, line_ids=[Command.create({"indicator": "won"}) for _ in range(2)]
            )

    def test_target_is_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._quota({"won": -1})

    def test_changed_target_of_a_running_quota_is_logged(self):
        quota = self._quota(state="running")
        quota.line_ids.target = 12
        quota.line_ids = [Command.create({"indicator": "touches", "target": 40})]
        quota.line_ids[0].unlink()
        log = " ".join(quota.message_ids.mapped("body"))
        self.assertIn("10 → 12", log)
        self.assertIn("Target added: Touches, 40", log)
        self.assertIn("Target removed: New customers won, 12", log)

    def test_targets_of_a_draft_are_typed_without_a_log(self):
        quota = self._quota()
        count = len(quota.message_ids)
        quota.line_ids.target = 12
        self.assertEqual(len(quota.message_ids), count)

    def test_line_that_is_measured_becomes_no_other_line(self):
        quota = self._quota(state="running")
        with self.assertRaisesRegex(UserError, "add another"):
            quota.line_ids.indicator = "touches"

    def test_closed_targets_stay(self):
        quota = self._quota(state="closed")
        for change in (
            lambda: quota.line_ids.write({"target": 5}),
            lambda: quota.line_ids.unlink(),
            lambda: quota.line_ids.create(
                {"quota_id": quota.id, "indicator": "touches"}
            ),
        ):
            with self.assertRaisesRegex(UserError, "closed"):
                change()

    def test_figures_are_typed_in_by_nobody(self):
        quota = self._quota()
        for record, vals in (
            (quota, {"state": "closed"}),
            (quota, {"balance": 100}),
            (quota, {"closed_by_id": self.head.id}),
            (quota.line_ids, {"actual": 99}),
            (quota.line_ids, {"standing": "ahead"}),
            (quota.line_ids, {"user_id": self.boris.id}),
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                record.write(vals)
        with self.assertRaises(AccessError):
            quota.create(
                {**quota.copy_data({"user_id": self.boris.id})[0], "state": "running"}
            )
        made = quota.with_context(default_state="closed").create(
            {"user_id": self.boris.id, "date_start": "2020-03-01"}
        )
        self.assertEqual(made.state, "draft")

    def test_whose_and_when_is_fixed_with_the_start(self):
        quota = self._quota(state="running")
        with self.assertRaisesRegex(UserError, "no longer a draft"):
            quota.user_id = self.boris
        quota.write({"user_id": self.anna.id, "date_start": "2020-03-01"})

    def test_only_drafts_are_deleted(self):
        self._quota().unlink()
        with self.assertRaisesRegex(UserError, "only drafts"):
            self._quota(state="running").unlink()

    def test_date_may_be_typed_anew(self):
        quota = self._quota(scope="company", period="free", date_end="2020-03-05")
        with Form(quota) as form:
            form.date_end = False
            form.date_end = "2020-03-08"
        self.assertEqual(str(quota.date_end), "2020-03-08")

    def test_targets_of_team_and_company_are_compared_with_their_managers(self):
        team = self.env["crm.team"].create(
            {
                "name": "Nord",
                "company_id": self.company.id,
                "member_ids": [Command.link(self.anna.id)],
            }
        )
        self._quota({"won": 3, "touch_quality": 4})
        self._quota({"won": 5, "touch_quality": 3}, user_id=self.boris.id)
        self._quota({"won": 99}, user_id=self.boris.id, period="year")
        both = {"won": 1, "touch_quality": 1}
        of_team = self._quota(both, scope="team", team_id=team.id)
        of_company = self._quota(both, scope="company")
        self.assertEqual(of_team.line_ids.mapped("rolled_target"), [3, 4])
        self.assertEqual(of_company.line_ids.mapped("rolled_target"), [8, 3.5])

    def test_who_leaves_a_team_counts_in_it_for_the_days_they_were_there(self):
        """The sum of a team fell to nothing, of periods too that were long over."""
        north, south = self.env["crm.team"].create(
            [
                {"name": name, "company_id": self.company.id}
                for name in ("North", "South")
            ]
        )
        north.member_ids = self.anna
        south.member_ids = self.boris
        for start in ("2030-01-01", "2030-04-01"):
            values = {"period": "quarter", "date_start": start}
            targets = {"won": 91, "touch_quality": 4}
            self._quota(targets, **values)
            self._quota(
                {**targets, "touch_quality": 1}, user_id=self.boris.id, **values
            )
        with freeze_time("2030-05-15"):
            south.member_ids += self.anna
        # of 91 days in the second quarter Anna was in the north for 44
        for start, team, expected in (
            ("2030-01-01", north, [91, 4]),
            ("2030-04-01", north, [44, 4]),
            ("2030-01-01", south, [91, 1]),
            ("2030-04-01", south, [91 + 47, (91 + 4 * 47) / (91 + 47)]),
        ):
            with self.subTest(start=start, team=team.name):
                quota = self._quota(
                    {"won": 1, "touch_quality": 1},
                    scope="team",
                    team_id=team.id,
                    period="quarter",
                    date_start=start,
                )
                rolled = quota.line_ids.mapped("rolled_target")
                for found, wanted in zip(rolled, expected, strict=True):
                    self.assertAlmostEqual(found, wanted)
