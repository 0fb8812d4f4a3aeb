"""A real sales record goes through the engine and comes out as counted by hand."""

import csv
import sys
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from unittest import SkipTest

from odoo import Command, fields
from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged

LOADER = Path(__file__).resolve().parents[2] / "dev/sales_record/__init__.py"
LEVELS = ("potential", "engaged", "new", "active", "dormant")
# Accounts by level at the end of a day, in the order of LEVELS
STANDINGS = {
    "2016-10-31": (79, 6, 0, 0, 0),
    "2016-12-31": (4, 81, 0, 0, 0),
    "2017-03-04": (0, 34, 33, 18, 0),
    "2017-03-10": (0, 14, 26, 45, 0),
    "2017-03-31": (0, 1, 2, 82, 0),
    "2017-12-31": (0, 0, 0, 85, 0),
    "2018-12-25": (0, 0, 0, 61, 24),
    "2018-12-31": (0, 0, 0, 0, 85),
}
LAST_DAY = "2018-12-31"


def get_loader():
    """Return the package that loads the sales record, the one of ``dev/load``.

    :raise SkipTest: where it or the data is absent
    """
    if not LOADER.exists():
        raise SkipTest("dev/sales_record, which loads the sales record, is not here")
    if "sales_record" not in sys.modules:
        spec = spec_from_file_location("sales_record", LOADER)
        sys.modules["sales_record"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["sales_record"])
    loader = sys.modules["sales_record"]
    if not loader.DEFAULT_FOLDER.is_dir():
        raise SkipTest(
            f"the sales record is not in {loader.DEFAULT_FOLDER};"
            " KAM_SALES_RECORD may name another folder"
        )
    return loader


@tagged("post_install", "-at_install")
class TestSalesRecord(TransactionCase):
    """The record is loaded once, into a company of its own.

    Companies without one of ours, as demo data has them, are on its market too: only
    the accounts of the loaded customers count.

    Every tenth customer gets invoices: posting all of them takes minutes, and
    `dev/load` does that.
    """

    @classmethod
    def setUpClass(cls):
        loader = get_loader()
        super().setUpClass()
        usd = cls.env.ref("base.USD")
        usd.active = True
        cls.company = cls.env["res.company"].create(
            {"name": "Hardware", "currency_id": usd.id}
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        accounts = loader.read_record(loader.DEFAULT_FOLDER, loader.Report())[
            "accounts"
        ]
        cls.invoiced = [row["account"] for row in accounts[::10]]
        cls.record = loader.load(cls.env, company=cls.company, invoiced=cls.invoiced)

    def test_every_row_is_loaded_and_every_dirty_one_reported(self):
        report = self.record.report
        counts = {what: (rows, kept) for _file, rows, kept, what in report.counts}
        self.assertEqual(counts["customers"], (85, 85))
        self.assertEqual(counts["agents in 6 teams"], (35, 35))
        self.assertEqual(counts["opportunities"], (8800, 8800))
        self.assertEqual(counts["touches"], (8300, 8300))
        self.assertEqual(counts["confirmed orders"], (4238, 4238))
        self.assertEqual(report.mended["product 'GTXPro' read as 'GTX Pro'"], 1480)
        self.assertEqual(report.unmended["opportunities without account"], 1425)

    def test_subsidiaries_keep_their_own_account_and_country(self):
        subsidiaries = [p for p in self.record.customers.values() if p.parent_id]
        self.assertEqual(len(subsidiaries), 15)
        for partner in subsidiaries:
            self.assertEqual(partner.commercial_partner_id, partner)
        namzim = self.record.customers["Nam-zim"]
        self.assertEqual(namzim.parent_id.name, "Warephase")
        self.assertEqual(
            (namzim.country_id.code, namzim.parent_id.country_id.code), ("BR", "US")
        )

    def test_touches_of_every_agent_are_there(self):
        folder = get_loader().DEFAULT_FOLDER
        with (folder / "sales_pipeline.csv").open(newline="") as file:
            expected = Counter(
                row["sales_agent"] for row in csv.DictReader(file) if row["engage_date"]
            )
        touches = self.env["kam.touch"]._read_group(
            [("company_id", "=", self.company.id)], ["user_id"], ["__count"]
        )
        self.assertEqual({user.name: count for user, count in touches}, expected)
        self.assertEqual((len(expected), sum(expected.values())), (30, 8300))

    def test_accounts_stand_on_the_right_level_on_each_day(self):
        for day, standing in STANDINGS.items():
            with self.subTest(day=day):
                self._refresh(day)
                self.assertEqual(self._count_levels(), standing)

    def test_accounts_of_an_agent_who_left_are_handed_over_at_once(self):
        """Nothing fails, and what was sold stays credited to who sold it."""
        self._refresh(LAST_DAY)
        Account = self.env["kam.account"]
        accounts = Account.search([("company_id", "=", self.company.id)])
        agents = self.env["kam.account.term"]._read_group(
            [("company_id", "=", self.company.id)], ["user_id"], ["__count"]
        )
        leaver = max(agents, key=lambda agent: agent[1])[0]
        successor = next(user for user, _count in agents if user != leaver)
        accounts[:40].manager_id = leaver
        accounts = accounts.filtered(lambda one: one.manager_id == leaver)
        credit = self._get_credit()
        leaver.active = False
        dialog = self.env["kam.handover.new"].create(
            {
                "account_ids": accounts.ids,
                "manager_id": successor.id,
                "at_once": True,
                "skip_reason": "The agent has left",
            }
        )
        self.assertEqual(dialog.kind, "leaver")
        dialog.action_begin()
        self.env.cr.flush()
        self.assertEqual(accounts.manager_id, successor)
        self.assertFalse(Account.search([("manager_id", "=", leaver.id)]))
        self.assertEqual(self._get_credit(), credit)

    def _get_credit(self):
        """Return {agent: number of steps of accounts credited to them}."""
        self._refresh(LAST_DAY)
        return dict(
            self.env["kam.level.transition"]._read_group(
                [("account_id.company_id", "=", self.company.id)],
                ["user_id"],
                ["__count"],
            )
        )

    def test_levels_follow_invoices_when_invoices_are_purchases(self):
        customers = self._get_invoiced_accounts()
        for day in STANDINGS:
            with self.subTest(day=day):
                self.company.kam_purchase_basis = "order"
                self._refresh(day)
                by_order = customers.mapped("level")
                self.company.kam_purchase_basis = "invoice"
                self._refresh(day)
                self.assertEqual(customers.mapped("level"), by_order)

    def test_log_of_transitions_holds_the_whole_past(self):
        self._refresh(LAST_DAY)
        steps = self.env["kam.level.transition"]._read_group(
            [("account_id", "in", self._get_accounts().ids)],
            ["from_level", "to_level"],
            ["__count"],
        )
        self.assertEqual(
            {(before, after): count for before, after, count in steps},
            {
                ("potential", "engaged"): 85,
                ("engaged", "new"): 77,
                ("engaged", "active"): 8,
                ("new", "active"): 77,
                ("active", "dormant"): 85,
            },
        )

    def test_revenue_of_the_year_is_all_that_was_won(self):
        self._refresh("2017-12-31")
        self.assertEqual(sum(self._get_accounts().mapped("revenue")), 10_005_534)

    def test_few_customers_bring_most_of_the_revenue(self):
        self._refresh("2017-12-31")
        accounts = self._get_accounts().sorted("revenue", reverse=True)
        self.assertEqual(
            Counter(accounts.mapped("segment")), {"a": 59, "b": 18, "c": 8}
        )
        self.assertEqual(accounts[0].partner_id.name, "Kan-code")
        self.assertEqual(accounts[0].share, 0.0341)
        group = accounts.sorted("group_share")[-1]
        self.assertEqual(group.group_partner_id.name, "Acme Corporation")
        self.assertEqual(group.group_share, 0.0519)

    def test_month_in_the_past_has_the_segments_of_a_refresh_then(self):
        self._refresh(LAST_DAY)
        day = fields.Date.to_date("2017-12-31")
        self.env["kam.portfolio.month"]._take(day, {self.company.id})
        month = self.env["kam.portfolio.month"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertRecordValues(
            month,
            [
                {
                    "date": day,
                    "revenue": 10_005_534,
                    "a_count": 59,
                    "b_count": 18,
                    "c_count": 8,
                    "active_count": 85,
                    "largest_account_share": 0.0341,
                    "largest_group_share": 0.0519,
                }
            ],
        )
        self.assertEqual(month.largest_account_id.partner_id.name, "Kan-code")
        self.assertEqual(month.largest_group_id.name, "Acme Corporation")

    def test_leads_without_customer_have_a_level_of_their_own(self):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        alone = [("company_id", "=", self.company.id), ("partner_id", "=", False)]
        expected = {"engaged": 1088, "potential": 337}
        self.assertEqual(
            dict(Lead._read_group(alone, ["kam_level"], ["__count"])), expected
        )
        for level, count in expected.items():
            domain = [*alone, ("kam_level", "=", level)]
            self.assertEqual(Lead.search_count(domain), count)

    def test_every_open_opportunity_gets_a_day_and_steps(self):
        Lead = self.env["crm.lead"]
        undated = Lead.search(
            Lead._get_kam_undated_domain() & Domain("company_id", "=", self.company.id)
        )
        undated._propose_kam_dates(Lead._get_kam_usual_days())
        still_open = Lead.search(
            [("company_id", "=", self.company.id), ("won_status", "=", "pending")]
        )
        self.assertEqual(len(still_open), 2089)
        for deal in still_open:
            self.assertTrue(deal.date_deadline or deal.kam_proposed_date, deal.name)
        deals = still_open.filtered("partner_id")
        self._get_accounts().sales_type = "project"
        self.assertTrue(all(deals.mapped("kam_next_step_id")))
        some = deals[:50]
        for deal in some:
            deal._kam_plan_steps(fields.Date.today())
        self.assertTrue(all(len(deal.activity_ids) > 1 for deal in some))

    def test_won_deals_run_through_key_moments(self):
        """Each begins its moment once, and a fault in none of them is passed over."""
        self._refresh(LAST_DAY)
        Template = self.env["kam.moment.template"]
        Template.search([]).active = False
        template = {"summary": "Thank them", "date_start": "2016-01-01"}
        ordered, billed = Template.create(
            [
                {**template, "name": name, "event": name, "company_id": self.company.id}
                for name in ("confirmed", "invoiced")
            ]
        )
        # who sold has left by now: the accounts are the head's
        head = self.env["res.users"].create(
            {
                "name": "Head",
                "login": "kam_record_head",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set(self.env.ref("kam_management.group_kam_manager").ids)
                ],
            }
        )
        self._get_accounts().accountable_id = head
        Moment, domain = self.env["kam.moment"], [("company_id", "=", self.company.id)]
        orders = self.env["sale.order"].search([*domain, ("state", "=", "sale")])
        invoiced = orders.filtered(lambda order: order.invoice_status == "invoiced")
        self.assertTrue(invoiced)
        for _time in range(2):
            with self.assertNoLogs("odoo.addons.kam_management", "ERROR"):
                Moment._look_at(orders)
            begun = Moment.search(domain)
            self.assertEqual(
                Counter(moment.template_id for moment in begun),
                {ordered: len(orders), billed: len(invoiced)},
            )
        self.assertEqual(begun.activity_ids.kam_moment_id, begun)

    # Words

    def _refresh(self, day):
        self.env["kam.account"]._refresh(as_of=fields.Date.to_date(day))

    def _get_accounts(self):
        return self.env["kam.account"].search(self._get_domain())

    def _get_domain(self):
        customers = [partner.id for partner in self.record.customers.values()]
        return [("company_id", "=", self.company.id), ("partner_id", "in", customers)]

    def _get_invoiced_accounts(self):
        return self._get_accounts().filtered(
            lambda account: account.partner_id.name in self.invoiced
        )

    def _count_levels(self):
        """Return the number of accounts on each level, in the order of LEVELS."""
        counts = dict(
            self.env["kam.account"]._read_group(
                self._get_domain(), ["level"], ["__count"]
            )
        )
        self.assertLessEqual(set(counts), set(LEVELS))
        return tuple(counts.get(level, 0) for level in LEVELS)
