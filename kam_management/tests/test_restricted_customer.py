from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.mail.tools.discuss import Store

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestRestrictedCustomer(KamCommon):
    """A customer who is another company's by now takes no screen of ours down."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Ines",
                "parent_id": cls.customer.id,
                "email": "ines@meyer.example",
            }
        )
        cls.account = cls._account()
        cls.account.write({"manager_id": cls.anna.id, "is_key_account": True})
        cls.order = cls._order("2020-03-01", user_id=cls.anna.id)
        cls.quotation = cls.order.copy({"user_id": cls.anna.id})
        cls.quotation.write({"state": "sent", "date_order": "2020-03-10 12:00:00"})
        cls.touch = cls._touch(
            "2020-03-10",
            channel="email",
            direction="in",
            partner_id=cls.contact.id,
            summary="Where is it?",
        )
        cls.dossier = cls.env["kam.stakeholder"].create(
            {"account_id": cls.account.id, "partner_id": cls.contact.id}
        )
        cls.complaint = cls.env["kam.complaint"].create(
            {"name": "Noise", "account_id": cls.account.id, "user_id": cls.anna.id}
        )
        cls.survey = cls.env["kam.survey"].create(
            {"account_id": cls.account.id, "partner_id": cls.contact.id}
        )
        cls.account.activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.anna.id, summary="Call"
        )
        cls.company.kam_touch_days_new = 5
        cls._refresh()
        cls.account.invalidate_recordset()
        cls._restrict()

    @classmethod
    def _restrict(cls):
        """Let the customer and their people be those of another company of ours."""
        other = cls._create_company("Sister")
        cls.env.flush_all()
        # as an import does it, or a rule that is changed: no constraint is asked
        cls.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id IN %s",
            [other.id, tuple((cls.customer + cls.contact).ids)],
        )
        cls.env.invalidate_all()

    def _plan(self):
        return self.env["kam.plan"].create(
            {
                "account_id": self.account.id,
                "user_id": self.anna.id,
                "date_start": fields.Date.today().replace(month=1, day=1),
            }
        )

    def _as_anna(self, record):
        record = record.with_user(self.anna).with_company(self.company)
        record.env.invalidate_all()
        return record

    def test_customer_is_beyond_who_leads_the_account(self):
        with self.assertRaises(AccessError):
            self._as_anna(self.customer).read(["name"])

    def test_my_day_shows_all_there_is(self):
        self.complaint.date_due = fields.Date.today() + timedelta(days=1)
        day = self._as_anna(self.env["kam.cockpit"]).get_my_day()
        [line] = [one for one in day["lines"] if one["id"] == self.account.id]
        self.assertIn("Meyer Machines", line["title"])
        models = {reason["model"] for reason in line["reasons"]}
        for model in (
            "kam.account",
            "kam.touch",
            "sale.order",
            "kam.complaint",
        ):
            self.assertIn(model, models)

    def test_forms_open(self):
        for record in (self.account, self.touch, self.dossier, self.complaint):
            with self.subTest(record._name), Form(self._as_anna(record)) as form:
                self.assertTrue(form)

    def test_chatter_opens(self):
        for record in (
            *(self.account, self.touch, self.dossier, self.complaint, self.survey),
            self._plan(),
        ):
            if "message_ids" not in record._fields:
                continue
            record.message_post(
                body="Hello",
                partner_ids=self.contact.ids,
                subtype_xmlid="mail.mt_comment",
            )
            thread = self._as_anna(record)
            with self.subTest(record._name):
                store = Store()
                thread._thread_to_store(
                    store,
                    [],
                    request_list=[
                        *("activities", "attachments", "contact_fields", "followers"),
                        *("scheduledMessages", "suggestedRecipients"),
                    ],
                )
                self.assertTrue(store.get_result())

    def test_lists_open(self):
        for record in (self.account, self.touch, self.dossier, self.complaint):
            model = self._as_anna(record)
            views = model.get_views([(False, "list"), (False, "kanban")])["views"]
            for kind, view in views.items():
                with self.subTest(record._name, kind=kind):
                    names = [
                        name for name in model._fields if f'"{name}"' in view["arch"]
                    ]
                    model.web_search_read(
                        [("id", "=", record.id)],
                        {
                            name: {"fields": {"display_name": {}}}
                            if model._fields[name].relational
                            else {}
                            for name in names
                        },
                    )

    def test_name_of_the_account_is_that_of_its_customer(self):
        self.assertEqual(self._as_anna(self.account).display_name, "Meyer Machines")

    def test_plan_opens(self):
        plan = self._plan()
        self.assertTrue(self._as_anna(plan).facts_html)
        with Form(self._as_anna(plan)) as form:
            self.assertTrue(form)

    def test_portfolio_and_managers_show_all_there_is(self):
        cockpit = self.env["kam.cockpit"].with_user(self.head)
        cockpit = cockpit.with_company(self.company)
        cockpit.env.invalidate_all()
        for method in (
            "get_portfolio_accounts",
            "get_portfolio_funnel",
            "get_portfolio_pareto",
            "get_portfolio_concentration",
            "get_managers_quotas",
            "get_managers_work",
            "get_managers_key_accounts",
            "get_managers_cards",
        ):
            with self.subTest(method):
                self.assertTrue(getattr(cockpit, method)())

    def test_plan_is_printed(self):
        plan = self._plan()
        for name in ("report_plan", "report_plan_customer", "report_plan_page"):
            with self.subTest(name):
                html, _kind = self._as_anna(
                    self.env["ir.actions.report"]
                )._render_qweb_html(f"kam_management.{name}", plan.ids)
                self.assertIn("Meyer Machines", html.decode())

    def test_buttons_of_the_account_open(self):
        account = self._as_anna(self.account)
        for name in (
            "action_view_orders",
            "action_view_invoices",
            "action_view_leads",
            "action_view_sales",
            "action_view_touches",
            "action_view_complaints",
            "action_log_touch",
        ):
            with self.subTest(name):
                self.assertTrue(getattr(account, name)())

    def test_one_bad_row_takes_no_card_down(self):
        """Whatever a record of a card refuses, the others are there."""
        cockpit = self._as_anna(self.env["kam.cockpit"])
        other = self._account(self._create_customer("Other"))
        other.manager_id = self.anna

        def row(account):
            if account == self.account:
                raise AccessError(account.display_name)
            return {"title": account.display_name}

        card = cockpit._prepare_card(
            "k",
            "T",
            "i",
            "kam.account",
            [("manager_id", "=", self.anna.id)],
            [],
            "id",
            row=row,
        )
        self.assertEqual(
            [line["title"] for line in card["rows"]], ["Meyer Machines", "Other"]
        )
