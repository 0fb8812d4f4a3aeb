"""Compares two runs of the same tests: without the addon, and with it.

    python compare_suites.py WITHOUT.xml WITH.xml [AGAIN.xml]

The files are pytest's, in the format of JUnit; ``AGAIN`` is a second run, with the addon,
of what failed with it. Exits with 1 when a test that passes, or is skipped, without the
addon fails with it both times, or is not run.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def main(without, with_us, again=None):
    before, after = read(without), read(with_us)
    print(f"without the addon: {tell(before)}")
    print(f"with the addon:    {tell(after)}")
    second = read(again) if again and Path(again).exists() else {}
    worse = False
    for name in sorted(before.keys() | after.keys()):
        was, is_now = before.get(name), after.get(name)
        if was == is_now:
            continue
        words = (
            f"  {name}: {was or 'not there'}, with the addon {is_now or 'not there'}"
        )
        if is_unsteady(is_now, second.get(name)):
            words += ", and passed when run again, alone"
        else:
            worse |= is_worse(was, is_now)
        print(words)
    if before == after:
        print("nothing differs")
    return worse


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


def is_unsteady(first, second):
    """Return whether a test that failed passed at once when it ran by itself.

    >>> is_unsteady("failed", "passed"), is_unsteady("failed", "failed")
    (True, False)
    >>> is_unsteady("failed", None), is_unsteady(None, "passed")
    (False, False)
    """
    return first == "failed" and second == "passed"


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
