"""Several runs of pytest share the test files: each takes the next that nobody took.

So all end at about the same time, however long a file takes on the machine at hand; for
that, those that take long are taken first.
"""

from collections import defaultdict
from itertools import chain, pairwise
from pathlib import Path

import pytest

# Files to begin with: the longest first. `./dev/test --durations=25` shows them.
LONGEST = (
    "test_quota_oracle.py",
    "test_security_fuzz.py",
    "test_oracle.py",
    "test_install.py",
    "test_sales_record.py",
    "test_security_roles.py",
    "test_cockpit_tour.py",
    "test_hoot.py",
)


def pytest_addoption(parser):
    parser.addoption(
        "--share",
        metavar="FOLDER",
        type=Path,
        help="run only files that no other run with the same empty FOLDER has taken",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run what is to be run, as pytest does, but taken file by file."""
    folder = session.config.getoption("share")
    if not folder or session.testsfailed:  # pytest reports what failed already
        return None
    for item, following in pairwise(chain(take_items(session.items, folder), [None])):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True


def take_items(items, folder):
    """Yield the tests of the files that are free, taking a file when its turn comes."""
    files = defaultdict(list)
    for item in items:
        files[item.nodeid.split("::")[0]].append(item)
    for file in sorted(files, key=get_place):
        try:
            (folder / file.replace("/", "%")).touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from files[file]


def get_place(file):
    """Return the place of a file in the order in which files are taken."""
    name = Path(file).name
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)
