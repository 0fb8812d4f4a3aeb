from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .proposal_common import ProposalCommon


@tagged("post_install", "-at_install")
class TestProposalPropose(ProposalCommon):
    """One click fills in what is missing, and nothing else."""

    def _titles(self, proposal):
        return proposal.argument_ids.sorted("sequence").mapped("name")

    def test_arguments_follow_who_judges_the_most_influential_first(self):
        self._argument("Saving")
        self._argument("First place", "status")
        self._argument("Friends", "people")
        proposal = self._proposal()
        proposal.action_propose()
        self.assertEqual(self._titles(proposal), ["First place", "Saving"])
        self.assertEqual(proposal.judge_ids, self.boss + self.buyer)

    def test_decision_team_of_the_deal_comes_first(self):
        self._argument("Saving")
        self._argument("First place", "status")
        self.lead.kam_stakeholder_ids = self.buyer
        proposal = self._proposal()
        self.assertEqual(proposal.judge_ids, self.buyer)
        proposal.action_propose()
        self.assertEqual(self._titles(proposal), ["Saving"])

    def test_people_without_influence_judge_nothing(self):
        self.boss.influence = "0"
        self.assertEqual(self._proposal().judge_ids, self.buyer)

    def test_special_arguments_come_before_general_ones_and_strangers_stay_out(self):
        industries = self.env["res.partner.industry"].create(
            [{"name": "Dairies"}, {"name": "Foundries"}]
        )
        parent = self.env["product.category"].create({"name": "Air"})
        self.product.categ_id = parent.create({"name": "Oil", "parent_id": parent.id})
        other = parent.create({"name": "Water"})
        self.customer.industry_id = industries[0]
        self._argument("For all")
        self._argument("For dairies", industry_ids=industries[0].ids)
        self._argument("For foundries", industry_ids=industries[1].ids)
        self._argument("For air", categ_ids=parent.ids)
        self._argument("For water", categ_ids=other.ids)
        self._argument("For this product", product_ids=self.product.ids)
        self._argument(
            "Elsewhere",
            company_id=self.env["res.company"]
            .search([("id", "!=", self.company.id)], limit=1)
            .id,
        )
        fitting = self.env["kam.argument"]._find_fitting(self.order, ["figures"])
        names = fitting.mapped("name")
        self.assertEqual(names[0], "For this product")
        self.assertEqual(set(names[1:3]), {"For dairies", "For air"})
        self.assertEqual(names[3:], ["For all"])

    def test_what_was_typed_stays(self):
        self._argument("Saving")
        proposal = self._proposal(advantages="Ours", uniqueness="Only here")
        proposal.argument_ids = [
            Command.create({"name": "My figures", "style": "figures"})
        ]
        proposal.member_ids = [Command.create({"user_id": self.boris.id})]
        proposal.action_propose()
        self.assertEqual(self._titles(proposal), ["My figures"])
        self.assertEqual(proposal.member_ids.user_id, self.boris)
        self.assertEqual(
            (proposal.advantages, proposal.uniqueness), ("Ours", "Only here")
        )

    def test_a_second_click_adds_nothing(self):
        self._argument("Saving")
        self._argument("Payback")
        self._plan_need("Fewer stops", 9000)
        proposal = self._proposal()
        proposal.action_propose()
        proposal.argument_ids[0].unlink()
        proposal.action_propose()
        self.assertEqual(len(proposal.argument_ids), 1)
        self.assertEqual(len(proposal.effect_ids), 1)
        self.assertEqual(proposal.member_ids.user_id, self.anna)

    def test_a_changed_argument_stays_when_the_library_changes(self):
        argument = self._argument("Saving")
        proposal = self._proposal()
        proposal.action_propose()
        argument.name = "Wasting"
        self.assertEqual(self._titles(proposal), ["Saving"])

    def test_arguments_are_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        argument = self._argument("Saving")
        argument.with_context(lang="fr_FR").name = "Épargner"
        self.customer.lang = "fr_FR"
        proposal = self._proposal()
        proposal.action_propose()
        self.assertEqual(self._titles(proposal), ["Épargner"])

    def test_criteria_come_from_the_tender_the_heaviest_first(self):
        tender = self.env["kam.tender"].create(
            {
                "lead_id": self.lead.id,
                "date_submission": "2040-01-01",
                "criterion_ids": [
                    Command.create({"name": "Service", "weight": 20}),
                    Command.create({"name": "Price", "weight": 70}),
                    Command.create({"name": "Noise", "weight": 10}),
                ],
            }
        )
        self.assertTrue(tender)
        proposal = self._proposal()
        proposal.criterion_ids = [Command.create({"name": "noise", "answer": "None"})]
        proposal.action_propose()
        names = proposal.criterion_ids.sorted("sequence").mapped("name")
        self.assertEqual(names, ["noise", "Price", "Service"])

    def test_needs_that_the_quotation_answers_are_offered_with_their_value(self):
        other = self.env["product.product"].create({"name": "Dryer"})
        water = self.env["product.category"].create({"name": "Water"})
        self._plan_need("Any", 5000)
        self._plan_need("This", 9000, product_id=self.product.id)
        self._plan_need("Another product", 7000, product_id=other.id)
        self._plan_need("Another category", 7000, categ_id=water.id)
        self._plan_need("Dropped", 7000, state="dropped")
        self._plan_need("Without value", 0)
        proposal = self._proposal()
        proposal.action_propose()
        lines = proposal.effect_ids.sorted("sequence")
        self.assertEqual(lines.mapped("name"), ["This", "Any"])
        self.assertEqual(lines.mapped("difference"), [9000, 5000])

    def test_value_of_a_need_is_in_the_currency_of_the_quotation(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "name": "2000-01-01",
                "rate": 0.5,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": self.company.id}
        )
        self._plan_need("Fewer stops", 9000)
        order = self._quotation(pricelist_id=pricelist.id)
        proposal = self._proposal(order)
        proposal.action_propose()
        self.assertEqual(proposal.currency_id, euro)
        self.assertEqual(proposal.effect_ids.amount_with_us, 4500)

    def test_texts_come_from_what_the_customer_has_read_before(self):
        plan = self._plan_need("Fewer stops", 0, service="We call first").plan_id
        plan.strengths = "Ours alone"
        earlier = self._proposal(self._quotation(), uniqueness="At night, too")
        proposal = self._proposal()
        proposal.action_propose()
        self.assertFalse(proposal.uniqueness)
        earlier.order_id.action_quotation_sent()
        proposal.action_propose()
        self.assertEqual(proposal.uniqueness, "At night, too")

    def test_answers_to_needs_are_the_advantages(self):
        self._plan_need("Fewer stops", 100, service="We call before it fails")
        proposal = self._proposal()
        proposal.action_propose()
        self.assertEqual(proposal.advantages, "Fewer stops: We call before it fails")

    def test_team_is_who_works_for_the_customer_each_once(self):
        self.account.project_manager_id = self.boris
        self.account.accountable_id = self.head
        self.head.active = False
        self.boris.partner_id.function = "Engineer"
        proposal = self._proposal()
        proposal.action_propose()
        self.assertEqual(
            [(line.user_id, line.position) for line in proposal.member_ids],
            [(self.anna, "Key Account Manager"), (self.boris, "Engineer")],
        )

    def test_without_people_plan_and_account_there_is_one_argument_of_each_kind(self):
        stranger = self._create_customer("Nobody's")
        self._argument("Saving")
        self._argument("Payback")
        self._argument("First place", "status")
        proposal = self._proposal(self._quotation(partner_id=stranger.id))
        proposal.action_propose()
        self.assertFalse(proposal.judge_ids)
        self.assertEqual(len(proposal.argument_ids), 2)
        self.assertIn("Nobody is known who judges it", proposal.hint)
        self.assertEqual(proposal.member_ids.user_id, self.anna)

    def test_it_is_for_who_may_change_the_quotation(self):
        proposal = self._proposal()
        self.account.member_ids += self.boris
        for name in ("action_propose", "action_update_past"):
            with self.assertRaises(AccessError):
                getattr(proposal.with_user(self.boris), name)()

    def _plan_need(self, name, value, **values):
        plan = self.account.plan_id or self.env["kam.plan"].create(
            {"account_id": self.account.id}
        )
        return self.env["kam.plan.need"].create(
            {"plan_id": plan.id, "name": name, "value": value, **values}
        )
