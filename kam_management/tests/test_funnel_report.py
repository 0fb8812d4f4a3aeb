from ast import literal_eval
from datetime import date

from lxml import etree

from odoo.tests import tagged

from .common import KamCommon

FIRST_WAY_UP = [("reactivated", "=", False), ("level", "!=", "dormant")]
MEASURES = ["__count", "conversion:avg", "days:median"]


@tagged("post_install", "-at_install")
class TestFunnelReport(KamCommon):
    """The funnel of five customers, told here and worked out by hand.

    ======  ==========  ==========  ======================  =======================
    name    created     touch       orders                  way, until end of 2020
    ======  ==========  ==========  ======================  =======================
    Adam    2020-01-01  01-11       02-10, 03-11            engaged, new, active
    Bauer   2020-01-01  01-21       03-21                   engaged, new
    Clark   2020-01-01  01-31                               engaged
    Dumas   2020-01-01                                      stays potential
    Evans   2019-01-01              2019-02-01, 2020-06-01  new, dormant, active
    ======  ==========  ==========  ======================  =======================

    Anna leads Adam and Bauer, in a team of her own; Boris leads the others.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.unlink()
        cls.Funnel = cls.env["kam.funnel.report"].with_user(cls.head)
        cls.fair = cls.env["utm.source"].create({"name": "Fair"})
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Anna's Team",
                "company_id": cls.company.id,
                "member_ids": cls.anna.ids,
            }
        )
        adam = cls._tell("Adam", "2020-01-11", "2020-02-10", "2020-03-11")
        bauer = cls._tell("Bauer", "2020-01-21", "2020-03-21")
        clark = cls._tell("Clark", "2020-01-31")
        dumas = cls._tell("Dumas", None)
        cls.evans = cls._tell(
            "Evans", None, "2019-02-01", "2020-06-01", born="2019-01-01"
        )
        accounts = adam + bauer + clark + dumas + cls.evans
        cls.ours = [("account_id", "in", accounts.ids)]
        (adam + bauer).manager_id = cls.anna
        (clark + dumas + cls.evans).manager_id = cls.boris
        # since ever, although somebody else sold
        cls.env["kam.account.term"].create(
            {"account_id": cls.evans.id, "user_id": cls.boris.id}
        )
        (adam + cls.evans).source_id = cls.fair
        cls._refresh(as_of=date(2020, 12, 31))

    @classmethod
    def _tell(cls, name, touch, *orders, born="2020-01-01"):
        """Write the history of a customer; return his account."""
        customer = cls._create_customer(name)
        cls.env.flush_all()
        cls.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s", [born, customer.id]
        )
        if touch:
            cls._touch(touch, partner=customer)
        for day in orders:
            cls._order(day, partner=customer)
        return cls._account(customer)

    # The golden table

    def test_counts_conversion_and_median_days_of_each_level(self):
        self.assertFunnel(
            FIRST_WAY_UP,
            ["level"],
            [
                ("potential", 5, 4 / 5, 25),  # days 10, 20, 30, 31
                ("engaged", 3, 2 / 3, 45),  # days 30, 60
                ("new", 3, 1 / 3, 30),
                ("active", 1, False, False),
            ],
        )

    def test_reactivated_customers_count_apart(self):
        self.assertFunnel(
            [("reactivated", "=", True)], ["level"], [("active", 1, False, False)]
        )
        # from dormant to active counts as a way up: from 2020-02-01 to 2020-06-01
        self.assertFunnel(
            [("level", "=", "dormant")], ["level"], [("dormant", 1, 1, 121)]
        )

    def test_funnel_of_each_manager(self):
        self.assertFunnel(
            FIRST_WAY_UP,
            ["manager_id", "level"],
            [
                (self.anna, "potential", 2, 1, 15),
                (self.anna, "engaged", 2, 1, 45),
                (self.anna, "new", 2, 1 / 2, 30),
                (self.anna, "active", 1, False, False),
                (self.boris, "potential", 3, 2 / 3, 30.5),
                (self.boris, "engaged", 1, 0, False),
                (self.boris, "new", 1, 0, False),
            ],
        )

    def test_funnel_of_each_team_and_source(self):
        potential = [*FIRST_WAY_UP, ("level", "=", "potential")]
        nobody = self.env["crm.team"]
        self.assertFunnel(
            potential, ["team_id"], [(self.team, 2, 1, 15), (nobody, 3, 2 / 3, 30.5)]
        )
        unknown = self.env["utm.source"]
        self.assertFunnel(
            potential, ["source_id"], [(self.fair, 2, 1, 20.5), (unknown, 3, 2 / 3, 25)]
        )

    def test_funnel_of_each_period_counts_who_came_to_a_level_then(self):
        quarters = self.Funnel.formatted_read_group(
            [("level", "=", "new"), *self.ours],
            ["date:quarter"],
            MEASURES,
        )
        self.assertEqual(
            [(q["__extra_domain"][1][2][:7], *self._measure(q)) for q in quarters],
            [("2019-01", 1, 0, False), ("2020-01", 2, 1 / 2, 30)],
        )

    def test_step_is_credited_to_who_led_the_account_whoever_sold(self):
        self.assertFunnel(
            [("level", "=", "engaged")],
            ["user_id"],
            [(self.anna, 2, 1, 45), (self.boris, 1, 0, False)],
        )
        self.assertFunnel(
            [("level", "=", "new")],
            ["user_id"],
            [(self.anna, 2, 1 / 2, 30), (self.boris, 1, 0, False)],
        )

    def test_customers_won_are_those_of_quotas(self):
        groups = self.Funnel._read_group(self.ours, ["level"], ["won:sum"])
        self.assertEqual({level: won for level, won in groups if won}, {"new": 3})

    # Edges

    def test_history_older_than_its_customer_begins_when_it_begins(self):
        """The customer was typed in after his first order: nobody knows for how long he
        had been potential, but not until after he had bought."""
        late = self._tell("Late", None, "2018-05-01", born="2020-01-01")
        self._refresh(as_of=date(2020, 12, 31))
        potential, new, _dormant = self._stays(late)
        self.assertEqual((potential.date, potential.end_date), (new.date, new.date))
        self.assertEqual((potential.days, potential.conversion), (0, 1))
        [(median,)] = self.Funnel._read_group(
            [("id", "=", potential.id)], [], ["days:median"]
        )
        self.assertIs(median, False)

    def test_stays_of_an_account_follow_each_other(self):
        stays = self._stays(self.evans)
        self.assertEqual(
            stays.mapped("level"), ["potential", "new", "dormant", "active"]
        )
        self.assertEqual(
            stays.mapped("next_level"), ["new", "dormant", "active", False]
        )
        self.assertEqual(stays.mapped("end_date")[:3], stays.mapped("date")[1:])
        self.assertEqual(stays.mapped("reactivated"), [False, False, False, True])

    def test_who_came_back_once_counts_apart_for_good(self):
        self.company.kam_min_purchases = 3
        self._order("2020-07-01", partner=self.evans.partner_id)
        self._refresh(as_of=date(2020, 12, 31))
        stays = self._stays(self.evans)
        self.assertEqual(
            stays.mapped("level"), ["potential", "new", "dormant", "new", "active"]
        )
        self.assertEqual(stays.mapped("reactivated"), [False, False, False, True, True])

    def test_archived_accounts_are_left_out(self):
        self.evans.active = False
        self.assertFalse(self._stays(self.evans))

    def test_report_knows_what_was_just_typed_in(self):
        domain = [("is_key_account", "=", True), *self.ours]
        self.assertFalse(self.Funnel.search(domain))
        self.evans.is_key_account = True
        self.assertEqual(self.Funnel.search_count(domain), 4)
        self.evans.active = False
        self.assertFalse(self.Funnel.search(domain))

    def test_key_account_manager_sees_the_funnel_of_his_accounts(self):
        mine = self.Funnel.with_user(self.anna)
        groups = mine._read_group([("level", "=", "potential")], [], ["__count"])
        self.assertEqual(groups, [(2,)])

    # As the client asks

    def test_pivot_reads_all_its_cells_at_once(self):
        domain = [*FIRST_WAY_UP, *self.ours]
        total, by_level, by_both = self.Funnel.formatted_read_grouping_sets(
            domain, [[], ["level"], ["level", "manager_id"]], MEASURES
        )
        self.assertEqual(self._measure(total[0])[0], 12)
        self.assertEqual(
            [self._measure(row) for row in by_level],
            [(5, 4 / 5, 25), (3, 2 / 3, 45), (3, 1 / 3, 30), (1, 0, False)],
        )
        self.assertEqual(len(by_both), 7)

    def test_median_of_nothing_is_empty(self):
        [total] = self.Funnel.formatted_read_group([("id", "=", 0)], [], MEASURES)
        self.assertFalse(total["days:median"])

    def test_median_is_of_days_and_of_nothing_else(self):
        for spec in ("conversion:median", "account_id:median", "nonsense:median"):
            with self.subTest(spec=spec), self.assertRaises(ValueError):
                self.Funnel.formatted_read_group([], [], [spec])

    def test_report_opens_with_the_first_way_up(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_funnel_report_action"
        )
        views = self.Funnel.get_views(
            [*action["views"], (False, "search")],
            {"action_id": action["id"], "toolbar": True, "load_filters": True},
        )
        self.assertEqual(set(views["views"]), {"pivot", "graph", "list", "search"})
        fields = views["models"]["kam.funnel.report"]["fields"]
        self.assertEqual(fields["days"]["aggregator"], "median")
        name, bound = literal_eval(action["context"])
        arch = etree.fromstring(views["views"]["search"]["arch"])
        [chosen] = arch.xpath(
            f"//filter[@name='{name.removeprefix('search_default_')}']"
        )
        self.assertEqual(literal_eval(chosen.get("domain")), FIRST_WAY_UP)
        self.assertEqual(bound, "search_default_two_years")

    # Words

    def assertFunnel(self, domain, groupby, expected):
        """Assert the groups of a domain: (group, ..., count, conversion, days) each."""
        domain = [*domain, *self.ours]
        rows = self.Funnel._read_group(domain, groupby, MEASURES)
        told = [
            (*row[: len(groupby)], row[-3], round(row[-2], 6), row[-1]) for row in rows
        ]
        self.assertCountEqual(
            told, [(*row[:-2], round(row[-2], 6), row[-1]) for row in expected]
        )

    def _measure(self, group):
        """Return the three measures of a formatted group."""
        return tuple(group[measure] for measure in MEASURES)

    def _stays(self, account):
        return self.Funnel.search([("account_id", "=", account.id)], order="date, id")
