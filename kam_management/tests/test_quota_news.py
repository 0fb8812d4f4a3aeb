from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

from odoo.addons.kam_management.models.quota import kam_quota_news

from .quota_common import QuotaCommon

MONTH = "2020-06-01", "2020-06-30"


@tagged("post_install", "-at_install")
@freeze_time("2020-06-15 12:00:00")
class TestQuotaNews(QuotaCommon):
    """Figures of quotas follow the news of the day, and say as of when they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quota = cls._quota(*MONTH, "touches")

    def _news(self, now, *written):
        """Let records be written, and the news be followed at a time of the day."""
        for record in written:
            # the clock of the database is that of today
            self.env.flush_all()
            self.env.cr.execute(
                f"UPDATE {record._table} SET write_date = %s WHERE id = %s",
                [f"2020-06-15 {now}", record.id],
            )
        self.env.invalidate_all()
        cron = self.env.ref("kam_management.ir_cron_measure_news")
        with freeze_time(f"2020-06-15 {now}"), self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _age(self):
        """Let all that was written so far have been written yesterday."""
        self.env.flush_all()
        for table in ("kam_account", "kam_touch", "crm_lead"):
            self.env.cr.execute(f"UPDATE {table} SET write_date = '2020-06-14'")
        self.env.invalidate_all()

    def test_news_move_the_figures_within_minutes(self):
        self.quota._measure()
        self._age()
        touch = self._touch("2020-06-15")
        self._news("12:10:00", touch)
        self.assertEqual(self.quota.line_ids.actual, 1)
        self.assertEqual(str(self.quota.measured_at), "2020-06-15 12:10:00")
        self.assertEqual(self.quota.line_ids.measured_at, self.quota.measured_at)

    def test_an_account_that_was_refreshed_is_news(self):
        account = self._account()
        self.quota._measure()
        self._age()
        self._news("12:10:00", account)
        self.assertEqual(str(self.quota.measured_at), "2020-06-15 12:10:00")

    def test_what_was_put_away_is_news(self):
        touch = self._touch("2020-06-15")
        self.quota._measure()
        self._age()
        touch.active = False
        self._news("12:10:00", touch)
        self.assertEqual(self.quota.line_ids.actual, 0)

    def test_without_news_nothing_is_measured(self):
        self._touch("2020-06-15")
        self.quota._measure()
        self._age()
        self._news("12:10:00")
        self.assertEqual(str(self.quota.measured_at), "2020-06-15 12:00:00")

    def test_what_takes_long_rests_in_between(self):
        self.quota._measure()
        self._age()
        self.quota.measure_seconds = 15 * 60 * kam_quota_news.LOAD
        touch = self._touch("2020-06-15")
        self._news("12:10:00", touch)
        self.assertEqual(str(self.quota.measured_at), "2020-06-15 12:00:00")
        with patch.object(kam_quota_news, "monotonic", side_effect=(100, 103)):
            self._news("12:20:00", touch)
        self.assertEqual(str(self.quota.measured_at), "2020-06-15 12:20:00")
        self.assertEqual(self.quota.measure_seconds, 3)

    def test_what_the_night_has_not_measured_is_left_to_it(self):
        past = self._quota("2020-05-01", "2020-05-31", "touches")
        with freeze_time("2020-06-14 02:10:00"):
            (self.quota | past)._measure()
        self._age()
        self._news("12:10:00", self._touch("2020-06-15"))
        self.assertEqual(self.quota.line_ids.actual, 0)
        (self.quota | past)._measure()
        self._news("12:20:00", self._touch("2020-06-15"))
        self.assertEqual(self.quota.line_ids.actual, 2)
        # its time is over: what comes late is found at night
        self.assertEqual(str(past.measured_at), "2020-06-15 12:00:00")

    def test_what_is_corrected_of_closed_periods_stays(self):
        """Only the night looks at them again."""
        closed = self._quota(
            "2020-05-01", "2020-05-31", {"indicator": "revenue", "target": 0}
        )
        with freeze_time("2020-06-01 12:00:00"):
            closed.action_close()
        self.quota.active = False
        running = self._quota(*MONTH, "revenue")
        self._order("2020-05-10", 70)
        running._measure()
        self.assertEqual(running.line_ids.correction, 70)
        self._age()
        self._order("2020-06-10", 30)
        self._order("2020-05-11", 500)
        self._news("12:10:00", self._account())
        self.assertEqual(running.line_ids.correction, 70)
        self.assertEqual(running.line_ids.actual, 100)
        running._measure()
        self.assertEqual(running.line_ids.actual, 600)

    def test_what_fails_for_one_company_stops_no_other(self):
        sister = self._create_company("Sister")
        other = self._quota(*MONTH, "touches", company_id=sister.id)
        (self.quota | other)._measure()
        self._age()
        Quota = type(self.quota)
        measure = Quota._measure

        def fail_in_sister(quotas, **options):
            if quotas.company_id == sister:
                raise ValueError("Sister")
            measure(quotas, **options)

        with (
            patch.object(Quota, "_measure", fail_in_sister),
            patch.object(Quota, "_has_news", lambda _quotas: True),
            self.assertLogs("odoo.addons.kam_management", "ERROR") as logs,
        ):
            self._news("12:10:00")
        self.assertIn("Quotas of Sister not measured", logs.output[0])
        self.assertEqual(str(self.quota.measured_at), "2020-06-15 12:10:00")
        self.assertEqual(str(other.measured_at), "2020-06-15 12:00:00")

    def test_my_day_says_as_of_when_the_figures_are(self):
        quota = self._quota(*MONTH, "touches", user=self.anna)
        quota._measure()
        cockpit = self.env["kam.cockpit"].with_user(self.anna)
        [shown] = cockpit.get_my_quotas()["quotas"]
        self.assertEqual(shown["measured_at"], "2020-06-15 12:00:00")
        self.assertEqual(
            shown["measured_at"], fields.Datetime.to_string(quota.measured_at)
        )
