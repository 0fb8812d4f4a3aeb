"""What counts as a purchase, and what a night costs more where invoices count as well."""

from statistics import median

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

    Who goes first changes from pair to pair. Afterwards all is as it was.
    """
    if "both" not in get_bases(env):
        return {"nightly_both": None}
    before, ratios = set_basis(env, None), []
    for place in range(PAIRS):
        bases = ("both", "order") if place % 2 else ("order", "both")
        times = {basis: measure_night(env, basis) for basis in bases}
        ratios.append(times["both"] / times["order"])
    settle(env, before)
    return {"nightly_both": median(ratios)}


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
