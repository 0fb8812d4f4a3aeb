from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.common.names import list_names
from .common import KamCommon


@tagged("post_install", "-at_install")
class TestSecurityTeam(KamCommon):
    """Anna leads the account, Boris takes part: who of them changes what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.write({"manager_id": cls.anna.id, "member_ids": cls.boris.ids})
        cls.vera = cls._create_user("vera", "kam_management.group_kam_user")
        cls.touch = cls._log_touch(cls.anna, summary="Price list")

    @classmethod
    def _log_touch(cls, user, **values):
        values = {"account_id": cls.account.id, "date": "2020-04-01", **values}
        return cls.env["kam.touch"].with_user(user).create(values)

    def _change(self, record, **values):
        """Have a record changed; return whether that is allowed, and says so before."""
        try:
            record.write(values)
        except AccessError:
            self.assertFalse(record.has_access("write"))
            return False
        return True

    # Touches

    def test_member_reads_the_touches_of_colleagues_and_changes_none(self):
        touch = self.touch.with_user(self.boris)
        self.assertEqual(touch.summary, "Price list")
        for attempt in (
            lambda: touch.write({"summary": "Mine"}),
            lambda: touch.write({"user_id": self.boris.id}),
            touch.action_archive,
            touch.unlink,
        ):
            with self.assertRaisesRegex(AccessError, "log a new touch"):
                attempt()

    def test_form_of_a_colleagues_touch_is_for_reading(self):
        with Form(self.touch.with_user(self.anna)) as form:
            form.summary = "New price list"
        form = Form(self.touch.with_user(self.boris))
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.summary = "Mine"
        with Form(self.env["kam.touch"].with_user(self.boris)) as form:
            form.account_id = self.account
            form.summary = "A call of mine"

    def test_captured_touch_is_not_put_away_by_a_member(self):
        message = self.env["mail.message"].create({"subject": "Prices"})
        self.touch.sudo().message_id = message
        with self.assertRaises(AccessError):
            self.touch.with_user(self.boris).unlink()
        self.assertTrue(self.touch.active)

    def test_touch_is_changed_by_who_led_it_or_logged_it(self):
        led = self._log_touch(self.anna, user_id=self.boris.id)
        logged = self._log_touch(self.boris, user_id=self.anna.id)
        for touch in (led, logged):
            self.assertTrue(self._change(touch.with_user(self.boris), quality=4))

    def test_touch_is_changed_by_who_answers_for_the_account(self):
        touch = self._log_touch(self.boris)
        for user in (self.anna, self.head):
            self.assertTrue(self._change(touch.with_user(user), quality=4))
        self.account.accountable_id = self.vera
        self.assertTrue(self._change(touch.with_user(self.vera), quality=5))
        self.account.write({"accountable_id": False, "developer_id": self.vera.id})
        self.assertFalse(self._change(touch.with_user(self.vera), quality=5))

    def test_touch_is_changed_by_the_salesperson_of_its_lead(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Filters",
                "company_id": self.company.id,
                "user_id": self.boris.id,
                "partner_id": self.customer.id,
            }
        )
        touch = self._log_touch(self.anna, lead_id=lead.id)
        self.assertTrue(self._change(touch.with_user(self.boris), quality=3))
        lead.user_id = self.anna
        self.assertFalse(self._change(touch.with_user(self.boris), quality=3))

    def test_lead_that_nobody_has_opens_no_touches_of_the_account(self):
        """A stranger took the lead, and with it what was noted with the customer."""
        values = {"company_id": self.company.id, "user_id": False, "team_id": False}
        leads = self.env["crm.lead"].create(
            [
                {"name": "Pumps", "partner_id": self.customer.id, **values},
                {"name": "Cold", **values},
            ]
        )
        touch = self._log_touch(self.anna, lead_id=leads[0].id)
        cold = self._log_touch(self.anna, account_id=False, lead_id=leads[1].id)
        self.assertEqual(touch.account_id, self.account)
        leads.with_user(self.vera).user_id = self.vera
        mine = touch.with_user(self.vera)
        for attempt in (
            lambda: mine.write({"summary": "Mine"}),
            lambda: mine.write({"user_id": self.vera.id}),
            mine.action_archive,
            mine.unlink,
        ):
            with self.assertRaisesRegex(AccessError, "log a new touch"):
                attempt()
        # with a customer of their own, or merged into such a lead, it stays so
        own = self._account(self._create_customer("Own"))
        own.manager_id = self.vera
        deal = {"name": "Own deal", "partner_id": own.partner_id.id, **values}
        deal = self.env["crm.lead"].create({**deal, "user_id": self.vera.id})
        deal = (deal + leads[0]).with_user(self.vera).merge_opportunity()
        self.assertEqual(touch.lead_id, deal.sudo())
        deal.partner_id = own.partner_id
        self._drain()
        self.assertEqual(touch.account_id, self.account)
        self.assertFalse(self._change(mine, quality=2))
        self.assertTrue(self._change(cold.with_user(self.vera), quality=2))
        self.account.member_ids += self.vera
        self.assertTrue(self._change(mine, quality=2))

    def test_some_of_many_touches_are_told_apart_in_a_few_queries(self):
        mine = self._log_touch(self.boris)
        for count in (1, 20):
            touches = mine + self.env["kam.touch"].union(
                *(self._log_touch(self.anna) for _number in range(count))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            theirs = touches.with_user(self.boris)
            with self.subTest(count=count), self.assertQueryCount(12):
                self.assertEqual(theirs._filtered_access("write"), mine)

    def test_capture_and_the_engine_change_whatever_they_find(self):
        self.touch.with_user(self.boris).sudo().summary = "Found"
        self.assertEqual(self.touch.summary, "Found")

    def test_resources_follow_their_touch(self):
        resource = self.env["kam.resource"].create({"name": "Filter", "cost": 5})
        values = {"resource_id": resource.id, "touch_id": self.touch.id}
        line = self.env["kam.touch.resource"].create(values).with_user(self.boris)
        self.assertEqual(line.cost, 5)
        for attempt in (
            lambda: line.write({"quantity": 9}),
            line.unlink,
            lambda: line.create(values),
        ):
            with self.assertRaisesRegex(AccessError, "log a new touch"):
                attempt()
        own = self._log_touch(self.boris)
        own.resource_ids = [Command.create({"resource_id": resource.id})]
        own.resource_ids.quantity = 2
        self.assertEqual(own.cost, 10)
        with self.assertRaises(AccessError):
            own.resource_ids.touch_id = self.touch
        self.assertTrue(self._change(line.with_user(self.anna), quantity=3))

    # The team

    def test_member_promotes_nobody_and_takes_nobody_in(self):
        account = self.account.with_user(self.boris)
        self.assertFalse(account.can_staff)
        for name in ("developer_id", "telemarketer_id", "project_manager_id"):
            for user in (self.boris, self.vera):
                with self.assertRaisesRegex(AccessError, "Ask one of them"):
                    account[name] = user
        for command in (Command.link(self.vera.id), Command.unlink(self.boris.id)):
            with self.assertRaisesRegex(AccessError, "Ask one of them"):
                account.member_ids = [command]
        with self.assertRaisesRegex(AccessError, "Ask one of them"):
            account.team_id = self.env["crm.team"].create({"name": "Mine"})
        account.sales_type = "project"  # what is no role is theirs, too

    def test_manager_accountable_and_head_decide_who_is_in_the_team(self):
        for user in (self.anna, self.head):
            account = self.account.with_user(user)
            self.assertTrue(account.can_staff)
            account.write({"developer_id": self.vera.id, "member_ids": self.vera.ids})
        self.account.accountable_id = self.boris
        self.account.with_user(self.boris).project_manager_id = self.boris
        self.assertIn(self.vera, self.account.team_user_ids)

    def test_stranger_learns_nothing_from_the_refusal(self):
        with self.assertRaises(AccessError) as refused:
            self.account.with_user(self.vera).developer_id = self.vera
        self.assertNotIn("Ask one of them", str(refused.exception))

    def test_import_of_a_member_changes_no_team(self):
        account = self.account.with_user(self.boris)
        result = account.load(
            [".id", "developer_id/.id"], [[str(account.id), str(self.boris.id)]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("Ask one of them", result["messages"][0]["message"])

    def test_team_of_a_plan_takes_nobody_into_that_of_the_account(self):
        plan = self._plan()
        Member = self.env["kam.plan.member"].with_user(self.boris)
        with self.assertRaisesRegex(AccessError, "Ask one of them"):
            Member.create({"plan_id": plan.id, "user_id": self.vera.id})
        mine = Member.create({"plan_id": plan.id, "user_id": self.boris.id})
        with self.assertRaisesRegex(AccessError, "Ask one of them"):
            mine.user_id = self.vera
        mine.with_user(self.anna).user_id = self.vera
        self.assertIn(self.vera, self.account.team_user_ids)

    def test_next_plan_takes_along_who_is_still_in_the_team(self):
        plan = self._plan()
        for user in (self.boris, self.vera):
            plan.member_ids = [Command.create({"user_id": user.id})]
        self.account.member_ids -= self.vera
        copied = plan.with_user(self.boris).copy(
            {"date_start": "2031-01-01", "date_end": "2031-12-31"}
        )
        self.assertEqual(copied.member_ids.user_id, self.boris)

    def test_catalogue_of_roles_in_the_decision_is_the_heads(self):
        role = self.env.ref("kam_management.stakeholder_role_pays")
        self.assertFalse(self._change(role.with_user(self.anna), touch_days=3))
        self.assertTrue(self._change(role.with_user(self.head), touch_days=3))

    def _plan(self):
        return self.env["kam.plan"].create(
            {
                "account_id": self.account.id,
                "strategy": "retain",
                "date_start": "2030-01-01",
            }
        )

    # Companies

    def test_lines_of_a_planning_stay_in_their_company(self):
        other = self._create_company("Other Company")
        self.head.company_ids += other
        planning = self.env["kam.quota.planning"].with_user(self.head)
        planning = planning.create({"company_id": self.company.id})
        lines = planning.line_ids
        self.assertTrue(lines.read(["indicator"]))
        elsewhere = lines.with_context(allowed_company_ids=other.ids)
        self.assertFalse(elsewhere.search([("id", "in", lines.ids)]))
        for attempt in (
            lambda: elsewhere.read(["indicator"]),
            lambda: elsewhere.write({"target": 1}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    # Messages

    def test_messages_name_what_is_seen_and_count_the_rest(self):
        hidden = self._account(self._create_customer("Secret Customer"))
        both = self.account + hidden
        self.assertEqual(
            list_names(both.with_user(self.boris).sudo()),
            "Meyer Machines, 1 that you cannot see",
        )
        self.assertEqual(
            list_names(hidden.with_user(self.boris).sudo()), "1 that you cannot see"
        )
        self.assertEqual(
            list_names(both.with_user(self.head), limit=1), "Meyer Machines, 1 more"
        )

    def test_category_in_quotas_is_kept_without_naming_them(self):
        category = self.env["product.category"].create({"name": "Filters"})
        line = {"indicator": "category_revenue", "categ_id": category.id, "target": 1}
        self.env["kam.quota"].create(
            {
                "company_id": self.company.id,
                "user_id": self.anna.id,
                "period": "month",
                "date_start": date(2031, 4, 1),
                "line_ids": [Command.create(line)],
            }
        )
        clerk = self._create_user("clerk", "product.group_product_manager")
        with self.assertRaises(UserError) as kept:
            category.with_user(clerk).unlink()
        self.assertIn("1 that you cannot see", str(kept.exception))
        self.assertNotIn("Anna", str(kept.exception))

    def test_plan_with_hidden_actions_tells_how_many(self):
        plan = self._plan()
        lead = self.env["crm.lead"].create(
            {"name": "Secret", "company_id": self.company.id, "user_id": self.vera.id}
        )
        lead.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Secret call",
            user_id=self.vera.id,
            kam_plan_id=plan.id,
        )
        with self.assertRaises(UserError) as kept:
            plan.with_user(self.anna)._check_closable()
        self.assertIn("1 that you cannot see", str(kept.exception))
        self.assertNotIn("Secret", str(kept.exception))
