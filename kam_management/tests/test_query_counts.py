from datetime import date, datetime, timedelta

from lxml import etree

from odoo.tests import Form, tagged

from .common import KamCommon

SIZES = (1, 10, 200)
# Levels by turns, so that every column of a kanban is filled from five accounts on.
HISTORIES = ([], ["2020-05-01"], ["2020-05-01", "2020-06-01"], ["2018-05-01"], [])


class QueryCounter:
    """What the client asks for, and how many queries that takes."""

    def _read(self, records, fields):
        """Read a list of records as the client does."""
        result = records.web_search_read(
            [("id", "in", records.ids)], fields, limit=len(records), count_limit=10001
        )
        self.assertEqual(result["length"], len(records))

    def _read_list(self, records, view_type):
        return self._read(records, self._get_specification(records, view_type))

    def _read_kanban(self, records, groupby):
        result = records.web_read_group(
            [("id", "in", records.ids)],
            [groupby],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=self._get_specification(records, "kanban"),
            unfold_read_default_limit=max(SIZES),
        )
        read = [len(group.get("__records", ())) for group in result["groups"]]
        self.assertEqual(sum(read), len(records))

    def _read_form(self, record):
        [values] = record.web_read(self._get_specification(record, "form"))
        self.assertTrue(values["touch_ids"])

    def _get_specification(self, records, view_type):
        """Return the fields of a view as the client asks for them."""
        arch = records.get_views([(False, view_type)])["views"][view_type]["arch"]
        return self._get_fields(records, etree.fromstring(arch))

    def _get_fields(self, records, node):
        specification = {}
        for child in node.xpath(".//field[not(ancestor::field)]"):
            field = records._fields[child.get("name")]
            if field.type == "many2one":
                specification[field.name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                comodel = records.env[field.comodel_name]
                fields = {"display_name": {}}
                for view in child:
                    view.getparent().remove(view)
                    fields |= self._get_fields(comodel, view)
                specification[field.name] = {"fields": fields}
            else:
                specification[field.name] = {}
        return specification

    # Counting

    def assertConstant(self, function, records, *args, sizes=SIZES):
        """Assert that a function of any number of records makes as many queries."""
        counts = [self._count(function, records[:size], *args) for size in sizes]
        self.assertEqual(len(set(counts)), 1, f"queries for {sizes} records: {counts}")

    def _count(self, function, records, *args):
        """Return the number of queries of a function of Anna's records, caches warm."""
        # as the web client asks
        mine = records.with_user(self.anna).with_context(lang="en_US")
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            function(mine, *args)
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestQueryCounts(QueryCounter, KamCommon):
    """Screens ask the database as often for 200 records as for ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {n}",
                    "is_company": True,
                    "company_id": cls.company.id,
                }
                for n in range(max(SIZES))
            ]
        )
        cls.env["kam.engine"]._run({(cls.company.id, p.id) for p in cls.partners})
        # in the order of the customers: the engine numbers accounts as they come
        accounts = cls.Account.search([("partner_id", "in", cls.partners.ids)])
        cls.accounts = accounts.sorted(lambda account: account.partner_id.id)
        for n, account in enumerate(cls.accounts):
            account.manager_id = (cls.anna, cls.boris, cls.head)[n % 3]
            account.member_ids = cls.anna
        cls.env["kam.touch"].create(
            [{"account_id": a.id, "date": "2020-04-01"} for a in cls.accounts[::2]]
        )
        cls._insert_orders()
        cls._refresh(as_of=date(2020, 7, 1))

    @classmethod
    def _insert_orders(cls):
        """Give the accounts their purchases, by SQL for speed."""
        cls.env.flush_all()
        rows = [
            (cls.company.id, *[a.partner_id.id] * 4, day, cls.company.currency_id.id)
            for n, a in enumerate(cls.accounts)
            for day in HISTORIES[n % len(HISTORIES)]
        ]
        cls.cr.executemany(
            """
            INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id,
                   partner_shipping_id, kam_commercial_partner_id, state, date_order,
                   currency_id, currency_rate, amount_untaxed)
            VALUES ('S', %s, %s, %s, %s, %s, 'sale', %s, %s, 1, 100)
            """,
            rows,
        )

    def test_the_levels_are_mixed(self):
        self.assertEqual(len(set(self.accounts.mapped("level"))), 5)
        self.assertGreater(len(set(self.accounts[:10].mapped("level"))), 3)

    def test_list_of_accounts(self):
        self.assertConstant(self._read_list, self.accounts, "list")

    def test_kanban_of_accounts(self):
        self.assertConstant(self._read_kanban, self.accounts, "level", sizes=(10, 200))

    def test_progress_bars_of_the_kanban(self):
        bar = {"field": "buyer_pattern", "colors": {"safe": "success"}}
        self.assertConstant(
            lambda accounts: accounts.read_progress_bar(
                [("id", "in", accounts.ids)], "level", bar
            ),
            self.accounts,
        )

    def test_form_of_an_account_with_much_history(self):
        account = self.accounts[0]
        counts = []
        for size in (2, 10, 200):
            self.env["kam.touch"].create(
                [
                    {
                        "account_id": account.id,
                        "date": datetime(2020, 1, 1, 12),
                        "user_id": (self.anna, self.boris)[n % 2].id,
                    }
                    for n in range(size)
                ]
            )
            counts.append(self._count(self._read_form, account))
        self.assertEqual(len(set(counts)), 1, counts)

    def test_list_of_partners_with_their_level(self):
        fields = dict.fromkeys(("complete_name", "kam_level", "is_key_account"), {})
        fields["kam_account_id"] = {"fields": {"display_name": {}}}
        self.assertConstant(self._read, self.partners, fields)

    def test_list_of_orders_with_their_level(self):
        orders = self.env["sale.order"].search(
            [("partner_id", "in", self.partners.ids)]
        )
        fields = {"name": {}, "kam_level": {}}
        fields["kam_account_id"] = {"fields": {"display_name": {}}}
        self.assertConstant(self._read, orders, fields)

    def test_pipeline_grouped_by_level(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {n}",
                    "type": "opportunity",
                    "company_id": self.company.id,
                    "partner_id": partner.id,
                    "user_id": self.anna.id,
                }
                for n, partner in enumerate(self.partners)
            ]
        )
        self.assertTrue(leads[-1].kam_account_id)
        self.assertConstant(self._read_kanban, leads, "kam_level", sizes=(10, 200))
        fields = {"name": {}, "kam_level": {}}
        self.assertConstant(self._read, leads, fields)

    def test_search_by_level_lists_no_accounts_first(self):
        for model in ("res.partner", "crm.lead"):
            with self.subTest(model=model):
                count = self._count(
                    lambda records: records.search([("kam_level", "=", "new")]),
                    self.env[model],
                )
                self.assertLessEqual(count, 2)  # one reads the company's row

    def test_list_of_touches_with_stars_cost_and_waiting_hours(self):
        # on a day before: within the second nobody waits yet, and no hours are read
        asked = datetime.now() - timedelta(days=3)
        touches = self.env["kam.touch"].create(
            [
                {
                    "account_id": account.id,
                    "date": asked,
                    "direction": way,
                    "quality": n % 6,
                }
                for n, account in enumerate(self.accounts)
                for way in ("in", "out")
            ]
        )
        names = ("date", "channel", "direction", "outcome", "quality", "cost")
        fields = dict.fromkeys((*names, "waiting_hours"), {}) | {
            name: {"fields": {"display_name": {}}}
            for name in ("account_id", "partner_id", "user_id", "currency_id")
        }
        self.assertConstant(self._read, touches, fields, sizes=(10, 400))

    def test_talk_dialog(self):
        def talk(accounts):
            context = accounts.action_log_touch()["context"]
            with Form(accounts.env["kam.talk"].with_context(**context)) as form:
                form.quality = 3

        self.assertLessEqual(self._count(talk, self.accounts[0]), 40)
