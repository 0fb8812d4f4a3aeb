"""From the rows of the sales record to the records of Odoo."""

from datetime import date, datetime, time

from odoo import Command
from odoo.tools import SQL

from .record import (
    DEFAULT_FOLDER,
    LoadError,
    Report,
    get_engaged,
    get_sales,
    read_record,
)

# Records made at once: the more the faster, but progress shall be visible.
FIRST_BATCH, BATCH = 20, 500


def noon(day):
    """Return an ISO date as a datetime that has this date in most time zones.

    >>> noon("2017-03-01"), noon("")
    (datetime.datetime(2017, 3, 1, 12, 0), False)
    """
    return bool(day) and datetime.combine(date.fromisoformat(day), time(12))


class SalesRecordLoader:
    """Makes the records of one company of ours out of the rows of the sales record."""

    def __init__(self, env, record, report, company, invoiced, say):
        """
        :param dict record: rows as ``read_record`` returns them
        :param Report report: gets the counts
        :param company: whose customers they are; the user's own by default
        :param invoiced: names of the customers who get invoices; None for all
        :param say: called with a line of progress
        """
        company = company or env.company
        quiet = {
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "mail_notify_force_send": False,
            "no_reset_password": True,
        }
        self.env = env(
            context={**env.context, **quiet, "allowed_company_ids": company.ids}
        )
        self.company = company.with_env(self.env)
        self.record, self.report, self.say = record, report, say
        self.invoiced_rows = get_sales(record, invoiced)

    def load(self):
        """Load everything; the caller commits.

        :raise LoadError: when the database is no place for it, or a row got lost
        """
        self._check_company()
        self._load_chart_of_accounts()
        self.products = self._create_products()
        self.users, self.teams = self._create_people()
        self.customers = self._create_customers()
        self.leads = self._create_opportunities()
        self.orders = self._create_orders()
        self.invoices = self._create_invoices()
        self.say("refreshing: every customer gets his account")
        self.env["kam.account"]._refresh()
        self.touches = self._create_touches()
        self.env["kam.account"]._refresh()
        self._count()
        self.report.check()

    # What is there before

    def _check_company(self):
        if self.company.currency_id != self.env.ref("base.USD"):
            raise LoadError(
                f"{self.company.name} keeps its books in"
                f" {self.company.currency_id.name}, the record is in USD."
            )
        code = self.record["sales_pipeline"][0]["opportunity_id"]
        if (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search_count(
                [("name", "=like", f"{code} %"), ("company_id", "=", self.company.id)],
                limit=1,
            )
        ):
            raise LoadError("This database holds the sales record already.")

    def _load_chart_of_accounts(self):
        if not self.company.chart_template:
            self.say("loading a chart of accounts")
            self.env["account.chart.template"].try_loading("generic_coa", self.company)

    # Products, people, customers

    def _create_products(self):
        """Return {name: product}, in a category for each series."""
        rows = self.record["products"]
        self.say(f"{len(rows)} products")
        categories = {
            series: self._find_or_create("product.category", series)
            for series in sorted({row["series"] for row in rows})
        }
        products = self.env["product.product"].create(
            [
                {
                    "name": row["product"],
                    "categ_id": categories[row["series"]].id,
                    "list_price": float(row["sales_price"]),
                    "type": "consu",
                    "invoice_policy": "order",
                    "taxes_id": False,
                    "company_id": self.company.id,
                }
                for row in rows
            ]
        )
        return dict(zip((row["product"] for row in rows), products, strict=True))

    def _create_people(self):
        """Return ({name: user}, {manager's name: sales team})."""
        rows = self.record["sales_teams"]
        offices = {row["manager"]: row["regional_office"] for row in rows}
        self.say(f"{len(rows)} agents, {len(offices)} managers and their teams")
        users = {
            **self._create_users([row["sales_agent"] for row in rows], "user"),
            **self._create_users(list(offices), "manager"),
        }
        teams = self.env["crm.team"].create(
            [
                {
                    "name": f"{office}: {manager}",
                    "user_id": users[manager].id,
                    "company_id": self.company.id,
                    "member_ids": [
                        Command.link(users[row["sales_agent"]].id)
                        for row in rows
                        if row["manager"] == manager
                    ],
                }
                for manager, office in offices.items()
            ]
        )
        return users, dict(zip(offices, teams, strict=True))

    def _create_users(self, names, role):
        """Return {name: user}.

        :param list names: of the persons
        :param str role: 'user' for key account managers, 'manager' for heads of sales
        """
        group = self.env.ref(f"kam_management.group_kam_{role}")
        logins = [name.casefold().replace(" ", ".") for name in names]
        users = self.env["res.users"].create(
            [
                {
                    "name": name,
                    "login": login,
                    "email": f"{login}@example.com",
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [
                        Command.link(self.env.ref("base.group_user").id),
                        Command.link(group.id),
                    ],
                }
                for name, login in zip(names, logins, strict=True)
            ]
        )
        return dict(zip(names, users, strict=True))

    def _create_customers(self):
        """Return {name: partner}, subsidiaries below their parent."""
        rows = self.record["accounts"]
        self.say(f"{len(rows)} customers")
        partners = self.env["res.partner"].create(
            [self._prepare_customer(row) for row in rows]
        )
        customers = dict(zip((row["account"] for row in rows), partners, strict=True))
        for row in rows:
            if parent := customers.get(row["subsidiary_of"]):
                # A subsidiary keeps its own address: contacts would share the parent's.
                customers[row["account"]].write(
                    {"parent_id": parent.id, "type": "other"}
                )
        return customers

    def _prepare_customer(self, row):
        country = self.env["res.country"].search(
            [("name", "=", row["office_location"])]
        )
        if not country:
            self.report.unmended[f"unknown country {row['office_location']!r}"] += 1
        return {
            "name": row["account"],
            "is_company": True,
            "type": "other" if row["subsidiary_of"] else "contact",
            "company_id": self.company.id,
            "country_id": country.id,
            "industry_id": self._find_or_create(
                "res.partner.industry", row["sector"].title()
            ).id,
            # Odoo has no field for these.
            "comment": f"Established {row['year_established']}, {row['employees']}"
            f" employees, revenue {row['revenue']} million USD",
        }

    # Opportunities and what came of them

    def _create_opportunities(self):
        """Return {opportunity_id: lead}, created on the day they were engaged."""
        rows = self.record["sales_pipeline"]
        stages = self._get_stages()
        leads = {}
        for batch in self._batches(rows, "opportunities", "crm.lead"):
            created = self.env["crm.lead"].create(
                [self._prepare_opportunity(row, stages) for row in batch]
            )
            leads.update(
                zip((row["opportunity_id"] for row in batch), created, strict=True)
            )
        self._backdate(leads)
        return leads

    def _get_stages(self):
        """Return {deal_stage: crm.stage}; lost ones stay where they were engaged."""
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        won = stages.filtered("is_won")[:1]
        first, second = (stages - stages.filtered("is_won"))[:2]
        return {"Prospecting": first, "Engaging": second, "Lost": second, "Won": won}

    def _prepare_opportunity(self, row, stages):
        agent = self.users.get(row["sales_agent"])
        product = self.products.get(row["product"])
        customer = self.customers.get(row["account"])
        values = {
            "name": f"{row['opportunity_id']} {row['product']}",
            "type": "opportunity",
            "company_id": self.company.id,
            "partner_id": customer and customer.id,
            "user_id": agent and agent.id,
            "team_id": agent and agent.sale_team_id.id,
            "stage_id": stages[row["deal_stage"]].id,
            "expected_revenue": float(row["close_value"] or 0)
            or (product.list_price if product else 0),
            "date_open": noon(row["engage_date"]),
            "date_closed": noon(row["close_date"]),
        }
        if row["deal_stage"] == "Lost":
            values.update(active=False, probability=0)
        elif row["deal_stage"] == "Won":
            values.update(probability=100)
        return values

    def _backdate(self, leads):
        """Date the creation of leads back; the ORM has no way to say it."""
        rows = [
            (leads[row["opportunity_id"]].id, noon(row["engage_date"]))
            for row in get_engaged(self.record)
        ]
        self.env.flush_all()
        self.env.cr.execute_values(
            """
            UPDATE crm_lead SET create_date = engaged.date
              FROM (VALUES %s) engaged (id, date) WHERE engaged.id = crm_lead.id
            """,
            rows,
        )
        dated = self.env["crm.lead"].browse(lead for lead, _date in rows)
        dated.invalidate_recordset(["create_date"])
        dated.modified(["create_date"])

    def _create_orders(self):
        """Return {opportunity_id: confirmed order} of what was won, oldest first."""
        orders = {}
        for batch in self._batches(
            get_sales(self.record), "orders", "sale.order", "sale.order.line"
        ):
            created = self.env["sale.order"].create(
                [self._prepare_order(row) for row in batch]
            )
            created.action_confirm()
            days = [noon(row["close_date"]) for row in batch]
            for day in dict.fromkeys(days):
                # Confirming has dated them today.
                self.env["sale.order"].browse(
                    order.id
                    for order, its_day in zip(created, days, strict=True)
                    if its_day == day
                ).date_order = day
            orders.update(
                zip((row["opportunity_id"] for row in batch), created, strict=True)
            )
        return orders

    def _prepare_order(self, row):
        lead = self.leads[row["opportunity_id"]]
        return {
            "partner_id": self.customers[row["account"]].id,
            "company_id": self.company.id,
            "opportunity_id": lead.id,
            "name": row["opportunity_id"],
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "date_order": noon(row["close_date"]),
            "order_line": [
                Command.create(
                    {
                        "product_id": self.products[row["product"]].id,
                        "price_unit": float(row["close_value"]),
                        "tax_ids": False,
                        "analytic_distribution": False,
                    }
                )
            ],
        }

    def _create_invoices(self):
        """Return the posted invoices of the orders, on the days of the orders."""
        invoices = self.env["account.move"]
        tables = ("account.move", "account.move.line")
        for batch in self._batches(self.invoiced_rows, "invoices", *tables):
            orders = [self.orders[row["opportunity_id"]] for row in batch]
            created = invoices.create([self._prepare_invoice(o) for o in orders])
            created.action_post()
            invoices += created
        return invoices

    def _prepare_invoice(self, order):
        line = order.order_line
        return {
            "move_type": "out_invoice",
            "company_id": self.company.id,
            "partner_id": order.partner_id.id,
            "invoice_date": order.date_order.date(),
            "invoice_user_id": order.user_id.id,
            "team_id": order.team_id.id,
            "invoice_origin": order.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "price_unit": line.price_unit,
                        "tax_ids": False,
                        "analytic_distribution": False,
                        "sale_line_ids": [Command.link(line.id)],
                    }
                )
            ],
        }

    def _create_touches(self):
        """Return the touches: one for each opportunity that was engaged."""
        touches = self.env["kam.touch"]
        for batch in self._batches(get_engaged(self.record), "touches", "kam.touch"):
            leads = [self.leads[row["opportunity_id"]] for row in batch]
            touches += touches.create(
                [
                    {
                        "lead_id": lead.id,
                        "account_id": lead.kam_account_id.id,
                        "user_id": lead.user_id.id,
                        "date": noon(row["engage_date"]),
                        "channel": "other",
                        "summary": "Engaged",
                    }
                    for lead, row in zip(leads, batch, strict=True)
                ]
            )
        return touches

    # Small things

    def _batches(self, rows, what, *models):
        """Yield the rows in batches, telling how far it is.

        Nobody else sees, and so analyzes, what is not committed yet; with wrong
        figures about its tables the database takes minutes for some of Odoo's
        queries. Therefore the first batch is small, and after each they are counted.

        :param models: names of the models whose tables grow
        """
        tables = SQL(", ").join(SQL.identifier(self.env[m]._table) for m in models)
        start, size = 0, FIRST_BATCH
        while start < len(rows):
            self.say(f"{what}: {start} of {len(rows)}")
            yield rows[start : start + size]
            self.env.flush_all()
            self.env.cr.execute(SQL("ANALYZE %s", tables))
            start, size = start + size, BATCH

    def _find_or_create(self, model, name):
        Model = self.env[model]
        return Model.search([("name", "=", name)], limit=1) or Model.create(
            {"name": name}
        )

    def _count(self):
        """Count in the database what became of the rows of each file."""
        pipeline, teams = self.record["sales_pipeline"], self.record["sales_teams"]
        sales = get_sales(self.record)
        agents = [self.users[row["sales_agent"]] for row in teams]
        orders = [order for order in self.orders.values() if order.state == "sale"]
        posted = self.invoices.filtered(lambda invoice: invoice.state == "posted")
        for file, rows, records, what in (
            ("accounts", self.record["accounts"], self.customers.values(), "customers"),
            ("products", self.record["products"], self.products.values(), "products"),
            ("sales_teams", teams, agents, f"agents in {len(self.teams)} teams"),
            ("sales_pipeline", pipeline, self.leads.values(), "opportunities"),
            ("  engaged", get_engaged(self.record), self.touches, "touches"),
            ("  won", sales, orders, "confirmed orders"),
            ("  won", self.invoiced_rows, posted, "posted invoices"),
        ):
            # One recordset, so that nothing counts twice; exists() asks the database.
            kept = len(records and next(iter(records)).union(*records).exists())
            self.report.counts.append((file, len(rows), kept, what))


def load(
    env, folder=DEFAULT_FOLDER, company=None, invoiced=None, say=lambda text: None
):
    """Load the sales record into a company and return the loader with its records.

    :param Path folder: where the CSV files are
    :param company: whose customers they are; the user's own by default
    :param invoiced: names of the customers who get invoices; None for all
    :param say: called with a line of progress
    :raise LoadError: with what to do about it; the caller rolls back
    """
    report = Report()
    record = read_record(folder, report)
    loader = SalesRecordLoader(env, record, report, company, invoiced, say)
    loader.load()
    return loader
