"""Put a real sales record into a database, through Odoo's models.

The record is Maven Analytics' "CRM Sales Opportunities" as four CSV files: 85
customers, 35 agents in 6 teams, 7 products, 8 800 opportunities of 2016 and 2017.

    accounts.csv        customers; a subsidiary has its parent company
    products.csv        products with their list price
    sales_teams.csv     users for agents and managers, a sales team per manager
    sales_pipeline.csv  opportunities; `engage_date` is a touch on that day; `Won` is a
                        confirmed order and a posted invoice, both dated `close_date`

Real data is dirty: what can be mended is mended, what cannot stays out of the field it
does not fit in, and the report tells both. No row is lost: all are counted in the end.

`dev/load` runs this package; the tests import it.
"""

# `odoo` is a namespace until this is imported; only then has it Command and the like.
import odoo.init

from .loader import load
from .record import DEFAULT_FOLDER, LoadError, Report, read_record

__all__ = ["DEFAULT_FOLDER", "LoadError", "Report", "load", "read_record"]
