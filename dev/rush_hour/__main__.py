import argparse
import sys


def main():
    """Run one part of ``dev/rush``; end with what went wrong, if anything did."""
    parser = argparse.ArgumentParser(prog="rush_hour")
    parts = parser.add_subparsers(dest="part", required=True)
    people = parts.add_parser("people")
    people.add_argument("database")
    people.add_argument("minutes", nargs="?", type=float, default=10)
    people.add_argument("events", nargs="?", type=int, default=3000)
    prepare = parts.add_parser("prepare")
    prepare.add_argument("database")
    kills = parts.add_parser("kills")
    kills.add_argument("undisturbed")
    kills.add_argument("killed")
    kills.add_argument("times", nargs="?", type=int, default=15)
    args = parser.parse_args()

    import odoo.init  # noqa: F401  it makes the next line work
    from odoo.tools import config

    # Only the configuration says where the addons are.
    config.parse_config(["--log-level=warn"], setup_logging=True)
    from . import jobs, rush

    if args.part == "people":
        faults = rush.rush(args.database, args.minutes * 60, args.events)
    elif args.part == "prepare":
        faults = jobs.prepare(args.database)
    else:
        faults = jobs.compare_killed(args.undisturbed, args.killed, args.times)
    if faults:
        sys.exit("FAILED: " + "\n        ".join(faults))


if __name__ == "__main__":
    main()
