from lxml import etree

from odoo.tests import Form, tagged

from .import_common import ImportCommon

HEADER = "Account,Person,Influence,Buying Roles\n"


@tagged("post_install", "-at_install")
class TestImportPeople(ImportCommon):
    """People in files belong to their customer, and to who leads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.eva = cls._person("Eva Klein")

    @classmethod
    def _person(cls, name, customer=None):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": (customer or cls.customer).id,
                "company_id": cls.company.id,
            }
        )

    def test_dossiers_are_held_by_the_manager_of_the_account(self):
        """They belonged to whoever loaded the file."""
        dossier = self._load(
            "kam.stakeholder", f"{HEADER}Meyer Machines,Eva Klein,High,Sponsor\n"
        )
        self.assertEqual(dossier.partner_id, self.eva)
        self.assertEqual(dossier.user_id, self.anna)
        self.assertEqual(dossier.influence, "4")
        self.assertEqual(dossier.role_ids.code, "sponsor")

    def test_who_is_named_holds_the_dossier(self):
        dossier = self._load(
            "kam.stakeholder",
            "Account,Person,Relationship Owner\nMeyer Machines,Eva Klein,kam_test_boris\n",
        )
        self.assertEqual(dossier.user_id, self.boris)

    def test_dossier_that_is_there_is_updated(self):
        known = self.env["kam.stakeholder"].create(
            {"account_id": self.account.id, "partner_id": self.eva.id}
        )
        loaded = self._load(
            "kam.stakeholder", f"{HEADER}Meyer Machines,eva klein,Low,\n"
        )
        self.assertEqual(loaded, known)
        self.assertEqual(known.influence, "2")

    def test_person_of_the_customer_is_meant(self):
        """Two people of one name: the one who works there."""
        huber = self._create_customer("Huber Hoists")
        stranger = self._person("Eva Klein", huber)
        dossiers = self._load(
            "kam.stakeholder",
            f"{HEADER}Meyer Machines,Eva Klein,,\n",
        )
        self.assertEqual(dossiers.partner_id, self.eva)
        self._account(huber).manager_id = self.boris
        dossiers = self._load("kam.stakeholder", f"{HEADER}Huber Hoists,Eva Klein,,\n")
        self.assertEqual(dossiers.partner_id, stranger)
        self.assertEqual(dossiers.user_id, self.boris)

    def test_person_of_another_customer_is_refused(self):
        self._person("Otto Brandt", self._create_customer("Huber Hoists"))
        [(row, field, words)] = self._refused(
            "kam.stakeholder", f"{HEADER}Meyer Machines,Otto Brandt,,\n"
        )
        self.assertEqual((row, field), (1, "partner_id"))
        self.assertIn("Huber Hoists", words)

    def test_new_values_become_people_of_their_customer(self):
        dossier = self._load(
            "kam.stakeholder",
            f"{HEADER}Meyer Machines,Otto Brandt,,\n",
            name_create_enabled_fields={"partner_id": True},
        )
        self.assertFalse(dossier.partner_id.is_company)
        self.assertEqual(dossier.partner_id.parent_id, self.customer)

    def test_new_accounts_become_companies_and_their_people_people(self):
        dossiers = self._load(
            "kam.stakeholder",
            f"{HEADER}Brandt Boilers,Otto Brandt,,\nBrandt Boilers,Ida Brandt,,\n",
            name_create_enabled_fields={"account_id": True, "partner_id": True},
        )
        company = dossiers.account_id.partner_id
        self.assertEqual(company.mapped("name"), ["Brandt Boilers"])
        self.assertTrue(company.is_company)
        self.assertEqual(company.child_ids, dossiers.partner_id)
        self.assertFalse(any(dossiers.partner_id.mapped("is_company")))

    def test_touches_are_those_of_the_manager(self):
        touch = self._load(
            "kam.touch",
            "Account,Contact,Date,Channel,Summary\n"
            "Meyer Machines,Eva Klein,2026-01-05 10:00:00,Phone,Offer\n",
        )
        self.assertEqual(touch.user_id, self.anna)
        self.assertEqual(touch.partner_id, self.eva)

    def test_manager_loads_no_people_of_others(self):
        huber = self._create_customer("Huber Hoists")
        self._person("Otto Brandt", huber)
        self._account(huber)
        [(row, field, _words)] = self._refused(
            "kam.stakeholder", f"{HEADER}Huber Hoists,Otto Brandt,,\n", user=self.anna
        )
        self.assertEqual((row, field), (1, "account_id"))

    def test_contact_made_in_a_touch_is_one_of_the_customer(self):
        """It was nobody's: the form did not say for whom they work."""
        touch = Form(
            self.env["kam.touch"].with_context(default_account_id=self.account.id)
        )
        self.assertEqual(touch.customer_id, self.customer)

    def test_screens_say_for_whom_new_people_work(self):
        """Wherever a contact of a customer can be made, it is one of that customer."""
        views = self.env["ir.ui.view"].search(
            [
                (
                    "model",
                    "in",
                    ("kam.touch", "kam.talk", "kam.survey", "kam.stakeholder"),
                ),
                ("type", "in", ("form", "list")),
            ]
        )
        for view in views:
            arch = etree.fromstring(view.arch_db)
            if view.type == "list" and not arch.get("editable"):
                continue
            for node in arch.iter("field"):
                # lines of other models are theirs to say
                is_nested = any(True for _field in node.iterancestors("field"))
                if node.get("name") != "partner_id" or is_nested:
                    continue
                self.assertIn("default_parent_id", node.get("context", ""), view.name)
                self.assertIn("default_is_company", node.get("context", ""), view.name)
