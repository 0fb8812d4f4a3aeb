from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.kam_management.models.cockpit import kam_cockpit_figures

from .plan_common import PlanCommon

NOW = "2026-05-15 09:00:00"
CALLS = (
    ("get_portfolio_accounts", {}),
    ("get_portfolio_pareto", {}),
    ("get_portfolio_concentration", {}),
    ("get_portfolio_funnel", {"period": "year"}),
    ("get_managers_work", {"period": "month"}),
    ("get_managers_key_accounts", {}),
)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCockpitFigures(PlanCommon):
    """Figures of a large company are kept, and say of when they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Figures = cls.env["kam.cockpit.figures"]
        cls.cockpit = cls.env["kam.cockpit"].with_user(cls.head)
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Metal",
                "company_id": cls.company.id,
                "member_ids": [Command.set(cls.anna.ids)],
            }
        )
        cls.mine = cls._account()
        cls.mine.write({"manager_id": cls.anna.id, "is_key_account": True})
        cls.other = cls._account(cls._create_customer("Other"))
        cls.other.manager_id = cls.boris
        cls._order("2026-02-01", 500)
        cls._order("2026-03-01", 700, cls.other.partner_id)
        cls._touch("2026-05-04", quality=4, user_id=cls.anna.id)
        cls._touch("2026-05-05", cls.other.partner_id, user_id=cls.boris.id)
        cls._refresh(fields.Date.to_date(NOW[:10]))

    def _ask(self, **more):
        """Return {call: its answer} as a head gets it."""
        self.env.invalidate_all()
        return {
            method: getattr(self.cockpit, method)(**args, **more)
            for method, args in CALLS
        }

    def _split(self, answers):
        """Return the moments of answers, and the answers without them."""
        moments = {answer["as_of"] for answer in answers.values()}
        plain = [{**answer, "as_of": None} for answer in answers.values()]
        return moments, plain

    def test_kept_figures_are_those_that_would_be_looked_up(self):
        moments, live = self._split(self._ask())
        self.assertEqual(moments, {None})
        self.Figures._keep(self.company)
        moments, kept = self._split(self._ask())
        self.assertEqual(moments, {NOW})
        self.assertEqual(kept, live)
        columns = live[-2]["columns"]
        self.assertEqual(columns["touches"]["figures"][str(self.anna.id)], 1)
        self.assertEqual(live[0]["cells"][0]["count"], 2)

    def test_kept_figures_of_a_team_are_those_that_would_be_looked_up(self):
        calls = (
            ("get_portfolio_accounts", {}),
            ("get_portfolio_pareto", {}),
            ("get_portfolio_funnel", {"period": "year"}),
            ("get_managers_work", {"period": "quarter"}),
            ("get_managers_key_accounts", {}),
        )
        with patch(f"{__name__}.CALLS", calls):
            _moments, live = self._split(self._ask(team_id=self.team.id))
            self.Figures._keep(self.company)
            moments, kept = self._split(self._ask(team_id=self.team.id))
        self.assertEqual(moments, {NOW})
        self.assertEqual(kept, live)
        self.assertEqual(
            list(kept[-2]["columns"]["accounts"]["figures"]), [str(self.anna.id)]
        )
        self.assertEqual(kept[1]["accounts"], 1)

    def test_kept_figures_stay_until_they_are_worked_out_anew(self):
        self.Figures._keep(self.company)
        self.other.manager_id = self.anna
        with freeze_time("2026-05-15 10:00:00"):
            answer = self.cockpit.get_managers_work()
            figures = answer["columns"]["accounts"]["figures"]
            self.assertEqual(figures[str(self.anna.id)], 1)
            self.assertEqual(answer["as_of"], NOW)
            self.Figures._keep(self.company)
            answer = self.cockpit.get_managers_work()
        self.assertEqual(
            answer["columns"]["accounts"]["figures"], {str(self.anna.id): 2}
        )
        self.assertEqual(answer["as_of"], "2026-05-15 10:00:00")

    def test_what_is_asked_no_more_is_kept_no_more(self):
        self.Figures._keep(self.company)
        kept = self.Figures.search([("company_id", "=", self.company.id)])
        gone = kept.filtered(lambda one: one.name.endswith(f" {self.team.id}"))
        self.assertTrue(gone)
        self.team.active = False
        self.Figures._keep(self.company)
        self.assertFalse(gone.exists())
        self.assertEqual(len((kept - gone).exists()), len(kept) - len(gone))

    def test_a_new_period_is_not_answered_with_the_one_before(self):
        last = "2026-05-31 20:00:00"
        with freeze_time(last):
            self.Figures._keep(self.company)
        with freeze_time("2026-06-01 09:00:00"):
            answer = self.cockpit.get_managers_work("month")
            self.assertIsNone(answer["as_of"])
            self.assertEqual(answer["columns"]["touches"]["figures"], {})
            before = self.cockpit.get_managers_work("month", previous=True)
        self.assertEqual(before["as_of"], last)
        self.assertEqual(before["columns"]["touches"]["figures"][str(self.anna.id)], 1)

    def test_colleague_who_was_deleted_keeps_nobody_from_the_figures(self):
        gone = self._create_user("gone", "kam_management.group_kam_user")
        self.other.manager_id = gone
        self.Figures._keep(self.company)
        self.other.manager_id = self.boris
        self.env["kam.account.term"].search([("user_id", "=", gone.id)]).unlink()
        gone.unlink()
        answer = self.cockpit.get_managers_work()
        self.assertTrue(answer["as_of"])
        self.assertEqual([one["id"] for one in answer["managers"]], self.anna.ids)

    @freeze_time("2026-05-15 12:30:00")
    def test_list_behind_a_figure_is_of_the_same_day(self):
        """In Auckland it is the 16th; figures, kept or not, are of the 15th."""
        self.head.tz = "Pacific/Auckland"
        self._set_next_touch("2026-05-15")
        self.Figures._keep(self.company)
        answer = self.cockpit.get_managers_work()
        self.assertTrue(answer["as_of"])
        for day, figures in (("15", {}), ("14", {str(self.anna.id): 1})):
            self._set_next_touch(f"2026-05-{day}")
            self.Figures.search([]).unlink()
            overdue = self.cockpit.get_managers_work()["columns"]["overdue"]
            self.assertEqual(overdue["figures"], figures)
            found = self.Account.search(overdue["action"]["domain"])
            self.assertEqual(len(found), len(figures))

    def _set_next_touch(self, day):
        """Let the next touch of one account be due on a day, and of no other."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_account SET next_touch_date = CASE WHEN id = %s THEN %s::date END"
            " WHERE company_id = %s",
            [self.mine.id, day, self.company.id],
        )
        self.env.invalidate_all()

    def test_figures_that_nobody_keeps_up_are_looked_up(self):
        self.Figures._keep(self.company)
        for hours, moment in ((23, NOW), (25, None)):
            later = fields.Datetime.to_datetime(NOW) + timedelta(hours=hours)
            with freeze_time(later):
                answer = self.cockpit.get_managers_key_accounts()
            self.assertEqual(answer["as_of"], moment)

    def test_a_manager_is_told_what_is_now(self):
        self.Figures._keep(self.company)
        mine = self.cockpit.with_user(self.anna).get_portfolio_accounts()
        self.assertIsNone(mine["as_of"])
        self.assertEqual(sum(cell["count"] for cell in mine["cells"]), 1)

    def test_kept_figures_are_read_by_heads_of_the_company_alone(self):
        self.Figures._keep(self.company)
        with self.assertRaises(AccessError):
            self.Figures.with_user(self.anna).search([])
        sister = self._create_company("Sister")
        stranger = self._create_user(
            "stranger", "kam_management.group_kam_manager", sister
        )
        theirs = self.Figures.with_user(stranger).with_context(
            allowed_company_ids=sister.ids
        )
        self.assertFalse(theirs.search([("company_id", "=", self.company.id)]))
        kept = self.Figures.search([("company_id", "=", self.company.id)], limit=1)
        with self.assertRaises(AccessError):
            kept.with_user(self.head).write({"figures": {}})

    def test_only_large_companies_are_kept_and_rest_in_between(self):
        mine = [("company_id", "=", self.company.id)]
        cron = self.env.ref("kam_management.ir_cron_keep_figures")
        Figures = type(self.Figures)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertFalse(self.Figures.search(mine))
            with patch.object(Figures, "_find_large", lambda _self: self.company):
                cron.method_direct_trigger()
                kept = self.Figures.search(mine)
                self.assertTrue(kept)
                kept.seconds = 60 * kam_cockpit_figures.LOAD
                for minutes, is_new in ((0.5, False), (2, True)):
                    moment = fields.Datetime.to_datetime(NOW)
                    moment += timedelta(minutes=minutes)
                    with freeze_time(moment):
                        cron.method_direct_trigger()
                    taken = set(kept.mapped("taken_at"))
                    self.assertEqual(taken == {moment}, is_new)
            cron.method_direct_trigger()
            self.assertFalse(kept.exists())

    def test_a_company_is_large_by_its_accounts(self):
        count = self.Account.search_count([("company_id", "=", self.company.id)])
        with patch.object(kam_cockpit_figures, "LARGE", count):
            self.assertIn(self.company, self.Figures._find_large())
        with patch.object(kam_cockpit_figures, "LARGE", count + 1):
            self.assertNotIn(self.company, self.Figures._find_large())
