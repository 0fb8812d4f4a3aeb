from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCommon
from .follow_up_records import follow_up_records

MODELS = ("kam.account", "kam.level.transition", "kam.touch", "kam.funnel.report")


@tagged("post_install", "-at_install")
class TestSecurityCompanies(KamCommon):
    """Who works in one company of ours sees nothing of the accounts of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Sister Company")
        cls.env.user.company_ids |= cls.other
        cls.colleague = cls._create_user(
            "carl", "kam_management.group_kam_manager", cls.other
        )
        # a customer of both companies: regular there, unknown here
        cls.shared = cls._create_customer("Shared Customer", company_id=False)
        cls.account = cls._account(cls.shared)
        cls.foreign = cls._account(cls.shared, cls.other)
        for day in ("2020-05-01", "2020-06-01"):
            cls._order(
                day,
                partner=cls.shared,
                company_id=cls.other.id,
                user_id=cls.colleague.id,
            )
        cls.foreign.write({"manager_id": cls.colleague.id, "is_key_account": True})
        cls.touch = cls.env["kam.touch"].create(
            {
                "account_id": cls.foreign.id,
                "date": "2020-04-01",
                "user_id": cls.colleague.id,
            }
        )
        cls._refresh(as_of=date(2020, 7, 1))

    def _as(self, user, records, companies):
        """Return records as seen by a user who has ticked some companies."""
        return records.with_user(user).with_context(allowed_company_ids=companies.ids)

    def test_account_of_other_company_is_found_by_no_way_of_searching(self):
        domains = {
            "kam.account": [("id", "=", self.foreign.id)],
            "kam.level.transition": [("account_id", "=", self.foreign.id)],
            "kam.touch": [("id", "=", self.touch.id)],
            "kam.funnel.report": [("account_id", "=", self.foreign.id)],
        }
        for model, domain in domains.items():
            found = self.env[model].sudo().search(domain)
            self.assertTrue(found, model)
            with self.subTest(model=model):
                mine = self.env[model].with_user(self.head)
                self.assertFalse(mine.search(domain))
                self.assertEqual(mine.search_count(domain), 0)
                self.assertFalse(
                    mine._read_group(domain, ["account_id"] * (model != "kam.account"))
                )
                self.assertFalse(
                    mine.web_search_read(domain, {"display_name": {}})["records"]
                )
                with self.assertRaises(AccessError):
                    found.with_user(self.head).read(["display_name"])

    def test_groups_and_sums_count_the_own_company_only(self):
        for model in MODELS:
            with self.subTest(model=model):
                mine = self.env[model].with_user(self.head)
                groups = mine.formatted_read_group([], ["company_id"], ["__count"])
                companies = {group["company_id"][0] for group in groups}
                self.assertLessEqual(companies, {self.company.id})

    def test_no_name_of_a_foreign_account_is_completed(self):
        self.env["kam.account"].sudo().search(
            [("partner_id", "=", self.shared.id), ("company_id", "=", self.company.id)]
        ).active = False
        names = self.env["kam.account"].with_user(self.head).name_search("Shared")
        self.assertFalse(names)

    def test_partner_shows_the_level_with_the_own_company(self):
        partner = self.shared.with_user(self.head)
        self.assertEqual(partner.kam_level, "potential")
        self.assertEqual(partner.kam_account_id.sudo(), self.account)
        self.assertFalse(partner.is_key_account)
        theirs = self._as(self.colleague, self.shared, self.other)
        self.assertEqual(theirs.kam_level, "active")
        self.assertEqual(theirs.kam_account_id.sudo(), self.foreign)

    def test_partners_are_searched_by_the_level_with_the_own_company(self):
        Partner = self.env["res.partner"].with_user(self.head)
        domain = [("id", "=", self.shared.id)]
        self.assertFalse(Partner.search([*domain, ("kam_level", "=", "active")]))
        self.assertFalse(Partner.search([*domain, ("is_key_account", "=", True)]))
        self.assertFalse(
            Partner.search([*domain, ("kam_account_id", "=", self.foreign.id)])
        )
        self.assertFalse(
            Partner.search(
                [*domain, ("kam_account_id.manager_id", "=", self.colleague.id)]
            )
        )
        self.assertTrue(Partner.search([*domain, ("kam_level", "=", "potential")]))

    def test_nobody_switches_into_a_company_he_does_not_work_in(self):
        sneaky = self.other.ids
        for model in ("res.partner", "kam.account", "kam.touch", "kam.funnel.report"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.head).with_context(
                    allowed_company_ids=sneaky
                ).search_read([])
        with self.assertRaises(AccessError):
            self.shared.with_user(self.head).with_context(
                allowed_company_ids=sneaky
            ).read(["kam_level"])

    def test_lead_without_company_says_nothing_of_the_other_company(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead of theirs",
                "partner_id": self.shared.id,
                "company_id": False,
                "team_id": False,
                "user_id": self.colleague.id,
            }
        )
        self.assertEqual(lead.kam_account_id, self.foreign)
        self.assertEqual(self._as(self.colleague, lead, self.other).kam_level, "active")
        mine = lead.with_user(self.head)
        self.assertTrue(mine.has_access("read"))
        self.assertNotEqual(mine.kam_level, "active")
        domain = [("id", "=", lead.id)]
        self.assertFalse(mine.search([*domain, ("kam_level", "=", "active")]))
        [group] = mine.formatted_read_group(domain, ["kam_level"], ["__count"])
        self.assertNotEqual(group["kam_level"], "active")

    def test_who_works_in_two_companies_sees_the_ticked_ones(self):
        self.head.company_ids |= self.other
        both = self.company + self.other
        accounts = self.account + self.foreign
        for companies, expected in (
            (self.company, self.account),
            (self.other, self.foreign),
            (both, accounts),
        ):
            mine = self._as(self.head, self.Account, companies)
            found = mine.search([("partner_id", "=", self.shared.id)])
            self.assertEqual(found.sudo(), expected)

    def test_role_with_one_company_opens_no_documents_of_another(self):
        """Anna works in both companies, but leads the customer in one of them."""
        self.anna.company_ids |= self.other
        self.account.manager_id = self.anna
        mine = self._order("2020-05-01", partner=self.shared)
        theirs = self.env["sale.order"].search(
            [("partner_id", "=", self.shared.id), ("company_id", "=", self.other.id)]
        )
        invoice = self._invoice("2020-05-01", partner=self.shared)
        both = self.company + self.other
        for records, seen in (
            (mine, True),
            (mine.order_line, True),
            (invoice, True),
            (invoice.line_ids, True),
            (theirs, False),
            (theirs.order_line, False),
        ):
            for companies in (both, self.company):
                records = self._as(self.anna, records, companies)
                with self.subTest(records=records, companies=companies):
                    self.assertEqual(records.has_access("read"), seen)
                    found = records.search([("id", "in", records.ids)])
                    self.assertEqual(bool(found), seen)

    def test_role_with_one_company_opens_no_concessions_of_another(self):
        self.anna.company_ids |= self.other
        self.account.manager_id = self.anna
        both = self.company + self.other
        for account, seen in ((self.account, True), (self.foreign, False)):
            env = account.with_company(account.company_id).env
            made = follow_up_records(env, account)
            made["kam.quotation.version"][0].order_id.user_id = self.colleague
            del made["kam.concession.limit"]  # belongs to no quotation
            del made["kam.concession.request"]  # a dialog is its user's own
            for model, (record, *_values) in made.items():
                mine = self._as(self.anna, record, both)
                with self.subTest(model=model, company=account.company_id.name):
                    self.assertEqual(mine.has_access("read"), seen)
                    found = mine.search([("id", "=", record.id)])
                    self.assertEqual(bool(found), seen)

    def test_documents_of_a_customer_taken_over_open_with_the_account(self):
        taken_over = self._create_customer("Taken Over")
        order = self._order("2020-05-01", partner=taken_over)
        invoice = self._invoice("2020-05-01", partner=taken_over)
        self._account().manager_id = self.anna
        taken_over.write({"parent_id": self.customer.id, "is_company": False})
        for records in (order, order.order_line, invoice, invoice.line_ids):
            with self.subTest(model=records._name):
                mine = records.with_user(self.anna)
                self.assertTrue(mine.has_access("read"))
                self.assertEqual(mine.search([("id", "in", mine.ids)]), records)

    def test_account_and_touch_hold_to_people_of_their_company(self):
        with self.assertRaises(UserError):
            self.account.manager_id = self.colleague
        with self.assertRaises(UserError):
            self.touch.partner_id = self.customer

    def test_touch_goes_with_its_account_to_nobody_elses_company(self):
        mine = self._touch("2020-04-01", partner=self.shared).with_user(self.head)
        with self.assertRaises(AccessError):
            mine.account_id = self.foreign.id
        with self.assertRaises(AccessError):
            mine.company_id = self.other

    def test_administrator_sees_news_of_his_companies_only(self):
        admin = self._create_user("admin", "base.group_system")
        events = self.env["kam.account.event"]
        for company in (self.company, self.other):
            events._append([(company, self.shared)])
        self.env.cr.flush()
        self.assertEqual(events.with_user(admin).search([]).company_id, self.company)

    def test_branch_has_accounts_of_its_own(self):
        branch = self._create_company("Branch", parent_id=self.company.id)
        user = self._create_user("branch", "kam_management.group_kam_manager", branch)
        self._order("2020-05-01", company_id=branch.id, user_id=user.id)
        self._refresh(as_of=date(2020, 7, 1))
        mine = self._as(user, self.Account, branch).search([])
        self.assertEqual(mine.company_id, branch)
        self.assertEqual(mine.partner_id, self.customer)
