from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .plan_content_common import PlanContentCommon


@tagged("post_install", "-at_install")
class TestPlanWhiteSpace(PlanContentCommon):
    """What each branch of a customer buys from us, and what it might."""

    def setUp(self):
        super().setUp()
        # best sellers are kept for a day
        self.env.registry.clear_cache()
        self.day = self.today - timedelta(days=10)
        self.anna_account = self.account.with_user(self.anna)

    def test_branches_are_taken_over_from_the_partner_once(self):
        self._branch("North")
        self._branch("South Ltd", is_company=True, type="contact")
        self._person("Ada")
        self.anna_account.action_take_over_branches()
        self.anna_account.action_take_over_branches()
        names = self.account.unit_ids.mapped("name")
        self.assertEqual(sorted(names), ["North", "South Ltd"])

    def test_branch_belongs_to_the_customer_and_counts_once(self):
        stranger = self.other_account.partner_id
        for partner in (stranger, self.customer):
            with self.assertRaisesRegex(ValidationError, "does not belong"):
                self._unit("There", partner_id=partner.id)
        north = self._branch("North")
        self._unit("North", partner_id=north.id)
        with self.assertRaisesRegex(ValidationError, "already"):
            self._unit("Again", partner_id=north.id)

    def test_purchases_are_shown_where_they_are_delivered(self):
        north = self._branch("North")
        unit = self._unit("North", partner_id=north.id)
        self._order(self.day, 70, partner_shipping_id=north.id)
        self._order(self.day, 20, partner_shipping_id=self.customer.id)
        self.assertCell(unit, "bought", 70)
        self.assertCell(None, "bought", 20)

    def test_purchases_of_a_child_company_count_where_it_is_a_branch(self):
        south = self._branch("South Ltd", is_company=True, type="contact")
        self._order(self.day, 50, partner=south)
        self._account(south)
        self.assertNotIn(f"0-{self.category.id}", self._cells())
        unit = self._unit("South", partner_id=south.id)
        cells = self.account.with_user(self.head).get_white_space()["cells"]
        self.assertEqual(cells[f"{unit.id}-{self.category.id}"]["amount"], 50)

    def test_manager_sees_no_figures_of_a_colleagues_customer(self):
        """A child company is a customer of its own: Anna is not in its team."""
        south = self._branch("South Ltd", is_company=True, type="contact")
        unit = self._unit("South", partner_id=south.id)
        self._order(self.day, 50, partner=south)
        self._account(south).manager_id = self.boris
        self.assertNotIn(f"{unit.id}-{self.category.id}", self._cells())

    def test_old_and_unconfirmed_orders_do_not_count(self):
        self._order(self.today - timedelta(days=400))
        draft = self._order(self.day)
        draft._action_cancel()
        self.assertNotIn(f"0-{self.category.id}", self._cells())

    def test_invoices_count_where_the_company_says_so(self):
        self.company.kam_purchase_basis = "invoice"
        self._order(self.day, 20)
        for amount, kind in ((90, "out_invoice"), (30, "out_refund")):
            move = self._invoice(self.day, amount, move_type=kind)
            move.button_draft()
            move.invoice_line_ids.product_id = self.product
            move.invoice_line_ids.price_unit = amount
            move.action_post()
        self.assertCell(None, "bought", 60)

    def test_best_sold_categories_are_shown_and_chosen_ones_too(self):
        rare = self.env["product.category"].create({"name": "Rare"})
        self._order(self.day, 70, partner=self.other_account.partner_id)
        space = self.anna_account.get_white_space()
        self.assertEqual([c["name"] for c in space["categories"]], ["Air"])
        self.account.white_space_categ_ids = rare
        space = self.anna_account.get_white_space()
        self.assertEqual([c["name"] for c in space["categories"]], ["Air", "Rare"])

    def test_goods_without_category_are_not_lost(self):
        self.product.categ_id = False
        self._order(self.day, 70)
        space = self.anna_account.get_white_space()
        self.assertEqual(space["cells"]["0-0"]["amount"], 70)
        self.assertEqual(space["categories"][-1]["id"], 0)

    def test_empty_cell_says_why(self):
        unit = self._unit("North")
        mark = self.anna_account.mark_white_space
        mark(self.category.id, unit.id, "competitor", "Airtec")
        self.assertCell(unit, "competitor")
        mark(self.category.id, unit.id, "no_need")
        self.assertCell(unit, "no_need")
        self.assertFalse(self.account.white_space_ids.competitor)
        self.assertEqual(len(self.account.white_space_ids), 1)

    def test_empty_cell_becomes_an_opportunity_once(self):
        north = self._branch("North")
        unit = self._unit("North", partner_id=north.id)
        make = self.anna_account.make_white_space_lead
        action = make(self.category.id, unit.id, self.plan.id)
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertRecordValues(
            lead,
            [
                {
                    "partner_id": north.id,
                    "kam_plan_id": self.plan.id,
                    "kam_unit_id": unit.id,
                    "kam_account_id": self.account.id,
                }
            ],
        )
        self.assertCell(unit, "lead")
        self.assertEqual(make(self.category.id, unit.id)["res_id"], lead.id)
        lead.action_set_lost()
        self.assertCell(unit, "unknown")
        self.assertNotEqual(make(self.category.id, unit.id)["res_id"], lead.id)

    def test_need_is_noted_with_place_and_category(self):
        unit = self._unit("North")
        action = self.anna_account.note_white_space_need(
            self.category.id, self.plan.id, unit.id
        )
        need = (
            self.env["kam.plan.need"]
            .with_user(self.anna)
            .with_context(**action["context"])
            .create({"name": "Dry air"})
        )
        self.assertRecordValues(
            need,
            [
                {
                    "plan_id": self.plan.id,
                    "unit_id": unit.id,
                    "categ_id": self.category.id,
                }
            ],
        )

    def test_foreign_branch_or_plan_is_refused(self):
        unit = self._unit("There", self.other_account)
        with self.assertRaisesRegex(ValidationError, "another customer"):
            self.account.mark_white_space(self.category.id, unit.id, "no_need")
        with self.assertRaisesRegex(ValidationError, "another customer"):
            self.account.make_white_space_lead(self.category.id, 0, self.other_plan.id)

    def test_colleague_neither_sees_nor_changes_it(self):
        account = self.account.with_user(self.boris)
        for name, args in (
            ("get_white_space", ()),
            ("action_take_over_branches", ()),
            ("mark_white_space", (self.category.id,)),
            ("make_white_space_lead", (self.category.id,)),
            ("note_white_space_need", (self.category.id, self.plan.id)),
        ):
            with self.subTest(method=name), self.assertRaises(AccessError):
                getattr(account, name)(*args)

    def test_merged_customers_bring_branches_and_knowledge(self):
        source = self.other_account
        unit = self._unit("North", source)
        self._unit("South")
        mark = source.mark_white_space
        mark(self.category.id, 0, "competitor", "Airtec")
        mark(self.category.id, unit.id, "no_need")
        self.account.mark_white_space(self.category.id)
        self.env["kam.account"]._move_to_partner(source.partner_id, self.customer)
        self.assertEqual(self.account.unit_ids.mapped("name"), ["North", "South"])
        self.assertCell(None, "competitor")
        self.assertCell(unit, "no_need")

    def test_merged_addresses_are_one_branch(self):
        north, again = self._branch("North"), self._branch("North again")
        unit = self._unit("North", partner_id=north.id)
        double = self._unit("North again", partner_id=again.id)
        self.account.mark_white_space(self.category.id, double.id, "no_need")
        need = self._need(unit_id=double.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [north.id, again.id], north
        )
        self.assertFalse(double.exists())
        self.assertEqual(need.unit_id, unit)
        self.assertCell(unit, "no_need")

    def assertCell(self, unit, state, amount=None):
        cell = self._cells()[f"{unit.id if unit else 0}-{self.category.id}"]
        self.assertEqual(cell["state"], state)
        if amount is not None:
            self.assertEqual(cell["amount"], amount)

    def _cells(self):
        return self.anna_account.get_white_space()["cells"]
