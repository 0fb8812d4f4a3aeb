"""Put a real sales record into a database, through Odoo's models.

The record is Maven Analytics' "CRM Sales Opportunities" as four CSV files: 85 customers,
35 agents in 6 teams, 7 products, 8 800 opportunities of 2016 and 2017. It becomes

    accounts.csv        customers; a subsidiary has its parent company
    products.csv        products with their list price
    sales_teams.csv     users for agents and managers, a sales team per manager
    sales_pipeline.csv  opportunities; `engage_date` is a touch on that day; `Won` is a
                        confirmed order and a posted invoice, both dated `close_date`

Real data is dirty: what can be mended is mended, what cannot stays out of the field it
does not fit in, and the report tells both. No row is lost: all are counted in the end.

`dev/load` runs this file; the tests import it.
"""

import argparse
import csv
import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from odoo import SUPERUSER_ID, Command, api

FILES = ("accounts", "products", "sales_teams", "sales_pipeline")
DEFAULT_FOLDER = Path(
    os.environ.get("KAM_SALES_RECORD")
    or Path(__file__).resolve().parents[2] / "shared/data/crm_sales_opportunities"
)
# Words that are wrong or ambiguous, and what is meant.
SPELLINGS = {
    "technolgy": "technology",
    "Philipines": "Philippines",
    "Korea": "South Korea",
}
# Invoices and orders are heavy: memory stays small and progress visible.
BATCH = 500


class LoadError(Exception):
    """The record cannot be loaded; the message says what to do."""


@dataclass
class Report:
    """What happened to the rows: mended, not mended, and the count of each file."""

    mended: Counter = field(default_factory=Counter)
    unmended: Counter = field(default_factory=Counter)
    # (file, rows in, records out, what they became)
    counts: list = field(default_factory=list)

    def __str__(self):
        lines = [
            f"{file:<15} {rows:>6,} rows -> {records:>6,} {what}"
            for file, rows, records, what in self.counts
        ]
        for title, found in (
            ("Mended", self.mended),
            ("Could not be mended", self.unmended),
        ):
            lines.append(f"{title}:")
            lines += [f"  {what}: {rows}" for what, rows in sorted(found.items())]
        return "\n".join(lines)

    def check(self):
        """Refuse a load that lost or doubled a row.

        :raise LoadError: when a file has another count than its records
        """
        wrong = [line for line in self.counts if line[1] != line[2]]
        if wrong:
            raise LoadError(f"Rows were lost or doubled, nothing is kept: {wrong}")


def read_record(folder, report):
    """Return {file: rows as dicts} of the record, mended where that is possible.

    :param Path folder: where the CSV files are
    :param Report report: gets what was mended and what was not
    :raise LoadError: when a file is missing
    """
    record = {}
    for name in FILES:
        path = Path(folder) / f"{name}.csv"
        if not path.exists():
            raise LoadError(f"{path} is missing: name the folder of the sales record.")
        with path.open(newline="", encoding="utf-8-sig") as file:
            record[name] = [
                {column: (value or "").strip() for column, value in row.items()}
                for row in csv.DictReader(file)
            ]
    mend_spellings(record["accounts"], report)
    mend_products(record, report)
    report_gaps(record, report)
    return record


def mend_spellings(accounts, report):
    """Correct sectors and countries that are misspelled."""
    for row in accounts:
        for column in ("sector", "office_location"):
            if meant := SPELLINGS.get(row[column]):
                report.mended[f"{column} {row[column]!r} read as {meant!r}"] += 1
                row[column] = meant


def mend_products(record, report):
    """Give the opportunities the products' names: 'GTXPro' is 'GTX Pro'."""
    names = {row["product"] for row in record["products"]}
    meant_by = {squeeze(name): name for name in names}
    for row in record["sales_pipeline"]:
        name = row["product"]
        if name in names:
            continue
        if meant := meant_by.get(squeeze(name)):
            report.mended[f"product {name!r} read as {meant!r}"] += 1
            row["product"] = meant


def squeeze(name):
    """Return a name without what people spell differently.

    >>> squeeze("GTX Pro") == squeeze("GTXPro") == squeeze("gtx-pro")
    True
    """
    return "".join(character for character in name.casefold() if character.isalnum())


def report_gaps(record, report):
    """Report what the record itself does not say."""
    known = get_names(record)
    for row in record["accounts"]:
        if row["subsidiary_of"] and row["subsidiary_of"] not in known["account"]:
            report.unmended["subsidiaries of an unknown company"] += 1
    for row in record["sales_pipeline"]:
        for column, names in known.items():
            if not row[column]:
                report.unmended[f"opportunities without {column}"] += 1
            elif row[column] not in names:
                report.unmended[f"opportunities with an unknown {column}"] += 1
    won = [row for row in record["sales_pipeline"] if row["deal_stage"] == "Won"]
    if gaps := len(won) - len(get_sales(record)):
        report.unmended["won, but not what, when or by whom: no order"] = gaps
    idle = known["sales_agent"] - {r["sales_agent"] for r in record["sales_pipeline"]}
    if idle:
        what = f"agents without opportunities ({', '.join(sorted(idle))})"
        report.unmended[what] = len(idle)


def get_names(record):
    """Return {column of the pipeline: the names that may stand in it}."""
    return {
        "account": {row["account"] for row in record["accounts"]},
        "product": {row["product"] for row in record["products"]},
        "sales_agent": {row["sales_agent"] for row in record["sales_teams"]},
    }


def get_sales(record):
    """Return the won opportunities that say enough for an order, oldest first."""
    known = get_names(record)
    sales = [
        row
        for row in record["sales_pipeline"]
        if row["deal_stage"] == "Won"
        and row["account"] in known["account"]
        and row["product"] in known["product"]
        and row["close_date"]
        and row["close_value"]
    ]
    return sorted(sales, key=lambda row: row["close_date"])


def get_engaged(record):
    """Return the opportunities that were engaged on a known day."""
    return [row for row in record["sales_pipeline"] if row["engage_date"]]


def noon(day):
    """Return an ISO date as a datetime that has this date in most time zones.

    >>> noon("2017-03-01"), noon("")
    (datetime.datetime(2017, 3, 1, 12, 0), False)
    """
    return bool(day) and datetime.combine(date.fromisoformat(day), time(12))


class SalesRecordLoader:
    """Makes the records of one company of ours out of the rows of the sales record."""

    def __init__(self, env, record, report, company=None, say=lambda text: None):
        """
        :param dict record: rows as ``read_record`` returns them
        :param Report report: gets the counts
        :param company: whose customers they are; the user's own by default
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
        codes = {row["opportunity_id"] for row in self.record["sales_pipeline"][:1]}
        loaded = self.env["crm.lead"].with_context(active_test=False)
        if any(
            loaded.search_count(
                [("name", "=like", f"{code} %"), ("company_id", "=", self.company.id)]
            )
            for code in codes
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
        for batch in self._batches(rows, "opportunities"):
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
        for batch in self._batches(get_sales(self.record), "orders"):
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
            "origin": row["opportunity_id"],
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "date_order": noon(row["close_date"]),
            "order_line": [
                Command.create(
                    {
                        "product_id": self.products[row["product"]].id,
                        "price_unit": float(row["close_value"]),
                        "tax_ids": False,
                    }
                )
            ],
        }

    def _create_invoices(self):
        """Return the posted invoices of the orders, on the days of the orders."""
        Move = self.env["account.move"]
        invoices = Move
        for batch in self._batches(list(self.orders.values()), "invoices"):
            moves = Move.create([self._prepare_invoice(order) for order in batch])
            moves.action_post()
            invoices += moves
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
                        "sale_line_ids": [Command.link(line.id)],
                    }
                )
            ],
        }

    def _create_touches(self):
        """Return the touches: one for each opportunity that was engaged."""
        touches = self.env["kam.touch"]
        for batch in self._batches(get_engaged(self.record), "touches"):
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

    def _batches(self, rows, what):
        """Yield the rows in batches, telling how far it is."""
        for start in range(0, len(rows), BATCH):
            self.say(f"{what} {start} of {len(rows)}")
            yield rows[start : start + BATCH]
            self.env.flush_all()

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
            ("  won", sales, posted, "posted invoices"),
        ):
            # One recordset, so that nothing counts twice; exists() asks the database.
            kept = len(records and next(iter(records)).union(*records).exists())
            self.report.counts.append((file, len(rows), kept, what))


def load(env, folder=DEFAULT_FOLDER, company=None, say=lambda text: None):
    """Load the sales record into a company and return the loader with its records.

    :param Path folder: where the CSV files are
    :param company: whose customers they are; the user's own by default
    :param say: called with a line of progress
    :raise LoadError: with what to do about it; the caller rolls back
    """
    report = Report()
    loader = SalesRecordLoader(env, read_record(folder, report), report, company, say)
    loader.load()
    return loader


def main():
    """Load the record into a database given on the command line."""
    from odoo.modules.registry import Registry
    from odoo.tools import config

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("database")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    args = parser.parse_args()
    config.parse_config(["-d", args.database, "--log-level=warn"], setup_logging=True)
    with Registry(args.database).cursor() as cr:
        loader = load(
            api.Environment(cr, SUPERUSER_ID, {}),
            args.folder,
            say=lambda text: print(f"  {text}", file=sys.stderr, flush=True),
        )
        print(loader.report)


if __name__ == "__main__":
    try:
        main()
    except LoadError as error:
        sys.exit(f"ERROR: {error}")
