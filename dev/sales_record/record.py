"""The sales record itself: read, mended and counted, without Odoo."""

import csv
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

FILES = ("accounts", "products", "sales_teams", "sales_pipeline")
DEFAULT_FOLDER = Path(
    os.environ.get("KAM_SALES_RECORD")
    or Path(__file__).resolve().parents[3] / "shared/data/crm_sales_opportunities"
)
# Words that are wrong or ambiguous, and what is meant.
SPELLINGS = {
    "technolgy": "technology",
    "Philipines": "Philippines",
    "Korea": "South Korea",
}


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


def get_sales(record, accounts=None):
    """Return the won opportunities that say enough for an order, oldest first.

    :param accounts: names of the customers whose sales are wanted; None for all
    """
    known = get_names(record)
    sales = [
        row
        for row in record["sales_pipeline"]
        if row["deal_stage"] == "Won"
        and row["account"] in known["account"]
        and (accounts is None or row["account"] in accounts)
        and row["product"] in known["product"]
        and row["close_date"]
        and row["close_value"]
    ]
    return sorted(sales, key=lambda row: row["close_date"])


def get_engaged(record):
    """Return the opportunities that were engaged on a known day."""
    return [row for row in record["sales_pipeline"] if row["engage_date"]]
