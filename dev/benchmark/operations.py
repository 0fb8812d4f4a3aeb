"""What is done to many records at once: with and without the addon, or within an aim.

Like the confirmation of orders, each is done with the addon's part in it and with that
switched off, by turns, and taken back. Flushed and brought to the point of the commit,
where messages are written and news are appended; not committed.
"""

import sys
from statistics import median

from .clock import Clock
from .cockpit import make_user
from .confirm import Switch

PAIRS = 5
HANDED_OVER = 5_000
FEW_HANDED_OVER = 500
LEADS = 100
ARCHIVED = 1_000
AIM_OVER, AIM_PERCENT = 2_000, 10
CUSTOMERS = [("name", "=like", "Customer number %")]


def measure_operations(env):
    """Return {name: figure} of what is done to many records at once; prints them."""
    return measure_handover(env) | measure_shares(env)


def measure_handover(env):
    """Return the figures of giving many accounts to another manager, as a head of sales."""
    head = env["res.users"].search([("login", "=", "bench_cockpit_head")])
    head = head or make_user(env, "head", "kam_management.group_kam_manager")
    successor = make_user(env, "successor", "kam_management.group_kam_user")
    env.cr.commit()
    accounts = env["kam.account"].search([], limit=HANDED_OVER, order="id")
    clocks = {}
    for count in (FEW_HANDED_OVER, len(accounts)):
        runs = []
        for _run in range(3):
            some = accounts[:count].with_env(env(user=head.id, su=False))
            runs.append(take(env, lambda s=some: s.write({"manager_id": successor.id})))
        clocks[count] = sorted(runs, key=lambda clock: clock.ms)[1]
    few, many = clocks[FEW_HANDED_OVER], clocks[len(accounts)]
    tell("another manager for 5 000 accounts", many.ms, many.queries, AIM_OVER)
    return {
        "handover": many.ms,
        "handover_queries": many.queries,
        "handover_more_queries": many.queries - few.queries,
    }


def measure_shares(env):
    """Return our share in what Odoo does, in percent of what it takes without us."""
    env = env(user=env.ref("base.user_admin").id, su=False)
    switch, figures = Switch(env.registry), {}
    for name, work, leave_out in (
        ("import_leads", import_leads, None),
        ("merge", merge_customers, drop_account),
        ("archive", archive_customers, None),
    ):
        pairs = []
        for place in range(PAIRS + 1):
            clocks = {}
            for on in (True, False) if place % 2 else (False, True):
                switch.on = on
                if leave_out and not on:
                    leave_out(env)
                clocks[on] = take(env, lambda w=work: w(env))
            switch.on = True
            pairs.append((clocks[True], clocks[False]))
        figures |= get_share(name, pairs[1:])
    return figures


def get_share(name, pairs):
    """Return the figures of (with, without) pairs of clocks, and print them."""
    without = median(off.ms for _on, off in pairs)
    percent = 100 * median(on.ms - off.ms for on, off in pairs) / without
    queries = median(on.queries - off.queries for on, off in pairs)
    tell(f"{name}: ours, in % of {without:,.0f} ms", percent, queries, AIM_PERCENT)
    return {name: without, f"{name}_percent": percent, f"{name}_queries": queries}


def take(env, work):
    """Return the clock of some work up to its commit, and take it back."""
    env.invalidate_all()
    with Clock() as clock:
        work()
        env.cr.flush()
    env.cr.rollback()
    env.invalidate_all()
    return clock


def import_leads(env):
    """Load a file of leads, half of them of known customers."""
    known = env["res.partner"].search(CUSTOMERS, limit=LEADS // 2, order="id")
    rows = [[f"Lead {n}", one.id, "", "5"] for n, one in enumerate(known)]
    rows += [
        [f"Lead of a stranger {n}", "", f"stranger-{n}@example.com", "5"]
        for n in range(LEADS - len(rows))
    ]
    names = ["name", "partner_id/.id", "email_from", "expected_revenue"]
    result = env["crm.lead"].load(names, rows)
    if not result["ids"]:
        raise RuntimeError(f"leads not imported: {result['messages'][:3]}")


def merge_customers(env):
    """Merge two customers that bought and talked to us."""
    pair = get_pair(env)
    env["base.partner.merge.automatic.wizard"].sudo()._merge(pair.ids, pair[0])


def get_pair(env):
    return env["res.partner"].search(CUSTOMERS, limit=2, order="id")


def drop_account(env):
    """Leave one of the customers to merge without what the addon keeps about them.

    Odoo alone would not find it, and could not merge two accounts of a company.
    """
    env.cr.execute(
        "DELETE FROM kam_account WHERE partner_id = %s", [get_pair(env)[1].id]
    )
    env.invalidate_all()


def archive_customers(env):
    """Archive many customers at once."""
    env["res.partner"].search(CUSTOMERS, limit=ARCHIVED, order="id").action_archive()


def tell(what, figure, queries, aim):
    verdict = "PASS" if figure <= aim else "MISS"
    print(
        f"    {verdict} {what:<59}{figure:8,.0f}    {queries:6,.0f} queries",
        file=sys.stderr,
        flush=True,
    )
