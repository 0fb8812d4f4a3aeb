from freezegun import freeze_time

from odoo.tests import tagged

from .quota_common import QuotaCommon
from .test_concession import ConcessionCommon


@tagged("post_install", "-at_install")
class TestFollowUpIndicators(ConcessionCommon, QuotaCommon):
    """Quotas, My Day and My Managers know what was followed up, and what is silent."""

    def test_followed_up_in_time_or_late_or_not_due_yet(self):
        in_time, late, never = (self._sent() for _turn in range(3))
        self._answer(in_time)
        with freeze_time("2026-01-20 10:00:00"):
            self._answer(late)
            not_due = self._sent()
        quota = self._quota("2026-01-01", "2026-01-31", "followed_up", user=self.anna)
        with freeze_time("2026-01-21 10:00:00"):
            self.assertEqual(self._planned(not_due)[1], "2026-01-21")
            self.assertEqual(round(self._actual(quota, "followed_up")), 33)
            self.assertFactsAddUp(quota.line_ids)
        self.assertFalse(never.kam_version_ids.date_followed_up)

    def test_what_was_conceded_less_what_was_taken_back(self):
        order = self._sent()
        for price in (80, 90):
            order.order_line.price_unit = price
            self._send(order)
        self.env["kam.concession"]._complete()
        quota = self._quota("2026-01-01", "2026-01-31", "concessions", user=self.anna)
        self.assertEqual(self._actual(quota, "concessions"), 100)
        self.assertFactsAddUp(quota.line_ids)

    def test_silent_quotations_are_on_the_day_of_their_manager(self):
        order = self._sent()
        with freeze_time("2026-01-30 10:00:00"):
            self.env.invalidate_all()
            texts = [
                reason["text"]
                for line in self.env["kam.cockpit"]
                .with_user(self.anna)
                .get_my_day()["lines"]
                for reason in line["reasons"]
                if reason["model"] == "sale.order" and reason["id"] == order.id
            ]
        self.assertIn(f"Quotation {order.name} silent for 15 days", texts)
        self.assertFalse([text for text in texts if "awaits a reply" in text])

    def test_heads_see_how_many_are_silent(self):
        order = self._sent()
        with freeze_time("2026-01-30 10:00:00"):
            work = self.env["kam.cockpit"].with_user(self.head).get_managers_work()
            column = work["columns"]["silent"]
            self.assertEqual(column["figures"], {str(self.anna.id): 1})
            action = column["action"]
            found = self.env["sale.order"].search(action["domain"])
        self.assertEqual(found, order)
