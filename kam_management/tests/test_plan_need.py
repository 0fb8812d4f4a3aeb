import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .plan_content_common import PlanContentCommon


@tagged("post_install", "-at_install")
class TestPlanNeed(PlanContentCommon):
    """What the customer needs becomes an opportunity, and goes on to other branches."""

    def test_need_follows_its_product_into_the_category(self):
        need = self._need(product_id=self.product.id)
        self.assertEqual(need.categ_id, self.category)

    def test_need_belongs_to_a_person_of_the_customer(self):
        dossier = self._dossier("Ada")
        need = self._need(stakeholder_id=dossier.id)
        with self.assertRaisesRegex(ValidationError, "another customer"):
            need.copy({"plan_id": self.other_plan.id})

    def test_need_is_of_a_branch_of_the_customer(self):
        unit = self._unit("There", self.other_account)
        with self.assertRaisesRegex(ValidationError, "another customer"):
            self._need(unit_id=unit.id)

    def test_worth_cannot_be_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._need(value=-1)
            self.env.flush_all()

    def test_opportunity_takes_over_what_is_known(self):
        dossier = self._dossier("Ada")
        need = self._need(stakeholder_id=dossier.id, revenue=5000)
        action = need.with_user(self.anna).action_make_lead()
        lead = need.lead_id
        self.assertEqual(action["res_id"], lead.id)
        self.assertRecordValues(
            lead,
            [
                {
                    "partner_id": dossier.partner_id.id,
                    "kam_account_id": self.account.id,
                    "kam_plan_id": self.plan.id,
                    "expected_revenue": 5000,
                    "user_id": self.anna.id,
                    "type": "opportunity",
                }
            ],
        )
        self.assertEqual(need.state, "matched")
        self.assertEqual(self.plan.lead_ids, lead)

    def test_opportunity_is_seen_in_the_white_space(self):
        unit = self._unit("North")
        need = self._need(unit_id=unit.id, categ_id=self.category.id)
        need.with_user(self.anna).action_make_lead()
        cells = self.account.with_user(self.anna).get_white_space()["cells"]
        cell = cells[f"{unit.id}-{self.category.id}"]
        self.assertEqual((cell["state"], cell["lead_id"]), ("lead", need.lead_id.id))

    def test_opportunity_is_made_once(self):
        need = self._need()
        need.action_make_lead()
        lead = need.lead_id
        need.action_make_lead()
        self.assertEqual(need.lead_id, lead)
        self.assertEqual(self.plan.lead_ids, lead)

    def test_colleague_makes_no_opportunity_of_it(self):
        need = self._need()
        with self.assertRaises(AccessError):
            need.with_user(self.boris).action_make_lead()

    def test_closed_plan_makes_no_opportunities(self):
        need = self._need()
        self.plan.sudo().write({"state": "closed"})
        with self.assertRaisesRegex(ValidationError, "closed"):
            need.with_user(self.anna).action_make_lead()

    def test_merged_leads_keep_plan_and_need(self):
        need = self._need()
        need.action_make_lead()
        other = self._lead()
        merged = need.lead_id
        other._merge_dependences(merged)
        merged.unlink()  # as Odoo does once all is merged
        self.assertEqual(other.kam_plan_id, self.plan)
        self.assertEqual(need.lead_id, other)

    def test_merged_persons_keep_their_needs(self):
        one, two = self._dossier("Ada"), self._dossier("Ada L.")
        need = self._need(stakeholder_id=two.id)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((one + two).partner_id.ids, one.partner_id)
        self.assertEqual(need.stakeholder_id, one)

    def test_merged_customers_keep_plans_with_needs_and_people(self):
        source = self.other_account
        dossier = self._dossier(
            self.env["res.partner"].create(
                {"name": "Bob", "parent_id": source.partner_id.id}
            ),
            account_id=source.id,
        )
        unit = self._unit("North", source)
        need = self._need(
            plan_id=self.other_plan.id, stakeholder_id=dossier.id, unit_id=unit.id
        )
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((source.partner_id + self.customer).ids, self.customer)
        self.env.flush_all()
        self.assertEqual(need.account_id, self.account)
        self.assertEqual(need.stakeholder_id.account_id, self.account)
        self.assertEqual(need.unit_id.account_id, self.account)

    def test_line_cannot_pretend_to_be_of_another_account(self):
        """Rules go by the account of a line: nobody types it in."""
        Need = self.env["kam.plan.need"].with_user(self.boris)
        values = {"name": "Mine", "plan_id": self.plan.id}
        with self.assertRaises(AccessError):
            Need.create({**values, "account_id": self.other_account.id})
        with self.assertRaises(AccessError):
            Need.with_context(default_account_id=self.other_account.id).create(values)
        mine = Need.create({**values, "plan_id": self.other_plan.id})
        with self.assertRaises(AccessError):
            mine.account_id = self.account

    def test_colleague_of_another_company_sees_nothing(self):
        other = self._create_company("Sister Company")
        head = self._create_user("carl", "kam_management.group_kam_manager", other)
        need = self._need()
        unit = self._unit("North")
        for record in (need, unit):
            with self.assertRaises(AccessError):
                record.with_user(head).read(["name"])

    def test_success_goes_to_the_other_branches_once(self):
        here, north, south = map(self._unit, ("Here", "North", "South"))
        need = self._need(
            unit_id=here.id, categ_id=self.category.id, state="delivered", revenue=700
        ).with_user(self.anna)
        wizard = self._transfer(need)
        self.assertEqual(wizard.unit_ids, north + south)
        wizard.unit_ids = north
        wizard.action_apply()
        self.assertRecordValues(
            need.transfer_lead_ids,
            [{"kam_unit_id": north.id, "kam_plan_id": self.plan.id}],
        )
        self.assertEqual(need.transfer_lead_ids.expected_revenue, 700)
        again = self._transfer(need)
        self.assertEqual(again.unit_ids, south)
        again.unit_ids += north
        again.action_apply()
        self.assertEqual(need.transfer_lead_ids.kam_unit_id, north + south)
        self.assertEqual(len(need.transfer_lead_ids), 2)
        cells = self.account.with_user(self.anna).get_white_space()["cells"]
        self.assertEqual(cells[f"{south.id}-{self.category.id}"]["state"], "lead")

    def test_dialog_proposes_no_branch_that_has_it_already(self):
        """On the screen the records are new, and were taken for others."""
        here, north = map(self._unit, ("Here", "North"))
        need = self._need(unit_id=here.id, state="delivered")
        wizard = self.env["kam.need.transfer"].with_user(self.anna)
        with Form(wizard.with_context(default_need_id=need.id)) as form:
            self.assertEqual(form.unit_ids.ids, north.ids)

    def test_branches_with_the_same_need_come_first(self):
        north, south, east = map(self._unit, ("North", "South", "East"))
        need = self._need(
            unit_id=north.id, categ_id=self.category.id, state="delivered"
        )
        self.assertEqual(need._find_places_to_transfer(), south | east)
        self._need(unit_id=south.id, categ_id=self.category.id)
        self.assertEqual(need._find_places_to_transfer(), south)

    def test_barrier_is_held_by_people_of_the_customer(self):
        person = self._dossier("Ada", "decides")
        barrier = self.env["kam.plan.barrier"].create(
            {
                "plan_id": self.plan.id,
                "name": "Sensors",
                "kind": "integration",
                "integration": "Maintenance system",
                "stakeholder_ids": person.ids,
            }
        )
        self.assertEqual(barrier.support_count, 2)
        stranger = self._dossier(
            self._person("Zoe", parent_id=self.other_account.partner_id.id),
            "uses",
            account_id=self.other_account.id,
        )
        with self.assertRaises(ValidationError):
            barrier.stakeholder_ids = stranger

    def test_nothing_left_to_transfer_says_so(self):
        wizard = self._transfer(self._need(state="delivered"))
        with self.assertRaisesRegex(UserError, "at least one branch"):
            wizard.action_apply()

    def test_what_has_not_worked_yet_is_not_transferred(self):
        need = self._need()
        with self.assertRaisesRegex(ValidationError, "not been delivered"):
            need.action_transfer()
        self._unit("North")
        with self.assertRaisesRegex(ValidationError, "not been delivered"):
            self._transfer(need).action_apply()

    def test_colleague_transfers_nothing(self):
        self._unit("North")
        need = self._need(state="delivered")
        with self.assertRaises(AccessError):
            self._transfer(need).with_user(self.boris).action_apply()

    def test_next_plan_goes_on_with_what_is_open(self):
        self._need()
        self._need(name="Done", state="delivered")
        self.env["kam.plan.expectation"].create(
            [
                {"plan_id": self.plan.id, "name": "Quick", "perceived": 2},
                {"plan_id": self.plan.id, "name": "Polite", "state": "met"},
            ]
        )
        following = self.plan.copy()
        self.assertEqual(following.need_ids.mapped("name"), ["Fewer stops"])
        self.assertEqual(following.expectation_ids.mapped("name"), ["Quick"])
        self.assertFalse(following.expectation_ids.perceived)

    def _transfer(self, need):
        return (
            self.env["kam.need.transfer"]
            .with_user(need.env.user)
            .create({"need_id": need.id})
        )
