from datetime import date

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import KamCommon

WRONG = {
    "kam_window_months": (0, -1, 121, 10**6, 10**12, False),
    "kam_min_purchases": (0, -2, 1001, 10**12, False),
}


@tagged("post_install", "-at_install")
class TestSettings(KamCommon):
    """The rule of levels, per company: refused when wrong, followed when changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("kam_management.ir_cron_refresh")
        cls.admin = cls._create_user(
            "admin", "base.group_system,kam_management.group_kam_manager"
        )

    def test_new_company_judges_by_the_usual_rule(self):
        company = self._create_company("New Company")
        self.assertRecordValues(
            company,
            [
                {
                    "kam_window_months": 12,
                    "kam_min_purchases": 2,
                    "kam_purchase_basis": "both",
                }
            ],
        )

    def test_wrong_rule_is_refused_saying_what_to_enter(self):
        for name, values in WRONG.items():
            for value in values:
                with (
                    self.subTest(field=name, value=value),
                    self.assertRaisesRegex(
                        ValidationError, "nter a number .*from 1 to"
                    ),
                ):
                    self.company[name] = value

    def test_wrong_rule_of_a_new_company_is_refused_the_same_way(self):
        for name in WRONG:
            with (
                self.subTest(field=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError) as caught,
            ):
                self._create_company("New Company", **{name: 0})
            message = self.env["res.company"]._sql_error_to_message(caught.exception)
            self.assertIn("enter a number", message)

    def test_settings_page_refuses_a_wrong_rule(self):
        for name, values in WRONG.items():
            for value in values:
                with (
                    self.subTest(field=name, value=value),
                    self.assertRaisesRegex(
                        ValidationError, "nter a number .*from 1 to"
                    ),
                ):
                    self._save_settings(**{name: value})

    def test_limits_themselves_are_allowed(self):
        for name, values in (
            ("kam_window_months", (1, 120)),
            ("kam_min_purchases", (1, 1000)),
        ):
            for value in values:
                self._save_settings(**{name: value})
                self.assertEqual(self.company[name], value)

    def test_settings_page_shows_and_writes_the_current_company(self):
        other = self._create_company("Sister Company", kam_window_months=6)
        self.company.kam_min_purchases = 3
        with Form(self.env["res.config.settings"].with_user(self.admin)) as form:
            self.assertEqual((form.kam_window_months, form.kam_min_purchases), (12, 3))
            form.kam_window_months = 18
            form.kam_purchase_basis = "invoice"
        self.assertEqual(self.company.kam_window_months, 18)
        self.assertEqual(self.company.kam_purchase_basis, "invoice")
        self.assertEqual(other.kam_window_months, 6)

    def test_changed_rule_wakes_the_refresh(self):
        for name, value in (
            ("kam_window_months", 6),
            ("kam_min_purchases", 3),
            ("kam_purchase_basis", "invoice"),
            ("kam_segment_a", 70.0),
            ("kam_touch_days_b", 50),
        ):
            with self.subTest(field=name):
                self.assertEqual(
                    self._count_wakes(self._save_settings, **{name: value}), 1
                )

    def test_rule_saved_unchanged_wakes_nobody(self):
        self.assertEqual(self._count_wakes(self._save_settings), 0)
        self.assertEqual(
            self._count_wakes(self._save_settings, kam_window_months=12), 0
        )
        self.assertEqual(self._count_wakes(self.company.write, {"name": "Renamed"}), 0)

    def test_button_recomputes_all(self):
        settings = self.env["res.config.settings"].with_user(self.admin).create({})
        self.assertEqual(self._count_wakes(settings.action_kam_refresh), 1)

    def test_levels_follow_a_changed_rule(self):
        today = date.today()
        for months in (7, 8):
            self._order(today - relativedelta(months=months))
        self._refresh()
        account = self._account()
        self.assertEqual(account.level, "active")
        for name, value, level in (
            ("kam_min_purchases", 3, "new"),
            ("kam_window_months", 6, "dormant"),
            ("kam_purchase_basis", "invoice", "potential"),
        ):
            with self.subTest(field=name):
                self._save_settings(**{name: value})
                with self.enter_registry_test_mode():
                    self.cron.method_direct_trigger()
                self.assertEqual(account.level, level)
                self.assertEqual(
                    (self._log(account) or [[0, 0, "potential"]])[-1][2], level
                )

    def _save_settings(self, **values):
        """Save the settings page as the administrator does."""
        self.env["res.config.settings"].with_user(self.admin).create(values).execute()

    def _count_wakes(self, function, *args, **kwargs):
        """Return how often calling a function wakes the refresh of all accounts."""
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", self.cron.id)]
        before = triggers.search_count(domain)
        function(*args, **kwargs)
        self.env.flush_all()
        return triggers.search_count(domain) - before
