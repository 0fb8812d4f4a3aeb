"""What confirming an order costs a salesperson more because of the addon.

Two equal orders of two customers are confirmed one after the other, each in a
transaction of its own with empty caches: one as it is, one with the addon's part in it
switched off. Who goes first changes from pair to pair, and the median of the differences
counts, so that what slows the machine down for a while falls on both sides. The commit
belongs to it: the addon wakes its queue there.

Switched off, every method of Odoo's that the addon extends is called without the
extension, and no change of a field leads to a computed field of the addon. Asking the
switch costs both sides the same, some nanoseconds.
"""

import functools
from statistics import median, quantiles
from types import FunctionType

from odoo import Command, api

from .clock import Clock

ADDON = "kam_management"
PAIRS = 150
WARM_UP = 10  # pairs that do not count


class Switch:
    """The addon's part in what Odoo does; ``on`` switches it."""

    def __init__(self, registry):
        self.registry = registry
        self._on = True
        self._triggers = {
            True: (registry._field_triggers, {}, {}),
            False: (drop_addon_fields(registry._field_triggers), {}, {}),
        }
        for cls in get_addon_classes(registry):
            self._make_methods_switchable(cls)
        self.on = True

    @property
    def on(self):
        return self._on

    @on.setter
    def on(self, value):
        self._on = value
        # What follows from which field, and two caches of it
        (
            self.registry._field_triggers,
            self.registry._field_trigger_trees,
            self.registry._is_modifying_relations,
        ) = self._triggers[value]

    def _make_methods_switchable(self, cls):
        """Let the methods of a class of the addon give way to what they extend."""
        for model in self.registry.values():
            if cls not in model.__mro__:
                continue
            extended = model.__mro__[model.__mro__.index(cls) + 1 :]
            for name, method in list(vars(cls).items()):
                if isinstance(method, FunctionType) and any(
                    name in vars(base) for base in extended
                ):
                    setattr(cls, name, self._make_switchable(cls, name, method))
            return

    def _make_switchable(self, cls, name, method):
        @functools.wraps(method)
        def switchable(self_, *args, **kwargs):
            if self._on:
                return method(self_, *args, **kwargs)
            return getattr(super(cls, self_), name)(*args, **kwargs)

        return switchable


def get_addon_classes(registry):
    """Return the classes with which the addon extends models of others."""
    return {
        cls
        for model in registry.values()
        for cls in model.__mro__
        if cls.__module__.startswith(f"odoo.addons.{ADDON}.")
        and not model._name.startswith("kam.")
    }


def drop_addon_fields(triggers):
    """Return field triggers without those that lead to a field of the addon."""
    return {
        field: {
            path: type(fields)(f for f in fields if ADDON not in f._modules)
            for path, fields in paths.items()
        }
        for field, paths in triggers.items()
    }


def measure_confirm(env):
    """Return the figures of confirming an order, with and without the addon."""
    seller = env["res.users"].search([("login", "=", "bench_seller_0")])
    orders = make_orders(env(user=seller.id, su=False))
    switch, pairs = Switch(env.registry), []
    for place in range(PAIRS + WARM_UP):
        clocks = {}
        for on in (True, False) if place % 2 else (False, True):
            switch.on = on
            clocks[on] = do_to_order(env.cr, seller.id, orders.pop(), "action_confirm")
        switch.on = True
        pairs.append((clocks[True], clocks[False]))
    return get_figures(pairs[WARM_UP:])


def make_orders(env):
    """Return the ids of equal quotations, each of another customer, committed."""
    product = (
        env["product.product"]
        .sudo()
        .create({"name": "Bench", "type": "service", "list_price": 100})
    )
    number = 2 * (PAIRS + WARM_UP)
    customers = env["res.partner"].search(
        [("name", "=like", "Customer number %")], limit=number
    )
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customer.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
            for customer in customers
        ]
    )
    env.cr.commit()
    return orders.ids


def do_to_order(cr, user_id, order_id, name):
    """Press a button of one order as a request of a user does and return the clock."""
    order = api.Environment(cr, user_id, {})["sale.order"].browse(order_id)
    with Clock() as clock:
        getattr(order, name)()
        cr.commit()
    return clock


def get_figures(pairs, name="confirm"):
    """Return the figures of (with, without) pairs of clocks."""
    extra = [with_.ms - without.ms for with_, without in pairs]
    without = median(without.ms for _with, without in pairs)
    low, _middle, high = quantiles(extra, n=4)
    return {
        name: without,
        f"{name}_extra": median(extra),
        # standard error of the median, from the quartiles
        f"{name}_error": 1.25 * (high - low) / 1.35 / len(pairs) ** 0.5,
        f"{name}_percent": 100 * median(extra) / without,
        f"{name}_queries": median(w.queries - wo.queries for w, wo in pairs),
    }
