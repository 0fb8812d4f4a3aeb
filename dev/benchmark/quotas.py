"""Times of the facts of quotas: all managers, twelve months, seven indicators.

Beside it, in the same run: one scan of the tables they count, and the same figures as they
are got without the app, each twice over: by a loop over the customers, as a computed field
of the contact has it, and by the best one can write with grouped reads. (Both leave out
invoices without an order and what was credited, which would take them longer still.)
"""

from datetime import timedelta
from pathlib import Path
from statistics import median

from odoo import Command

from .clock import Clock
from .scratch import vacuum

RUNS = 3
MANAGERS = 500
# What is slow is timed for a part, and the time multiplied.
LOOP_ACCOUNTS = 20
GROUPING_MANAGERS = 5
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
    lines = quotas._read_lines()
    today = quotas.filtered(lambda q: q.date_end >= max(quotas.mapped("date_end")))
    floors, facts, firsts, again, news = [], [], [], [], []
    for _run in range(RUNS):
        with Clock() as floor:
            for query in FLOOR.split(";")[:-1]:
                env.cr.execute(query)
        floors.append(floor.ms)
        for times, work in (
            (facts, lambda: env["kam.measure"]._sum(lines)),
            (firsts, quotas._measure),
            (again, quotas._measure),
            (news, today._measure_news),
        ):
            env.invalidate_all()
            with Clock() as clock:
                work()
            times.append(clock.ms)
        env.cr.rollback()
        env.invalidate_all()
    loop, grouping = measure_loop(env, quotas), measure_grouping(env, quotas)
    return {
        "quotas_floor": median(floors),
        "quotas_facts": median(facts),
        "quotas_ratio": median(map(divide, facts, floors)),
        "quotas_first": median(firsts),
        "quotas_again": median(again),
        "quotas_again_ratio": median(map(divide, again, floors)),
        "quotas_news": median(news),
        "quotas_news_ratio": median(map(divide, news, floors)),
        "quotas_loop": loop,
        "quotas_loop_share": 100 * median(facts) / loop,
        "quotas_grouping": grouping,
        "quotas_grouping_share": 100 * median(facts) / grouping,
    }


def divide(one, other):
    return one / other


def fill_quotas(env):
    """Make managers and quotas, and commit."""
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
    env.flush_all()
    env.cr.execute((Path(__file__).parent / "quotas.sql").read_text())
    env.cr.commit()
    env.invalidate_all()
    vacuum(env.cr.dbname)


def measure_loop(env, quotas):
    """Return the milliseconds of a loop over all customers, for all periods."""
    manager = quotas.user_id.sorted("id")[0]
    lines = quotas.filtered(lambda quota: quota.user_id == manager).line_ids
    accounts = env["kam.account"].search([("manager_id", "in", quotas.user_id.ids)])
    sample = accounts[:: max(len(accounts) // LOOP_ACCOUNTS, 1)][:LOOP_ACCOUNTS]
    with Clock() as clock:
        for line in lines:
            for account in sample:
                count_of_account(env, line, account)
    env.invalidate_all()
    return clock.ms * len(accounts) / len(sample)


def measure_grouping(env, quotas):
    """Return the milliseconds of grouped reads, for all managers."""
    managers = quotas.user_id.sorted("id")[:GROUPING_MANAGERS]
    lines = quotas.filtered(lambda quota: quota.user_id in managers).line_ids
    with Clock() as clock:
        for line in lines:
            count_by_groups(env, line)
    env.invalidate_all()
    return clock.ms * len(quotas.user_id) / len(managers)


def count_of_account(env, line, account):
    """Return what a customer adds to a figure, as a computed field would find it."""
    start, end = line.date_start, line.date_end + timedelta(days=1)
    kind, touches = line.indicator, [("account_id", "=", account.id)]
    during = [("date", ">=", start), ("date", "<", end)]
    if kind == "touches":
        return env["kam.touch"].search_count([*touches, *during])
    if kind == "touch_quality":
        rated = env["kam.touch"].search([*touches, *during, ("quality", ">", 0)])
        return sum(rated.mapped("quality")), len(rated)
    if kind == "engaged":
        first = env["kam.touch"].search(touches, order="date", limit=1)
        return bool(first) and start <= first.date.date() < end
    orders = [("partner_id", "=", account.partner_id.id), ("state", "=", "sale")]
    during = [*orders, ("date_order", ">=", start), ("date_order", "<", end)]
    if kind == "revenue":
        return sum(env["sale.order"].search(during).mapped("amount_untaxed"))
    if kind == "category_revenue":
        lines = env["sale.order"].search(during).order_line
        sold = lines.filtered(lambda line_: line_.product_id.categ_id == line.categ_id)
        return sum(sold.mapped("price_subtotal"))
    if kind == "won":
        first = env["sale.order"].search(orders, order="date_order", limit=1)
        return bool(first) and start <= first.date_order.date() < end
    ordered = env["sale.order"].search([*orders, ("date_order", "<", end)])
    window = line.date_end - timedelta(days=365)
    return len(ordered) >= 2 and max(ordered.mapped("date_order")).date() > window


def count_by_groups(env, line):
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
