from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .stakeholder_common import StakeholderCommon

SCRIPT = "kam_management/migrations/19.0.1.3.0/post-personal.py"
FACT = "Sailing"


@tagged("post_install", "-at_install")
class TestStakeholderPresent(StakeholderCommon):
    """Personal facts are seen by those who look after the person now.

    Bob worked at Rival, where Carla keeps a dossier on him. He works for Anna's customer
    now, and what Anna knows of him is her team's alone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carla = cls._create_user(
            "carla",
            "kam_management.group_kam_user,kam_management.group_kam_personal",
        )
        cls.anna.group_ids += cls.personal
        cls.rival = cls._create_account_of("Rival", cls.carla)
        cls.bob = cls._person("Bob", parent_id=cls.rival.partner_id.id)
        cls.planted = cls._dossier(cls.bob, account_id=cls.rival.id)
        cls.planted.user_id = cls.carla
        cls.bob.parent_id = cls.customer
        cls.dossier = cls._dossier(cls.bob)
        cls.profile = cls._profile(cls.bob)
        cls.birthday = cls.env["kam.remembered.date"].create(
            {"stakeholder_id": cls.planted.id, "day": 5, "month": "3"}
        )

    @classmethod
    def _create_account_of(cls, name, manager):
        account = cls._account(cls._create_customer(name))
        account.manager_id = manager
        return account

    def _assert_closed(self, user, dossier=None):
        """Check that a user sees nothing personal of Bob, on whatever way."""
        self.env.flush_all()
        self.env.invalidate_all()
        for record in (self.profile, self.birthday):
            mine = record.with_user(user)
            if mine.browse().has_access("read"):
                self.assertFalse(mine.search([("id", "=", record.id)]))
            for attempt in (
                lambda one=mine: one.read(["display_name"]),
                lambda one=mine: one.write({"display_name": "Bobby"}),
                lambda one=mine: one.unlink(),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        if dossier:
            mine = dossier.with_user(user)
            self.assertFalse(mine.hobbies)
            self.assertFalse(mine.remembered_date_ids)
            Report = self.env["report.kam_management.report_person"].with_user(user)
            records = Report._get_records(self.bob.with_user(user))
            self.assertFalse(records["profiles"] or records["dates"])

    def test_dossier_of_where_the_person_was_opens_nothing(self):
        self.assertEqual(self.dossier.with_user(self.anna).hobbies, FACT)
        self._assert_closed(self.carla, self.planted)
        with self.assertRaises(AccessError):
            self.planted.with_user(self.carla).hobbies = "None"

    def test_person_taken_back_for_a_moment_opens_nothing(self):
        """Whoever may edit contacts moved the person, read, and moved them back."""
        self.bob.with_user(self.carla).sudo().parent_id = self.rival.partner_id
        self.assertEqual(self.bob.commercial_partner_id, self.rival.partner_id)
        self._assert_closed(self.carla, self.planted)
        # nor do archiving and restoring the dossier, or the contact
        planted = self.planted.with_user(self.carla)
        planted.action_archive()
        planted.action_unarchive()
        self.bob.with_user(self.carla).sudo().active = False
        self.bob.with_user(self.carla).sudo().active = True
        self._assert_closed(self.carla, self.planted)
        with self.assertRaisesRegex(AccessError, "cannot be edited"):
            planted.gone_date = False

    def test_company_moved_for_a_moment_opens_nothing(self):
        department = self._person("Branch", is_company=False)
        self.bob.parent_id = department
        department.parent_id = self.rival.partner_id
        self._assert_closed(self.carla, self.planted)
        self.assertTrue(self.dossier.gone_date)
        department.parent_id = self.customer
        self.assertFalse(self.dossier.is_present)

    def test_who_knew_the_person_before_adds_no_dossier_to_what_is_known_since(self):
        third = self._create_account_of("Third", self.carla)
        self.bob.parent_id = third.partner_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_person_profile SET write_date = %s + interval '1 hour'"
            " WHERE id = %s",
            [self.env.cr.now(), self.profile.id],
        )
        self.env.invalidate_all()
        Dossier = self.env["kam.stakeholder"].with_user(self.carla)
        values = {"partner_id": self.bob.id, "account_id": third.id}
        with (
            self.assertRaisesRegex(AccessError, "Ask your head of sales"),
            self.cr.savepoint(),
        ):
            Dossier.create(values)

    def test_head_of_sales_says_that_a_person_has_come_back(self):
        self.bob.parent_id = self.rival.partner_id
        planted = self.planted.with_user(self.head)
        planted.action_archive()
        planted.action_unarchive()
        self.assertEqual(self.planted.with_user(self.carla).hobbies, FACT)
        self.assertEqual(self.birthday.with_user(self.carla).day, 5)
        self.assertFalse(self.dossier.with_user(self.anna).hobbies)

    def test_restored_contact_brings_no_planted_dossier_back(self):
        """A head restored the contact, and the dossiers of where he was opened again."""
        bob = self.bob.with_user(self.head)
        bob.action_archive()
        self.assertFalse(self.planted.active)
        bob.action_unarchive()
        self.assertTrue(self.planted.active)
        self.assertTrue(self.planted.gone_date)
        self.bob.parent_id = self.rival.partner_id
        self._assert_closed(self.carla, self.planted)

    def test_dossier_is_restored_but_not_believed_while_the_person_is_elsewhere(self):
        planted = self.planted.with_user(self.head)
        planted.action_archive()
        planted.action_unarchive()
        self.assertTrue(self.planted.gone_date)
        self.bob.parent_id = self.rival.partner_id
        self._assert_closed(self.carla, self.planted)

    def test_list_that_names_active_dossiers_says_nothing_of_a_return(self):
        self.bob.parent_id = self.rival.partner_id
        planted = self.planted.with_user(self.head)
        result = planted.load([".id", "active"], [[str(planted.id), "1"]])
        self.assertTrue(result["ids"], result["messages"])
        planted.write({"active": True})
        self._assert_closed(self.carla, self.planted)

    def test_who_is_no_head_restores_without_opening(self):
        self.bob.parent_id = self.rival.partner_id
        planted = self.planted.with_user(self.carla)
        planted.action_archive()
        planted.action_unarchive()
        self._assert_closed(self.carla, self.planted)

    def test_archived_dossier_opens_nothing(self):
        self.dossier.active = False
        self._assert_closed(self.anna, self.dossier)
        self.dossier.with_user(self.anna).action_unarchive()
        self.assertEqual(self.dossier.with_user(self.anna).hobbies, FACT)

    def test_customer_that_becomes_part_of_another_keeps_its_people(self):
        holding = self._create_account_of("Holding", self.anna)
        self.customer.write({"parent_id": holding.partner_id.id, "is_company": False})
        self.assertEqual(self.bob.commercial_partner_id, holding.partner_id)
        self.assertEqual(self.dossier.account_id.partner_id, holding.partner_id)
        self.assertEqual(self.dossier.with_user(self.anna).hobbies, FACT)

    def test_adviser_from_outside_whom_the_head_has_added_is_present(self):
        adviser = self._create_customer("Advisers")
        eve = self._person("Eve", parent_id=adviser.id)
        dossier = self.env["kam.stakeholder"].with_user(self.head)
        dossier = dossier.create({"partner_id": eve.id, "account_id": self.account.id})
        self._profile(eve)
        self.assertEqual(dossier.with_user(self.anna).hobbies, FACT)
        self.assertIn(dossier, dossier.search([("is_present", "=", True)]))
        self.assertNotIn(self.planted, dossier.search([("is_present", "=", True)]))
        self.assertIn(self.planted, dossier.search([("is_present", "=", False)]))

    def test_right_to_personal_data_alone_opens_nothing(self):
        """In a team, it opened the profile without any right to the account."""
        clerk = self._create_user("clerk", "kam_management.group_kam_personal")
        self.account.member_ids = clerk
        self.birthday.stakeholder_id = self.dossier
        self._assert_closed(clerk)
        for model in ("kam.person.profile", "kam.remembered.date", "kam.stakeholder"):
            for operation in ("read", "write", "create", "unlink"):
                Model = self.env[model].with_user(clerk)
                self.assertFalse(Model.has_access(operation), (model, operation))
            with self.assertRaises(AccessError):
                self.env[model].with_user(clerk).search([])
        for attempt in ("action_kam_print_person", "action_kam_erase_person"):
            with self.assertRaises(AccessError):
                getattr(self.bob.with_user(clerk), attempt)()

    def test_nobody_is_reminded_who_may_not_see_why(self):
        self.planted.user_id = self.carla
        self.assertEqual(self.profile._get_reviewers(), self.anna)
        self.dossier.user_id = self.account.manager_id = False
        self.assertFalse(self.profile._get_reviewers())
        self.assertFalse(self.planted.is_present)
        clerk = self._create_user("clerk", "kam_management.group_kam_personal")
        self.dossier.user_id = clerk
        self.assertFalse(self.profile._get_reviewers())
        self.assertFalse(self.dossier._get_personal_holders())

    def test_dossiers_of_the_version_before_are_closed(self):
        self.planted.sudo().gone_date = False
        rules = {
            "kam_person_profile_rule_personal": "('active', 'in', (True, False))",
            "kam_remembered_date_rule_personal": (
                "[('stakeholder_id.account_id.team_user_ids', 'in', user.id)]"
            ),
        }
        for name in rules:
            rule = self.env.ref(f"kam_management.{name}")
            new = rule.domain_force
            rule.domain_force = (
                new.replace("('is_present', '=', True)", rules[name])
                if "profile" in name
                else rules[name]
            )
        spec = spec_from_file_location("post_personal", file_path(SCRIPT))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.2.0")
        self.assertTrue(self.planted.gone_date)
        self._assert_closed(self.carla, self.planted)
        self.assertEqual(self.dossier.with_user(self.anna).hobbies, FACT)
