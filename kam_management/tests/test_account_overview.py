from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .stakeholder_common import StakeholderCommon

TODAY = "2026-06-15"


@tagged("post_install", "-at_install")
class TestAccountOverview(StakeholderCommon):
    """The account is the page one reads before a conversation (R58)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.customer.write({"phone": "+49 30 123", "email": "post@meyer.example"})
        cls.machines, cls.parts = cls.env["product.category"].create(
            [{"name": "Machines"}, {"name": "Parts"}]
        )
        cls.product.categ_id = cls.machines

    def _overview(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.account.with_user(user or self.anna)._get_page()

    def _page(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        account = self.account.with_user(user or self.anna)
        return html.fromstring(account.overview_html)

    def _topics(self):
        return [topic.text for topic in self._overview()["topics"]]

    def _plan(self):
        plan = self.env["kam.plan"].with_user(self.anna)
        return plan.create({"account_id": self.account.id, "date_start": "2026-01-01"})

    def test_an_account_without_history_says_what_to_do_first(self):
        page = self._page()
        self.assertIn("Nothing is known of this customer yet", page.text_content())
        self.assertEqual(
            page.xpath("//a[starts-with(@href, 'tel:')]/@href"), ["tel:+49 30 123"]
        )
        self.assertEqual(
            page.xpath("//a[starts-with(@href, 'mailto:')]/@href"),
            ["mailto:post@meyer.example"],
        )

    def test_what_they_buy_is_compared_with_the_window_before(self):
        self._order("2026-06-01", 300)
        self._order("2025-01-10", 500)
        rows = self._page().xpath("//tr[td/a[@data-kam-fact='category']]")
        self.assertEqual(
            [" ".join(row.text_content().split()) for row in rows],
            ["Machines $ 300 -40 %"],
        )
        self.assertIn(
            "Machines: $ 300 after $ 500. What has changed?",
            [text.replace("\N{NO-BREAK SPACE}", " ") for text in self._topics()],
        )

    def test_quotations_are_summed_up_in_company_currency(self):
        order = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "user_id": self.anna.id,
                    "date_order": f"{day} 10:00:00",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": price,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
                for day, price in (("2026-06-01", 400), ("2026-06-10", 50))
            ]
        )
        order[0].action_quotation_sent()
        facts = self._overview()["quotations"]
        self.assertEqual(
            facts,
            {"count": 2, "amount": 450, "oldest": order[0].name, "days": 14},
        )
        self.assertIn(
            f"Quotation {order[0].name} was sent 14 days ago. What is missing for a"
            " decision?",
            self._topics(),
        )
        action = self.account.with_user(self.anna).action_open_fact("quotations")
        self.assertEqual(
            self.env["sale.order"].search(action["domain"], order="id"), order
        )

    def test_people_stand_in_order_of_influence_with_the_way_they_decide(self):
        low = self._dossier("Low", influence="1")
        high = self._dossier("High", influence="5", argument_style="figures")
        self._touch("2026-06-05", partner_ids=high.partner_id.ids)
        self._refresh()
        people = self._overview()["people"]
        self.assertEqual([person["id"] for person in people], [high.id, low.id])
        self.assertEqual(people[0]["style"], "Figures and detail")
        self.assertEqual((people[0]["days"], people[1]["days"]), (10, False))
        self.assertIn("Decision maker not known. Ask who it is.", self._topics())

    def test_promises_and_activities_are_one_list_and_the_late_promise_a_topic(self):
        plan = self._plan()
        late, planned = plan.expectation_ids.create(
            [
                {
                    "plan_id": plan.id,
                    "name": name,
                    "origin": "promised",
                    "user_id": self.anna.id,
                    "date_due": day,
                }
                for name, day in (("Manual", "2026-06-01"), ("Report", "2026-06-20"))
            ]
        )
        planned.with_user(self.anna).action_plan_action()
        self.account.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Call back",
            user_id=self.anna.id,
            date_deadline=date(2026, 6, 17),
        )
        steps = self._overview()["steps"]
        self.assertEqual(
            [(step.name, step.promised) for step in steps],
            [("Manual", True), ("Call back", False), ("Report", True)],
        )
        topics = self._topics()
        self.assertIn("Promised and late: Manual. Say by when it will be done.", topics)
        late.state = "met"
        self.assertNotIn("Manual", " ".join(self._topics()))

    def test_what_is_planned_on_a_person_of_the_customer_is_a_step(self):
        person = self._person("Paula")
        stranger = self._create_customer("Somebody else")
        for partner in (person, stranger):
            partner.activity_schedule(
                "mail.mail_activity_data_call",
                summary=f"Call {partner.name}",
                user_id=self.anna.id,
            )
        steps = [step.name for step in self._overview()["steps"]]
        self.assertEqual(steps, ["Call Paula"])

    def test_conversations_are_quoted_in_full_and_link_to_the_touch(self):
        note = "They want the offer for all sites.\nBefore the budget round."
        touch = self._touch("2026-06-05", summary="Offer", note=note)
        talk = self._overview()["conversations"][0]
        self.assertEqual((talk["id"], talk["text"]), (touch.id, note))
        self.assertTrue(
            self._page().xpath(f"//a[@data-kam-record='kam.touch,{touch.id}']")
        )

    def test_a_mail_is_quoted_to_whoever_may_read_it_alone(self):
        message = self.account.message_post(body="Secret words", message_type="comment")
        touch = self._touch("2026-06-05", message_id=message.id)
        self.assertEqual(self._overview()["conversations"][0]["text"], "Secret words")
        other = self._create_customer("Schulz")
        order = self._order("2026-06-01", 5, other, user_id=self.boris.id)
        touch.message_id.write({"model": "sale.order", "res_id": order.id})
        self.assertFalse(self._overview()["conversations"][0]["text"])

    def test_complaints_are_the_first_thing_after_promises(self):
        self.env["kam.complaint"].create(
            {"name": "Noise", "account_id": self.account.id, "kind": "wish"}
        )
        self.assertEqual(self._topics()[0], "Complaint “Noise”: say how far we are.")

    def test_who_may_not_see_the_account_gets_no_page_and_no_briefing(self):
        for user in (self.boris, self.seller):
            account = self.account.with_user(user)
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                _html = account.overview_html
            with self.assertRaises(AccessError):
                account.action_print_briefing()
            report = self.env["report.kam_management.report_briefing"].with_user(user)
            with self.assertRaises(AccessError):
                report._get_report_values(self.account.ids)

    def test_the_briefing_prints_what_the_page_shows(self):
        self._order("2026-06-01", 300)
        self._touch("2026-06-05", summary="Offer wanted")
        report = self.env["report.kam_management.report_briefing"].with_user(self.anna)
        [doc] = report._get_report_values(self.account.ids)["docs"]
        text = html.fromstring(doc["html"]).text_content()
        for words in (self.customer.name, "Offer wanted", "Machines"):
            self.assertIn(words, text)

    def test_queries_do_not_grow_with_history(self):
        self._order("2026-06-01", 300)
        self._touch("2026-06-05")
        self._dossier("Somebody")
        first = self._count()
        for day in range(1, 20):
            self._order(f"2026-05-{day:02}", day)
            self._touch(f"2026-05-{day:02}")
            self._dossier(f"Person {day}")
            self.account.activity_schedule(
                "mail.mail_activity_data_call", user_id=self.anna.id
            )
        self.assertLessEqual(self._count(), first + 2)

    def _count(self):
        account = self.account.with_user(self.anna).with_context(lang="en_US")
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(account.overview_html)
        return self.cr.sql_log_count - before

    def test_names_are_escaped(self):
        self._dossier("<script>alert(1)</script>")
        self._touch("2026-06-05", note="<script>alert(2)</script>")
        page = self._page()
        self.assertFalse(page.xpath("//script"))
        self.assertIn("alert(2)", page.text_content())

    def test_a_decision_maker_not_met_lately_is_a_topic(self):
        self.company.kam_coverage_days = 90
        person = self._dossier("Ada", role_ids=self._role("decides").ids)
        text = "Decision maker not met in 90 days. Arrange a meeting."
        self._touch("2026-02-05", partner_ids=person.partner_id.ids)
        self.assertIn(text, self._topics())
        self._touch("2026-06-05", partner_ids=person.partner_id.ids)
        self.assertNotIn(text, self._topics())

    def test_odd_keys_of_figures_are_refused(self):
        mine = self.account.with_user(self.anna)
        for fact, key in (
            ("quarter", None),
            ("quarter", False),
            ("quarter", "soon"),
            ("category", float("inf")),
            ("category", "x"),
            ("branch", None),
        ):
            with (
                self.subTest(fact=fact, key=key),
                self.assertRaisesRegex(UserError, "not available any more"),
            ):
                mine.action_open_fact(fact, key)
