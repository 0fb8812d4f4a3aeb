from odoo.tests import tagged

from .common import KamCommon

ROLES = (
    "manager_id",
    "developer_id",
    "telemarketer_id",
    "project_manager_id",
    "accountable_id",
)


@tagged("post_install", "-at_install")
class TestTeamSearch(KamCommon):
    """Who has whatever role on an account, or is another member, finds it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.Account.union(
            *(cls._account(cls._create_customer(role)) for role in ROLES)
        )
        for role, account in zip(ROLES, cls.accounts, strict=True):
            account[role] = cls.anna
        cls.joined = cls._account(cls._create_customer("Joined"))
        cls.joined.member_ids = cls.anna | cls.boris
        cls.nobodys = cls._account(cls._create_customer("Nobody's"))
        cls.all = cls.accounts | cls.joined | cls.nobodys

    def assertFinds(self, expected, *condition):
        """Assert that a search finds accounts, and that a filter does, too."""
        domain = [("team_user_ids", *condition)]
        found = self.Account.search([("id", "in", self.all.ids), *domain])
        self.assertEqual(found.sorted("id"), expected.sorted("id"))
        self.assertEqual(self.all.filtered_domain(domain), expected)

    def test_every_role_and_every_member_is_found(self):
        self.assertFinds(self.accounts | self.joined, "in", self.anna.ids)
        self.assertFinds(self.accounts | self.joined, "=", self.anna.id)
        self.assertFinds(self.joined, "in", self.boris.ids)
        both = (self.anna | self.boris).ids
        self.assertFinds(self.accounts | self.joined, "in", both)
        self.assertFinds(self.Account, "in", [])

    def test_others_are_found_by_the_opposite(self):
        self.assertFinds(self.nobodys, "not in", self.anna.ids)

    def test_members_are_found_by_name_too(self):
        name = [("login", "=", self.boris.login)]
        self.assertFinds(self.joined, "any", name)

    def test_who_has_just_joined_is_found(self):
        self.nobodys.member_ids += self.boris
        self.assertFinds(self.joined | self.nobodys, "in", self.boris.ids)

    def test_a_colleague_who_is_archived_still_counts(self):
        self.boris.active = False
        found = self.Account.search([("team_user_ids", "in", self.boris.ids)])
        self.assertEqual(found, self.joined)

    def test_the_rule_lets_the_team_see_the_account(self):
        self.assertIn(self.joined, self.Account.with_user(self.boris).search([]))
        self.assertNotIn(self.nobodys, self.Account.with_user(self.boris).search([]))
        self.assertTrue(self.joined.with_user(self.boris).has_access("read"))
        self.assertFalse(self.nobodys.with_user(self.boris).has_access("read"))

    def test_members_are_looked_up_once_and_not_for_each_account(self):
        """A subquery for each account made every list of a manager look at all."""
        self.env.flush_all()
        query = self.Account.with_user(self.anna)._search([])
        self.env.cr.execute("EXPLAIN " + query.select().code, query.select().params)
        plan = "\n".join(line for [line] in self.env.cr.fetchall())
        self.assertIn("InitPlan", plan)
        self.assertNotIn("SubPlan", plan)
