from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests.test_js import unit_test_error_checker

SUITE = "@kam_management"


def get_job_id(name: str) -> str:
    """Return the id of a suite or test of Hoot, as ``generateHash`` makes it there."""
    number = 0
    for char in name:
        number = (number * 31 + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The unit tests of our widgets, in a browser: ``static/tests/*.test.js``."""

    def test_id_is_the_one_hoot_gives(self):
        self.assertEqual(get_job_id("@web/core"), "e39ce9ba")

    def test_widgets(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={get_job_id(SUITE)}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
