"""The engine's own times: first refresh, nights, months, 100 changed accounts."""

import random
from datetime import datetime, timedelta
from statistics import median

from freezegun import freeze_time

from .clock import Clock, get_peak_memory, reset_peak_memory, statement_times
from .scratch import vacuum

RUNS = 3
CHANGED = 100
FLOOR = """
    CREATE TEMP TABLE bench_floor AS
    SELECT partner_id, company_id, count(*) AS purchases, min(date_order) AS first_date,
           max(date_order) AS last_date, sum(amount_untaxed) AS revenue
      FROM sale_order
     WHERE state = 'sale'
     GROUP BY partner_id, company_id
"""


def measure_engine(env, statements):
    """Return {name: figure} of the engine, and leave it refreshed and committed.

    :param bool statements: whether to print the time of each statement, too
    """
    run_floor(env)  # warms the cache
    figures = measure(env, "first", lambda: env["kam.account"]._refresh(), statements)
    env["kam.account"]._refresh()
    env.cr.commit()
    vacuum(env.cr.dbname)
    figures |= measure(env, "nightly", lambda: run_night(env), statements)
    with freeze_time(datetime.now() + timedelta(days=1), tick=True):
        figures |= measure(env, "next_night", lambda: run_night(env), statements)
    figures |= measure(env, "weekly", lambda: env["kam.account"]._refresh(), statements)
    return figures | measure_months(env) | measure_changed(env, statements)


def run_night(env):
    """Do what the cron of the night does."""
    engine = env["kam.engine"] if "kam.engine" in env else None
    if not hasattr(engine, "_compare"):  # when each night looked at all
        env["kam.account"]._refresh()
        return
    for part in (engine._turn, engine._compare):
        part()
        env["kam.account.event"]._process_all(5_000)


def measure_months(env):
    """Return the figures of the portfolio's months a night later, without news."""
    months = env["kam.portfolio.month"]
    months._cron_take()
    # nobody's account was written lately
    env.cr.execute("UPDATE kam_account SET write_date = now() - INTERVAL '1 day'")
    env.cr.commit()
    vacuum(env.cr.dbname)
    floor = run_floor(env)
    with Clock() as clock:
        months._cron_take()
    env.cr.commit()
    return {"months": clock.ms, "months_ratio": clock.ms / floor}


def measure(env, name, work, statements):
    """Return the figures of some work over all orders, each time right after the floor.

    Every run is taken back, so that the next one finds the same.

    :param str name: prefix of the figures
    :param work: what is called
    :param bool statements: whether to print the time of each statement, too
    """
    floors, times, memory = [], [], []
    for _run in range(RUNS):
        floors.append(run_floor(env))
        reset_peak_memory()
        before = get_peak_memory()
        with Clock() as clock:
            work()
        memory.append(get_peak_memory() - before)
        times.append(clock.ms)
        take_back(env)
    if statements:
        with statement_times(name, 1):
            work()
        take_back(env)
    return {
        f"{name}_floor": median(floors),
        name: median(times),
        f"{name}_ratio": median(
            time / floor for time, floor in zip(times, floors, strict=True)
        ),
        f"{name}_memory": max(memory),
    }


def run_floor(env):
    """Return the milliseconds of one grouping of all orders."""
    with Clock() as clock:
        env.cr.execute(FLOOR)
    env.cr.execute("DROP TABLE bench_floor")
    return clock.ms


def take_back(env):
    """Undo the work, and remove the rows it left behind in the tables."""
    env.cr.rollback()
    env.invalidate_all()
    vacuum(env.cr.dbname)


def measure_changed(env, statements):
    """Return the figures of refreshing accounts whose customer has just bought."""
    times = [refresh_changed(env) for _run in range(2 * RUNS + 1)]
    if statements:
        with statement_times("changed", 1):
            refresh_changed(env)
    return {"changed": median(times)}


def refresh_changed(env):
    """Return the milliseconds of refreshing CHANGED accounts after a new order of each."""
    cr = env.cr
    cr.execute("SELECT id FROM kam_account WHERE level <> 'potential'")
    accounts = random.sample([account for [account] in cr.fetchall()], CHANGED)
    cr.execute(
        """
        WITH news AS (
            INSERT INTO sale_order (
                company_id, partner_id, partner_invoice_id, partner_shipping_id,
                kam_commercial_partner_id, currency_rate, name, state, amount_untaxed,
                date_order)
            SELECT company_id, partner_id, partner_id, partner_id, partner_id, 1, 'News',
                   'sale', 1000, now()
              FROM kam_account WHERE id IN %s
            RETURNING id, company_id)
        INSERT INTO sale_order_line (
            order_id, company_id, name, product_id, product_uom_id, product_uom_qty,
            price_unit, price_subtotal, customer_lead)
        SELECT news.id, news.company_id, 'Line', sold.product_id, sold.product_uom_id,
               1, 1000, 1000, 0
          FROM news,
               (SELECT * FROM sale_order_line WHERE product_id IS NOT NULL LIMIT 1) sold
        """,
        [tuple(accounts)],
    )
    with Clock() as clock:
        env["kam.account"]._refresh(env["kam.account"].browse(accounts))
    cr.rollback()
    env.invalidate_all()
    return clock.ms
