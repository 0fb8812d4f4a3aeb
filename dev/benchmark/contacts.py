"""Times of what is done with contacts: capturing a past of mails, the rhythm of all."""

from pathlib import Path
from statistics import median

from .clock import Clock, get_peak_memory, reset_peak_memory
from .engine import run_floor, take_back
from .scratch import vacuum

RUNS = 3
MAIL_FLOOR = """
    CREATE TEMP TABLE bench_floor AS
    SELECT model, res_id, author_id, count(*) AS messages, min(date) AS first_date,
           max(date) AS last_date
      FROM mail_message
     GROUP BY model, res_id, author_id
"""


def measure_contacts(env, accounts):
    """Return {name: figure} of capture and cadence, and leave the mails captured.

    :param int accounts: number of accounts, and of mails to make
    """
    fill_mails(env, accounts)
    return measure_capture(env) | measure_cadence(env)


def fill_mails(env, accounts):
    """Make a past of mails and some dossiers, and commit."""
    env.cr.execute("SELECT set_config('bench.accounts', %s, TRUE)", [str(accounts)])
    env.cr.execute((Path(__file__).parent / "contacts.sql").read_text())
    env.cr.commit()
    vacuum(env.cr.dbname)


def measure_capture(env):
    """Return the figures of capturing all mails, and of looking again without news."""
    with Clock() as floor:
        env.cr.execute(MAIL_FLOOR)
    env.cr.execute("DROP TABLE bench_floor")
    reset_peak_memory()
    before = get_peak_memory()
    with Clock() as capture:
        env["kam.touch"]._capture()
    figures = {
        "capture": capture.ms,
        "capture_ratio": capture.ms / floor.ms,
        "capture_memory": get_peak_memory() - before,
    }
    # that was yesterday
    env.cr.execute("UPDATE kam_touch SET write_date = now() - INTERVAL '1 day'")
    env.cr.execute("UPDATE mail_message SET create_date = now() - INTERVAL '1 day'")
    env.cr.commit()
    vacuum(env.cr.dbname)
    with Clock() as again:
        env["kam.touch"]._capture()
    env.cr.commit()
    return figures | {"capture_again": again.ms}


def measure_cadence(env):
    """Return the figures of a refresh that moves the next touch of every account."""
    env["kam.account"]._refresh()
    env.cr.commit()
    vacuum(env.cr.dbname)
    times, ratios = [], []
    for _run in range(RUNS):
        floor = run_floor(env)
        env.cr.execute(
            """
            UPDATE res_company
               SET kam_touch_days_engaged = kam_touch_days_engaged + 1,
                   kam_touch_days_new = kam_touch_days_new + 1,
                   kam_touch_days_active = kam_touch_days_active + 1,
                   kam_touch_days_dormant = kam_touch_days_dormant + 1
            """
        )
        env.invalidate_all()
        with Clock() as clock:
            env["kam.account"]._refresh()
        times.append(clock.ms)
        ratios.append(clock.ms / floor)
        take_back(env)
    return {"cadence": median(times), "cadence_ratio": median(ratios)}
