from datetime import datetime, timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from .common import KamCommon
from .test_query_counts import QueryCounter

FEW, MANY = 10, 300


@tagged("post_install", "-at_install")
class TestScreenQueries(QueryCounter, KamCommon):
    """What opens a screen asks the database as often after years as in the first week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [
                {"name": f"No. {n}", "is_company": True, "company_id": cls.company.id}
                for n in range(MANY)
            ]
        )
        people = cls.env["res.partner"].create(
            [{"name": f"Person {p.id}", "parent_id": p.id} for p in partners]
        )
        cls.env["kam.engine"]._run({(cls.company.id, p.id) for p in partners})
        accounts = cls.Account.search([("partner_id", "in", partners.ids)], order="id")
        accounts.manager_id = cls.anna
        cls.accounts = accounts
        now = datetime.now().replace(microsecond=0)
        cls.touches = cls.env["kam.touch"].create(
            [
                {
                    "account_id": account.id,
                    "user_id": (cls.anna, cls.boris)[n % 2].id,
                    "date": now - timedelta(days=way == "in", minutes=n),
                    "direction": way,
                    "duration": n % 3,
                }
                for n, account in enumerate(accounts)
                for way in ("in", "out")
            ]
        )
        cls.people = cls.env["kam.stakeholder"].create(
            [
                {
                    "account_id": account.id,
                    "partner_id": person.id,
                    "user_id": cls.anna.id,
                }
                for account, person in zip(accounts, people, strict=True)
            ]
        )
        cls._refresh()
        cls.anna.group_ids |= cls.env.ref("kam_management.group_kam_personal")

    def assertSame(self, model, function):
        """Assert that a function of a domain asks as often of few accounts as of all.

        It returns the number of rows, for what asks for nothing always asks as often.
        """
        counts = {}
        for size in (FEW, MANY):
            domain = [("account_id", "in", self.accounts[:size].ids)]
            if model == "kam.account":
                domain = [("id", "in", self.accounts[:size].ids)]
            counts[size] = self._count(
                lambda records, d=domain: self.assertTrue(function(records, d)),
                self.env[model],
            )
        self.assertEqual(counts[FEW], counts[MANY])

    def _get_arch(self, Model, kind):
        return etree.fromstring(Model.get_views([(False, kind)])["views"][kind]["arch"])

    def _open_calendar(self, Touch, domain):
        arch = self._get_arch(Touch, "calendar")
        names = [arch.get("date_start"), arch.get("date_stop"), arch.get("date_delay")]
        names += [node.get("name") for node in arch.iter("field")]
        now = fields.Datetime.now()
        domain = [
            *domain,
            (names[0], "<=", now),
            (names[1], ">=", now - timedelta(days=30)),
        ]
        return Touch.search_read(domain, names)

    def _open_pivot(self, Model, domain):
        arch = self._get_arch(Model, "pivot")
        names = {
            kind: [
                node.get("name")
                for node in arch.iter("field")
                if node.get("type") == kind
            ]
            for kind in ("row", "col", "measure")
        }
        # who shows a customer a row has as many rows as there are customers
        self.assertNotIn("account_id", names["row"])
        self.assertNotIn("partner_id", names["row"])
        measures = [
            f"{name}:{Model._fields[name].aggregator}" for name in names["measure"]
        ]
        sets = [[], names["row"], names["row"] + names["col"]]
        sets = [[self._with_interval(Model, name) for name in one] for one in sets]
        return Model.formatted_read_grouping_sets(domain, sets, ["__count", *measures])

    def _with_interval(self, Model, name):
        is_date = Model._fields[name].type in ("date", "datetime")
        return f"{name}:month" if is_date else name

    def test_calendar_of_touches(self):
        self.assertSame("kam.touch", self._open_calendar)

    def test_pivots(self):
        for model in (
            "kam.account",
            "kam.touch",
            "kam.funnel.report",
            "kam.level.transition",
            "kam.reaction.report",
            "kam.account.month",
        ):
            with self.subTest(model=model):
                if model == "kam.account.month":
                    self._keep_months()
                self.assertSame(model, self._open_pivot)

    def _keep_months(self):
        self.env["kam.account.month"].create(
            [
                {
                    "account_id": account.id,
                    "company_id": self.company.id,
                    "date": "2020-03-31",
                    "revenue": 1,
                    "segment": "c",
                }
                for account in self.accounts
            ]
        )

    def test_lists_by_customer(self):
        for model in ("kam.touch", "kam.reaction.report", "kam.stakeholder"):
            with self.subTest(model=model):
                self.assertSame(
                    model,
                    lambda Model, domain: Model.web_read_group(
                        domain, ["account_id"], ["__count"], limit=FEW
                    )["groups"],
                )

    def test_boards(self):
        for model, group in (
            ("kam.account", "level"),
            ("kam.stakeholder", "influence"),
        ):
            specification = self._get_specification(self.env[model], "kanban")
            with self.subTest(model=model):
                self.assertSame(
                    model,
                    lambda Model, domain, g=group, s=specification: (
                        Model.web_read_group(
                            domain,
                            [g],
                            ["__count"],
                            auto_unfold=True,
                            unfold_read_specification=s,
                            unfold_read_default_limit=40,
                        )["groups"]
                    ),
                )

    def test_search_of_a_customer(self):
        self.assertSame(
            "kam.account",
            lambda Account, domain: Account.name_search("No. ", domain, limit=8),
        )

    def test_chart_of_very_many_shows_the_first_and_says_so(self):
        Dossier = self.env["kam.stakeholder"].with_user(self.anna)
        roots = [("id", "in", self.people.ids), ("parent_id", "=", False)]
        told = []
        with patch.object(
            type(self.env["res.users"]),
            "_bus_send",
            lambda _user, _kind, message: told.append(message["message"]),
        ):
            rows = Dossier.hierarchy_read(roots, {"influence": {}}, "parent_id")
            few = Dossier.hierarchy_read(
                [*roots, ("id", "in", self.people[:FEW].ids)],
                {"influence": {}},
                "parent_id",
            )
        self.assertEqual((len(rows), len(few)), (200, FEW))
        self.assertEqual(len(told), 1)
        self.assertIn("200", told[0])

    def test_analyses_open_with_a_stretch_of_time(self):
        """Whatever is grouped in them is bounded, however long the history is."""
        for name in (
            "kam_touch_action_analysis",
            "kam_reaction_report_action",
            "kam_funnel_report_action",
            "kam_level_transition_action",
            "kam_account_month_action",
        ):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                f"kam_management.{name}"
            )
            search = self.env[action["res_model"]].get_views([(False, "search")])
            arch = etree.fromstring(search["views"]["search"]["arch"])
            bounds = [
                node.get("name")
                for node in arch.iter("filter")
                if "'date', '>='" in (node.get("domain") or "")
            ]
            with self.subTest(action=name):
                self.assertTrue(
                    any(
                        f"search_default_{bound}" in action["context"]
                        for bound in bounds
                    )
                )
