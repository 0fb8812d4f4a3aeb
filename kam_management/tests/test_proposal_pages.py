from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.kam_management.models.offer.kam_proposal_effect import get_payback

from .proposal_common import ProposalCommon

# What is ours alone, each fact by a word that stands nowhere else.
SECRETS = (
    "Erdbeere",
    "Feige",
    "Granatapfel",
    "Ananas",
    "Banane",
    "Zitrone",
    "Kirsche",
    "Dattel",
    "Kiwi",
    "Figures and detail",
    "Status and exclusivity",
    "Opponent",
    "77.7",
)


@tagged("post_install", "-at_install")
class TestProposalPages(ProposalCommon, HttpCase):
    """What the customer reads: on paper, in the portal, in the preview."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer.write(
            {
                "attitude": "opponent",
                "influence": "5",
                "goals": "Feige",
                "interests": "Granatapfel",
            }
        )
        cls.buyer.partner_id.name = "Eva Erdbeere"
        cls.lead.kam_stakeholder_ids = cls.buyer + cls.boss
        plan = cls.env["kam.plan"].create(
            {
                "account_id": cls.account.id,
                "strengths": "Ananas",
                "weaknesses": "Banane",
                "situation": "Zitrone",
            }
        )
        cls.env["kam.plan.need"].create(
            {
                "plan_id": plan.id,
                "name": "Fewer stops",
                "value": 6000,
                "value_note": "Kiwi",
                "stakeholder_id": cls.buyer.id,
            }
        )
        cls.env["kam.tender"].create(
            {
                "lead_id": cls.lead.id,
                "date_submission": "2040-01-01",
                "bid_reason": "Kirsche",
                "criterion_ids": [Command.create({"name": "Price", "weight": 77.7})],
            }
        )
        cls._argument("Saving")
        cls._argument("First place", "status")
        cls.rival = cls._create_customer("Dattel Foods")
        cls.proposal = cls._proposal(foreword="Dear customer")
        cls.proposal.action_propose()
        cls.proposal.criterion_ids.answer = "We are cheap"
        cls.proposal.reference_ids = [
            Command.create(
                {
                    "partner_id": cls.rival.id,
                    "name": "A bakery",
                    "text": "Air for bread",
                }
            )
        ]

    TOLD = (
        "Dear customer",
        "Saving",
        "First place, in words",
        "Price",
        "We are cheap",
        "Fewer stops",
        "A bakery",
        "Air for bread",
        "Anna",
        "k.k@example.com",
    )

    def _assert_told(self, page):
        for word in self.TOLD:
            self.assertIn(word, page)
        for word in SECRETS:
            self.assertNotIn(word, page)

    def test_paper_tells_it_before_the_lines_and_nothing_of_ours(self):
        page = self._print()
        self._assert_told(page)
        self.assertLess(page.index("Dear customer"), page.index("th_description"))

    def test_preview_is_the_same(self):
        self._assert_told(self._pages(self.proposal))
        self.assertIn(str(self.proposal._render_pages()), self._print())

    def test_portal_tells_it_to_the_customer_and_to_who_has_the_link(self):
        self.order.action_quotation_sent()
        url = self.order.get_portal_url()
        self.assertIn("access_token", url)
        self._assert_told(self.url_open(url).text)
        customer = new_test_user(self.env, "kam_portal", groups="base.group_portal")
        customer.partner_id.parent_id = self.customer
        self.order.message_subscribe(customer.partner_id.ids)
        self.authenticate("kam_portal", "kam_portal")
        self._assert_told(self.url_open(f"/my/orders/{self.order.id}").text)

    def test_portal_user_reads_no_record_of_it(self):
        customer = new_test_user(self.env, "kam_portal", groups="base.group_portal")
        for record in (self.proposal, self.proposal.argument_ids):
            self.assertFalse(record.with_user(customer).has_access("read"))

    def test_salesperson_without_our_groups_sends_the_same(self):
        self.order.user_id = self.seller
        order = self.order.with_user(self.seller)
        self._assert_told(str(order._get_kam_proposal_pages()))

    def test_an_order_and_a_pro_forma_invoice_do_not_tell_it(self):
        report = self.env["ir.actions.report"]
        page = report._render_qweb_html(
            "sale.report_saleorder_pro_forma", self.order.ids
        )
        self.assertNotIn("Dear customer", page[0].decode())
        self.order.action_confirm()
        self.assertNotIn("Dear customer", self._print())

    def test_quotation_without_one_is_as_it_was(self):
        self.proposal.unlink()
        self.assertNotIn("o_kam_proposal", self._print())

    def test_a_criterion_without_an_answer_is_not_printed(self):
        self.proposal.criterion_ids.answer = " "
        self.assertNotIn("Your criteria", self._pages(self.proposal))
        self.assertIn("“Price” has no answer yet.", self.proposal.hint)

    def test_effect_is_a_table_with_the_payback(self):
        self.proposal.effect_ids = [
            Command.create(
                {"name": "Gas", "amount_today": 9000, "amount_with_us": 3000}
            )
        ]
        self.assertEqual(self.proposal.effect_total, 12000)
        self.assertEqual(self.proposal.payback_months, 12)
        self.assertIn("12 months", self._pages(self.proposal))
        self.proposal.investment = 6500
        self.assertEqual(self.proposal.payback_months, 7)

    def test_what_makes_it_worse_never_pays_back(self):
        self.proposal.effect_ids = [
            Command.clear(),
            Command.create({"name": "Gas", "amount_with_us": 3000}),
        ]
        self.assertEqual(self.proposal.effect_total, -3000)
        self.assertEqual(self.proposal.payback_months, 0)
        self.assertNotIn("Pays for itself", self._pages(self.proposal))
        self.assertEqual(get_payback(1000, 999), 13)

    def test_who_did_not_agree_is_not_named(self):
        line = self.proposal.reference_ids
        with self.assertRaisesRegex(ValidationError, "has not agreed to be named"):
            line.text = "Air for DATTEL foods"
        line.write({"text": "Air for bread", "name": False})
        self.assertIn("One of our customers", self._pages(self.proposal))
        self.rival.industry_id = self.env["res.partner.industry"].create(
            {"name": "Bakeries"}
        )
        self.proposal.invalidate_recordset(["preview_html"])
        self.assertIn("A customer in: Bakeries", self._pages(self.proposal))
        line.may_be_named = True
        self.assertIn("Dattel Foods", self._pages(self.proposal))

    def test_who_has_left_is_not_printed(self):
        self.proposal.member_ids = [Command.create({"user_id": self.boris.id})]
        self.assertIn("Boris", self._pages(self.proposal))
        self.boris.active = False
        self.proposal.invalidate_recordset(["preview_html"])
        self.assertNotIn("Boris", self._pages(self.proposal))

    def test_headings_are_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        view = self.env.ref("kam_management.proposal_team")
        with mute_logger("odoo.addons.base.models.ir_ui_view"):
            view.update_field_translations(
                "arch_db", {"fr_FR": {"Our team for you": "Votre équipe"}}
            )
        self.assertIn("Votre équipe", str(self.proposal._render_pages()))

    def _print(self):
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", self.order.ids
        )
        return page.decode()
