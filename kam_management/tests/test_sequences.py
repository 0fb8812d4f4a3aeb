from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestSequences(KamCommon):
    """Plans of contacts on accounts and leads, each step for who has the role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.write({"manager_id": cls.anna.id, "accountable_id": cls.head.id})
        cls.Plan = cls.env["mail.activity.plan"]
        cls.win_back = cls.env.ref("kam_management.plan_win_back")
        cls.first_contact = cls.env.ref("kam_management.plan_first_contact")

    def _launch(self, record, plan, user=None):
        user = user or self.anna
        wizard = (
            self.env["mail.activity.schedule"]
            .with_user(user)
            .with_context(
                active_model=record._name,
                active_ids=record.ids,
                active_id=record.id,
                plan_mode=True,
            )
        )
        form = Form(wizard)
        form.plan_id = plan
        wizard = form.save()
        wizard.action_schedule_plan()
        return wizard

    def test_steps_go_to_the_roles_of_the_account(self):
        self._launch(self.account, self.win_back)
        activities = self.account.activity_ids.sorted("date_deadline")
        self.assertEqual(activities.mapped("user_id"), self.anna + self.head)
        self.assertEqual(
            activities.mapped("activity_type_id.kam_channel"),
            ["phone", "letter", "meeting"],
        )

    def test_vacant_role_warns_and_goes_to_who_launches(self):
        wizard = self._launch(self.account, self.first_contact)
        self.assertIn("no Telemarketer", str(wizard.warning))
        self.assertEqual(self.account.activity_ids.user_id, self.anna)

    def test_lead_takes_the_roles_of_its_account_or_its_salesperson(self):
        self.account.developer_id = self.boris
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": "Known",
                    "partner_id": self.customer.id,
                    "user_id": self.anna.id,
                },
                {"name": "Cold", "user_id": self.anna.id},
            ]
        )
        plan = self.env.ref("kam_management.plan_first_contact_lead")
        step = plan.template_ids.filtered(
            lambda t: t.responsible_type == "kam_developer"
        )
        known, cold = (
            step[0]._determine_responsible(self.env["res.users"], lead)["responsible"]
            for lead in leads
        )
        self.assertEqual((known, cold), (self.boris, self.anna))

    def test_roles_make_no_sense_in_other_plans(self):
        plan = self.Plan.create({"name": "Contact", "res_model": "res.partner"})
        with self.assertRaisesRegex(ValidationError, "Choose another assignment"):
            self.env["mail.activity.plan.template"].create(
                {"plan_id": plan.id, "responsible_type": "kam_manager"}
            )

    def test_head_of_sales_edits_plans_of_accounts_and_leads_alone(self):
        self.win_back.with_user(self.head).name = "Win them back"
        self.win_back.template_ids[0].with_user(self.head).summary = "Listen"
        self.Plan.with_user(self.head).create(
            {"name": "New", "res_model": "kam.account"}
        )
        with self.assertRaises(AccessError):
            self.Plan.with_user(self.head).create(
                {"name": "New", "res_model": "res.partner"}
            )
        with self.assertRaises(AccessError):
            self.win_back.with_user(self.anna).name = "Mine"

    def test_button_opens_the_plans_of_accounts(self):
        action = self.account.with_user(self.anna).action_start_sequence()
        form = Form(
            self.env["mail.activity.schedule"]
            .with_user(self.anna)
            .with_context(**action["context"])
        )
        self.assertEqual(form.plan_id.res_model, "kam.account")
