"""What counts as a purchase, and what a night costs more where invoices count as well."""

from statistics import median

from odoo import fields
from odoo.tools import SQL

from .clock import Clock
from .engine import take_back
from .scratch import vacuum

PAIRS = 5


def set_basis(env, basis):
    """Say what counts as a purchase, where the code knows it, and commit.

    :param str basis: ``both``, ``order`` or ``invoice``; None: what companies have anyway
    :return: what counts now
    """
    companies = env["res.company"].search([])
    if basis in get_bases(env):
        companies.kam_purchase_basis = basis
        env.cr.commit()
    return companies[0].kam_purchase_basis


def get_bases(env):
    """Return what can count as a purchase."""
    return env["res.company"]._fields["kam_purchase_basis"].get_values(env)


def measure_basis(env):
    """Return how long a night takes with basis ``both``, to one with orders alone.

    Beside it, how many more documents count as sold then: the time they take is fair.
    Who goes first changes from pair to pair. Afterwards all is as it was.
    """
    if "both" not in get_bases(env):
        return {"nightly_both": None, "both_rows": None}
    before, ratios = set_basis(env, None), []
    rows = {basis: count_sales(env, basis) for basis in ("both", "order")}
    for place in range(PAIRS):
        bases = ("both", "order") if place % 2 else ("order", "both")
        times = {basis: measure_night(env, basis) for basis in bases}
        ratios.append(times["both"] / times["order"])
    settle(env, before)
    return {
        "nightly_both": median(ratios),
        "both_rows": rows["both"] / rows["order"],
    }


def count_sales(env, basis):
    """Return how many documents count as sold with a basis."""
    set_basis(env, basis)
    evidence = env["kam.evidence"]
    sales = evidence._get_sales_sql(evidence._get_looks(fields.Date.today()))
    [[count]] = env.execute_query(SQL("SELECT count(*) FROM (%s) sale", sales))
    return count


def measure_night(env, basis):
    """Return the milliseconds of a night without news."""
    settle(env, basis)
    with Clock() as clock:
        env["kam.account"]._refresh()
    take_back(env)
    return clock.ms


def settle(env, basis):
    """Have all accounts reckoned by what counts now, and commit."""
    set_basis(env, basis)
    env["kam.account"]._refresh()
    env.cr.commit()
    env.invalidate_all()
    vacuum(env.cr.dbname)
