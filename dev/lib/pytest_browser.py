"""A browser test that finds no browser fails.

Odoo skips it when Chromium does not start, and a run without a single tour would look
as good as a complete one.
"""

import re

import pytest

NO_BROWSER = re.compile("chrome|chromium|websocket", re.IGNORECASE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if NO_BROWSER.search(reason):
            report.outcome = "failed"
            report.longrepr = f"This test needs a browser. {reason}"
    return report
