"""What sending and confirming a quotation costs more because of the addon.

As the confirmation of orders is measured: pairs of equal quotations, one with the addon's
part in it and one without. Of a key account manager who has a limit for concessions, and
of a colleague without the addon's groups, who is to notice nothing.
"""

from .cockpit import make_user
from .confirm import PAIRS, WARM_UP, Switch, do_to_order, get_figures, make_orders


def measure_offer(env):
    """Return the figures of sending and confirming quotations."""
    manager = make_user(env, "offer", "kam_management.group_kam_user")
    seller = env["res.users"].search([("login", "=", "bench_seller_0")])
    limits = env["kam.concession.limit"]
    limits.search([]).unlink()
    limits.create({"percent": 50})
    env.cr.commit()
    figures = {}
    for name, user, is_sent in (
        ("send", manager, False),
        ("confirm_sent", manager, True),
        ("send_guest", seller, False),
        ("confirm_sent_guest", seller, True),
    ):
        orders = make_orders(env(user=user.id, su=False))
        if is_sent:
            send_and_lower(env(user=user.id, su=False), orders)
        figures |= measure_pairs(env, user, orders, name, is_sent)
    return figures


def send_and_lower(env, ids):
    """Send quotations, and give away a little afterwards."""
    orders = env["sale.order"].browse(ids)
    orders.action_quotation_sent()
    orders.order_line.discount = 5
    env.cr.commit()


def measure_pairs(env, user, ids, name, is_sent):
    """Return the figures of sending quotations, or of confirming them."""
    switch, pairs = Switch(env.registry), []
    do = "action_confirm" if is_sent else "action_quotation_sent"
    for place in range(PAIRS + WARM_UP):
        clocks = {}
        for on in (True, False) if place % 2 else (False, True):
            switch.on = on
            clocks[on] = do_to_order(env.cr, user.id, ids.pop(), do)
        switch.on = True
        pairs.append((clocks[True], clocks[False]))
    return get_figures(pairs[WARM_UP:], name)
