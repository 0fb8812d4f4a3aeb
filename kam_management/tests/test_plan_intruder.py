from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.kam_management.models.measure.indicator import GOAL

from .plan_common import PlanCommon

EVIL = "\"><script>alert(1)</script>'&"


@tagged("post_install", "-at_install")
class TestPlanIntruder(PlanCommon):
    """Ways round the buttons and the rules of a plan, tried and closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_account = cls._account(cls._create_customer("Stranger"))
        cls.other_account.manager_id = cls.boris
        cls.other_plan = cls.env["kam.plan"].create(
            {"account_id": cls.other_account.id, "date_start": "2020-01-01"}
        )

    # The way of a plan

    def test_own_default_values_do_not_approve_a_plan(self):
        """Everybody may keep default values of their own for any field."""
        Default = self.env["ir.default"].with_user(self.anna)
        for model, name, value in (
            ("kam.plan", "state", "approved"),
            ("kam.plan", "approve_date", "2020-01-01"),
            ("kam.plan", "strategy", "expand"),
            ("crm.lead", "kam_account_id", self.other_account.id),
        ):
            Default.set(model, name, value, user_id=True)
        plan = self.env["kam.plan"].with_user(self.anna)
        plan = plan.create({"account_id": self.account.id})
        self.assertRecordValues(
            plan, [{"state": "draft", "approve_date": False, "strategy": "expand"}]
        )
        lead = self.env["crm.lead"].with_user(self.anna).create({"name": "Cold lead"})
        self.assertFalse(lead.sudo().kam_account_id)

    def test_state_does_not_come_in_through_the_account(self):
        new = {"date_start": "2030-01-01", "state": "approved"}
        with self.assertRaises(AccessError):
            self.account.with_user(self.anna).plan_ids = [Command.create(new)]
        account = self.account.with_user(self.anna)
        account.with_context(default_state="approved").plan_ids = [
            Command.create({"date_start": "2031-01-01"})
        ]
        self.assertEqual(account.plan_ids.mapped("state"), ["draft"])

    def test_client_does_not_pretend_to_merge_customers(self):
        """Constraints run as superuser: a flag in the context would switch them off."""
        self._plan()
        plans = self.env["kam.plan"].with_user(self.anna).with_context(kam_merge=True)
        with self.assertRaises(ValidationError):
            plans.create({"account_id": self.account.id, "date_start": "2020-01-01"})

    def test_copy_is_a_draft_whatever_its_values_say(self):
        plan = self._plan("approved").with_user(self.anna)
        with self.assertRaises(AccessError):
            plan.copy({"state": "approved", "date_start": "2030-01-01"})
        self.assertEqual(plan.copy().state, "draft")

    def test_plan_of_somebody_outside_the_team_is_approved_all_the_same(self):
        """Who executes it may not see the account yet: nobody else is held up."""
        plan = self._plan(user_id=self.boris.id).with_user(self.anna)
        plan.action_submit()
        plan.with_user(self.head).action_approve()
        self.assertIn(plan.state, ("approved", "running"))

    def test_what_the_app_finds_out_is_not_typed_in(self):
        plan = self._plan().with_user(self.anna)
        for vals in (
            {"completeness": 100},
            {"goals_date": "2099-01-01"},
            {"goals_date": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                plan.write(vals)
        plans = self.env["kam.plan"].with_user(self.anna)
        plan = plans.with_context(
            default_goals_date="2099-01-01", default_completeness=100
        ).create({"account_id": self.account.id, "date_start": "2030-01-01"})
        self.assertFalse(plan.goals_date)
        self.assertLess(plan.completeness, 100)

    def test_company_of_branches_and_white_space_follows_the_account(self):
        """Over the wire a branch could be moved to another company, or back to see it."""
        company = self.env.ref("base.main_company").id
        category = self.env["product.category"].create({"name": "Air"})
        new = {"account_id": self.account.id}
        values = {
            "kam.customer.unit": {**new, "name": "North"},
            "kam.white.space": {**new, "categ_id": category.id},
        }
        for model, vals in values.items():
            Model = self.env[model].with_user(self.anna)
            with self.subTest(model=model):
                with self.assertRaises(AccessError):
                    Model.create({**vals, "company_id": company})
                record = Model.with_context(default_company_id=company).create(vals)
                self.assertEqual(record.company_id, self.company)
                with self.assertRaises(AccessError):
                    record.company_id = company

    # What was agreed upon

    def test_baseline_that_was_fixed_is_not_typed_over_in_a_new_version(self):
        plan = self._plan("approved", [self._measured("revenue", 100)])
        plan = plan.with_user(self.anna)
        plan._start_new_version("Other market")
        with self.assertRaises(UserError):
            plan.goal_ids.baseline = 1
        with self.assertRaises(UserError):
            plan.goal_ids = [
                Command.create({**self._measured("margin"), "baseline": 7})
            ]

    def test_another_indicator_starts_from_a_baseline_of_its_own(self):
        self._order("2019-06-01", 500)
        plan = self._plan("approved", [self._measured("revenue", 600)])
        self.assertEqual(plan.goal_ids.baseline, 500)
        plan._start_new_version("Deals instead")
        plan.goal_ids.with_user(self.anna).indicator = "coverage"
        plan.with_user(self.anna).action_submit()
        self.assertEqual(plan.goal_ids.baseline, 0)

    def test_another_period_starts_from_a_baseline_of_its_own(self):
        self._order("2018-06-01", 300)
        self._order("2019-06-01", 500)
        plan = self._plan("approved", [self._measured("revenue", 600)])
        plan._start_new_version("We began earlier")
        plan.with_user(self.anna).write(
            {"date_start": "2019-01-01", "date_end": "2019-12-31"}
        )
        plan.with_user(self.anna).action_submit()
        self.assertEqual(plan.goal_ids.baseline, 300)

    def test_plan_that_was_approved_stays_with_its_customer(self):
        account = self._account(self._create_customer("Second"))
        account.manager_id = self.anna
        plan = self._plan("approved").with_user(self.anna)
        plan._start_new_version("Again")
        with self.assertRaises(UserError):
            plan.account_id = account

    def test_people_of_one_customer_do_not_come_along_to_another(self):
        account = self._account(self._create_customer("Second"))
        account.manager_id = self.anna
        person = self._dossier("Eva")
        need = {"name": "Fewer stops", "stakeholder_id": person.id}
        plan = self._plan(need_ids=[Command.create(need)])
        with self.assertRaises(ValidationError):
            plan.with_user(self.anna).account_id = account
            plan.flush_recordset()

    def test_closed_plan_gets_no_more_actions(self):
        plan = self._plan("closed")
        with self.assertRaises(UserError):
            plan.with_user(self.anna).activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.anna.id
            )

    # Other people's plans

    def test_action_is_not_taken_away_from_a_plan_of_others(self):
        action = self.other_plan.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.anna.id
        )
        self.assertEqual(action.kam_plan_id, self.other_plan)
        for vals in ({"kam_plan_id": False}, {"kam_with_customer": True}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                action.with_user(self.anna).write(vals)

    def test_answer_of_one_customer_is_not_counted_for_another(self):
        review = self.env["kam.plan.review"].create({"plan_id": self.other_plan.id})
        survey = self.env["kam.survey"].create(
            {"account_id": self.account.id, "partner_id": self.customer.id}
        )
        with self.assertRaises(UserError):
            survey.with_user(self.anna).review_id = review

    def test_no_button_works_on_plans_of_others(self):
        """Each public method, called with the ids of records one may not read."""
        plan = self._plan("closed")
        draft = self._plan(date_start="2021-01-01")
        need = self.env["kam.plan.need"].create(
            {"plan_id": draft.id, "name": "Stops", "state": "delivered"}
        )
        promise = self.env["kam.plan.expectation"].create(
            {"plan_id": draft.id, "name": "Quick"}
        )
        review = self.env["kam.plan.review"].create({"plan_id": draft.id})
        category = self.env["product.category"].create({"name": "Air"})
        calls = [
            *(
                (draft, f"action_{name}", ())
                for name in (
                    "submit apply_template refresh_goals plan_action plan_meeting"
                    " print print_customer open_page view_calendar add_communication"
                    " discard_version"
                ).split()
            ),
            *((plan, f"action_{name}", ()) for name in ("reopen", "next_plan")),
            (draft, "action_open_fact", ("deals",)),
            (need, "action_make_lead", ()),
            (need, "action_transfer", ()),
            (promise, "action_plan_action", ()),
            (review, "action_done", ()),
            (review, "action_ask_satisfaction", ()),
            (self.account, "get_white_space", ()),
            (self.account, "mark_white_space", (category.id,)),
            (self.account, "make_white_space_lead", (category.id,)),
            (self.account, "note_white_space_need", (category.id, draft.id)),
            (self.account, "action_take_over_branches", ()),
        ]
        company = self._create_company("Elsewhere")
        chief = self._create_user(
            "chief", "kam_management.group_kam_manager", company=company
        )
        for user in (self.boris, self.seller, chief):
            for record, name, args in calls:
                with (
                    self.subTest(user=user.name, method=f"{record._name}.{name}"),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    theirs = record.with_user(user)
                    theirs = theirs.with_context(
                        allowed_company_ids=user.company_id.ids
                    )
                    getattr(theirs, name)(*args)

    def test_plan_of_another_customer_is_not_used_in_the_white_space(self):
        category = self.env["product.category"].create({"name": "Air"})
        account = self.account.with_user(self.anna)
        for name in ("make_white_space_lead", "note_white_space_need"):
            with self.subTest(method=name), self.assertRaises(UserError):
                getattr(account, name)(category.id, plan_id=self.other_plan.id)

    def test_names_of_hidden_opportunities_are_not_read_by_linking_them(self):
        """A link shows the name of what it leads to, whoever looks at it."""
        company = self._create_company("Elsewhere")
        values = {"name": "Secret merger", "company_id": company.id}
        lead = self.env["crm.lead"].with_context(allowed_company_ids=company.ids)
        lead = lead.create({**values, "user_id": False, "team_id": False})
        category = self.env["product.category"].create({"name": "Air"})
        links = {
            "kam.plan.need": {"plan_id": self._plan().id, "name": "Stops"},
            "kam.white.space": {
                "account_id": self.account.id,
                "categ_id": category.id,
            },
        }
        for model, vals in links.items():
            with self.subTest(model=model), self.assertRaises(UserError):
                record = self.env[model].with_user(self.anna).create(vals)
                record.lead_id = lead.id

    def test_branch_that_is_spoken_of_stays_with_its_customer(self):
        account = self._account(self._create_customer("Second"))
        account.manager_id = self.anna
        unit = self.env["kam.customer.unit"].create(
            {"name": "North", "account_id": self.account.id}
        )
        need = {"name": "Stops", "unit_id": unit.id, "plan_id": self._plan().id}
        self.env["kam.plan.need"].create(need)
        with self.assertRaises(UserError):
            unit.with_user(self.anna).account_id = account

    def test_papers_of_others_are_not_printed(self):
        Report = self.env["ir.actions.report"]
        for name in ("report_plan", "report_plan_customer", "report_plan_page"):
            for user in (self.boris, self.seller):
                with (
                    self.subTest(report=name, user=user.name),
                    self.assertRaises(AccessError),
                ):
                    Report.with_user(user)._render_qweb_html(
                        f"kam_management.{name}", self._plan_once().ids
                    )

    def test_dialogs_show_nothing_of_plans_of_others(self):
        plan = self._plan("approved")
        plan._start_new_version("Again")
        boris = self.env(user=self.boris)
        for model, values in (
            ("kam.plan.new", {"account_id": self.account.id}),
            ("kam.plan.compare", {"plan_id": plan.id}),
            ("kam.plan.new.version", {"plan_id": plan.id, "reason": "Mine"}),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                boris[model].create(values)
        dialog = boris["kam.plan.compare"].create({"plan_id": self.other_plan.id})
        with self.assertRaises(AccessError):
            dialog.old_version_id = plan.version_ids
        dialog.sudo().old_version_id = plan.version_ids
        with self.assertRaises(AccessError):
            dialog.invalidate_recordset()
            dialog.read(["comparison"])

    # Words that are markup

    def test_names_are_never_markup(self):
        self.customer.name = EVIL
        self.product.categ_id = self.env["product.category"].create({"name": EVIL})
        self.env["res.partner"].create(
            {"name": EVIL, "is_company": True, "parent_id": self.customer.id}
        )
        self._order(date.today(), 50)
        person = self._dossier("Eva")
        person.partner_id.name = EVIL
        goal = {"name": EVIL, "unit": EVIL, "target": 3, "side": "customer"}
        plan = self._plan(
            goals=[goal],
            name=EVIL,
            foreword=EVIL,
            situation=EVIL,
            strengths=EVIL,
            need_ids=[
                Command.create(
                    {"name": EVIL, "service": EVIL, "stakeholder_id": person.id}
                )
            ],
            stage_ids=[Command.create({"name": EVIL, "help_text": EVIL, "volume": 3})],
            expectation_ids=[Command.create({"name": EVIL, "origin": "promised"})],
            barrier_ids=[Command.create({"name": EVIL, "kind": "data"})],
            member_ids=[Command.create({"user_id": self.anna.id, "role": EVIL})],
        ).with_user(self.anna)
        pages = {
            name: plan[name]
            for name in (
                "facts_html",
                "goals_picture",
                "funnel_picture",
                "completeness_checklist",
            )
        }
        Report = self.env["ir.actions.report"].with_user(self.anna)
        for name in ("report_plan", "report_plan_customer", "report_plan_page"):
            [html, _kind] = Report._render_qweb_html(f"kam_management.{name}", plan.ids)
            pages[name] = html.decode()
        for name, html in pages.items():
            with self.subTest(where=name):
                self.assertFalse("<script>alert" in html)

    def test_figures_that_do_not_exist_are_refused_in_words(self):
        plan = self._plan().with_user(self.anna)
        for args in (
            ("salary",),
            ("category", "all"),
            ("branch",),
            ("quarter", "soon"),
        ):
            with self.subTest(args=args), self.assertRaises(UserError):
                plan.action_open_fact(*args)

    def test_customer_reads_of_his_own_figures_alone(self):
        """How well we know his people is measured for us, whosever goal it is called."""
        goals = [
            self._measured(key, side="customer", name=f"Goal {key}")
            for key in self.env["kam.measure"]._find(GOAL)
        ]
        plan = self._plan(goals=goals)
        paper = self.env["report.kam_management.report_plan_customer"]
        names = {goal["name"] for goal in paper._prepare_goals(plan)["goals"]}
        self.assertEqual(
            names, {f"Goal {key}" for key in ("revenue", "transaction", "loyalty")}
        )

    def _plan_once(self):
        return self.env["kam.plan"].search(
            [("account_id", "=", self.account.id)], limit=1
        ) or self._plan("approved")

    # Two at the same time

    def test_plans_of_one_customer_are_made_one_after_the_other(self):
        """Else two clicks at the same time each make next year's plan."""
        self.assertTrue(self._changes_row(self.account, self._plan))

    def _changes_row(self, record, action):
        """Return whether concurrent transactions that do this take turns."""
        query = f"SELECT ctid FROM {record._table} WHERE id = {record.id}"
        self.env.flush_all()
        self.env.cr.execute(query)
        before = self.env.cr.fetchone()
        action()
        self.env.flush_all()
        self.env.cr.execute(query)
        return before != self.env.cr.fetchone()
