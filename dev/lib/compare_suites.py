"""Compares two runs of the same tests: without the addon, and with it.

    python compare_suites.py WITHOUT.xml WITH.xml

The files are pytest's, in the format of JUnit. Exits with 1 when a test that passes, or is
skipped, without the addon fails with it, or is not run.
"""

import sys
from collections import Counter
from xml.etree import ElementTree


def main(without, with_us):
    before, after = read(without), read(with_us)
    print(f"without the addon: {tell(before)}")
    print(f"with the addon:    {tell(after)}")
    differing = sorted(
        name
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    )
    for name in differing:
        was, is_now = before.get(name, "not there"), after.get(name, "not there")
        print(f"  {name}: {was}, with the addon {is_now}")
    if not differing:
        print("nothing differs")
    return any(is_worse(before.get(name), after.get(name)) for name in differing)


def read(path):
    """Return {name of a test: passed, failed or skipped}."""
    return {
        f"{case.get('classname')}.{case.get('name')}": get_outcome(case)
        for case in ElementTree.parse(path).iter("testcase")
    }


def get_outcome(case):
    """Return what became of a test.

    >>> get_outcome(ElementTree.fromstring('<testcase><error/></testcase>'))
    'failed'
    >>> get_outcome(ElementTree.fromstring('<testcase/>'))
    'passed'
    """
    found = {child.tag for child in case}
    if found & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in found else "passed"


def is_worse(before, after):
    """Return whether a test is in a worse state with the addon than without.

    >>> is_worse("passed", "failed"), is_worse("failed", "failed"), is_worse("passed", None)
    (True, False, True)
    >>> is_worse(None, "failed"), is_worse("failed", "passed")
    (True, False)
    """
    return before != after and (after == "failed" or after is None)


def tell(outcomes):
    """Return in words how many tests there are, and what became of them.

    >>> tell({"a": "passed", "b": "failed", "c": "passed"})
    '3 tests: 1 failed, 2 passed'
    """
    counts = sorted(Counter(outcomes.values()).items())
    parts = ", ".join(f"{number} {outcome}" for outcome, number in counts)
    return f"{len(outcomes)} tests: {parts}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
