from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .stakeholder_common import StakeholderCommon


@tagged("post_install", "-at_install")
class TestStakeholder(StakeholderCommon):
    """Dossiers: who they are of, what they keep, where they lead."""

    def test_shipped_roles_are_those_the_app_asks_for(self):
        codes = set(self.env["kam.stakeholder.role"].search([]).mapped("code"))
        self.assertLessEqual(
            {
                "decides",
                "pays",
                "uses",
                "technical",
                "hr",
                "gatekeeper",
                "sponsor",
                "opponent",
            },
            codes,
        )

    def test_relation_table_of_roles_is_where_the_cadence_reads_it(self):
        dossier = self._dossier("Ada", "decides uses")
        self.env.flush_all()
        self.cr.execute(
            "SELECT role_id FROM kam_stakeholder_role_rel WHERE stakeholder_id = %s",
            [dossier.id],
        )
        roles = {role for (role,) in self.cr.fetchall()}
        self.assertEqual(roles, set(dossier.role_ids.ids))

    def test_account_can_be_chosen_on_a_new_record(self):
        """A check of the company, which is the account's, offered no account at all."""
        for model in (
            "kam.stakeholder",
            "kam.interest.group",
            "kam.customer.goal",
            "kam.survey",
        ):
            with self.subTest(model=model):
                new = self.env[model].with_user(self.anna).new({})
                domain = new.fields_get(["account_id"])["account_id"]["domain"]
                if isinstance(domain, str):
                    values = {
                        "company_id": new.company_id.id,
                        "allowed_company_ids": [],
                    }
                    domain = safe_eval(domain, values)
                accounts = self.env["kam.account"].with_user(self.anna).search(domain)
                self.assertIn(self.account, accounts)

    def test_dossier_form_is_filled_during_a_call(self):
        ada = self._person("Ada")
        Dossier = self.env["kam.stakeholder"].with_user(self.anna)
        with Form(Dossier.with_context(default_account_id=self.account.id)) as form:
            form.partner_id = ada
            form.function = "Director"
            form.role_ids.add(self._role("decides"))
            form.attitude = "neutral"
            form.goals = "Second plant"
        dossier = form.record
        self.assertEqual(dossier.user_id, self.anna)
        self.assertEqual(dossier.argument_style, "status")
        self.assertIn("exclusivity", dossier.argument_hint)
        self.assertEqual(ada.function, "Director")

    def test_chosen_argument_style_stays_when_roles_change(self):
        dossier = self._dossier("Ada", "decides", argument_style="figures")
        dossier.role_ids = self._role("hr")
        self.assertEqual(dossier.argument_style, "figures")

    def test_second_dossier_of_a_person_in_an_account_is_refused(self):
        dossier = self._dossier("Ada")
        with self.assertUniqueViolation("a stakeholder of this account already"):
            self._dossier(dossier.partner_id)

    def test_person_has_dossiers_in_several_accounts(self):
        ada = self._dossier("Ada").partner_id
        other = self._account(self._create_customer("Rival"))
        self._dossier(ada, account_id=other.id)
        self.assertEqual(len(ada.kam_stakeholder_ids), 2)

    def test_dossier_of_a_company_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "stakeholders are persons"):
            self._dossier(self.customer)

    def test_dossier_of_nobody_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "needs a person"):
            self.env["kam.stakeholder"].create({"account_id": self.account.id})
        with self.assertRaisesRegex(ValidationError, "needs a person"):
            self._dossier("Ada").partner_id = False

    def test_dossier_is_not_duplicated(self):
        with self.assertRaisesRegex(UserError, "only once in each account"):
            self._dossier("Ada").copy()

    def test_employer_cannot_be_typed_in_by_default(self):
        rival = self._create_customer("Rival")
        Dossier = self.env["kam.stakeholder"].with_context(default_employer_id=rival.id)
        dossier = Dossier.create(
            {"account_id": self.account.id, "partner_id": self._person("Ada").id}
        )
        self.assertEqual(dossier.employer_id, self.customer)

    def test_what_the_app_notes_down_is_not_typed_in(self):
        dossier = self._dossier("Ada").with_user(self.anna)
        bob = self._dossier("Bob")
        day = date(2090, 1, 1)
        values = {
            "erased_date": day,
            "left_date": day,
            "last_touch_date": day,
            "next_touch_date": day,
            "employer_id": self._create_customer("Rival").id,
            "successor_id": bob.id,
            "company_id": self._create_company("Other").id,
        }
        Dossier = self.env["kam.stakeholder"].with_user(self.anna)
        for name, value in values.items():
            with self.subTest(field=name):
                with self.assertRaisesRegex(AccessError, "cannot be edited"):
                    dossier.write({name: value})
                given = {
                    "partner_id": self._person("Cleo").id,
                    "account_id": self.account.id,
                }
                with self.assertRaisesRegex(AccessError, "cannot be edited"):
                    Dossier.create({**given, name: value})
                made = Dossier.with_context(**{f"default_{name}": value}).create(given)
                self.assertNotEqual(
                    made[name], dossier._fields[name].convert_to_record(value, made)
                )

    def test_nothing_is_moved_into_an_account_of_another_team(self):
        rival = self._account(self._create_customer("Rival"))
        group, goal = (
            self.env[model].create({"account_id": self.account.id, **values})
            for model, values in (
                ("kam.interest.group", {"name": "Savers"}),
                ("kam.customer.goal", {"name": "Grow", "org_level": "1_top"}),
            )
        )
        for record in (self._dossier("Ada"), group, goal):
            with self.subTest(model=record._name):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    record.with_user(self.anna).account_id = rival
                self.env.invalidate_all()
                self.assertEqual(record.account_id, self.account)
                record.with_user(self.head).account_id = rival

    # Reporting lines

    def test_circle_of_bosses_is_refused(self):
        top, middle, low = (self._dossier(name) for name in ("Ada", "Bob", "Cleo"))
        middle.parent_id, low.parent_id = top, middle
        with self.assertRaisesRegex(ValidationError, "cannot lead back"):
            top.parent_id = low
        with self.assertRaisesRegex(ValidationError, "cannot lead back"):
            top.parent_id = top

    def test_boss_of_another_account_is_refused(self):
        other = self._account(self._create_customer("Rival"))
        stranger = self._dossier(self._person("Rex"), account_id=other.id)
        with self.assertRaisesRegex(ValidationError, "belongs to another account"):
            self._dossier("Ada").parent_id = stranger

    def test_group_and_goal_keep_to_the_people_of_their_account(self):
        other = self._account(self._create_customer("Rival"))
        stranger = self._dossier(self._person("Rex"), account_id=other.id)
        Group, Goal = self.env["kam.interest.group"], self.env["kam.customer.goal"]
        group = Group.create({"name": "Savers", "account_id": self.account.id})
        with self.assertRaisesRegex(ValidationError, "belongs to one account"):
            group.stakeholder_ids = stranger
        with self.assertRaisesRegex(ValidationError, "belongs to one account"):
            stranger.group_ids = group
        with self.assertRaisesRegex(ValidationError, "belongs to another account"):
            Goal.create(
                {
                    "name": "Grow",
                    "account_id": self.account.id,
                    "org_level": "1_top",
                    "stakeholder_id": stranger.id,
                }
            )

    # History

    def test_every_change_of_standing_is_logged_once(self):
        dossier = self._dossier("Ada", attitude="neutral")
        self.assertEqual(len(dossier.history_ids), 1)
        dossier.with_user(self.anna).write(
            {"attitude": "supporter", "influence": "4", "relation_current": "source"}
        )
        dossier.with_user(self.anna).write({"attitude": "supporter", "goals": "Grow"})
        changes = dossier.history_ids.filtered(lambda c: c.user_id == self.anna)
        self.assertEqual(
            {(c.aspect, c.old_value, c.new_value) for c in changes},
            {
                ("attitude", "Neutral", "Supporter"),
                ("influence", "Not known yet", "High"),
                ("relation_current", False, "Credible source"),
            },
        )
        attitude = changes.filtered(lambda c: c.aspect == "attitude")
        self.assertEqual(attitude.trend, 1)

    def test_nobody_writes_history(self):
        change = self._dossier("Ada", attitude="neutral").history_ids
        for user in (self.anna, self.head):
            with self.assertRaises(AccessError):
                change.with_user(user).new_rank = 5
            with self.assertRaises(AccessError):
                change.with_user(user).unlink()

    # Power map

    def test_power_map_gives_people_and_axes_in_one_call(self):
        dossier = self._dossier("Ada", attitude="neutral", influence="4")
        data = self.account.with_user(self.anna).get_power_map()
        self.assertEqual([person["id"] for person in data["people"]], dossier.ids)
        self.assertEqual(data["people"][0]["name"], "Ada")
        self.assertEqual(len(data["influences"]), 5)
        self.assertEqual(len(data["attitudes"]), 5)
        self.assertTrue(data["editable"])
        with self.assertRaises(AccessError):
            self.account.with_user(self.boris).get_power_map()
        self.assertTrue(self.account.get_power_map._readonly, "a replica may answer")

    # From the partner

    def test_contact_is_added_to_the_dossiers_of_his_company_once(self):
        ada = self._person("Ada").with_user(self.anna)
        first = ada.action_kam_add_to_dossiers()
        again = ada.action_kam_add_to_dossiers()
        self.assertEqual(first["res_id"], again["res_id"])
        dossier = self.env["kam.stakeholder"].browse(first["res_id"])
        self.assertEqual((dossier.account_id, dossier.partner_id), (self.account, ada))

    def test_contact_of_a_hidden_account_is_not_added(self):
        with self.assertRaisesRegex(UserError, "Ask your head of sales"):
            self._person("Ada").with_user(self.boris).action_kam_add_to_dossiers()
        with self.assertRaisesRegex(UserError, "can be stakeholders"):
            self.customer.with_user(self.anna).action_kam_add_to_dossiers()

    def test_buttons_of_a_dossier_are_for_its_team(self):
        dossier = self._dossier("Ada")
        for name in ("action_leave", "action_view_org_chart", "action_unarchive"):
            getattr(dossier.with_user(self.anna), name)()
            with self.subTest(button=name), self.assertRaises(AccessError):
                getattr(dossier.with_user(self.boris), name)()
        for name in ("action_view_org_chart", "action_view_stakeholders"):
            action = getattr(self.account.with_user(self.anna), name)()
            people = self.env["kam.stakeholder"].with_user(self.anna)
            self.assertEqual(people.search(action["domain"]), dossier)
            with self.subTest(button=name), self.assertRaises(AccessError):
                getattr(self.account.with_user(self.boris), name)()

    # On a lead

    def test_lead_names_people_of_its_own_customer_only(self):
        lead = self._lead()
        dossier = self._dossier("Ada")
        lead.kam_stakeholder_ids = dossier
        other = self._account(self._create_customer("Rival"))
        stranger = self._dossier(self._person("Rex"), account_id=other.id)
        with self.assertRaisesRegex(ValidationError, "lead's own customer"):
            lead.kam_stakeholder_ids = [Command.link(stranger.id)]

    def test_lead_given_to_another_customer_loses_the_people_of_the_first(self):
        lead = self._lead()
        lead.kam_stakeholder_ids = self._dossier("Ada")
        rival = self._create_customer("Rival")
        self._account(rival)
        lead.partner_id = rival
        self.assertFalse(lead.kam_stakeholder_ids)

    def test_merged_leads_keep_all_who_decide(self):
        ada, bob = self._dossier("Ada"), self._dossier("Bob")
        one, two = self._lead(), self._lead()
        one.kam_stakeholder_ids, two.kam_stakeholder_ids = ada, bob
        merged = (one + two).merge_opportunity()
        self.assertEqual(merged.kam_stakeholder_ids, ada + bob)

    # Moved and archived

    def test_person_who_changes_company_is_flagged_and_his_dossier_stays(self):
        dossier = self._dossier("Ada")
        self.assertFalse(dossier.is_moved)
        rival = self._create_customer("Rival")
        self._account(rival).manager_id = self.anna
        dossier.partner_id.parent_id = rival
        self.assertTrue(dossier.is_moved)
        self.assertEqual(dossier.account_id, self.account)
        Dossier = self.env["kam.stakeholder"]
        self.assertIn(dossier, Dossier.search([("is_moved", "=", True)]))
        self.assertNotIn(dossier, Dossier.search([("is_moved", "=", False)]))
        action = dossier.with_user(self.anna).action_add_to_new_account()
        self.assertEqual(Dossier.browse(action["res_id"]).employer_id, rival)

    def test_adviser_from_another_company_is_not_flagged_as_moved(self):
        consultant = self.env["res.partner"].create(
            {"name": "Kim", "parent_id": self._create_customer("Advisers").id}
        )
        self.assertFalse(self._dossier(consultant).is_moved)

    def test_dossier_is_archived_and_restored_with_its_person(self):
        ada, bob = self._dossier("Ada"), self._dossier("Bob")
        bob._leave(date(2020, 1, 1))
        people = ada.partner_id + bob.partner_id
        people.action_archive()
        self.assertFalse(ada.active)
        people.action_unarchive()
        self.assertTrue(ada.active)
        self.assertFalse(bob.active, "he has left all the same")

    def test_salesperson_moves_and_archives_a_contact_with_a_dossier(self):
        """Odoo's own business goes on for those who know nothing of dossiers."""
        dossier = self._dossier("Ada")
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        partner = dossier.partner_id.with_user(self.seller)
        partner.parent_id = self._create_customer("Rival")
        partner.action_archive()
        self.assertFalse(dossier.active)
