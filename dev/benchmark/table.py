"""The table of figures of all sizes beside the aims, misses marked."""

# (what, figure, unit, aim: the most that is right; None where there is none)
LINES = (
    ("Floor", "first_floor", "ms", None),
    ("First refresh", "first", "ms", None),
    ("  times the floor", "first_ratio", "x", 10),
    ("  growth of memory", "first_memory", "MB", 16),
    ("Nightly refresh without news", "nightly", "ms", None),
    ("  times the floor", "nightly_ratio", "x", 1),
    ("  growth of memory", "nightly_memory", "MB", 16),
    ("Night of the next day", "next_night", "ms", None),
    ("  times the floor", "next_night_ratio", "x", None),
    ("Weekly refresh of all", "weekly", "ms", None),
    ("  times the floor", "weekly_ratio", "x", 4),
    ("  growth of memory", "weekly_memory", "MB", 16),
    ("  with basis both, to order", "nightly_both", "x", 1.1),
    ("  documents that count then, to order", "both_rows", "x", None),
    ("Months of the portfolio without news", "months", "ms", None),
    ("  times the floor", "months_ratio", "x", 1),
    ("Refresh of 100 changed accounts", "changed", "ms", 100),
    ("Confirming an order", "confirm", "ms", None),
    ("  extra time (median)", "confirm_extra", "ms", None),
    ("  +- its standard error", "confirm_error", "ms", None),
    ("  extra time", "confirm_percent", "%", 3),
    ("  extra queries", "confirm_queries", "", 2),
    ("Sending a quotation", "send", "ms", None),
    ("  extra time", "send_percent", "%", 5),
    ("  extra queries", "send_queries", "", 6),
    ("Confirming one that was sent", "confirm_sent", "ms", None),
    ("  extra time", "confirm_sent_percent", "%", 5),
    ("  extra queries", "confirm_sent_queries", "", 6),
    ("Sending, without our groups", "send_guest", "ms", None),
    ("  extra time", "send_guest_percent", "%", None),
    ("  extra queries", "send_guest_queries", "", 0),
    ("Confirming, without our groups", "confirm_sent_guest", "ms", None),
    ("  extra time", "confirm_sent_guest_percent", "%", None),
    ("  extra queries", "confirm_sent_guest_queries", "", 0),
    ("Capture of as many past mails", "capture", "ms", None),
    ("  times one grouping of the mails", "capture_ratio", "x", None),
    ("  growth of memory", "capture_memory", "MB", 16),
    ("Capture again without news", "capture_again", "ms", None),
    ("New rhythm for all accounts", "cadence", "ms", None),
    ("  times the floor", "cadence_ratio", "x", None),
    ("One scan of what quotas count", "quotas_floor", "ms", None),
    ("42 000 facts of quotas", "quotas_facts", "ms", None),
    ("  times the scan", "quotas_ratio", "x", 3),
    ("The same by a loop over the customers", "quotas_loop", "ms", None),
    ("  of it, the facts", "quotas_loop_share", "%", 2),
    ("The same by grouped reads", "quotas_grouping", "ms", None),
    ("  of it, the facts", "quotas_grouping_share", "%", 2),
    ("With outlook, judged and written", "quotas_first", "ms", None),
    ("The same again without news", "quotas_again", "ms", None),
    ("  times the scan", "quotas_again_ratio", "x", None),
    ("Those of today, with news", "quotas_news", "ms", None),
    ("  times the scan", "quotas_news_ratio", "x", None),
    ("Cockpit of 500 accounts", "cockpit_few", "ms", 300),
    ("Cockpit of 50 000 (at most half)", "cockpit_many", "ms", 300),
    ("  more queries than of 500", "cockpit_more_queries", "", 0),
    ("My Managers", "cockpit_managers", "ms", 300),
    ("Portfolio of the head", "cockpit_head_portfolio", "ms", 300),
    ("Keeping the figures of the head", "cockpit_keep", "ms", None),
    ("Slowest screen of a manager", "screens_manager", "ms", 1000),
    ("  screens beyond the aim", "screens_manager_slow", "", 0),
    ("  most rows that one reads", "screens_manager_rows", "", 10_000),
    ("  most queries", "screens_manager_queries", "", None),
    ("Slowest screen of the head", "screens_head", "ms", 1000),
    ("  screens beyond the aim", "screens_head_slow", "", 0),
    ("  most rows that one reads", "screens_head_rows", "", 10_000),
    ("  most queries", "screens_head_queries", "", None),
    ("Screens that could not be opened", "screens_failed", "", 0),
    ("Screens without anything to show", "screens_empty", "", None),
    ("Another manager for 5 000 accounts", "handover", "ms", 2000),
    ("  queries", "handover_queries", "", None),
    ("  more queries than for 500", "handover_more_queries", "", None),
    ("Import of 100 leads, without us", "import_leads", "ms", None),
    ("  extra time", "import_leads_percent", "%", 10),
    ("  extra queries", "import_leads_queries", "", None),
    ("Merge of two customers, without us", "merge", "ms", None),
    ("  extra time", "merge_percent", "%", 10),
    ("  extra queries", "merge_queries", "", None),
    ("Archiving 1 000 customers, without us", "archive", "ms", None),
    ("  extra time", "archive_percent", "%", 10),
    ("  extra queries", "archive_queries", "", None),
)
# (what, figure, aim); against the size before, scaled to ten times the data
GROWTHS = (
    ("First refresh, 10 x the data", "first", 12),
    ("Nightly refresh, 10 x the data", "nightly", 12),
    ("Weekly refresh, 10 x the data", "weekly", 12),
    ("Capture, 10 x the mails", "capture", 12),
    ("Facts of quotas, 10 x the data", "quotas_facts", 12),
)
WIDTH = 40


def format_table(results):
    """Return the lines of the table.

    :param list results: a dict of figures per size, with the size as ``accounts``
    """
    results = sorted(results, key=lambda result: result["accounts"])
    lines = [
        format_line(
            "Accounts", [f"{result['accounts']:,}" for result in results], "aim"
        )
    ]
    for what, name, unit, aim in LINES:
        lines.append(format_figures(what, [r.get(name) for r in results], unit, aim))
    if len(results) > 1:
        lines += format_growths(results)
    return lines


def format_growths(results):
    """Return the lines that compare the sizes, each with the next smaller one."""
    lines = []
    for what, name, aim in GROWTHS:
        growths = map(get_growth(name), results, results[1:])
        lines.append(format_figures(what, [None, *growths], "x", aim))
    first, *others = results
    constant = [None] + [get_ratio("changed", first, other) for other in others]
    lines.append(format_figures("100 accounts, to the smallest", constant, "x", 2))
    return lines


def get_growth(name):
    """Return a function of two results: how a figure grows with ten times the data."""

    def growth(small, big):
        tenfolds = big["accounts"] / small["accounts"] / 10
        ratio = get_ratio(name, small, big)
        return ratio and ratio / tenfolds

    return growth


def get_ratio(name, one, other):
    """Return how much larger a figure is in another result; None if one lacks it."""
    if not one.get(name) or name not in other:
        return None
    return other[name] / one[name]


def format_figures(what, figures, unit, aim):
    """Return a line of figures, those beyond the aim marked."""
    cells = [format_cell(figure, unit, aim) for figure in figures]
    return format_line(what, cells, "" if aim is None else f"<= {aim} {unit}")


def format_cell(figure, unit, aim):
    """Return a figure with its unit.

    >>> format_cell(2.34, "x", 2), format_cell(1234.5, "ms", None)
    ('MISS 2.34 x', '1,234 ms')
    """
    if figure is None:
        return "-"
    digits = 0 if figure >= 100 or unit == "" else 1 if figure >= 10 else 2
    miss = "MISS " if aim is not None and figure > aim else ""
    return f"{miss}{figure:,.{digits}f} {unit}".rstrip()


def format_line(what, cells, aim):
    """Return a line of the table."""
    return f"{what:<{WIDTH}}{''.join(f'{cell:>18}' for cell in cells)}   {aim}".rstrip()
