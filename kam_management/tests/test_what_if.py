import doctest

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.portfolio import kam_account_concentration, kam_account_rank
from .portfolio_common import PortfolioCommon


@tagged("post_install", "-at_install")
class TestWhatIf(PortfolioCommon):
    """The company without some of its customers, and how much hangs on how few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.third, cls.fourth = cls._sell(a=50, b=29, c=15, d=6)
        cls.holding = cls._create_customer("Holding")
        (cls.second + cls.third).partner_id.parent_id = cls.holding
        cls.first.manager_id = cls.second.manager_id = cls.anna
        cls._nominate(cls.first)
        cls._refresh("2022-03-10")

    def test_examples_in_the_code_hold(self):
        for module in (kam_account_concentration, kam_account_rank):
            failed, run = doctest.testmod(module)
            self.assertTrue(run and not failed, module.__name__)

    def test_without_anybody_leaving_both_sides_are_the_same(self):
        answer = self._ask()
        self.assertEqual(answer["before"], answer["after"])
        self.assertEqual(
            answer["before"],
            {
                "revenue": 100,
                "customers": 4,
                "active": 0,
                "key_accounts": 1,
                "key_revenue": 50,
                "key_share": 0.5,
                "largest_account": {"id": self.first.id, "name": "a", "share": 0.5},
                "largest_group": {
                    "id": self.holding.id,
                    "name": "Holding",
                    "share": 0.44,
                },
                "segments": {
                    "a": {"count": 3, "from": 15},
                    "b": {"count": 1, "from": 6},
                    "c": {"count": 0, "from": 0},
                },
            },
        )
        self.assertEqual(
            [c["name"] for c in answer["customers"]], ["a", *self._kin(), "d"]
        )
        self.assertEqual((answer["managers"], answer["quotas"]), ([], []))

    def test_customer_that_leaves_takes_revenue_shares_and_segments_along(self):
        answer = self._ask(account_ids=self.first.ids)
        after = answer["after"]
        self.assertEqual((after["revenue"], after["customers"]), (50, 3))
        self.assertEqual((after["key_accounts"], after["key_share"]), (0, 0))
        self.assertEqual(after["largest_account"]["share"], 0.58)
        self.assertEqual(after["segments"]["b"], {"count": 1, "from": 6})
        self.assertEqual(
            answer["managers"],
            [{"name": "Anna", "revenue": 79, "revenue_without": 29}],
        )
        self.assertEqual(answer["leaving"]["accounts"][0]["id"], self.first.id)

    def test_who_leaves_below_zero_leaves_company_and_manager_with_more(self):
        """The manager's figures left out whom those of the company counted."""
        self.second.sudo().revenue = -30
        answer = self._ask(account_ids=self.second.ids)
        sums = [answer[side]["revenue"] for side in ("before", "after")]
        self.assertEqual(sums, [41, 71])
        self.assertEqual(
            answer["managers"],
            [{"name": "Anna", "revenue": 20, "revenue_without": 50}],
        )

    def test_shares_are_of_the_revenue_of_all_those_below_zero_included(self):
        """A member below zero was left out, and the others had smaller shares."""
        self.fourth.sudo().revenue = -44
        now = self._as(self.head).get_concentration(self.company.id)["now"]
        self.assertEqual((now["revenue"], now["customers"]), (50, 3))
        self.assertEqual((now["key_share"], now["largest_account"]["share"]), (1, 1))
        self.assertEqual(now["largest_group"]["share"], 0.88)
        self.third.sudo().revenue = -4
        now = self._as(self.head).get_concentration(self.company.id)["now"]
        self.assertEqual(now["largest_group"]["share"], round(25 / 31, 4))

    def test_group_leaves_as_a_whole(self):
        answer = self._ask(group_ids=self.holding.ids)
        self.assertEqual(answer["after"]["revenue"], 56)
        self.assertFalse(answer["after"]["largest_group"])
        self.assertEqual(
            answer["leaving"],
            {
                "accounts": [],
                "groups": [{"id": self.holding.id, "name": "Holding", "count": 3}],
            },
        )

    def test_nothing_is_left_without_all(self):
        accounts = self.first + self.second + self.third + self.fourth
        after = self._ask(account_ids=accounts.ids)["after"]
        self.assertEqual((after["revenue"], after["key_share"]), (0, 0))
        self.assertFalse(after["largest_account"])

    def test_what_somebody_makes_up_leaves_all_as_it_is(self):
        other = self._create_company("Sister")
        partner = self._create_customer("Theirs", company_id=other.id)
        self.env.user.company_ids |= other
        foreign = self._account(partner, other)
        answer = self._ask(account_ids=[foreign.id, 2**30], group_ids=[2**30])
        self.assertEqual(answer["before"], answer["after"])
        self.assertEqual(answer["leaving"], {"accounts": [], "groups": []})

    def test_list_is_searched_by_customer_and_group(self):
        names = [c["name"] for c in self._ask(name="Holding")["customers"]]
        self.assertEqual(names, self._kin())
        self.assertFalse(self._ask(name="Nobody")["customers"])

    def test_nothing_is_written(self):
        revenue = self.first.revenue
        self._ask(account_ids=self.first.ids)
        self.assertEqual(self.env["kam.account"].browse(self.first.id).revenue, revenue)
        for name in ("get_what_if", "get_concentration", "get_pareto"):
            self.assertTrue(getattr(type(self.Account), name)._readonly)

    def test_queries_are_as_many_for_many_customers(self):
        counts = []
        many = self._sell(**{f"x{n}": 1 for n in range(30)})
        many.manager_id = self.anna
        for accounts in (many[:1], many):
            for _turn in range(2):
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self._ask(account_ids=accounts.ids)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # Concentration and Pareto

    def test_concentration_shows_now_the_months_and_the_limits(self):
        self._take("2022-02-28")
        self._take("2022-03-10")
        answer = self._as(self.head).get_concentration(self.company.id)
        self.assertEqual((answer["band"], answer["limit"]), ([30, 55], 25))
        self.assertEqual(answer["now"], self._ask()["before"], "as the night ranked")
        self.assertEqual(
            [month["date"] for month in answer["months"]], ["2022-02-28", "2022-03-31"]
        )
        self.assertEqual(answer["months"][1]["largest_group"]["share"], 0.44)
        self.assertEqual(answer["months"][1]["segments"], {"a": 3, "b": 1, "c": 0})

    def test_pareto_goes_from_nothing_to_all(self):
        answer = self._as(self.head).get_pareto(self.company.id)
        self.assertEqual(
            answer["points"],
            [[0, 0], [0.25, 0.5], [0.5, 0.79], [0.75, 0.94], [1, 1]],
        )
        self.assertEqual((answer["accounts"], answer["revenue"]), (4, 100))
        self.assertEqual(answer["a"], {"count": 3, "revenue": 94})
        self.assertEqual(answer["c"], {"count": 0, "revenue": 0})
        self.assertEqual(answer["limits"], [80, 95])

    def test_pareto_of_many_customers_has_a_hundred_points(self):
        self._sell(**{f"x{n}": n + 1 for n in range(150)})
        points = self._as(self.head).get_pareto(self.company.id)["points"]
        self.assertEqual((len(points), points[-1]), (100, [1, 1]))
        self.assertEqual(points, sorted(points))

    def test_pareto_of_a_team_counts_its_accounts(self):
        team = self.env["crm.team"].create(
            {"name": "North", "company_id": self.company.id}
        )
        self.second.team_id = team
        answer = self._as(self.head).get_pareto(self.company.id, team_id=team.id)
        self.assertEqual(answer["points"], [[0, 0], [1, 1]])

    def test_manager_sees_the_pareto_of_his_accounts(self):
        answer = self._as(self.anna).get_pareto(self.company.id)
        self.assertEqual((answer["accounts"], answer["revenue"]), (2, 79))
        self.assertFalse(self._as(self.boris).get_pareto(self.company.id)["points"])

    def test_figures_of_all_are_for_heads_of_the_company(self):
        other = self._create_company("Sister")
        for user, company in (
            (self.anna, self.company),
            (self.seller, self.company),
            (self.head, other),
        ):
            for name in ("get_what_if", "get_concentration"):
                with self.subTest(user=user.name, method=name):
                    with self.assertRaises(AccessError):
                        getattr(self._as(user), name)(company.id)
        with self.assertRaises(AccessError):
            self._as(self.seller).get_pareto(self.company.id)

    def _as(self, user):
        return self.Account.with_user(user)

    def _ask(self, **leaving):
        return self._as(self.head).get_what_if(self.company.id, **leaving)

    def _kin(self):
        """Return the names of the customers of the holding, the larger one first."""
        return [(self.second).display_name, self.third.display_name]
