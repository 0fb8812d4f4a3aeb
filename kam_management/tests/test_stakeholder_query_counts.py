from odoo.tests import tagged

from .stakeholder_common import StakeholderCommon
from .test_query_counts import QueryCounter

SIZES = (10, 1000)


@tagged("post_install", "-at_install")
class TestStakeholderQueryCounts(QueryCounter, StakeholderCommon):
    """Screens of people ask the database as often for 1 000 as for ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.account
        cls.dossiers = {}
        for size in SIZES:
            account = cls._account(cls._create_customer(f"Customer with {size}"))
            account.manager_id = cls.anna
            people = cls.env["res.partner"].create(
                [
                    {"name": f"Person {n}", "parent_id": account.partner_id.id}
                    for n in range(size)
                ]
            )
            roles = cls._role("decides") + cls._role("uses")
            cls.dossiers[account] = cls.env["kam.stakeholder"].create(
                [
                    {
                        "account_id": account.id,
                        "partner_id": person.id,
                        "user_id": (cls.anna, cls.boris)[n % 2].id,
                        "role_ids": roles.ids,
                        "influence": str(n % 6),
                        "attitude": "sponsor",
                    }
                    for n, person in enumerate(people)
                ]
            )
            top = cls.dossiers[account][0]
            (cls.dossiers[account] - top).parent_id = top

    def assertSame(self, function):
        """Assert that a function of (account, dossiers) asks as often at each size."""
        counts = [
            self._count(
                lambda mine, a=account: function(a.with_user(self.anna), mine), dossiers
            )
            for account, dossiers in self.dossiers.items()
        ]
        self.assertEqual(len(set(counts)), 1, f"queries for {SIZES} people: {counts}")

    def test_list_of_dossiers(self):
        self.assertSame(lambda account, people: self._read_list(people, "list"))

    def test_cards_of_dossiers(self):
        self.assertSame(lambda account, people: self._read_list(people, "kanban"))

    def test_org_chart(self):
        def read(account, people):
            fields = self._get_specification(people, "hierarchy")
            fields["parent_id"] = {"fields": {"display_name": {}}}
            fields["child_ids"] = {}
            rows = people.hierarchy_read(
                [("account_id", "=", account.id)], fields, "parent_id", "child_ids"
            )
            self.assertEqual(len(rows), len(people))

        self.assertSame(read)

    def test_form_of_the_account(self):
        def read(account, people):
            [values] = account.web_read(self._get_specification(account, "form"))
            self.assertEqual(len(values["stakeholder_ids"]), len(people))

        self.assertSame(read)

    def test_power_map(self):
        self.assertSame(lambda account, people: account.get_power_map())
