from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..models.evidence.account_move import fill_billing
from ..models.evidence.kam_evidence_credits import LINKS
from .sales_common import SalesCommon

TODAY = "2020-06-15"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestSold(SalesCommon):
    """What counts as sold: Odoo's own flows, and one figure in all rooms."""

    def test_order_is_what_its_lines_say_today(self):
        order = self._sell("2020-03-01", (8, 50))
        self.assertRevenue(400, level="new")
        order.order_line.write({"product_uom_qty": 5, "price_unit": 50})
        self.assertRevenue(250)

    def test_lowered_order_that_odoo_credits_is_not_deducted_twice(self):
        order = self._sell("2020-03-01", (8, 50))
        self._bill(order, "2020-03-02")
        order.order_line.product_uom_qty = 5
        note = self._bill(order, "2020-03-20")
        self.assertEqual((note.move_type, note.amount_untaxed), ("out_refund", 150))
        self.assertRevenue(250)

    def test_goods_sent_back_are_deducted_from_an_order_that_stays(self):
        order = self._sell("2020-03-01", (8, 50))
        self._credit(self._bill(order, "2020-03-02"), "2020-04-01", quantity=2)
        self.assertRevenue(300)

    def test_deduction_counts_on_the_day_of_the_credit_note(self):
        order = self._sell("2020-03-01", (8, 50))
        self._credit(self._bill(order, "2020-03-02"), "2020-04-10", quantity=2)
        self.assertEqual(self._measured("revenue", "2020-03-01", "2020-03-31"), 400)
        self.assertEqual(self._measured("revenue", "2020-04-01", "2020-04-30"), -100)

    def test_what_was_invoiced_too_much_is_credited_first(self):
        """Lowered from 8 to 5, then two of the five came back."""
        order = self._sell("2020-03-01", (8, 50))
        invoice = self._bill(order, "2020-03-02")
        order.order_line.product_uom_qty = 5
        self._bill(order, "2020-03-20")
        self._credit(invoice, "2020-04-10", quantity=2)
        self.assertRevenue(150)
        self.assertEqual(self._measured("revenue", "2020-04-01", "2020-04-30"), -100)

    def test_credit_note_of_no_order_divides_nothing_by_zero(self):
        """The planner may ask how many orders it credits before it joins the orders."""
        line = self._invoice("2020-03-01", 50, move_type="out_refund").invoice_line_ids
        links = self.env.execute_query(
            SQL(
                "SELECT links.number FROM account_move_line l %s WHERE l.id = %s",
                LINKS,
                line.id,
            )
        )
        self.assertEqual(links, [(1,)])

    def test_order_that_is_invoiced_credited_and_cancelled_is_nothing(self):
        order = self._sell("2020-03-01", (1, 700))
        note = self._reverse(self._bill(order, "2020-03-02"), "2020-03-05")
        note.action_post()
        self.assertRevenue(0)
        self.assertEqual(self.account.level, "new", "it was bought, and sent back")
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertRevenue(0, level="potential")

    def test_invoice_of_a_cancelled_order_is_nothing_either(self):
        order = self._sell("2020-03-01", (1, 700))
        self._bill(order, "2020-03-02")
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertRevenue(0, level="potential")

    def test_invoice_of_a_deleted_order_is_nothing_either(self):
        order = self._sell("2020-03-01", (1, 700))
        invoice = self._bill(order, "2020-03-02")
        order.with_context(disable_cancel_warning=True).action_cancel()
        order.unlink()
        self.assertRevenue(0, level="potential")
        self._reverse(invoice, "2020-03-05").action_post()
        self.assertRevenue(0, level="potential")

    def _credit_goodwill(self, invoice, day, amount):
        """Return the credit note of an invoice whose lines were replaced by one."""
        note = self._reverse(invoice, day)
        note.invoice_line_ids.unlink()
        note.invoice_line_ids = [
            Command.create({"name": "Goodwill", "price_unit": amount, "tax_ids": False})
        ]
        note.action_post()
        return note

    def test_credit_note_whose_lines_were_replaced_is_deducted(self):
        order = self._sell("2020-03-01", (1, 800))
        note = self._credit_goodwill(self._bill(order, "2020-03-02"), "2020-04-01", 90)
        self.assertEqual(
            (note.reversed_entry_id.kam_bills_orders, note.amount_untaxed), (True, 90)
        )
        self.assertFalse(note.kam_bills_orders)
        self.assertRevenue(710, level="new", categories=800)
        self.assertEqual(self._measured("revenue", "2020-04-01", "2020-04-30"), -90)

    def test_goodwill_on_the_invoice_of_a_deleted_order_is_nothing(self):
        order = self._sell("2020-03-01", (1, 800))
        invoice = self._bill(order, "2020-03-02")
        order.with_context(disable_cancel_warning=True).action_cancel()
        order.unlink()
        self._credit_goodwill(invoice, "2020-04-01", 90)
        self.assertRevenue(0, level="potential")

    def test_invoices_from_before_say_of_orders_what_new_ones_say(self):
        """The same of all that is made of orders, directly, of both and of nothing."""
        order = self._sell("2020-03-01", (1, 800), (2, 30))
        invoice = self._bill(order, "2020-03-02")
        gone = self._sell("2020-03-01", (1, 60))
        gone_invoice = self._bill(gone, "2020-03-02")
        gone.with_context(disable_cancel_warning=True).action_cancel()
        gone.unlink()
        mixed = self._bill(self._sell("2020-03-01", (1, 50)), "2020-03-02", post=False)
        mixed.invoice_line_ids = [Command.create({"name": "Freight", "price_unit": 3})]
        direct = self._invoice("2020-03-02", 20)
        empty = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        moves = {
            invoice: True,
            self._credit(invoice, "2020-04-01", price=100): True,
            self._credit_goodwill(invoice, "2020-04-01", 90): False,
            self._reverse(invoice, "2020-04-02"): True,
            self._credit_goodwill(gone_invoice, "2020-04-01", 9): True,
            self._reverse(gone_invoice, "2020-04-01"): True,
            mixed: False,
            direct: False,
            self._reverse(direct, "2020-04-01"): False,
            empty: False,
        }
        self.assertEqual({m: m.kam_bills_orders for m in moves}, moves)
        ids = [move.id for move in moves]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET kam_bills_orders = NULL WHERE id = ANY(%s)", [ids]
        )
        fill_billing(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual({m: m.kam_bills_orders for m in moves}, moves)

    def test_corrected_invoice_changes_nothing(self):
        order = self._sell("2020-03-01", (1, 700))
        _note, anew = self._reverse(
            self._bill(order, "2020-03-02"), "2020-03-05", modify=True
        )
        self.assertEqual(anew.state, "draft")
        self.assertRevenue(700)
        anew.action_post()
        self.assertRevenue(700, level="new")

    def test_credited_down_payment_changes_nothing(self):
        order = self._sell("2020-03-01", (1, 1000))
        paid = self._down_payment(order, "2020-03-02", 300)
        self._reverse(paid, "2020-03-05").action_post()
        self.assertRevenue(1000, level="new")

    def test_discount_line_of_a_credited_order_is_taken_back_too(self):
        order = self._sell("2020-03-01", (1, 1000), (1, -50))
        self.assertRevenue(950)
        self._reverse(self._bill(order, "2020-03-02"), "2020-04-01").action_post()
        self.assertRevenue(0)

    def test_mother_that_pays_for_its_branch_bought_nothing(self):
        mother = self._create_customer("Mother")
        order = self._sell(
            "2020-03-01", (1, 400), partner_invoice_id=mother.id, partner=self.customer
        )
        invoice = self._bill(order, "2020-03-02")
        self.assertEqual(invoice.partner_id, mother)
        self._credit(invoice, "2020-04-01", price=100)
        self.assertRevenue(300)
        self.assertEqual(self._account(mother).revenue, 0)
        self.assertEqual(self._account(mother).level, "potential")

    def test_posted_invoice_without_an_order_is_a_purchase(self):
        self._invoice("2020-03-01", 92750)
        self._refresh()
        self.assertEqual((self.account.level, self.account.revenue), ("new", 92750))
        self._invoice("2020-03-10", 51000, move_type="out_refund")
        self._refresh()
        self.assertEqual((self.account.level, self.account.revenue), ("new", 41750))

    def test_line_that_bills_no_order_counts_beside_the_order(self):
        order = self._sell("2020-03-01", (1, 700))
        invoice = self._bill(order, "2020-03-02", post=False)
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "name": "Freight",
                    "product_id": self.part.id,
                    "price_unit": 30,
                    "tax_ids": False,
                }
            )
        ]
        invoice.action_post()
        self.assertFalse(invoice.kam_bills_orders)
        self.assertRevenue(730)
        self.assertEqual(self.account.purchase_count, 2)

    def test_orders_alone_ignore_direct_invoices_and_their_credit_notes(self):
        self.company.kam_purchase_basis = "order"
        self._sell("2020-03-01", (1, 700))
        self._invoice("2020-03-01", 100)
        self._invoice("2020-03-10", 50, move_type="out_refund")
        self.assertRevenue(700, level="new")

    def test_credit_note_of_an_order_lowers_the_goal_and_the_white_space_alike(self):
        """Order 1000 (cost 600), credit note 100: 900 in all rooms, margin 300."""
        self.company.kam_purchase_basis = "order"
        self.product.with_company(self.company).standard_price = 600
        order = self._sell("2020-03-01", (1, 1000))
        self._credit(self._bill(order, "2020-03-02"), "2020-04-01", price=100)
        self.assertRevenue(900)
        self.assertEqual(self._measured("margin", "2020-01-01", "2020-06-15"), 300)

    # By invoices

    def _by_invoice(self):
        self.company.kam_purchase_basis = "invoice"

    def test_down_payment_is_revenue_but_no_purchase(self):
        self._by_invoice()
        order = self._sell("2020-03-01", (1, 1000))
        self._down_payment(order, "2020-03-02", 300)
        self._refresh()
        self.assertEqual((self.account.level, self.account.revenue), ("potential", 300))
        self._bill(order, "2020-03-20")
        self._refresh()
        self.assertEqual((self.account.level, self.account.revenue), ("new", 1000))

    def test_order_that_is_paid_in_advance_is_one_purchase(self):
        self._by_invoice()
        order = self._sell("2020-03-01", (1, 1000))
        self._down_payment(order, "2020-03-02", 1000)
        self._bill(order, "2020-03-20")
        self._refresh()
        self.assertEqual((self.account.level, self.account.revenue), ("new", 1000))
        self.assertEqual(str(self.account.first_purchase_date), "2020-03-20")

    def test_reversed_invoice_is_no_purchase_and_a_corrected_one_is_one(self):
        for basis in ("invoice", "both"):
            with self.subTest(basis=basis):
                self.company.kam_purchase_basis = basis
                partner = self._create_customer(f"By {basis}")
                account = self._account(partner)
                invoice = self._invoice("2020-03-02", 500, partner=partner)
                _note, anew = self._reverse(invoice, "2020-03-05", modify=True)
                self._refresh()
                self.assertEqual((account.level, account.revenue), ("potential", 0))
                anew.invoice_date = "2020-03-06"
                anew.action_post()
                self._refresh()
                self.assertEqual((account.level, account.revenue), ("new", 500))
                self.assertEqual(account.purchase_count, 1)

    def test_margin_of_invoices_deducts_credit_notes(self):
        """Invoice 400, credit 100: revenue 300, margin 300."""
        self._by_invoice()
        order = self._sell("2020-03-01", (4, 100))
        self._credit(self._bill(order, "2020-03-02"), "2020-04-01", quantity=1)
        self.assertRevenue(300)
        self.assertEqual(self._measured("margin", "2020-01-01", "2020-06-15"), 300)

    # A customer that becomes a contact of another

    def test_invoices_follow_a_customer_that_became_a_contact(self):
        """Revenue, what is past due, the lists and the rights: all of the new one."""
        branch = self._create_customer("Branch")
        late = self._invoice(
            "2020-03-01", 300, partner=branch, invoice_date_due="2020-03-31"
        )
        paid = self._invoice(
            "2020-04-01", 500, partner=branch, invoice_date_due="2020-07-31"
        )
        with self.assertRaises(AccessError):
            late.with_user(self.anna).check_access("read")
        branch.write({"parent_id": self.customer.id, "is_company": False})
        self._refresh()
        self.env.invalidate_all()
        self.assertFalse(self.Account.search([("partner_id", "=", branch.id)]))
        self.assertEqual((self.account.revenue, self.account.invoice_count), (800, 2))
        self.assertEqual(self._open(self.account.action_view_invoices()), late + paid)
        opened = self.account.action_open_fact("health_invoices")
        self.assertEqual(self._open(opened).move_id, late)
        row = self.account._get_health_rows()[self.account.id]
        self.assertEqual(row["parts"]["invoices"]["facts"]["overdue"], 300)
        for record in late, late.invoice_line_ids:
            record.with_user(self.anna).check_access("read")

    def _open(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    # Ourselves

    def test_sister_companies_and_colleagues_are_nobodys_customers(self):
        """Sister 500, two customers 50 each: half of all each, and both class A."""
        sister = self._create_company("Sister")
        colleague = self.boris.partner_id
        other = self._create_customer("Other")
        self._sell("2020-03-01", (1, 500), partner=sister.partner_id)
        self._sell("2020-03-01", (1, 70), partner=colleague)
        self._sell("2020-03-01", (1, 50))
        self._sell("2020-03-01", (1, 50), partner=other)
        self._refresh()
        for account in self.account + self._account(other):
            self.assertEqual((account.share, account.segment), (0.5, "a"))
        self.assertFalse(
            self.Account.search(
                [("partner_id", "in", (sister.partner_id + colleague).ids)]
            )
        )
        self.boris.active = False
        self._refresh()
        self.assertEqual(self.account.share, 0.5, "nor is who worked here")

    def test_sister_that_has_an_account_from_before_counts_nowhere(self):
        partner = self._create_customer("Sister to Be")
        self._sell("2020-03-01", (1, 500), partner=partner)
        self._sell("2020-03-01", (1, 50))
        self._refresh()
        self.assertEqual(self._account(partner).level, "new")
        self._create_company("Sister", partner_id=partner.id)
        self._refresh()
        self.assertEqual(self.account.share, 1)
        self.assertEqual(self._account(partner).revenue, 0)

    def test_group_is_the_sum_of_its_members_whatever_their_sign(self):
        """Members 80 and 20 less 50, an outsider 50: half each."""
        mother = self._create_customer("Mother")
        daughter = self._create_customer("Daughter", parent_id=mother.id)
        outsider = self._create_customer("Outsider")
        self._sell("2020-03-01", (1, 80), partner=mother)
        self._sell("2020-03-01", (1, 20), partner=daughter)
        self._invoice("2020-03-05", 50, partner=daughter, move_type="out_refund")
        self._sell("2020-03-01", (1, 50), partner=outsider)
        self._refresh()
        self.assertEqual(self._account(mother).group_share, 0.5)
        self.assertEqual(self._account(daughter).group_share, 0.5)
        self.assertEqual(self._account(daughter).share, -0.3)
        self.assertEqual(self._account(outsider).share, 0.5)
        self.assertEqual(self._account(daughter).segment, "c")

    # Openings

    def test_opening_brings_the_revenue_of_both_windows(self):
        self.account.write(
            {
                "opening_first_date": "2017-01-01",
                "opening_last_date": "2020-02-01",
                "opening_count": 9,
                "opening_revenue": 300,
                "opening_revenue_previous": 200,
            }
        )
        self._sell("2020-03-01", (1, 50))
        self._refresh()
        self.assertEqual(self.account.revenue, 350)
        self.assertEqual(self.account.revenue_previous, 200)
        self.assertEqual(self.account.purchase_count, 10)
        self.assertEqual(self.account.average_purchase, 50)
        self.assertEqual(self._measured("revenue", "2020-01-01", "2020-06-15"), 350)

    # Written past the app

    def test_order_line_written_directly_is_news(self):
        order = self._sell("2020-03-01", (8, 50))
        self._drain()
        order.order_line.write({"product_uom_qty": 5, "price_unit": 50})
        self._drain()
        self.assertEqual(self.account.revenue, 250)
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.part.id,
                "price_unit": 20,
                "tax_ids": False,
            }
        )
        self._drain()
        self.assertEqual(self.account.revenue, 270)

    def test_order_written_past_odoo_is_found_by_the_night(self):
        order = self._sell("2020-03-01", (1, 400))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET kam_commercial_partner_id = NULL WHERE id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        self._refresh()
        self.assertEqual(self.account.revenue, 400)
        self.assertEqual(order.kam_commercial_partner_id, self.customer)

    def test_invoice_written_past_odoo_is_looked_into(self):
        order = self._sell("2020-03-01", (1, 400))
        invoice = self._bill(order, "2020-03-02")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET kam_bills_orders = NULL WHERE id = %s",
            [invoice.id],
        )
        self.env.invalidate_all()
        self.assertRevenue(400)

    def test_credit_in_another_rate_takes_the_whole_order_back(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        for day, rate in (("2020-01-01", 2), ("2020-04-01", 2.5)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": self.company.id}
        )
        with freeze_time("2020-03-01"):
            order = self._sell("2020-03-01", (1, 1000), pricelist_id=pricelist.id)
        self.assertEqual(order.currency_rate, 2)
        self.assertRevenue(500)
        invoice = self._bill(order, "2020-04-05")
        self._credit(invoice, "2020-04-10", price=250)
        self.assertRevenue(375)
        self._credit(invoice, "2020-04-12", price=750)
        self.assertRevenue(0)

    def test_sales_are_rounded_once_so_that_categories_add_up(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 3,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": self.company.id}
        )
        with freeze_time("2020-03-01"):
            self._sell(
                "2020-03-01",
                (1, 10),
                (1, 10, self.part),
                (1, 10.01, self.part),
                pricelist_id=pricelist.id,
            )
        self.assertRevenue(10)
        self.assertEqual(
            fields.Date.to_string(self.account.last_purchase_date), "2020-03-01"
        )

    def test_lines_of_some_products_are_the_same_without_documents_of_others(self):
        """A category is asked for alone; what it sold is no other sum for that."""
        evidence = self.env["kam.evidence"]
        both = self._sell("2020-03-01", (3, 33.33), (1, 10.01, self.part))
        other = self._sell("2020-03-02", (1, 70))
        invoice = self._invoice("2020-03-03", 50)
        invoice.invoice_line_ids.product_id = self.part
        self.env.flush_all()
        looks = evidence._get_looks(fields.Date.to_date(TODAY), self.company)
        part = SQL("SELECT %s", self.part.id)

        def tell(looks):
            lines = evidence._get_sale_lines_sql(looks)
            return self.env.execute_query(
                SQL(
                    "SELECT res_id, product_id, amount FROM (%s) l ORDER BY 1, 2", lines
                )
            )

        every = tell(looks)
        some = tell([look._replace(products=part) for look in looks])
        self.assertEqual(
            [line for line in some if line[1] == self.part.id],
            [line for line in every if line[1] == self.part.id],
        )
        self.assertEqual({line[0] for line in some}, {both.id, invoice.id})
        self.assertIn(other.id, {line[0] for line in every})
