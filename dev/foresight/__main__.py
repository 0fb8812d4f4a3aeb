import argparse
import sys
from datetime import date

from dateutil.relativedelta import relativedelta

from .history import HistoryError, get_buyers, read_history
from .scoring import format_result


def say(text):
    """Tell the developer how far it is."""
    print(f"    {text}", file=sys.stderr, flush=True)


def read_day(text):
    """Return the day of an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no date like 2020-12-31"
        ) from None


def parse():
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(prog="dev/backtest")
    parser.add_argument("file", metavar="FILE.csv", help="customer,date,amount")
    parser.add_argument("--cutoff", type=read_day, required=True)
    parser.add_argument("--months", type=int, required=True)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.months < 1:
        parser.error("--months: one at least")
    return args


def read(args):
    """Return the sales of the file, which has some on both sides of the cut-off.

    :raise HistoryError: when it has not
    """
    sales = read_history(args.file)
    bought = [sale.day for sale in sales if sale.amount > 0]
    if not bought or bought[0] > args.cutoff:
        raise HistoryError(
            f"Nobody bought until {args.cutoff}: choose a later --cutoff."
        )
    end = args.cutoff + relativedelta(months=args.months)
    if bought[-1] <= args.cutoff:
        raise HistoryError(
            f"The last purchase is of {bought[-1]}: choose an earlier --cutoff."
        )
    if args.check and bought[-1] < end - relativedelta(days=7):
        say(f"the file ends on {bought[-1]}, before the {args.months} months are over")
    return sales


def rank_then(database, sales, day):
    """Return how the addon ranks customers, given what was sold until a day.

    :param str database: without any customers
    """
    import odoo.init  # noqa: F401  it makes the next line work
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    # Only the configuration says where the addons are.
    config.parse_config(["-d", database, "--log-level=warn"], setup_logging=True)
    from .scratch import load, rank

    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        known = [sale for sale in sales if sale.day <= day]
        say(f"loading {len(known):,} sales until {day}")
        load(env, known)
        say("ranking the customers")
        return rank(env, day)


def main():
    """Rank the customers as of the cut-off, and judge that by what came after."""
    args = parse()
    sales = read(args)
    if args.check:
        return
    ranked = rank_then(args.database, sales, args.cutoff)
    if not ranked:
        raise HistoryError(f"No customer was active on {args.cutoff}.")
    until = args.cutoff + relativedelta(months=args.months)
    stayed = get_buyers(sales, args.cutoff, until)
    customers, ours, recency = zip(*ranked, strict=True)
    lost = [customer not in stayed for customer in customers]
    print(format_result(ours, recency, lost))


if __name__ == "__main__":
    try:
        main()
    except HistoryError as error:
        sys.exit(f"ERROR: {error}")
