"""The scratch database: how it is filled, and how the state of it is kept."""

from contextlib import ExitStack
from pathlib import Path

from odoo import Command
from odoo.sql_db import db_connect

from odoo.addons.kam_management.models.account.bulk import bulk_load

SELLERS = 20


def fill(env, accounts):
    """Make customers and their orders, and commit.

    :param int accounts: number of customers
    """
    make_sellers(env)
    statements = (Path(__file__).parent / "fill.sql").read_text()
    with ExitStack() as stack:
        stack.enter_context(bulk_load(env.cr, "res_partner", accounts))
        stack.enter_context(bulk_load(env.cr, "sale_order", 5 * accounts))
        env.cr.execute("SELECT set_config('bench.accounts', %s, TRUE)", [str(accounts)])
        env.cr.execute(statements)
    env.cr.commit()
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


def vacuum(database):
    """Do what autovacuum would have done on a database at rest."""
    with db_connect(database).cursor() as cr:
        cr.commit()
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE")
        cr._cnx.autocommit = False
