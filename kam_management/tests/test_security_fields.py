from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestSecurityFields(KamCommon):
    """Who may type what into an account, and who sees the level elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.order = cls._order("2020-05-01")
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Second compressor",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "user_id": cls.boris.id,
            }
        )
        cls._refresh(as_of=date(2020, 6, 1))
        cls.order.user_id = cls.boris

    # What the engine computes

    def test_computed_fields_cannot_be_typed_in_by_anybody(self):
        for user in (self.anna, self.head):
            mine = self.account.with_user(user)
            for name in mine._get_found_fields():
                with (
                    self.subTest(user=user.name, field=name),
                    self.assertRaises(AccessError),
                ):
                    mine.write({name: mine.sudo()[name]})
            with self.assertRaises(AccessError):
                mine.write({"transition_ids": [(5, 0, 0)]})

    def test_refusal_of_computed_field_names_it_and_the_way_out(self):
        names = "Level, Trailing Revenue: .*Record the order"
        with self.assertRaisesRegex(AccessError, names):
            self.account.with_user(self.head).write({"revenue": 1, "level": "active"})
        with self.assertRaisesRegex(AccessError, "Evidence Hash"):
            self.account.with_user(self.head).evidence_hash = 0

    def test_new_account_starts_where_the_engine_says(self):
        stranger = self._create_customer("Stranger")
        Account = self.Account.with_user(self.head)
        with self.assertRaises(AccessError):
            Account.create({"partner_id": stranger.id, "level": "active"})
        Account = Account.with_context(default_level="active", default_revenue=1000)
        account = Account.create(
            {"partner_id": stranger.id, "company_id": self.company.id}
        )
        self.assertEqual((account.level, account.revenue), ("potential", 0))

    def test_steps_of_the_log_cannot_be_changed(self):
        step = self.account.transition_ids
        for user in (self.anna, self.head):
            with self.assertRaises(AccessError):
                step.with_user(user).user_id = user
            with self.assertRaises(AccessError):
                self.account.with_user(user).transition_ids = [(2, step.id)]

    # What the head of sales decides

    def test_head_of_sales_assigns_nominates_and_enters_openings(self):
        with Form(self.account.with_user(self.head)) as form:
            form.manager_id = self.boris
            form.accountable_id = self.head
            form.is_key_account = True
            form.opening_count = 2
            form.opening_first_date = "2018-01-01"
            form.opening_last_date = "2019-01-01"
        self.assertRecordValues(
            self.account,
            [{"manager_id": self.boris.id, "is_key_account": True, "opening_count": 2}],
        )

    def test_key_account_manager_is_told_whom_to_ask(self):
        mine = self.account.with_user(self.anna)
        for name, value in {
            "manager_id": self.boris.id,
            "accountable_id": self.anna.id,
            "is_key_account": True,
            "opening_count": 5,
            "opening_first_date": "2018-01-01",
            "partner_id": self.seller.partner_id.id,
            "company_id": self.env.company.id,
            "active": False,
        }.items():
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(AccessError, "only a head of sales .*Ask"),
            ):
                mine.write({name: value})

    def test_key_account_manager_fills_in_the_rest_of_the_form(self):
        with Form(self.account.with_user(self.anna)) as form:
            form.sales_type = "project"
            form.developer_id = self.boris
            form.member_ids.add(self.seller)
        self.assertEqual(self.account.developer_id, self.boris)
        self.assertEqual(self.account.member_ids, self.seller)

    def test_account_with_history_is_archived_not_deleted(self):
        mine = self.account.with_user(self.head)
        with self.assertRaisesRegex(UserError, "Archive"):
            mine.unlink()
        mine.action_archive()
        self.assertFalse(self.account.active)
        stranger = self._account(self._create_customer("Stranger"))
        stranger.with_user(self.head).unlink()
        self.assertFalse(stranger.exists())

    def test_client_does_not_pretend_to_merge_customers(self):
        """Constraints run as superuser: a flag in the context gave contacts accounts."""
        contact = self._create_customer("Ada", is_company=False)
        contact.parent_id = self.customer
        flags = {"kam_merge": True, "kam_follow_customer": True}
        Account = self.Account.with_user(self.head).with_context(**flags)
        with self.assertRaisesRegex(ValidationError, "is a contact of"):
            Account.create({"partner_id": contact.id})

    def test_copy_of_an_account_is_refused_clearly(self):
        with self.assertRaisesRegex(UserError, "one account"):
            self.account.with_user(self.head).copy()

    # What others see of it

    def test_fields_elsewhere_do_not_exist_without_the_group(self):
        for user in (
            self.seller,
            self._create_user("clerk", "base.group_partner_manager"),
        ):
            for model in ("res.partner", "crm.lead", "sale.order"):
                names = set(self.env[model].with_user(user).fields_get())
                hidden = {
                    "kam_account_id",
                    "kam_level",
                    "is_key_account",
                    "kam_touch_ids",
                }
                self.assertFalse(names & hidden, f"{model}, {user.name}")

    def test_fields_elsewhere_cannot_be_read_without_the_group(self):
        self.lead.user_id = self.order.user_id = self.seller
        for record in (self.customer, self.lead, self.order):
            for name in ("kam_level", "kam_account_id"):
                mine = record.with_user(self.seller)
                for attempt in (
                    lambda mine, name: mine.read([name]),
                    lambda mine, name: mine[name],
                    lambda mine, name: mine.web_read({name: {}}),
                    lambda mine, name: mine.mapped(name),
                ):
                    with (
                        self.subTest(model=record._name, field=name),
                        self.assertRaises(AccessError),
                    ):
                        attempt(mine, name)
                self.env.ref("base.group_allow_export").user_ids |= self.seller
                with self.assertRaises(AccessError):
                    mine.export_data([name])

    def test_fields_elsewhere_cannot_be_searched_or_grouped_without_the_group(self):
        for model, path in (
            ("res.partner", "kam_level"),
            ("res.partner", "kam_account_id"),
            ("res.partner", "is_key_account"),
            ("crm.lead", "kam_level"),
            ("crm.lead", "kam_account_id"),
            ("crm.lead", "partner_id.kam_level"),
            ("sale.order", "partner_id.kam_level"),
        ):
            Model = self.env[model].with_user(self.seller)
            with self.subTest(model=model, path=path), self.assertRaises(AccessError):
                Model.search([(path, "!=", False)])
        for name in ("kam_level", "kam_account_id"):
            Lead = self.env["crm.lead"].with_user(self.seller)
            with self.subTest(group=name), self.assertRaises(AccessError):
                Lead.formatted_read_group([], [name], ["__count"])
            with self.subTest(order=name), self.assertRaises(AccessError):
                Lead.search([], order=name)

    def test_colleague_outside_the_team_sees_the_level_but_not_the_account(self):
        partner = self.customer.with_user(self.boris)
        self.assertEqual(partner.kam_level, "new")
        self.assertFalse(partner.kam_account_id)
        self.assertIn(partner, partner.search([("kam_level", "=", "new")]))
        self.assertFalse(partner.search([("kam_account_id", "=", self.account.id)]))
        self.assertFalse(partner.search([("kam_account_id.revenue", ">", 0)]))
        order = self.order.with_user(self.boris)
        self.assertEqual(order.kam_level, "new")
        self.assertFalse(order.kam_account_id)
        lead = self.lead.with_user(self.boris)
        self.assertEqual(lead.kam_level, "new")
        self.assertFalse(lead.search([("kam_account_id.revenue", ">", 0)]))
        with self.assertRaises(AccessError):
            lead.kam_account_id.read(["revenue"])

    def test_groups_of_leads_by_a_path_keep_to_accounts_one_sees(self):
        Lead = self.env["crm.lead"].with_user(self.boris)
        groups = Lead._read_group(
            [("id", "=", self.lead.id)], ["kam_account_id.manager_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.env["res.users"], 1)])

    def test_lead_cannot_be_linked_to_an_account_one_does_not_see(self):
        """The name of the customer would be shown."""
        hidden = self._account(self._create_customer("Hidden Customer"))
        lead = self.lead.with_user(self.boris)
        for values in ({"kam_account_id": hidden.id}, {"kam_account_id": False}):
            with self.subTest(values), self.assertRaises(AccessError):
                lead.write(values)
        with self.assertRaises(AccessError):
            lead.create({"name": "Lead", "kam_account_id": hidden.id})
        sneaky = lead.with_context(default_kam_account_id=hidden.id)
        self.assertFalse(sneaky.create({"name": "Lead"}).sudo().kam_account_id)
        self.assertEqual(self.lead.kam_account_id, self.account)

    def test_chatter_of_an_account_is_for_the_team(self):
        message = self.account.with_user(self.anna).message_post(
            body="They buy elsewhere"
        )
        outside = self.account.with_user(self.boris)
        with self.assertRaises(AccessError):
            outside.message_post(body="Really?")
        with self.assertRaises(AccessError):
            message.with_user(self.boris).read(["body"])
        domain = [("model", "=", "kam.account"), ("res_id", "=", self.account.id)]
        Message = self.env["mail.message"].with_user(self.boris)
        self.assertFalse(Message.search(domain))
        self.account.member_ids = self.boris
        self.assertIn(message, Message.search(domain))
