"""Eight people work on the same twenty customers while the queue drains."""

import random
import time
import traceback
from functools import partial

from benchmark.scratch import fill

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import retrying

from .processes import Process, environment, run_job, say
from .state import read_state, tell_differences

PEOPLE = 8
CUSTOMERS = 20
PAUSE = (0.2, 1.2)  # seconds between two things one person does
QUEUE = "kam_management.ir_cron_process_events"
CAPTURE = "kam_management.ir_cron_capture"
# The job comes every minute: an event that waits for longer than two turns stands still.
PATIENCE = 120
# What compares all customers, and the night alone works out
RANKED = ("share", "group_share", "segment")
GROUPS = (
    "sales_team.group_sale_manager",
    "account.group_account_invoice",
    "kam_management.group_kam_manager",
)


def rush(database, seconds, events):
    """Let people and the queue work at once, for some time.

    :param int events: how many customers have news at the beginning
    :return: list of what went wrong
    """
    with environment(database) as env:
        users, customers = prepare(env, events)
    say(f"{PEOPLE} people at work for {seconds:.0f} s, {events} events waiting")
    until = time.time() + seconds
    people = [Process(work, database, user, customers, until) for user in users]
    queue = Process(drain, database, until)
    done, faults, collisions = {}, [], 0
    for person in people:
        result, errors = person.result()
        counts, seen = result or ({}, errors)
        faults += seen
        collisions += len(errors)
        for name, count in counts.items():
            done[name] = done.get(name, 0) + count
    report, errors = queue.result()
    faults += [f"log of the queue: {line}" for line in errors]
    say(f"done: {done}; errors in their log, of what Odoo tried again: {collisions}")
    say(f"queue: {report}")
    if report and report["longest_wait"] > PATIENCE:
        faults.append(f"an event waited for {report['longest_wait']:.0f} s")
    return faults + check(database)


def prepare(env, events):
    """Make customers with a past, people who work with them, and news of them all.

    :return: ids of the people, and of the customers they all work on
    """
    fill(env, max(events, CUSTOMERS))
    users = env["res.users"].with_context(no_reset_password=True)
    groups = [Command.link(env.ref(group).id) for group in GROUPS]
    users = users.create(
        [
            {"name": f"Person {n}", "login": f"rush_{n}", "group_ids": groups}
            for n in range(PEOPLE)
        ]
    )
    # the order of customers is made at night: nothing else is to follow from it here
    env.company.write({f"kam_touch_days_{segment}": 0 for segment in "abc"})
    env["kam.account"]._refresh()
    accounts = env["kam.account"].search([("level", "!=", "potential")])
    env["kam.account.event"]._append(
        (account.company_id, account.partner_id) for account in accounts[:events]
    )
    # what was reckoned is wrong everywhere, so that everything is to be written
    env.flush_all()
    env.cr.execute("UPDATE kam_account SET revenue = 1, revenue_previous = 1")
    env.cr.commit()
    return users.ids, accounts[:CUSTOMERS].partner_id.ids


# What people do


def confirm_order(env, customer):
    product = env["product.product"].search([], limit=1)
    line = {"product_id": product.id, "price_unit": random.randint(1, 9000)}
    lines = [Command.create({**line, "tax_ids": False})]
    order = {"partner_id": customer.id, "order_line": lines}
    env["sale.order"].create(order).action_confirm()


def cancel_order(env, customer):
    ours = [("partner_id", "=", customer.id), ("state", "=", "sale")]
    env["sale.order"].search(ours, limit=1, order="id desc")._action_cancel()


def log_touch(env, customer):
    env["kam.touch"].create({"account_id": customer.kam_account_id.id})


def write_account(env, customer):
    people = env["res.users"].search([("login", "=like", "rush_%")])
    customer.kam_account_id.manager_id = random.choice(people)


def post_invoice(env, customer):
    income = env["account.account"].search([("account_type", "=", "income")], limit=1)
    line = {"name": "Freight", "price_unit": 50, "account_id": income.id}
    lines = [Command.create({**line, "tax_ids": False})]
    invoice = {"move_type": "out_invoice", "partner_id": customer.id}
    env["account.move"].create({**invoice, "invoice_line_ids": lines}).action_post()


DEEDS = (confirm_order, cancel_order, log_touch, write_account, post_invoice)


def work(database, user, customers, until):
    """Do one thing after the other as Odoo does it for a request.

    :return: {what: how often}, and the errors that a person would have seen
    """
    done, seen = {"tries": 0}, []
    random.seed(user)
    while time.time() < until:
        deed, customer = random.choice(DEEDS), random.choice(customers)
        try:
            with environment(database, user) as env:
                customer = env["res.partner"].browse(customer)
                retrying(partial(attempt, deed, env, customer, done), env)
            done[deed.__name__] = done.get(deed.__name__, 0) + 1
        except Exception as error:
            trace = "" if isinstance(error, UserError) else traceback.format_exc()
            seen.append(f"{deed.__name__}: {error}\n{trace}")
        time.sleep(random.uniform(*PAUSE))
    return done, seen


def attempt(deed, env, customer, done):
    done["tries"] += 1
    deed(env, customer)


def drain(database, until):
    """Run the queue's job, and now and then the capture, as long as people work.

    :return: figures of how the queue went on
    """
    watch = Watch(database)
    while time.time() < until:
        run_job(database, QUEUE)
        watch.look()
        if watch.turns % 10 == 0:
            run_job(database, CAPTURE)
        time.sleep(1)
    return watch.report


class Watch:
    """Looks how long events wait."""

    def __init__(self, database):
        self.database, self.turns, self.start = database, 0, time.time()
        self.since = {}  # {id of an event: when it was seen first}
        self.report = {"longest_wait": 0, "drained_after": None}
        self.first = self.look()

    def look(self):
        """Note which events wait now; return their ids."""
        now = time.time()
        with environment(self.database) as env:
            waiting = set(env["kam.account.event"].search([]).ids)
        self.since = {event: self.since.get(event, now) for event in waiting}
        longest = max((now - since for since in self.since.values()), default=0)
        self.report["longest_wait"] = max(longest, self.report["longest_wait"])
        self.turns += 1
        self.report["turns"] = self.turns
        if self.turns > 1 and not self.report["drained_after"]:
            left = waiting & self.first
            self.report["left_of_the_first"] = len(left)
            if not left:
                self.report["drained_after"] = round(now - self.start, 1)
        return waiting


def check(database):
    """Drain what is left, and return what a refresh of all changes then."""
    run_job(database, QUEUE)
    with environment(database) as env:
        if left := env["kam.account.event"].search_count([]):
            return [f"{left} events are left in the queue"]
        before = read_state(env, RANKED)
        env["kam.account"]._refresh()
        env.flush_all()
        return tell_differences(before, read_state(env, RANKED))
