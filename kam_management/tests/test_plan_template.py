from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestPlanTemplate(KamCommon):
    """A plan begins with a template instead of a blank page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.account.accountable_id = cls.head
        cls.Template = cls.env["kam.plan.template"]
        # the shipped ones would be suggested, too
        cls.Template.search([]).active = False
        call = cls.env.ref("mail.mail_activity_data_call")
        cls.steps = cls.env["mail.activity.plan"].create(
            {
                "name": "Begin",
                "company_id": False,
                "res_model": "kam.plan",
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": call.id,
                            "summary": "Ask him",
                            "responsible_type": "kam_manager",
                            "delay_count": 1,
                            "delay_unit": "weeks",
                            "delay_from": "after_plan_date",
                        }
                    )
                ],
            }
        )
        cls.template = cls._template("Keep", activity_plan_id=cls.steps.id)

    @classmethod
    def _template(cls, name, goals=("He stays",), **values):
        return cls.Template.create(
            {
                "name": name,
                "strategy": "retain",
                "goal_ids": [
                    Command.create({"name": goal, "unit": "%"}) for goal in goals
                ],
                **values,
            }
        )

    def _wizard(self, user=None):
        wizard = self.env["kam.plan.new"].with_user(user or self.anna)
        return Form(wizard.with_context(default_account_id=self.account.id))

    def _make_plan(self, **values):
        """Return the plan that Anna makes with the dialog."""
        form = self._wizard()
        for name, value in values.items():
            setattr(form, name, value)
        action = form.save().action_create_plan()
        return self.env["kam.plan"].with_user(self.anna).browse(action["res_id"])

    # The dialog

    @freeze_time("2026-06-15")
    def test_plan_is_made_in_two_clicks(self):
        action = self.account.with_user(self.anna).action_open_plan()
        self.assertEqual(action["res_model"], "kam.plan.new")
        plan = self._make_plan()
        self.assertRecordValues(
            plan,
            [
                {
                    "state": "draft",
                    "strategy": "retain",
                    "date_start": date(2026, 1, 1),
                    "date_end": date(2026, 12, 31),
                    "user_id": self.anna.id,
                }
            ],
        )
        self.assertEqual(plan.goal_ids.mapped("name"), ["He stays"])
        self.assertEqual(plan.goal_ids.unit, "%")
        action = self.account.with_user(self.anna).action_open_plan()
        self.assertEqual((action["res_model"], action["res_id"]), ("kam.plan", plan.id))

    @freeze_time("2026-06-15")
    def test_first_actions_are_scheduled_for_who_has_the_role(self):
        plan = self._make_plan()
        [action] = plan.activity_ids
        self.assertEqual(action.summary, "Ask him")
        self.assertEqual(action.user_id, self.anna)
        self.assertEqual(action.date_deadline, date(2026, 6, 22), "not in the past")

    @freeze_time("2026-06-15")
    def test_period_after_the_last_plan_is_suggested(self):
        self._make_plan()
        wizard = self._wizard()
        self.assertEqual(wizard.date_start, date(2027, 1, 1))
        self.assertEqual(wizard.date_end, date(2027, 12, 31))

    @freeze_time("2026-06-15")
    def test_after_years_without_a_plan_this_year_is_suggested(self):
        self._make_plan(date_start=date(2022, 1, 1), date_end=date(2022, 12, 31))
        self.assertEqual(self._wizard().date_start, date(2026, 1, 1))

    def test_next_fiscal_year_is_suggested_when_this_one_is_nearly_over(self):
        company = self.account.company_id
        with freeze_time("2026-10-31"):
            self.assertEqual(self._wizard().date_start, date(2026, 1, 1))
        with freeze_time("2026-11-01"):
            self.assertEqual(self._wizard().date_start, date(2027, 1, 1))
        company.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        with freeze_time("2026-11-01"):
            self.assertEqual(self._wizard().date_start, date(2026, 4, 1))

    def test_second_click_opens_the_same_plan(self):
        wizard = self._wizard().save()
        first, second = wizard.action_create_plan(), wizard.action_create_plan()
        self.assertEqual(first["res_id"], second["res_id"])
        self.assertEqual(len(self.account.plan_ids), 1)

    def test_dialog_opened_twice_makes_no_second_plan(self):
        first, second = self._wizard().save(), self._wizard().save()
        first.action_create_plan()
        with self.assertRaisesRegex(ValidationError, "has a plan for this time"):
            second.action_create_plan()

    def test_plan_needs_an_account(self):
        with self.assertRaises(AssertionError):
            Form(self.env["kam.plan.new"].with_user(self.anna)).save()

    def test_nobody_plans_for_the_account_of_a_colleague(self):
        wizard = self.env["kam.plan.new"].with_user(self.boris)
        with self.assertRaises(AccessError):
            wizard.create({"account_id": self.account.id}).action_create_plan()

    def test_template_of_another_company_is_refused(self):
        other = self._create_company("Sister")
        foreign = self._template("Theirs", company_id=other.id)
        wizard = self._wizard().save()
        with self.assertRaises(UserError):
            wizard.sudo().template_id = foreign
        plan = self._make_plan()
        with self.assertRaises(UserError):
            plan.sudo().template_id = foreign

    # Suggestions

    def test_template_of_the_industry_is_suggested(self):
        food, mining = (
            self.env["res.partner.industry"].create({"name": name})
            for name in ("Food", "Mining")
        )
        special = self._template("Food", industry_id=food.id, sequence=99)
        self.assertEqual(self._wizard().template_id, self.template)
        self.customer.industry_id = mining
        self.assertEqual(self._wizard().template_id, self.template)
        self.customer.industry_id = food
        self.assertEqual(self._wizard().template_id, special)

    def test_level_decides_among_the_others(self):
        expand = self._template("More", strategy="expand")
        relations = self._template("People", strategy="relations")
        for level, pattern, expected in (
            ("potential", False, relations),
            ("engaged", False, relations),
            ("new", "one_off", expand),
            ("active", "safe", expand),
            ("active", "repeat", self.template),
            ("dormant", "repeat", relations),
        ):
            with self.subTest(level=level, pattern=pattern):
                self.account.sudo().write({"level": level, "buyer_pattern": pattern})
                self.assertEqual(self._wizard().template_id, expected)

    # Applying

    def test_applied_twice_it_adds_nothing(self):
        plan = self._make_plan()
        plan.activity_ids.action_feedback()
        plan.action_apply_template()
        self.assertEqual(len(plan.goal_ids), 1)
        self.assertFalse(plan.activity_ids, "what was done is not planned again")

    def test_what_is_written_stays(self):
        plan = self._make_plan(template_id=self.Template)
        self.assertFalse(plan.goal_ids)
        plan.write({"strategy": "expand", "template_id": self.template.id})
        plan.action_apply_template()
        self.assertEqual(plan.strategy, "expand")
        self.assertEqual(len(plan.goal_ids), 1)

    def test_only_drafts_take_a_template(self):
        plan = self._make_plan()
        plan.goal_ids.target = 10
        plan.action_submit()
        with self.assertRaisesRegex(UserError, "is not possible"):
            plan.action_apply_template()

    def test_nothing_to_apply_says_so(self):
        plan = self._make_plan(template_id=self.Template)
        with self.assertRaisesRegex(UserError, "Choose a template first"):
            plan.action_apply_template()

    # Bad templates

    def test_template_needs_goals(self):
        with self.assertRaisesRegex(ValidationError, "has no goals"):
            self._template("Empty", goals=())
        with self.assertRaisesRegex(ValidationError, "has no goals"):
            self.template.goal_ids = [Command.clear()]

    def test_first_actions_are_those_of_plans(self):
        self.steps.copy({"res_model": "kam.account"})
        other = self.env["mail.activity.plan"].create(
            {"name": "Calls", "res_model": "kam.account"}
        )
        with self.assertRaisesRegex(ValidationError, "not a sequence"):
            self.template.activity_plan_id = other

    def test_heads_make_templates_and_managers_use_them(self):
        self.template.with_user(self.head).name = "Keep them"
        self.assertEqual(self.template.with_user(self.anna).name, "Keep them")
        with self.assertRaises(AccessError):
            self.template.with_user(self.anna).name = "Mine"
        with self.assertRaises(AccessError):
            self.template.with_user(self.seller).read(["name"])


@tagged("post_install", "-at_install")
class TestPlanStartTour(HttpCase):
    """From an account without a plan to the plan on a page, in the browser."""

    def test_plan_is_made_and_read(self):
        company = self.env.ref("base.main_company")
        customer = self.env["res.partner"].create(
            {"name": "Tour Machines", "is_company": True, "company_id": company.id}
        )
        self.env["crm.lead"].create(
            {
                "name": "Second pump",
                "type": "opportunity",
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": self.env.ref("base.user_admin").id,
            }
        )
        Template = self.env["kam.plan.template"]
        Template.search([]).active = False
        Template.create(
            {
                "name": "Tour",
                "description": "Tour template",
                "strategy": "relations",
                "goal_ids": [Command.create({"name": "He stays", "unit": "%"})],
            }
        )
        Account = self.env["kam.account"]
        Account.env["kam.engine"]._run({(company.id, customer.id)})
        account = Account._get_for(company, customer)
        self.start_tour(
            f"/odoo/key-accounts/{account.id}", "kam_plan_start_tour", login="admin"
        )
        self.assertEqual(account.plan_ids.goal_ids.name, "He stays")
