from odoo.tests import tagged
from odoo.tools.misc import file_open

from .import_common import OPTIONS, ImportCommon

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MODELS = ("kam.account", "kam.stakeholder", "kam.quota", "kam.account.term")
ROWS = 5000


@tagged("post_install", "-at_install")
class TestImportFiles(ImportCommon):
    """Files as spreadsheets write them, and as long as companies have them."""

    def test_every_column_of_the_templates_is_understood(self):
        for model in MODELS:
            templates = self.env[model].get_import_templates()
            self.assertTrue(templates)
            for template in templates:
                with self.subTest(template=template["label"]):
                    self._check_template(model, template["template"])

    def _check_template(self, model, path):
        with file_open(path.lstrip("/"), "rb") as file:
            wizard = self.env["base_import.import"].create(
                {"res_model": model, "file": file.read(), "file_type": XLSX}
            )
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertFalse(preview.get("error"))
        self.assertEqual(len(preview["matches"]), len(preview["headers"]))
        fields = self.env["base_import.import"].get_fields_tree(model)
        known = {field["name"] for field in fields}
        self.assertLessEqual({match[0] for match in preview["matches"].values()}, known)

    def test_template_of_quotas_loads_as_it_is(self):
        """Its examples follow its own rules, once the people are there."""
        self.anna.email = "anna@example.com"
        self.boris.name = "Boris Berg"
        teams = self.env["crm.team"]
        if not teams.search([("name", "=", "Sales")]):
            teams.create({"name": "Sales", "company_id": self.company.id})
        [template] = self.env["kam.quota"].get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as file:
            wizard = self._open_file("kam.quota", file.read())
        wizard.file_type = XLSX
        preview = wizard.parse_preview(dict(OPTIONS))
        names = ["/".join(match) for match in preview["matches"].values()]
        result = wizard.execute_import(names, preview["headers"], preview["options"])
        self.assertFalse(result["messages"])
        quotas = self.env["kam.quota"].browse(result["ids"])
        self.assertEqual(quotas.mapped("period"), ["month", "month", "quarter", "year"])

    def test_german_file_with_semicolons_and_decimal_commas(self):
        account = self._account(self._create_customer("Müller Öfen"))
        text = (
            "Customer;Opening: First Purchase;Opening: Last Purchase;"
            "Opening: Purchases;Opening: Revenue\n"
            "Müller Öfen;24.12.2020;31.01.2025;3;1.234,56\n"
        )
        for encoding in ("latin-1", "utf-8-sig"):
            with self.subTest(encoding=encoding):
                account.opening_revenue = 0
                loaded = self._load(
                    "kam.account", text.encode(encoding), encoding=encoding
                )
                self.assertEqual(loaded, account)
                self.assertEqual(account.opening_revenue, 1234.56)
                self.assertEqual(str(account.opening_first_date), "2020-12-24")

    def test_byte_order_mark_is_no_part_of_the_first_column(self):
        account = self._account()
        content = "Customer,Key Account Manager\nMeyer Machines,Anna\n"
        self._load("kam.account", content.encode("utf-8-sig"))
        self.assertEqual(account.manager_id, self.anna)

    def test_terms_are_loaded_for_former_colleagues(self):
        account = self._account()
        self.boris.active = False
        terms = self._load(
            "kam.account.term",
            "Account,Key Account Manager,From,Until\n"
            "meyer machines,Boris,2021-01-01,2021-12-31\n",
        )
        self.assertEqual((terms.account_id, terms.user_id), (account, self.boris))

    def test_bad_cells_name_row_and_column(self):
        self._account()
        [(row, field, words)] = self._refused(
            "kam.stakeholder",
            "Account,Person,Influence\n"
            "Meyer Machines,Meyer Machines,High\nMeyer Machines,Eva,Enormous\n",
            name_create_enabled_fields={"partner_id": True},
        )[:1]
        self.assertEqual((row, field), (2, "influence"))
        self.assertRegex(words, "^Line 3: .*Very high")
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Eva")]))

    def test_the_same_fault_in_many_rows_is_told_once(self):
        self._account()
        rows = "".join(f"Meyer Machines,Eva {n},Enormous\n" for n in range(7))
        result = self._load_file(
            "kam.stakeholder",
            f"Account,Person,Influence\nMeyer Machines,Ada,High\n{rows}",
            name_create_enabled_fields={"partner_id": True},
        )
        [message] = result["messages"]
        self.assertRegex(message["message"], "^Lines 3, 4, 5, 6, 7, …: “Enormous”")
        self.assertEqual(message["rows"], {"from": 1, "to": 7})

    def test_faults_of_one_row_are_told_each_with_its_own_lines(self):
        self._account()
        rows = "".join(f"Meyer Machines,Eva {n},Enormous\n" for n in range(3))
        refused = self._load_file(
            "kam.stakeholder", f"Account,Person,Influence\n{rows}"
        )["messages"]
        lines = {
            (message["field"], tuple(message["rows"].values())) for message in refused
        }
        people = {("partner_id", (row, row)) for row in range(3)}
        self.assertEqual(lines, {*people, ("influence", (0, 2))})

    def test_rows_of_the_next_batch_are_counted_from_the_top(self):
        self._account()
        content = "Account,Person,Influence\nMeyer Machines,Ada,High\n"
        [(_row, _field, words)] = self._refused(
            "kam.stakeholder",
            f"{content}Meyer Machines,Eva,Enormous\n",
            name_create_enabled_fields={"partner_id": True},
            limit=1,
        )
        self.assertRegex(words, "^Line 3: “Enormous”")

    def test_bad_numbers_name_row_and_column(self):
        """Odoo named neither the row nor what the column is called."""
        self._account()
        content = (
            "Customer,Opening: Revenue\n"
            "Meyer Machines,12.5\nMeyer Machines,a lot\nMeyer Machines,1 or 2\n"
        )
        [(_row, _field, words)] = self._refused("kam.account", content)
        self.assertIn("Opening: Revenue: “a lot” in line 3, “1 or 2” in line 4.", words)
        [(_row, _field, words)] = self._refused("kam.account", content, skip=1)
        self.assertIn("“a lot” in line 3, “1 or 2” in line 4.", words)

    def test_bad_dates_name_row_and_column(self):
        self._account()
        rows = "Meyer Machines,Anna,2021-01-01\nMeyer Machines,Anna,last May\n"
        content = "Account,Key Account Manager,From\n" + rows
        options = {"date_format": "%Y-%m-%d"}
        [(_row, _field, words)] = self._refused("kam.account.term", content, **options)
        self.assertIn("From: “last May” in line 3. Write it like 20", words)

    def test_bad_cells_of_lines_name_row_and_column(self):
        content = "Name,Unit\nKeep,a lot\n"
        wizard = self._open_file("kam.quota", content)
        names = ["name", "line_ids/target"]
        result = wizard.execute_import(names, names, dict(OPTIONS))
        [message] = result["messages"]
        self.assertIn("Target: “a lot” in line 2.", message["message"])

    def test_many_bad_cells_are_not_all_named(self):
        content = "Customer,Opening: Revenue\n" + "Meyer Machines,much\n" * 9
        [(_row, _field, words)] = self._refused("kam.account", content)
        self.assertEqual(words.count("much"), 5)
        self.assertIn("line 6, …", words)

    def test_files_of_others_are_read_by_odoo_alone(self):
        content = "Name,Credit\nMeyer,a lot\n"
        wizard = self._open_file("res.partner", content)
        names = ["name", "partner_latitude"]
        result = wizard.execute_import(names, names, dict(OPTIONS))
        self.assertIn("Column partner_latitude", result["messages"][0]["message"])

    # Long files

    def _create_customers(self, count):
        return self.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "ref": f"R{number}",
                    "is_company": True,
                    "company_id": self.company.id,
                }
                for number in range(count)
            ]
        )

    def _opening_file(self, count):
        """Return a file of accounts that differ in every row."""
        rows = (
            f"Customer {n},{'Anna' if n % 2 else 'Boris'},2020-01-01,2025-01-01,"
            f"{n + 2},{n}.5\n"
            for n in range(count)
        )
        return (
            "Customer,Key Account Manager,Opening: First Purchase,"
            "Opening: Last Purchase,Opening: Purchases,Opening: Revenue\n"
        ) + "".join(rows)

    def _count_queries(self, model, content, **options):
        """Return how many queries it takes to load a file."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._load(model, content, **options)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _assert_set_based(self, few, many, rows):
        """Rows are written a hundred at a time; nothing is asked for each of them."""
        self.assertLess((many - few) / rows, 0.3, f"{few} queries, then {many}")

    def test_accounts_are_loaded_set_by_set(self):
        self._create_customers(300)
        self._count_queries("kam.account", self._opening_file(1))
        few = self._count_queries("kam.account", self._opening_file(20))
        many = self._count_queries("kam.account", self._opening_file(220))
        self._assert_set_based(few, many, 200)

    def test_accounts_are_updated_set_by_set(self):
        self._create_customers(300)
        content = self._opening_file(220)
        self._load("kam.account", content)
        changed = content.replace(".5", ".75").replace("Anna", "Head")
        few = self._count_queries(
            "kam.account", "".join(changed.splitlines(keepends=True)[:21])
        )
        many = self._count_queries("kam.account", changed)
        self._assert_set_based(few, many, 200)
        self.assertEqual(
            self.env["kam.account"].search_count([("manager_id", "=", self.head.id)]),
            110,
        )

    def test_people_are_loaded_set_by_set(self):
        customers = self._create_customers(220)
        self._load("kam.account", self._opening_file(220))
        self.env["res.partner"].create(
            [
                {"name": f"Person {n}", "parent_id": customer.id}
                for n, customer in enumerate(customers)
            ]
        )

        def content(start, stop):
            rows = (f"R{n},Person {n},High,Sponsor\n" for n in range(start, stop))
            return "Account,Person,Influence,Roles\n" + "".join(rows)

        few = self._count_queries("kam.stakeholder", content(0, 20))
        many = self._count_queries("kam.stakeholder", content(20, 220))
        self._assert_set_based(few, many, 180)

    def test_quotas_are_loaded_set_by_set(self):
        def content(year, months):
            rows = (
                f"{who},{year + n // 12}-{n % 12 + 1:02d},{indicator},{n + 1}\n"
                for n in range(months)
                for who in ("Anna", "Boris")
                for indicator in ("won", "revenue", "touches")
            )
            return (
                "Key Account Manager,Period,Targets/Indicator,Targets/Target\n"
                + "".join(rows)
            )

        few = self._count_queries("kam.quota", content(2001, 4))
        many = self._count_queries("kam.quota", content(2031, 34))
        self._assert_set_based(few, many, 180)

    def test_terms_are_loaded_set_by_set(self):
        self._create_customers(220)
        self._load("kam.account", self._opening_file(220))

        def content(start, stop):
            rows = (f"R{n},Anna,2021-01-01,2021-12-31\n" for n in range(start, stop))
            return "Account,Key Account Manager,From,Until\n" + "".join(rows)

        few = self._count_queries("kam.account.term", content(0, 20))
        many = self._count_queries("kam.account.term", content(20, 220))
        self._assert_set_based(few, many, 180)

    def test_five_thousand_targets_are_loaded_batch_by_batch(self):
        indicators = ("won", "revenue", "touches", "kept", "engaged")
        rows = [
            f"{who},{2001 + n // 12}-{n % 12 + 1:02d},{indicator},{n + 1}\n"
            for n in range(ROWS // 10)
            for who in ("Anna", "Boris")
            for indicator in indicators
        ]
        quotas = self._load(
            "kam.quota",
            "Key Account Manager,Period,Targets/Indicator,Targets/Target\n"
            + "".join(rows),
        )
        self.assertEqual(len(quotas), ROWS)
        quotas = quotas.browse(dict.fromkeys(quotas.ids))
        self.assertEqual(len(quotas), ROWS / 5)
        self.assertEqual(len(quotas.line_ids), ROWS)
        self.assertEqual(sum(quotas[-1].line_ids.mapped("target")), ROWS / 2)
