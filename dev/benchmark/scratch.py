"""The scratch database: how it is filled, and how the state of it is kept."""

from contextlib import ExitStack
from pathlib import Path

from odoo import Command
from odoo.sql_db import db_connect

try:
    from odoo.addons.kam_management.models.engine.run import bulk_load
except ImportError:  # before the engine had a room of its own
    from odoo.addons.kam_management.models.account.bulk import bulk_load

SELLERS = 20
CATEGORIES = 10
# Rows to come per customer, in tables that are empty
TABLES = {
    "sale_order": 5,
    "sale_order_line": 12,
    "account_move": 3,
    "account_move_line": 14,
    "sale_order_line_invoice_rel": 7,
}
# What is computed when documents are made by Odoo, not by SQL
BILLING = """
    UPDATE account_move m SET kam_bills_orders = bill.of_orders
      FROM (
        SELECT l.move_id, bool_and(link.order_line_id IS NOT NULL) AS of_orders
          FROM account_move_line l
          LEFT JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = l.id
         WHERE l.display_type = 'product'
         GROUP BY l.move_id
      ) bill
     WHERE m.id = bill.move_id
"""


def fill(env, accounts):
    """Make customers, their orders and invoices, and commit.

    :param int accounts: number of customers
    """
    make_sellers(env)
    make_products(env)
    with ExitStack() as stack:
        for table, per_customer in TABLES.items():
            stack.enter_context(bulk_load(env.cr, table, per_customer * accounts))
        env.cr.execute("SELECT set_config('bench.accounts', %s, TRUE)", [str(accounts)])
        for name in ("fill.sql", "invoices.sql"):
            env.cr.execute((Path(__file__).parent / name).read_text())
    env.cr.commit()
    if "kam_bills_orders" in env["account.move"]._fields:
        env.cr.execute(BILLING)
        env.cr.commit()
        # each row was written twice
        vacuum(env.cr.dbname, "VACUUM FULL account_move")
    vacuum(env.cr.dbname)


def make_sellers(env):
    """Make the salespeople among whom the orders are dealt out."""
    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": f"Seller {number}",
                "login": f"bench_seller_{number}",
                "group_ids": [
                    Command.link(env.ref("base.group_user").id),
                    Command.link(env.ref("sales_team.group_sale_salesman").id),
                ],
            }
            for number in range(SELLERS)
        ]
    )
    env.flush_all()


def make_products(env):
    """Make what is sold, each product of a category of its own."""
    for number in range(CATEGORIES):
        category = env["product.category"].create({"name": f"Bench category {number}"})
        env["product.product"].create(
            {"name": f"Bench product {number}", "categ_id": category.id}
        )
    env.flush_all()


def vacuum(database, statement="VACUUM ANALYZE"):
    """Do what autovacuum would have done on a database at rest.

    :param str database: its name
    :param str statement: what to do
    """
    with db_connect(database).cursor() as cr:
        cr.commit()
        cr._cnx.autocommit = True
        cr.execute(statement)
        cr._cnx.autocommit = False
