"""What the addon knows, as rows to compare: two databases, or before and after."""

import json
from collections import Counter
from functools import partial

from odoo.tools import SQL

# What says when or by whom a row was written, or which number it got
STAMPS = ("id", "create_uid", "create_date", "write_uid", "write_date")
# Which of several equal rows it names depends on numbers given in the order of work.
NAMES_NEW_ROWS = {
    "kam_level_transition": ("trigger_id",),
    # their customer is named as well
    "mail_activity": ("res_id",),
    "kam_touch": ("answer_id", "message_id", "event_id"),
    "kam_touch_partner_rel": ("touch_id",),
    "kam_touch_resource": ("touch_id",),
    "kam_quota_fact": ("res_id",),
    "kam_quota": ("measured_at", "measure_seconds"),
    "kam_person_profile": ("note_id",),
}
OTHERS = ("mail_activity",)
# Rows that say how far a job has come, not what it found out
PASSING = ("kam_account_event",)


def read_state(env, left_out=()):
    """Return {table: Counter of rows} of the tables of the addon.

    :param left_out: names of columns that do not count
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT c.relname FROM pg_class c
             WHERE c.relkind = 'r' AND c.relpersistence = 'p'
               AND (c.relname LIKE 'kam\\_%%' OR c.relname IN %s) AND c.relname NOT IN %s
            """,
            OTHERS,
            PASSING,
        )
    )
    return {table: read_table(env, table, left_out) for [table] in rows}


def read_table(env, table, left_out):
    """Return the Counter of the rows of a table, as texts."""
    left_out = [*STAMPS, *NAMES_NEW_ROWS.get(table, ()), *left_out]
    query = SQL(
        "SELECT (to_jsonb(t) - %s::text[])::text, count(*) FROM %s t GROUP BY 1",
        left_out,
        SQL.identifier(table),
    )
    return Counter(dict(env.execute_query(query)))


def tell_differences(before, after):
    """Return a line for each table whose rows differ."""
    lines = []
    for table in sorted(before.keys() | after.keys()):
        gone = before.get(table, Counter()) - after.get(table, Counter())
        new = after.get(table, Counter()) - before.get(table, Counter())
        if gone or new:
            lines.append(f"{table}: {gone.total()} rows differ, {new.total()} instead")
            lines += tell_pairs(gone, new)
    return lines


def tell_pairs(gone, new):
    """Return in which columns rows, as texts, differ from those most like them."""
    gone, new = [[json.loads(row) for row in rows] for rows in (gone, new)]
    counts, examples = Counter(), {}
    for row in gone[:100]:
        twin = max(new, key=partial(count_alike, row), default={})
        for name in row:
            if row[name] != twin.get(name):
                counts[name] += 1
                examples[name] = f"{row[name]} / {twin.get(name)}"
    return [f"  {name} ({n}): {examples[name]}" for name, n in counts.most_common()]


def count_alike(row, other):
    """Return how much alike two rows are."""
    return sum(row[name] == other.get(name) for name in row)
