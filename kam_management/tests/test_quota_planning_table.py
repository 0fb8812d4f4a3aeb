from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
@freeze_time("2020-11-10 12:00:00")
class TestQuotaPlanningTable(QuotaProcessCommon):
    """Managers by indicators: what the past says, what is planned, what it adds up to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.team = cls.env["crm.team"].create(
            {"name": "North", "company_id": cls.company.id}
        )
        cls.team.member_ids = cls.anna
        cls.env["kam.team.term"].search(
            [("team_id", "=", cls.team.id)]
        ).date_start = "2019-01-01"

    def test_table_shows_last_year_run_rate_and_proposal(self):
        """December 2019 brought 500; August to October of 2020 600 together."""
        for day, amount in (("2019-12-10", 500), ("2020-08-05", 240)):
            self._order(day, amount)
        self._order("2020-10-20", 360)
        self._order("2020-11-02", 999)
        self._refresh()
        wizard = self._table()
        self.assertRecordValues(
            self._row(wizard, self.anna),
            [{"last": 500, "run_rate": 200, "target": 500}],
        )
        self.assertEqual(wizard.table["owners"][0]["customers"], 1)
        self.assertEqual(wizard.table["owners"][0]["key_accounts"], 0)
        account = self.env["kam.account"].search([("manager_id", "=", self.anna.id)])
        account.sudo().is_key_account = True
        wizard.invalidate_recordset(["table"])
        self.assertEqual(wizard.table["owners"][0]["key_accounts"], 1)
        self.assertEqual(wizard.table["last_label"], "Dec 1 – 31, 2019")
        self.assertEqual(wizard.table["run_label"], "Aug 1 – Oct 31, 2020")

    def test_run_rate_is_proposed_where_last_year_had_nothing(self):
        """August to October of 2020 brought 600 and a touch; December 2019 nothing."""
        self._order("2020-08-05", 600)
        self._touch("2020-10-01")
        self._refresh()
        lines = [{"indicator": "revenue"}, {"indicator": "touches"}]
        wizard = self._table(
            change=10, line_ids=[Command.clear(), *map(Command.create, lines)]
        )
        self.assertEqual(self._row(wizard, self.anna).mapped("target"), [220, 0])
        self._order("2019-12-10", 50)
        self._refresh()
        wizard = self._table(change=10)
        self.assertEqual(self._row(wizard, self.anna).target, 55)

    def test_a_month_without_revenue_stays_one_of_a_year(self):
        """Who sold something last year is proposed last year, empty months and all."""
        self._order("2019-03-10", 120)
        self._order("2020-09-10", 9000)
        self._refresh()
        wizard = self._table(span="year", date="2020-01-01", season="facts")
        targets = self._row(wizard, self.anna).mapped("target")
        self.assertEqual((targets[2], sum(targets)), (120, 120))

    def test_quotas_of_zeros_stay_drafts(self):
        wizard = self._table(with_company=True, sum_up=False)
        self.assertEqual(wizard.target_ids.mapped("target"), [0, 0])
        self._row(wizard, self.anna).target = 5
        wizard.action_start_quotas()
        states = {quota.scope: quota.state for quota in self._made()}
        self.assertEqual(states, {"manager": "running", "company": "draft"})

    def test_run_rate_of_a_quarter_is_that_of_three_months(self):
        self._order("2020-09-05", 300)
        self._refresh()
        wizard = self._table(period="quarter")
        self.assertEqual(self._row(wizard, self.anna).run_rate, 300)

    def test_nothing_is_proposed_for_who_leads_nobody(self):
        """Boris made a touch a year ago; today he has no customers."""
        self._touch("2019-12-03", user_id=self.boris.id)
        self._refresh()
        wizard = self._table(
            user_ids=(self.anna + self.boris).ids,
            line_ids=[Command.clear(), Command.create({"indicator": "touches"})],
        )
        self.assertEqual(self._row(wizard, self.boris).target, 0)
        wizard.action_create_quotas()
        self.assertEqual(self._made().user_id, self.anna)

    def test_what_is_typed_for_who_leads_nobody_is_planned(self):
        wizard = self._table(user_ids=self.boris.ids)
        with self.assertRaisesRegex(UserError, "no customers and no target"):
            wizard.action_create_quotas()
        self._row(wizard, self.boris).target = 70
        wizard.action_create_quotas()
        self.assertEqual(self._made().line_ids.target, 70)

    def test_changed_targets_are_made_and_started(self):
        wizard = self._table(team_ids=self.team.ids)
        form = Form(wizard, view="kam_management.kam_quota_planning_view_form")
        self._type(form, self.anna, 320)
        form.save()
        wizard.action_start_quotas()
        made = self._made().sorted("scope")
        self.assertEqual(made.mapped("scope"), ["manager", "team"])
        self.assertEqual(made.line_ids.mapped("target"), [320, 320])
        self.assertEqual(set(made.mapped("state")), {"running"})
        self.assertEqual(set(made.mapped("state_label")), {"Begins on Dec 1, 2020"})
        self.assertTrue(all(made.mapped("is_upcoming")))

    def test_sum_is_set_against_the_target_of_a_team_planned_before(self):
        """Of 900 for the team, Anna and Boris bring 320 and 0; Boris is no member."""
        quota = self._quota(
            {"revenue": 900},
            date_start="2020-12-01",
            scope="team",
            team_id=self.team.id,
        )
        wizard = self._table(user_ids=(self.anna + self.boris).ids)
        form = Form(wizard, view="kam_management.kam_quota_planning_view_form")
        self._type(form, self.anna, 320)
        self._type(form, self.boris, 50)
        form.save()
        row = wizard.target_ids.filtered(lambda t: t.team_id)
        self.assertRecordValues(row, [{"target": 900, "rolled": 320}])
        self.assertEqual(row.quota_id, quota)
        wizard.action_create_quotas()
        self.assertEqual(quota.line_ids.target, 900)
        self.assertEqual((self._made() - quota).mapped("scope"), ["manager"] * 2)

    def test_started_quota_stays_in_sight_and_is_left_alone(self):
        quota = self._quota({"revenue": 80}, date_start="2020-12-01", state="running")
        wizard = self._table(user_ids=(self.anna + self.boris).ids)
        row = self._row(wizard, self.anna)
        self.assertRecordValues(row, [{"target": 80, "quota_id": quota.id}])
        self.assertEqual(
            wizard.table["owners"][0]["quotas"],
            {"2020-12-01": {"id": quota.id, "label": "Begins on Dec 1, 2020"}},
        )
        row.target = 5
        self._row(wizard, self.boris).target = 7
        wizard.action_create_quotas()
        self.assertEqual(quota.line_ids.target, 80)
        self.assertEqual((self._made() - quota).line_ids.target, 7)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_quota_action"
        )
        self.assertIn("search_default_running", action["context"])

    def test_plan_begins_with_the_table_of_everybody(self):
        self._quota({"revenue": 1}, date_start="2020-11-01", state="running")
        self._quota(
            {"revenue": 1},
            date_start="2020-11-01",
            state="running",
            scope="team",
            team_id=self.team.id,
        )
        action = self._planning().action_plan()
        wizard = self.env["kam.quota.planning"].browse(action["res_id"])
        self.assertEqual(str(wizard.date), "2020-12-01")
        self.assertEqual(wizard.team_ids, self.team)
        self.assertEqual(
            [owner["name"] for owner in wizard.table["owners"]], ["Anna", "North"]
        )

    def test_bad_targets_and_strangers_are_refused(self):
        wizard = self._table()
        row = self._row(wizard, self.anna)
        for target, error in (
            (-1, IntegrityError),
            (1e15, ValidationError),
            (float("nan"), ValidationError),
            (float("inf"), ValidationError),
        ):
            with (
                self.subTest(target=target),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.cr.savepoint(),
            ):
                row.target = target
                self.env.flush_all()
        with self.assertRaises(AccessError):
            row.with_user(self.anna).target = 3
        with self.assertRaises(AccessError):
            wizard.with_user(self.anna).action_start_quotas()
        with self.assertRaises(AccessError):
            self._planning().with_user(self.anna).action_plan()

    def test_rows_of_who_was_not_chosen_are_planned_for_nobody(self):
        wizard = self._table()
        self.env["kam.quota.planning.target"].with_user(self.head).create(
            {
                "planning_id": wizard.id,
                "user_id": self.boris.id,
                "date_start": "2020-12-01",
                "indicator": "revenue",
                "target": 9,
            }
        )
        wizard.action_create_quotas()
        self.assertEqual(self._made().user_id, self.anna)

    def test_table_of_many_costs_what_that_of_one_does(self):
        users = self.env["res.users"]
        for number in range(6):
            users += self._create_user(f"m{number}", "kam_management.group_kam_user")
        counts = []
        for chosen in (users[:1], users[:1], users):
            wizard = self._wizard(user_ids=chosen.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            wizard.action_preview()
            self.env.flush_all()
            self.assertTrue(wizard.table)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def _planning(self):
        return self.env["kam.quota.planning"].with_user(self.head)

    def _wizard(self, **values):
        """Return a planning of Anna's revenue in December 2020."""
        return self._planning().create(
            {
                "company_id": self.company.id,
                "user_ids": self.anna.ids,
                "date": "2020-12-01",
                "line_ids": [Command.clear(), Command.create({"indicator": "revenue"})],
                **values,
            }
        )

    def _table(self, **values):
        wizard = self._wizard(**values)
        wizard.action_preview()
        return wizard

    def _row(self, wizard, user):
        return wizard.target_ids.filtered(lambda target: target.user_id == user)

    def _type(self, form, user, target):
        """Type a target into the row of a manager, as the table does."""
        place = [row["owner_key"] for row in form.target_ids._records].index(
            f"manager-{user.id}"
        )
        with form.target_ids.edit(place) as row:
            row.target = target

    def _made(self):
        return self.env["kam.quota"].search(
            [("company_id", "=", self.company.id), ("date_start", "=", "2020-12-01")]
        )
