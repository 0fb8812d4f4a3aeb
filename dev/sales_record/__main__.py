import argparse
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

from . import DEFAULT_FOLDER, LoadError, load


def say(text):
    """Tell the developer how far it is."""
    print(f"    {text}", file=sys.stderr, flush=True)


def main():
    """Load the record into a database given on the command line."""
    parser = argparse.ArgumentParser(prog="dev/load")
    parser.add_argument("database")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    args = parser.parse_args()
    config.parse_config(["-d", args.database, "--log-level=warn"], setup_logging=True)
    with Registry(args.database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        print(load(env, args.folder, say=say).report)


if __name__ == "__main__":
    try:
        main()
    except LoadError as error:
        sys.exit(f"ERROR: {error}")
