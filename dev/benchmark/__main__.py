"""``measure`` one size in a scratch database, or print the ``table`` of all sizes."""

import argparse
import json
import sys
import time
import traceback
from pathlib import Path

from .table import format_table


def measure(args):
    """Fill a database, take all figures, and append them to the file of results."""
    import odoo.init  # noqa: F401  it makes the next line work
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    # Only the configuration says where the addons are.
    config.parse_config(["-d", args.database, "--log-level=warn"], setup_logging=True)
    from .basis import measure_basis, set_basis
    from .cockpit import measure_cockpit
    from .confirm import measure_confirm
    from .contacts import measure_contacts
    from .engine import measure_engine
    from .offer import measure_offer
    from .operations import measure_operations
    from .quotas import measure_quotas
    from .scratch import fill
    from .screens import measure_screens

    with Registry(args.database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        start = time.monotonic()
        fill(env, args.accounts)
        basis = set_basis(env, args.basis)
        say(f"filled in {time.monotonic() - start:,.0f} s; purchases: {basis}")
        figures, failed = {}, []
        for title, measure_part, *arguments in (
            ("the engine", measure_engine, args.statements),
            ("what counts as a purchase", measure_basis),
            ("the confirmation of orders", measure_confirm),
            ("quotations that are sent and confirmed", measure_offer),
            ("capture and cadence", measure_contacts, args.accounts),
            ("the figures of quotas", measure_quotas),
            ("the cockpit", measure_cockpit, args.accounts),
            ("the screens", measure_screens, args.accounts),
            ("what is done to many at once", measure_operations),
        ):
            say(f"timing {title}")
            try:
                figures |= measure_part(env, *arguments)
            except Exception:
                # what took long is kept: the other parts are taken all the same
                traceback.print_exc()
                cr.rollback()
                env.invalidate_all(flush=False)
                failed.append(title)
    result = {"accounts": args.accounts, **figures}
    with args.results.open("a") as file:
        file.write(json.dumps(result) + "\n")
    print("\n".join(format_table([result])), flush=True)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def table(args):
    """Print the figures of all sizes."""
    lines = args.results.read_text().splitlines()
    print("\n".join(format_table([json.loads(line) for line in lines])))


def say(text):
    """Tell the developer how far it is."""
    print(f"    {text}", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(prog="benchmark")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("measure")
    one.add_argument("results", type=Path)
    one.add_argument("database")
    one.add_argument("accounts", type=int)
    one.add_argument("--statements", action="store_true")
    one.add_argument("--basis", choices=("both", "order", "invoice"))
    one.set_defaults(command=measure)
    every = commands.add_parser("table")
    every.add_argument("results", type=Path)
    every.set_defaults(command=table)
    args = parser.parse_args()
    args.command(args)


if __name__ == "__main__":
    main()
