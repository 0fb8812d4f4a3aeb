from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestFindAccounts(KamCommon):
    """An account is found by whatever one knows of the customer or of its people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write(
            {"city": "Quedlinburg", "ref": "K-47119", "vat": "DE811907980"}
        )
        cls.customer.phone = "+49 3946 5550177"
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Zdenka Morawetz",
                "parent_id": cls.customer.id,
                "email": "z.morawetz@meyer.example",
                "phone": "03946/555-0199",
            }
        )
        cls.other = cls._create_customer("Other Works", city="Goslar")
        cls.account = cls._account()
        cls.other_account = cls._account(cls.other)
        (cls.account + cls.other_account).manager_id = cls.anna
        cls.env.flush_all()

    def _found(self, text, name="found_by", user=None):
        Account = self.Account.with_user(user or self.anna)
        return Account.search([(name, "ilike", text)])

    def test_each_way_alone_finds_the_account(self):
        for name, text in (
            ("found_by_name", "morawetz"),
            ("found_by_name", "meyer mach"),
            ("found_by_phone", "+49 3946 5550199"),
            ("found_by_email", "morawetz@meyer"),
            ("found_by_city", "quedlin"),
            ("found_by_reference", "47119"),
            ("found_by_reference", "DE 811 907 980"),
        ):
            with self.subTest(field=name, text=text):
                self.assertEqual(self._found(text, name), self.account)
                self.assertEqual(self._found(text), self.account)

    def test_words_are_found_in_any_order_and_in_different_fields(self):
        """“Anna Alpenhof” found nothing, as the contact is “Alpenhof, Anna”."""
        for text in (
            "Zdenka Meyer",
            "meyer zdenka",
            "Machines Meyer Quedlinburg",
            "zdenka K-47119",
            "Morawetz 03946 555-0199 meyer",
            "+49 3946 5550177 zdenka",
        ):
            with self.subTest(text=text):
                self.assertEqual(self._found(text), self.account)
                self.assertTrue(self.Account.with_user(self.anna).name_search(text))
        self.assertEqual(self._found("morawetz zdenka", "found_by_name"), self.account)
        for text in ("Zdenka Goslar", "zdenka nobody", "Zdenka Other"):
            with self.subTest(text=text):
                self.assertFalse(self._found(text))

    def test_a_page_is_no_search(self):
        words = " ".join(["meyer"] * 500)
        self.assertEqual(self._found(words), self.account)
        self.assertEqual(len(self.Account._split_words(words)), 8)

    def test_a_phone_number_is_found_in_any_spelling(self):
        spellings = "+49%s 0049%s +49(0)%s 0%s"
        for number in "39465550177", "39465550199":
            for spelling in spellings.split():
                text = spelling % number
                with self.subTest(text=text):
                    self.assertEqual(self._found(text), self.account)
        for text in "+49 (0)3946 / 555-0199", "0049 3946 555", "5550199":
            with self.subTest(text=text):
                self.assertEqual(self._found(text), self.account)

    def test_a_way_finds_nothing_of_another_way(self):
        self.assertFalse(self._found("morawetz", "found_by_city"))
        self.assertFalse(self._found("quedlinburg", "found_by_name"))
        self.assertFalse(self._found("morawetz", "found_by_phone"))

    def test_few_digits_are_no_phone_number(self):
        self.assertFalse(self._found("550", "found_by_phone"))

    def test_what_is_not_meant_is_left_out(self):
        others = self.Account.with_user(self.anna).search(
            [("found_by", "not ilike", "morawetz")]
        )
        self.assertEqual(others, self.other_account)

    def test_fields_find_accounts_in_the_same_ways(self):
        Account = self.Account.with_user(self.anna)
        for text in "Morawetz", "0049 3946 5550199", "Quedlinburg", "K-47119":
            with self.subTest(text=text):
                self.assertEqual(
                    Account.name_search(text), [(self.account.id, "Meyer Machines")]
                )

    def test_a_file_names_the_customer_and_not_a_contact(self):
        self.assertEqual(
            self.Account.name_search("Meyer Machines", operator="="),
            [(self.account.id, "Meyer Machines")],
        )
        self.assertFalse(self.Account.name_search("Quedlinburg", operator="="))

    def test_nobody_finds_accounts_of_others(self):
        self.assertFalse(self._found("morawetz", user=self.boris))

    def test_an_archived_account_is_found_among_the_archived(self):
        self.customer.action_archive()
        self.assertFalse(self._found("morawetz"))
        archived = self.Account.search(
            [("found_by", "ilike", "morawetz"), ("active", "=", False)]
        )
        self.assertEqual(archived, self.account)

    def test_whole_words_find_the_account_and_leave_it_out(self):
        """The custom filter offers both, and raised."""
        Account = self.Account.with_user(self.anna)
        both = self.account + self.other_account
        for name, text in (
            ("found_by", "quedlinburg"),
            ("found_by_name", "Zdenka Morawetz"),
            ("found_by_phone", "03946 5550199"),
            ("found_by_reference", "K-47119"),
        ):
            with self.subTest(field=name):
                self.assertEqual(Account.search([(name, "=", text)]), self.account)
                self.assertEqual(
                    Account.search([(name, "!=", text)]), self.other_account
                )
        cities = ["Quedlinburg", "Goslar"]
        self.assertEqual(Account.search([("found_by_city", "in", cities)]), both)
        for text in "Quedlin", "Quedlin%", "Quedlinbur_", False:
            with self.subTest(text=text):
                self.assertFalse(Account.search([("found_by_city", "=", text)]))

    def test_a_backslash_at_the_end_is_left_out(self):
        Account = self.Account.with_user(self.anna)
        for text in "Quedlinburg\\", "Quedlinburg \\":
            found = Account.search([("found_by_city", "=ilike", text)])
            self.assertEqual(found, self.account)
        self.assertFalse(Account.search([("found_by_city", "=", "Quedlinburg\\")]))
        self.assertTrue(Account.search([("found_by", "=ilike", "\\")]))
