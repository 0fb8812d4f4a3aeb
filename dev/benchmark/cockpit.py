"""Times and queries of the cockpit: of a manager with few accounts, with many, of a head."""

import sys
from statistics import median

from odoo import Command

from .clock import Clock
from .scratch import vacuum

RUNS = 5
AIM = 300
FEW, MANY = 500, 50_000
MY_DAY = ("get_my_day", "get_my_week", "get_my_quotas")
PORTFOLIO = (
    "get_portfolio_accounts",
    "get_portfolio_funnel",
    "get_portfolio_pareto",
    "get_portfolio_concentration",
)
MANAGERS = (
    "get_managers_quotas",
    "get_managers_work",
    "get_managers_key_accounts",
    "get_managers_cards",
)
# What was captured, refreshed and ordered is dealt out; something is on every card.
DEAL = """
    UPDATE kam_account a
       SET manager_id = %(user)s, is_key_account = a.id %% 100 = 0,
           health = CASE WHEN a.id %% 100 = 0 THEN 20 ELSE health END,
           health_band = CASE WHEN a.id %% 100 = 0 THEN 'poor' ELSE health_band END,
           next_touch_date = current_date + (a.id %% 60)::int - 30
      FROM (SELECT id FROM kam_account
             WHERE active AND company_id = %(company)s
               AND (manager_id IS NULL OR manager_id IN (
                    SELECT id FROM res_users WHERE login LIKE 'bench_seller_%%'
                                                OR login LIKE 'bench_manager_%%'))
             ORDER BY id DESC LIMIT %(count)s) mine
     WHERE a.id = mine.id;
    UPDATE sale_order o SET state = 'sent', user_id = %(user)s
      FROM (SELECT max(o.id) AS id
              FROM sale_order o
              JOIN kam_account a ON a.partner_id = o.kam_commercial_partner_id
             WHERE a.manager_id = %(user)s AND a.id %% 50 = 0
             GROUP BY a.id) last
     WHERE o.id = last.id;
"""


def measure_cockpit(env, accounts):
    """Return {name: figure} of the cockpit, slowest calls; prints those of each call.

    :param int accounts: number of accounts there are; half are the most a manager has
    """
    few = make_manager(env, "few", FEW)
    many = make_manager(env, "many", min(MANY, accounts // 2))
    head = make_user(env, "head", "kam_management.group_kam_manager")
    env.cr.commit()
    vacuum(env.cr.dbname)
    keep = keep_figures(env)
    calls = MY_DAY + PORTFOLIO
    times, queries = {}, {}
    for user, methods in ((few, calls), (many, calls), (head, MANAGERS + PORTFOLIO)):
        for method in methods:
            times[user, method], queries[user, method] = measure_call(user, method)
    more = max(abs(queries[many, call] - queries[few, call]) for call in calls)
    return {
        "cockpit_few": max(times[few, call] for call in calls),
        "cockpit_many": max(times[many, call] for call in calls),
        "cockpit_more_queries": more,
        "cockpit_managers": max(times[head, call] for call in MANAGERS),
        "cockpit_head_portfolio": max(times[head, call] for call in PORTFOLIO),
        "cockpit_keep": keep,
    }


def keep_figures(env):
    """Keep the figures of large companies; return the milliseconds, None without any."""
    Figures = env["kam.cockpit.figures"]
    large = Figures._find_large()
    with Clock() as clock:
        for company in large:
            Figures._keep(company)
    env.cr.commit()
    return clock.ms if large else None


def measure_call(user, method):
    """Return the median milliseconds of a call of a user, and its queries."""
    env = user.env(user=user)
    clocks = []
    for _run in range(RUNS + 1):
        env.invalidate_all()
        with Clock() as clock:
            getattr(env["kam.cockpit"], method)()
        clocks.append(clock)
    # the first one fills the caches that live longer than a call
    ms, queries = median(clock.ms for clock in clocks[1:]), clocks[-1].queries
    verdict = "PASS" if ms <= AIM else "MISS"
    print(
        f"    {verdict} {user.login:<20}{method:<30}{ms:8,.0f} ms {queries:4} queries",
        file=sys.stderr,
        flush=True,
    )
    return ms, queries


def make_user(env, name, group):
    """Return a user who may see everything the screens have."""
    groups = ("base.group_user", group, "kam_management.group_kam_personal")
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": f"Cockpit {name}",
                "login": f"bench_cockpit_{name}",
                "group_ids": [Command.link(env.ref(group).id) for group in groups],
            }
        )
    )


def make_manager(env, name, count):
    """Return a manager who leads a number of accounts, with plans, quota, activities."""
    user = make_user(env, name, "kam_management.group_kam_user")
    env.flush_all()
    env.cr.execute(
        DEAL, {"user": user.id, "count": count, "company": user.company_id.id}
    )
    env.invalidate_all()
    mine = [("manager_id", "=", user.id), ("is_key_account", "=", True)]
    keys = env["kam.account"].search(mine, limit=5, order="id")
    env["kam.plan"].create([{"account_id": account.id} for account in keys]).write(
        {"state": "running"}
    )
    todo = env.ref("mail.mail_activity_data_todo").id
    for account in keys:
        account.activity_schedule(user_id=user.id, activity_type_id=todo)
    make_quota(env, user)
    return user


def make_quota(env, user):
    """Make a quota of this month for a manager; it is not measured here."""
    env.cr.execute(
        "SELECT date_trunc('month', current_date)::date,"
        " (date_trunc('month', current_date) + INTERVAL '1 month - 1 day')::date"
    )
    [(start, end)] = env.cr.fetchall()
    indicators = ("kept", "won", "engaged", "revenue", "touches")
    quota = env["kam.quota"].create(
        {
            "user_id": user.id,
            "date_start": start,
            "date_end": end,
            "line_ids": [
                Command.create({"indicator": indicator, "target": 10})
                for indicator in indicators
            ],
        }
    )
    quota.state = "running"
