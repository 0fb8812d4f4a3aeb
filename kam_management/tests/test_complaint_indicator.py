from freezegun import freeze_time

from odoo.tests import tagged

from .complaint_common import ComplaintCommon
from .quota_common import QuotaCommon


@tagged("post_install", "-at_install")
class TestComplaintIndicator(ComplaintCommon, QuotaCommon):
    """Quotas know which complaints were solved in time."""

    def _complain_due(self, due, solved=None, **values):
        values.setdefault("user_id", self.anna.id)
        complaint = self._complain(
            date="2026-01-01 10:00:00", date_due=due, solution="Done", **values
        )
        if solved:
            complaint.write({"state": "solved", "date_solved": solved})
        return complaint

    def test_each_counts_on_the_day_it_is_decided(self):
        january, february = (
            self._quota(start, end, "complaints_in_time", user=self.anna)
            for start, end in (
                ("2026-01-01", "2026-01-31"),
                ("2026-02-01", "2026-02-28"),
            )
        )
        self._complain_due("2026-01-10", "2026-01-10")
        self._complain_due("2026-02-10", "2026-01-20")
        # late from the day after on, whenever it is solved
        self._complain_due("2026-01-14", "2026-02-01")
        self._complain_due("2026-01-15")
        # late in February, and not yet due
        self._complain_due("2026-01-31")
        self._complain_due("2026-06-15")
        # wishes do not count
        self._complain_due("2026-01-14", kind="wish")
        figures = [
            self._actual(quota, "complaints_in_time") for quota in (january, february)
        ]
        self.assertEqual(figures, [50, 0])

    def test_complaint_in_time_by_its_owner(self):
        quota = self._quota(
            "2026-01-01", "2026-01-31", "complaints_in_time", user=self.anna
        )
        self._complain_due("2026-01-10", "2026-01-10")
        self._complain_due("2026-01-10", "2026-01-11", user_id=self.head.id)
        self.assertEqual(self._actual(quota, "complaints_in_time"), 100)
        with freeze_time("2026-06-16 10:00:00"):
            self.assertFactsAddUp(quota.line_ids)
