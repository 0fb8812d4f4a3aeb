from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCommon

TODAY = "2026-06-15"


@tagged("post_install", "-at_install")
class TestPlanFacts(KamCommon):
    """The plan tells by itself what Odoo knows of the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.machines, cls.parts = cls.env["product.category"].create(
            [{"name": "Machines"}, {"name": "Parts"}]
        )
        cls.product.categ_id = cls.machines
        cls.plan = (
            cls.env["kam.plan"]
            .with_user(cls.anna)
            .create({"account_id": cls.account.id, "date_start": "2026-01-01"})
        )

    def _facts(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.account.with_user(user or self.anna)._get_facts()

    def _page(self, user=None):
        self.env.invalidate_all()
        return html.fromstring(self.plan.with_user(user or self.anna).facts_html)

    def _open(self, fact, key=None, user=None):
        """Return the records that a click on a figure opens."""
        user = user or self.anna
        action = self.plan.with_user(user).action_open_fact(fact, key)
        model = self.env[action["res_model"]].with_user(user)
        found = model.with_context(**action["context"]).search(action["domain"])
        if found._name == "kam.sale":
            [name] = set(found.mapped("res_model"))
            return self.env[name].browse(found.mapped("res_id"))
        return found

    def test_without_evidence_it_says_what_to_do(self):
        text = self._page().text_content()
        self.assertIn("Odoo has no data on this customer yet", text)
        self.assertIn("Log the first", text)

    # Revenue

    def test_revenue_of_this_window_is_set_against_the_one_before(self):
        self._order("2026-06-15", 300)
        self._order("2025-06-16", 100)
        self._order("2025-06-15", 250)
        self._order("2024-06-16", 10)
        self._order("2024-06-15", 7000)
        self.assertEqual(
            self._facts()["categories"], [(self.machines.id, "Machines", 400, 260)]
        )

    def test_days_are_utc_days_wherever_the_user_is(self):
        """West of Greenwich the plan left out what the revenue of the account counted."""
        self.anna.tz = "America/Los_Angeles"
        # there it is still the evening of 14 June
        with freeze_time("2026-06-15 01:00:00"):
            order = self._order("2026-06-15", 500)
            self._order("2025-06-15", 40)
            self._account()
            self._refresh()
            plan = self.plan.with_context(tz=self.anna.tz)
            self.env.flush_all()
            self.env.invalidate_all()
            facts = plan.account_id._get_facts()
            self.assertEqual(
                facts["categories"], [(self.machines.id, "Machines", 500, 40)]
            )
            self.assertEqual(self.account.revenue, 500)
            cells = self.account.with_context(tz=self.anna.tz).get_white_space()[
                "cells"
            ]
            self.assertEqual(cells[f"0-{self.machines.id}"]["amount"], 500)
            self.plan = plan
            self.assertEqual(self._open("category", str(self.machines.id)), order)

    def test_credit_notes_lower_revenue(self):
        self._order("2026-06-01", 300)
        self._invoice("2026-06-02", 120, move_type="out_refund")
        sums = [now for _key, _name, now, _before in self._facts()["categories"]]
        self.assertEqual(sum(sums), 180)

    def test_invoices_count_where_they_are_the_basis(self):
        self.company.kam_purchase_basis = "invoice"
        self._order("2026-06-01", 300)
        invoice = self._invoice("2026-06-02", 120)
        self.assertEqual(
            self._facts()["categories"], [(0, "Without a category", 120, 0)]
        )
        self.assertEqual(self._open("category", "0"), invoice)

    def test_small_categories_are_summed_up(self):
        for number in range(1, 11):
            categ = self.env["product.category"].create({"name": f"C{number}"})
            product = self.env["product.product"].create(
                {"name": f"P{number}", "type": "service", "categ_id": categ.id}
            )
            line = {"product_id": product.id, "price_unit": number, "tax_ids": False}
            self._order("2026-06-01", order_line=[Command.create(line)])
        categories = self._facts()["categories"]
        self.assertEqual(len(categories), 9)
        self.assertEqual(categories[0][1:], ("C10", 10, 0))
        self.assertEqual(categories[-1], (None, "Other categories", 3, 0))

    def test_branches_are_shown_each(self):
        branch = self._create_customer("Meyer Munich", parent_id=self.customer.id)
        self._order("2026-06-01", 300)
        order = self._order("2026-06-01", 500, partner=branch)
        self._account(branch).manager_id = self.anna
        self.assertEqual(
            self._facts()["branches"],
            [
                (branch.id, "Meyer Munich", 500, 0),
                (self.customer.id, "Meyer Machines", 300, 0),
            ],
        )
        self.assertEqual(self._open("branch", str(branch.id)), order)
        self.assertEqual(
            sum(row[2] for row in self._facts()["categories"]),
            300,
            "the categories are his own",
        )

    def test_branches_of_colleagues_stay_hidden(self):
        """Orders of a branch whose account Anna does not see are none of hers."""
        branch = self._create_customer("Meyer Munich", parent_id=self.customer.id)
        self._order("2026-06-01", 300)
        self._order("2026-06-01", 500, partner=branch)
        self._account(branch)
        rule = self.env.ref("sale.sale_order_line_personal_rule")
        self.assertIn(rule.groups, self.anna.all_group_ids)
        self.assertFalse(self._facts()["branches"])
        self.assertTrue(self._facts(self.head)["branches"])

    def test_quarters_are_drawn_and_open_their_orders(self):
        self._order("2026-01-01", 300)
        order = self._order("2025-12-31", 100)
        bars = self._page().xpath("//*[@data-kam-fact='quarter']")
        self.assertEqual(len(bars), 12)
        keys = [bar.get("data-kam-key") for bar in bars]
        self.assertEqual((keys[0], keys[-1]), ("2023-07-01", "2026-04-01"))
        self.assertEqual(self._open("quarter", "2025-10-01"), order)

    # What is open

    def test_open_deals_and_overdue_invoices(self):
        lead = {
            "type": "opportunity",
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "user_id": self.anna.id,
        }
        leads = self.env["crm.lead"].create(
            [
                {
                    **lead,
                    "name": "A",
                    "expected_revenue": 50,
                    "date_deadline": "2026-09-01",
                },
                {
                    **lead,
                    "name": "B",
                    "expected_revenue": 70,
                    "date_deadline": "2026-08-01",
                },
                {**lead, "name": "Lead", "type": "lead"},
                {**lead, "name": "Lost", "active": False, "probability": 0},
            ]
        )
        late = self._invoice("2026-05-01", 80, invoice_date_due="2026-05-16")
        self._invoice("2026-06-01", 90, invoice_date_due="2026-07-01")
        facts = self._facts()
        self.assertEqual(
            facts["deals"],
            {"count": 2, "expected": 120, "deadline": date(2026, 8, 1)},
        )
        self.assertEqual(facts["overdue"], {"count": 1, "amount": 80, "days": 30})
        self.assertEqual(self._open("deals"), leads[:2])
        self.assertEqual(self._open("overdue").move_id, late)

    def test_touches_of_a_year_by_channel(self):
        self._touch("2026-06-01", channel="meeting", quality=4)
        self._touch("2026-05-01", channel="phone", quality=2)
        self._touch("2026-04-01", channel="phone")
        self._touch("2025-06-01", channel="letter")
        asked = self._touch("2026-06-10", channel="email", direction="in")
        touches = self._facts()["touches"]
        self.assertEqual((touches["count"], touches["quality"]), (4, 3))
        self.assertEqual(touches["last"], date(2026, 6, 10))
        self.assertEqual(touches["channels"][0], ("phone", "Phone", 2))
        self.assertEqual(self._facts()["unanswered"], 1)
        self.assertEqual(self._open("unanswered"), asked)
        self.assertEqual(len(self._open("touches", "phone")), 2)

    # Health and complaints

    def test_health_is_shown_with_its_parts_and_opens_them(self):
        order = self._order("2026-06-01", 300)
        self._order("2025-01-10", 200)
        self.env["kam.complaint"].create(
            {"name": "A larger one", "account_id": self.account.id, "kind": "wish"}
        )
        # touches are logged here
        self._touch("2026-05-01", self._create_customer("Colleague"))
        self.account._refresh(self.account)
        parts = self._page().xpath("//@data-kam-fact[starts-with(., 'health_')]")
        self.assertEqual(len(parts), 7)
        text = " ".join(self._page().text_content().split())
        # revenue 25 x 100, touches 20 x 0, complaints 10 x 100 and purchases 15 x 100, of 70
        self.assertIn("Health 71 of 100, good from 4 of 7 parts", text)
        self.assertEqual(self._open("health_revenue"), order)
        with self.assertRaisesRegex(UserError, "not available any more"):
            self._open("health_weather")

    def test_complaints_open_late_and_solved_within_a_year(self):
        soon, late, solved, old = self.env["kam.complaint"].create(
            [
                {"name": name, "account_id": self.account.id, "date": date, **values}
                for name, date, values in (
                    ("Soon", "2026-06-14", {}),
                    ("Late", "2026-06-01", {"date_due": "2026-06-14"}),
                    ("Solved", "2025-06-02", {"date_solved": "2025-06-16"}),
                    ("Old", "2025-06-02", {"date_solved": "2025-06-15"}),
                )
            ]
        )
        (solved | old).write({"state": "solved", "solution": "Silencer"})
        facts = self._facts()["complaints"]
        self.assertEqual(facts, {"open": 2, "late": 1, "solved": 1})
        self.assertEqual(self._open("complaints_open"), soon | late)
        self.assertEqual(self._open("complaints_late"), late)
        self.assertEqual(self._open("complaints_solved"), solved)
        self.assertFalse(self._facts()["is_empty"], "a complaint is something to know")

    # Rights and speed

    def test_only_who_sees_the_plan_opens_its_figures(self):
        for user in (self.boris, self.seller):
            with self.assertRaises(AccessError):
                self.plan.with_user(user).action_open_fact("deals")

    def test_queries_do_not_grow_with_the_orders(self):
        self._order("2026-06-01", 300)
        first = self._count()
        for day in range(1, 20):
            self._order(f"2026-05-{day:02}", day)
            self._touch(f"2026-05-{day:02}")
        self.assertEqual(self._count(), first)
        self.assertLessEqual(first, 22)

    def _count(self):
        # as the web client asks
        plan = self.plan.with_context(lang="en_US", tz="Europe/Zurich")
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(plan.facts_html)
        return self.cr.sql_log_count - before

    def test_texts_are_escaped(self):
        self.machines.name = "<script>alert(1)</script>"
        self._order("2026-06-01", 300)
        self.assertFalse(self._page().xpath("//script"))
        self.assertIn("<script>", self._page().text_content())
