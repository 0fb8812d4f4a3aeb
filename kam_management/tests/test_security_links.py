from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .stakeholder_common import StakeholderCommon


@tagged("post_install", "-at_install")
class TestSecurityLinks(StakeholderCommon):
    """A link neither tells what it leads to, nor takes anything to another customer.

    Anna leads the account of Meyer, Boris that of Rival, who has a plan, a need and a
    branch that Anna does not see.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls._account(cls._create_customer("Rival"))
        cls.rival.manager_id = cls.boris
        cls.plan = cls.env["kam.plan"].create(
            {
                "name": "Secret plan",
                "account_id": cls.rival.id,
                "user_id": cls.boris.id,
                "date_start": "2020-01-01",
                "date_end": "2020-12-31",
            }
        )
        cls.unit = cls.env["kam.customer.unit"].create(
            {"name": "Secret branch", "account_id": cls.rival.id}
        )
        cls.need = cls.env["kam.plan.need"].create(
            {"plan_id": cls.plan.id, "name": "Secret need"}
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Compressors",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
            }
        )
        cls.order = cls._order("2020-05-01", user_id=cls.anna.id)

    def _activity(self, record, user, **values):
        """Return a call that a user has planned on a record of theirs."""
        return (
            self.env["mail.activity"]
            .with_user(user)
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                    "user_id": user.id,
                    **values,
                }
            )
        )

    def test_lead_is_linked_to_no_need_or_branch_of_others(self):
        lead = self.lead.with_user(self.anna)
        for name, theirs in (
            ("kam_need_id", self.need),
            ("kam_unit_id", self.unit),
            ("kam_plan_id", self.plan),
            ("kam_account_id", self.rival),
        ):
            for attempt in (
                lambda n=name, t=theirs: lead.write({n: t.id}),
                lambda n=name, t=theirs: lead.create({"name": "New", n: t.id}),
                lambda n=name, t=theirs: lead.web_save({n: t.id}, {n: {"fields": {}}}),
                lambda n=name, t=theirs: lead.onchange({n: t.id}, [n], {n: {}}),
            ):
                with self.subTest(field=name):
                    with self.assertRaises(AccessError) as refusal:
                        attempt()
                    self.assertNotIn("Secret", str(refusal.exception))
            result = lead.load(["name", f"{name}/.id"], [["New", str(theirs.id)]])
            self.assertFalse(result["ids"])
            self.assertNotIn("Secret", str(result["messages"]))

    def test_revenue_of_an_order_is_moved_by_nobody(self):
        rival = self.rival.partner_id
        values = {"kam_commercial_partner_id": rival.id}
        for user in (self.anna, self.seller, self.head):
            order = self.order.with_user(user)
            context = {"default_kam_commercial_partner_id": rival.id}
            for attempt in (
                lambda o=order: o.write(values),
                lambda o=order: o.copy(values),
                lambda o=order: o.create({"partner_id": self.customer.id, **values}),
            ):
                with self.assertRaises(AccessError):
                    attempt()
            new = order.with_context(**context).create({"partner_id": self.customer.id})
            self.assertEqual(new.kam_commercial_partner_id, self.customer)
        self.assertEqual(self.order.kam_commercial_partner_id, self.customer)

    def test_activity_is_not_taken_to_an_account_of_others(self):
        """Done there, it left a touch with a customer the user has nothing to do with."""
        activity = self._activity(self.account, self.anna)
        for record in (self.rival, self.plan):
            for values in (
                {"res_model": record._name, "res_id": record.id},
                {
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                },
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    activity.write(values)
        with self.assertRaises(AccessError), self.cr.savepoint():
            activity.res_id = self.rival.id
        self.env.invalidate_all()
        self.assertEqual(activity.res_id, self.account.id)
        with self.assertRaises(AccessError):
            self._activity(self.rival, self.anna)

    def test_activity_is_taken_to_another_account_of_ones_own(self):
        third = self._account(self._create_customer("Third"))
        third.manager_id = self.anna
        activity = self._activity(self.account, self.anna)
        activity.res_id = third.id
        activity.action_done()
        self.assertEqual(activity.res_id, third.id)

    def test_activity_blocks_no_plan_of_others(self):
        activity = self._activity(self.account, self.anna)
        with self.assertRaises(AccessError), self.cr.savepoint():
            activity.kam_plan_id = self.plan
        self.env.invalidate_all()
        self.assertFalse(self.plan._get_open_actions())

    def test_dialogs_tell_no_names(self):
        """An onchange of a dialog told managers, names and states of hidden records."""
        dossier = self._dossier("Ada", account_id=self.rival.id)
        goal = self.env["kam.plan.goal"].create(
            {"plan_id": self.plan.id, "name": "Secret goal", "unit": "hours"}
        )
        needed = {
            "crm.lead": {"name": "New"},
            "mail.activity": {"user_id": self.anna.id},
        }
        for model, values in (
            ("kam.stakeholder.departure", {"stakeholder_id": dossier.id}),
            ("kam.plan", {"account_id": self.rival.id}),
            ("kam.plan.goal", {"plan_id": self.plan.id}),
            ("kam.plan.new", {"account_id": self.rival.id}),
            ("kam.survey", {"account_id": self.rival.id}),
            ("kam.touch", {"account_id": self.rival.id}),
            ("kam.complaint", {"account_id": self.rival.id}),
            ("kam.need.transfer", {"need_id": self.need.id}),
            ("kam.plan.compare", {"plan_id": self.plan.id}),
            ("mail.activity", {"kam_plan_id": self.plan.id}),
            ("mail.activity", {"kam_goal_id": goal.id}),
            ("mail.activity.schedule", {"kam_plan_id": self.plan.id}),
            ("crm.lead", {"kam_plan_id": self.plan.id}),
        ):
            Model = self.env[model].with_user(self.anna)
            [name] = values
            spec = {
                field: {}
                for field in Model.fields_get()
                if Model._fields[field].type not in ("one2many", "many2many")
            }
            with self.subTest(model=model):
                for attempt in (
                    lambda M=Model, v=values, n=name, s=spec: M.onchange(v, [n], s),
                    lambda M=Model, v=values: M.create(
                        {**needed.get(M._name, {}), **v}
                    ),
                    lambda M=Model, v=values, n=name: M.with_context(
                        **{f"default_{n}": v[n]}
                    ).onchange({}, [], {n: {"fields": {"display_name": {}}}}),
                ):
                    with self.assertRaises(AccessError) as refusal:
                        attempt()
                    self.assertNotIn("Secret", str(refusal.exception))

    def test_own_default_values_tell_no_names(self):
        """Everybody may keep default values for any field: a form began with them."""
        dossier = self._dossier("Secret person", account_id=self.rival.id)
        Default = self.env["ir.default"].with_user(self.anna)
        zip_code = "zip=12345"
        for model, name, record, condition in (
            ("kam.complaint", "account_id", self.rival, False),
            ("kam.touch", "account_id", self.rival, False),
            ("kam.survey", "account_id", self.rival, False),
            ("kam.plan", "account_id", self.rival, False),
            ("kam.plan.new", "account_id", self.rival, False),
            ("kam.stakeholder", "parent_id", dossier, False),
            ("kam.stakeholder.departure", "stakeholder_id", dossier, False),
            ("mail.activity.schedule", "kam_plan_id", self.plan, False),
            ("mail.activity", "kam_plan_id", self.plan, False),
            ("crm.lead", "kam_plan_id", self.plan, False),
            ("crm.lead", "kam_plan_id", self.plan, zip_code),
            ("crm.lead", "kam_account_id", self.rival, zip_code),
        ):
            Model = self.env[model].with_user(self.anna)
            values = {"zip": "12345"} if condition else {}
            spec = {name: {"fields": {"display_name": {}}}}
            Default.set(model, name, record.id, user_id=True, condition=condition)
            with self.subTest(model=model, name=name, condition=condition):
                form = Model.onchange(values, list(values), spec)["value"]
                self.assertFalse(form.get(name))
                self.assertFalse(Model.default_get([name]).get(name))
                self.assertFalse(Model.sudo().default_get([name]).get(name))
                self.assertNotIn("Secret", str(form))
        ada = {"account_id": self.account.id, "partner_id": self._person("Ada").id}
        ada = self.env["kam.stakeholder"].with_user(self.anna).create(ada)
        self.assertFalse(ada.sudo().parent_id)
        lead = self.env["crm.lead"].with_user(self.anna).create({"name": "Pumps"})
        self.assertFalse(lead.sudo().kam_plan_id)

    def test_default_values_of_what_one_reads_are_kept(self):
        """Those of a head for themselves, of Anna for her own, of the system for all."""
        Default = self.env["ir.default"]
        Touch = self.env["kam.touch"]
        Default.with_user(self.anna).set(
            "kam.touch", "account_id", self.account.id, user_id=True
        )
        mine = Touch.with_user(self.anna).default_get(["account_id"])
        self.assertEqual(mine, {"account_id": self.account.id})
        Default.with_user(self.head).set(
            "kam.touch", "account_id", self.rival.id, user_id=True
        )
        theirs = Touch.with_user(self.head).default_get(["account_id"])
        self.assertEqual(theirs, {"account_id": self.rival.id})
        Default.set("kam.complaint", "account_id", self.rival.id)
        shared = self.env["kam.complaint"].with_user(self.anna)
        self.assertEqual(
            shared.default_get(["account_id"]), {"account_id": self.rival.id}
        )

    def test_lines_of_a_form_tell_no_names(self):
        """Activities are Odoo's lines: what they lead to was not looked at."""
        spec = {
            "activity_ids": {
                "fields": {"kam_plan_id": {"fields": {"display_name": {}}}}
            }
        }
        commands = [[0, "virtual_1", {"kam_plan_id": self.plan.id}]]
        self.anna.group_ids += self.env.ref("base.group_partner_manager")
        for model in ("crm.lead", "kam.account", "res.partner", "sale.order"):
            Model = self.env[model].with_user(self.anna)
            with self.subTest(model=model), self.assertRaises(AccessError):
                Model.onchange({"activity_ids": commands}, ["activity_ids"], spec)
            context = Model.with_context(default_activity_ids=commands)
            with self.subTest(model=model, way="context"):
                with self.assertRaises(AccessError):
                    context.onchange({}, [], spec)
            if not Model.has_access("create"):
                continue
            self.env["ir.default"].with_user(self.anna).set(
                model, "activity_ids", commands, user_id=True
            )
            with self.subTest(model=model, way="default"):
                form = Model.onchange({}, [], spec)["value"]
                self.assertNotIn("Secret", str(form))

    def test_ids_written_in_another_way_are_links_too(self):
        """A browser sends what it is told to: 7.0, or a 7 in quotes with a blank."""
        touch = self.env["kam.touch"].with_user(self.anna)
        plan = self.env["kam.plan"].with_user(self.anna)
        number = self.need.id
        spec = {"need_ids": {"fields": {"name": {}}}}
        for one in (float(number), f" {number}", f"+{number}"):
            with self.subTest(one=one), self.assertRaises(AccessError):
                plan.onchange({"need_ids": [[4, one]]}, ["need_ids"], spec)
            account = {"id": type(one)(self.rival.id)}
            with self.subTest(account=account), self.assertRaises(AccessError):
                touch.onchange({"account_id": account}, ["account_id"], {})

    def test_client_makes_no_account_on_a_contact(self):
        contact = self._person("Ada")
        for flag in ("kam_follow_customer", "kam_merge"):
            Account = self.Account.with_user(self.head).with_context(**{flag: True})
            with self.assertRaises(UserError), self.cr.savepoint():
                Account.create(
                    {"partner_id": contact.id, "company_id": self.company.id}
                )
        self.assertEqual(self._account(contact), self.account)

    def test_people_of_others_are_not_linked(self):
        """Numbers in lists name records, too."""
        dossier = self._dossier("Eve", account_id=self.rival.id)
        lead = self.lead.with_user(self.anna)
        for value in (
            [Command.link(dossier.id)],
            [Command.set(dossier.ids)],
            dossier.ids,
            [Command.update(dossier.id, {"goals": "Mine"})],
        ):
            with self.subTest(value=value), self.assertRaises(AccessError):
                lead.kam_stakeholder_ids = value
            with self.subTest(value=value), self.assertRaises(AccessError):
                lead.write({"kam_stakeholder_ids": value})

    def test_order_of_a_day_stays_with_the_customer(self):
        self._refresh(as_of=date(2020, 6, 1))
        self.assertEqual(
            (self.account.purchase_count, self.rival.purchase_count), (1, 0)
        )
