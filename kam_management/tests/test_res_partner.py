from odoo.tests import Form, tagged

from .common import KamCommon

LEVELS = ("potential", "engaged", "new", "active", "dormant")


@tagged("post_install", "-at_install")
class TestResPartner(KamCommon):
    """A partner shows the level of his company's account, and is found by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        cls.customers = {level: cls._create_customer(level) for level in LEVELS}
        for level, day in (
            ("new", "2021-05-01"),
            ("active", "2021-05-01"),
            ("active", "2021-05-02"),
            ("dormant", "2020-02-01"),
        ):
            cls._order(day, partner=cls.customers[level])
        cls._touch("2021-01-01", cls.customers["engaged"])
        cls._refresh(as_of="2021-06-01")
        person = {"company_id": cls.company.id}
        cls.contact = Partner.create(
            {"name": "contact", "parent_id": cls.customers["new"].id, **person}
        )
        cls.stranger = Partner.create({"name": "stranger", **person})
        cls.everyone = Partner.union(*cls.customers.values()) + cls.contact
        cls.everyone += cls.stranger

    def _found(self, *conditions):
        """Return the names of our partners who meet some conditions."""
        domain = [("id", "in", self.everyone.ids), *conditions]
        partners = self.env["res.partner"].with_user(self.anna).search(domain)
        return set(partners.mapped("name"))

    def test_forms_open_for_who_is_just_being_typed_in(self):
        salesman = self.env.ref("sales_team.group_sale_salesman")
        for user in (self.anna, self.head):
            user.group_ids += salesman
            for model in ("res.partner", "crm.lead", "sale.order"):
                with self.subTest(user=user.name, model=model):
                    self.assertTrue(Form(self.env[model].with_user(user)))

    def test_who_is_just_being_typed_in_has_the_level_of_the_company(self):
        Partner = self.env["res.partner"].with_user(self.anna)
        company = Partner.new({"name": "Brand new", "is_company": True})
        self.assertFalse(company.kam_level)
        person = Partner.new({"name": "Brand new", "parent_id": self.contact.id})
        order = self.env["sale.order"].new({"partner_id": person.id})
        self.assertEqual(order.kam_level, "new")

    def test_contact_shows_the_level_of_his_company(self):
        self.assertEqual(self.contact.kam_level, "new")
        self.assertEqual(self.contact.kam_account_id.partner_id.name, "new")
        self.assertFalse(self.stranger.kam_level)

    def test_search_finds_the_partners_of_each_level(self):
        for level in LEVELS:
            expected = {level, "contact"} if level == "new" else {level}
            self.assertEqual(self._found(("kam_level", "=", level)), expected)
            self.assertEqual(
                self._found(("kam_level", "!=", level)),
                set(self.everyone.mapped("name")) - expected,
            )

    def test_partners_without_level_are_found(self):
        """Who asked for partners with a level got all of them."""
        everyone = set(self.everyone.mapped("name"))
        self.assertEqual(self._found(("kam_level", "=", False)), {"stranger"})
        self.assertEqual(
            self._found(("kam_level", "!=", False)), everyone - {"stranger"}
        )
        self.assertEqual(
            self._found(("kam_level", "in", [False, "dormant"])),
            {"stranger", "dormant"},
        )

    def test_archived_customer_is_found_by_the_level_he_shows(self):
        self.customers["active"].action_archive()
        self.assertEqual(self.customers["active"].kam_level, "active")
        archived = ("active", "=", False)
        self.assertEqual(
            self._found(archived, ("kam_level", "=", "active")), {"active"}
        )

    def test_key_accounts_are_found_with_their_contacts(self):
        self._account(self.customers["new"]).is_key_account = True
        self.assertTrue(self.contact.is_key_account)
        found = self._found(("is_key_account", "=", True))
        self.assertEqual(found, {"new", "contact"})
        others = set(self.everyone.mapped("name")) - found
        self.assertEqual(self._found(("is_key_account", "=", False)), others)

    def test_level_is_that_of_the_current_company(self):
        other = self._create_company("Our Other Company")
        self.env.user.company_ids |= other
        customer = self.customers["new"]
        self.assertFalse(customer.with_company(other).kam_level)
        self.assertFalse(
            self.env["res.partner"]
            .with_company(other)
            .search([("id", "=", customer.id), ("kam_level", "=", "new")])
        )
