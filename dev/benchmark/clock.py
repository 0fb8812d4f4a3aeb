"""Clocks: time, queries and memory of a piece of work."""

import gc
import re
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo import sql_db


class Clock:
    """Milliseconds and queries of the block that ran under it."""

    def __enter__(self):
        gc.collect()
        gc.disable()
        self.queries = -sql_db.sql_counter
        self.ms = -time.perf_counter() * 1000
        return self

    def __exit__(self, *_exception):
        self.ms += time.perf_counter() * 1000
        self.queries += sql_db.sql_counter
        gc.enable()


def reset_peak_memory():
    """Let the peak memory of this process begin anew with what it uses now."""
    Path("/proc/self/clear_refs").write_text("5")


def get_peak_memory():
    """Return the peak memory of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


@contextmanager
def statement_times(label, times):
    """Print how long each statement took that ran meanwhile, the slowest first.

    :param str label: what was running
    :param int times: how often it ran
    """
    execute, spent = sql_db.Cursor.execute, defaultdict(list)

    def timed(cursor, query, *args, **kwargs):
        start = time.perf_counter()
        result = execute(cursor, query, *args, **kwargs)
        spent[get_head(query)].append((time.perf_counter() - start) * 1000)
        return result

    with patch.object(sql_db.Cursor, "execute", timed):
        yield
    print(f"\n  {label}: ms per statement")
    for head, ms in sorted(spent.items(), key=lambda item: -sum(item[1])):
        per_run = sum(ms) / times
        if per_run >= 0.1:
            print(f"  {per_run:12,.1f}  {head}")


def get_head(query):
    """Return the beginning of a query in one line."""
    if isinstance(query, bytes):
        query = query.decode()
    return re.sub(r"\s+", " ", getattr(query, "code", query)).strip()[:110]
