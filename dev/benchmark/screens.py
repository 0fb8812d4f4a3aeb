"""Times and queries of every screen of ours, as a manager of many accounts and as a head.

Every view of every action is opened as the client opens it, see ``client``; what somebody
types into the search of a customer is looked for as well. The browser's own work is not
measured: what it draws is what these calls answer, so how much that is is counted.
"""

import sys
from functools import partial
from pathlib import Path

from .client import View
from .clock import Clock
from .cockpit import MANY, make_manager, make_user
from .scratch import vacuum

RUNS = 3
AIM = 1000
# Beyond this a browser is busy with drawing, whatever the server does
MOST_RECORDS = 10_000
# What somebody types where a record is chosen
SEARCHES = (
    ("kam.account", "number 77"),
    ("kam.account", "nobody called so"),
    ("kam.stakeholder", "number 77"),
    ("kam.touch", "Talk with 77"),
)
GIVE = """
    UPDATE kam_account SET manager_id = %s
     WHERE id IN (SELECT id FROM kam_account WHERE active AND company_id = %s
                   ORDER BY id DESC LIMIT %s)
"""
HEAD = "kam_management.group_kam_manager"


def measure_screens(env, accounts):
    """Return {name: figure} of the screens, slowest ones; prints those of each.

    :param int accounts: number of accounts there are; each gets three touches
    """
    fill_touches(env)
    users = {
        "manager": find_user(env, "many")
        or make_manager(env, "many", min(MANY, accounts // 2)),
        "head": find_user(env, "head") or make_user(env, "head", HEAD),
    }
    # whoever had them before: the figures of quotas deal out all accounts of small sizes
    company = users["manager"].company_id.id
    env.flush_all()
    env.cr.execute(GIVE, [users["manager"].id, company, min(MANY, accounts // 2)])
    env.invalidate_all()
    env.cr.commit()
    vacuum(env.cr.dbname)
    figures, failed, empty = {}, [], []
    for role, user in users.items():
        clocks, rows = {}, {}
        for name, prepare in get_screens(env(user=user.id, su=False)):
            try:
                clocks[name], rows[name] = measure_screen(env, role, name, prepare)
            except Exception as error:
                # a view that cannot be opened is told and does not hide the others
                env.cr.rollback()
                failed.append(f"{role} {name}: {error!r}")
        empty += [f"{role} {name}" for name, number in rows.items() if not number]
        figures |= {
            f"screens_{role}": max(clock.ms for clock in clocks.values()),
            f"screens_{role}_slow": sum(clock.ms > AIM for clock in clocks.values()),
            f"screens_{role}_rows": max(rows.values()),
            f"screens_{role}_queries": max(c.queries for c in clocks.values()),
        }
    for line in failed:
        say(f"NOT OPENED {line}")
    if empty:
        say(f"NOT MEASURED, as there is nothing to show: {', '.join(empty)}")
    return figures | {"screens_failed": len(failed), "screens_empty": len(empty)}


def fill_touches(env):
    """Make a past of touches, have the accounts follow it, and commit."""
    env.cr.execute((Path(__file__).parent / "screens.sql").read_text())
    env.invalidate_all()
    env["kam.account"]._refresh()
    env.cr.commit()


def find_user(env, name):
    """Return a user that the cockpit was measured with, empty where it was not."""
    return env["res.users"].search([("login", "=", f"bench_cockpit_{name}")])


def get_screens(env):
    """Yield (name, function) for what a user opens, groups by and looks for."""
    # sudo: the client gets actions and their views the same way
    for action in find_actions(env(su=True)):
        if not env[action["res_model"]].has_access("read"):
            continue
        for view_id, kind in action["views"]:
            view = partial(View, env, action, view_id, kind)
            yield f"{action['path']} {kind}", view
            if kind == "list":
                for group in view().groupings:
                    yield f"{action['path']} by {group}", partial(view, group=group)
    for model, text in SEARCHES:
        yield f"{model} “{text}”", partial(Search, env, model, text)


class Search:
    """What the client asks while somebody types a name."""

    def __init__(self, env, model, text):
        self.Model, self.text = env[model].with_context(lang="en_US"), text

    def open(self):
        """Return what is offered for the text."""
        return [self.Model.name_search(self.text, limit=8)]


def find_actions(env):
    """Return the windows of ours that open without something chosen before, as dicts."""
    owned = env["ir.model.data"].search_fetch(
        [("module", "=", "kam_management"), ("model", "=", "ir.actions.act_window")],
        ["res_id"],
        order="name",
    )
    actions = env["ir.actions.act_window"].browse(owned.mapped("res_id"))
    return [
        action.read()[0]
        for action in actions
        # those without a path open on something that was chosen before
        if action.path and not env[action.res_model]._transient
    ]


def measure_screen(env, role, name, prepare):
    """Return the clock of the median opening of a screen and its rows, and print both."""
    clocks = []
    for _run in range(RUNS + 1):
        env.invalidate_all()
        screen = prepare()
        env.invalidate_all()
        with Clock() as clock:
            answers = screen.open()
        clocks.append(clock)
    clock = sorted(clocks[1:], key=lambda c: c.ms)[RUNS // 2]
    records = count_records(answers)
    good = clock.ms <= AIM and records <= MOST_RECORDS
    say(
        f"{'PASS' if good else 'MISS'} {role:<9}{name:<50}{clock.ms:8,.0f} ms"
        f" {clock.queries:4} queries {records:8,} rows"
    )
    return clock, records


def count_records(answer):
    """Return of how many records and groups an answer consists, lines included."""
    if isinstance(answer, dict):
        own = "id" in answer or bool(answer.get("__count"))
        return own + sum(map(count_records, answer.values()))
    if isinstance(answer, (list, tuple)):
        return sum(map(count_records, answer))
    return 0


def say(text):
    print(f"    {text}", file=sys.stderr, flush=True)
