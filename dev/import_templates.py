"""Writes the sheets that people fill in to load their data, see ``get_import_templates``.

    python dev/import_templates.py

The names of the columns are the labels of the fields; rows are examples to write over.
"""

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

FOLDER = Path(__file__).parents[1] / "kam_management/static/xls"
SHEETS = {
    "kam_account": [
        ["Customer", "Key Account Manager", "Developer", "Telemarketer", "Sales Team"]
        + ["Sales Type", "Key Account"],
        ["Meyer Machines", "anna@example.com", "Boris Berg", "", "", "Project", "True"],
        ["K-4711", "Boris Berg", "", "", "Sales", "Transactional", ""],
    ],
    "kam_opening_balance": [
        ["Customer", "Opening: First Purchase", "Opening: Last Purchase"]
        + ["Opening: Purchases", "Opening: Revenue", "Opening: Previous Revenue"],
        ["Meyer Machines", date(2019, 3, 4), date(2025, 11, 20), 17, 48250.5, 39900],
        ["Huber Hoists", date(2024, 6, 1), date(2024, 6, 1), 1, 1200, 0],
    ],
    "kam_stakeholder": [
        ["Account", "Person", "Buying Roles", "Influence", "Attitude"]
        + ["Decision Style", "Organisation Level", "Relationship Owner"],
        ["Meyer Machines", "Eva Klein", "Decides,Sponsor", "High", "Supporter"]
        + ["", "Directors", ""],
        ["Huber Hoists", "Otto Brandt", "", "Medium", "", "", "Managers", "Boris Berg"],
    ],
    "kam_quota": [
        ["Key Account Manager", "Sales Team", "Period", "Targets/Indicator"]
        + ["Targets/Product Category", "Targets/Target", "Targets/Actual Before Odoo"],
        ["anna@example.com", "", "2026-01", "Revenue", "", 120000, ""],
        ["anna@example.com", "", "2026-01", "New customers won", "", 4, ""],
        ["", "Sales", "Q1 2026", "Revenue", "", 700000, ""],
        ["Boris Berg", "", "2024", "Revenue", "", 900000, 874300],
    ],
    "kam_account_term": [
        ["Account", "Key Account Manager", "From", "Until"],
        ["Meyer Machines", "Boris Berg", date(2021, 1, 1), date(2023, 12, 31)],
        ["Meyer Machines", "anna@example.com", date(2024, 1, 1), date(2025, 6, 30)],
    ],
}


def write(name, rows):
    """Write a sheet with a bold row of labels and wide columns."""
    with xlsxwriter.Workbook(FOLDER / f"{name}_import_template.xlsx") as book:
        # the same bytes whenever it is written
        book.set_properties({"created": datetime(2026, 1, 1)})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.set_column(0, len(rows[0]) - 1, 26)
        sheet.write_row(0, 0, rows[0], bold)
        for number, row in enumerate(rows[1:], 1):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, day)
                elif value != "":
                    sheet.write(number, place, value)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, rows in SHEETS.items():
        write(name, rows)
