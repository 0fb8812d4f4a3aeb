"""Times of the facts of quotas: all managers, twelve months, seven indicators.

Beside it, in the same run: one scan of the tables they count, and the same figures as one
would get them from Odoo's own means, a few grouped reads per manager and month.
"""

import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from odoo import Command

from .clock import Clock
from .scratch import vacuum

RUNS = 3
MANAGERS = 500
CATEGORIES = 10
LOOP_MANAGERS = 5  # the loop is timed for these, and the time multiplied
FLOOR = """
    SELECT user_id, date_order::date, count(*), sum(amount_untaxed)
      FROM sale_order WHERE state = 'sale' GROUP BY 1, 2;
    SELECT product_id, count(*), sum(price_subtotal) FROM sale_order_line GROUP BY 1;
    SELECT user_id, date, count(*) FROM kam_level_transition GROUP BY 1, 2;
    SELECT user_id, date::date, count(*), sum(quality) FROM kam_touch GROUP BY 1, 2;
    SELECT user_id, count(*), min(date_start) FROM kam_account_term GROUP BY 1;
    SELECT manager_id, count(*) FROM kam_account GROUP BY 1;
"""


def measure_quotas(env):
    """Return {name: figure} of the facts of quotas."""
    fill_quotas(env)
    quotas = env["kam.quota"].search([("state", "=", "running")])
    floors, firsts, again = [], [], []
    for _run in range(RUNS):
        with Clock() as floor:
            for query in FLOOR.split(";")[:-1]:
                env.cr.execute(query)
        floors.append(floor.ms)
        for times in (firsts, again):
            env.invalidate_all()
            with Clock() as clock:
                quotas._measure()
            times.append(clock.ms)
        env.cr.rollback()
        env.invalidate_all()
    loop = measure_loop(env, quotas)
    return {
        "quotas_floor": median(floors),
        "quotas": median(firsts),
        "quotas_ratio": median(map(divide, firsts, floors)),
        "quotas_again": median(again),
        "quotas_again_ratio": median(map(divide, again, floors)),
        "quotas_loop": loop,
        "quotas_gain": loop / median(firsts),
    }


def divide(one, other):
    return one / other


def fill_quotas(env):
    """Make managers, products and quotas, and commit."""
    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": f"Manager {number}",
                "login": f"bench_manager_{number}",
                "group_ids": [Command.link(env.ref("base.group_user").id)],
            }
            for number in range(MANAGERS)
        ]
    )
    for number in range(CATEGORIES):
        category = env["product.category"].create({"name": f"Bench category {number}"})
        env["product.product"].create(
            {"name": f"Bench product {number}", "categ_id": category.id}
        )
    env.flush_all()
    env.cr.execute((Path(__file__).parent / "quotas.sql").read_text())
    env.cr.commit()
    env.invalidate_all()
    vacuum(env.cr.dbname)


def measure_loop(env, quotas):
    """Return the milliseconds of the same figures by Odoo's means, for all managers."""
    managers = quotas.user_id.sorted("id")[:LOOP_MANAGERS]
    start = time.perf_counter()
    for quota in quotas.filtered(lambda quota: quota.user_id in managers):
        for line in quota.line_ids:
            # what a computed field on the line would do
            count_by_orm(env, line)
    seconds = time.perf_counter() - start
    env.invalidate_all()
    return seconds * 1000 * MANAGERS / LOOP_MANAGERS


def count_by_orm(env, line):
    """Return a figure as grouped reads tell it, who leads the accounts being today's."""
    start, end = line.date_start, line.date_end + timedelta(days=1)
    user, kind = line.user_id, line.indicator
    if kind in ("touches", "touch_quality"):
        domain = [("user_id", "=", user.id), ("date", ">=", start), ("date", "<", end)]
        if kind == "touch_quality":
            domain.append(("quality", ">", 0))
        return env["kam.touch"]._read_group(domain, [], ["__count", "quality:avg"])
    accounts = env["kam.account"].search([("manager_id", "=", user.id)])
    customers = accounts.partner_id.ids
    if kind == "engaged":
        groups = env["kam.touch"]._read_group(
            [("account_id", "in", accounts.ids), ("date", "<", end)],
            ["account_id"],
            ["date:min"],
        )
        return sum(first.date() >= start for _account, first in groups)
    orders = [
        ("partner_id", "in", customers),
        ("state", "=", "sale"),
        ("date_order", "<", end),
    ]
    during = [*orders, ("date_order", ">=", start)]
    if kind == "revenue":
        return env["sale.order"]._read_group(during, [], ["amount_untaxed:sum"])
    if kind == "category_revenue":
        return env["sale.order.line"]._read_group(
            [
                ("order_id", "any", during),
                ("product_id.categ_id", "child_of", line.categ_id.id),
            ],
            [],
            ["price_subtotal:sum"],
        )
    groups = env["sale.order"]._read_group(
        orders, ["partner_id"], ["__count", "date_order:min", "date_order:max"]
    )
    if kind == "won":
        return sum(first.date() >= start for _p, _n, first, _last in groups)
    window = line.date_end - timedelta(days=365)
    return sum(number >= 2 and last.date() > window for _p, number, _f, last in groups)
