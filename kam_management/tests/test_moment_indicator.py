from freezegun import freeze_time

from odoo.tests import tagged

from .moment_common import MomentCommon
from .quota_common import QuotaCommon


@tagged("post_install", "-at_install")
class TestMomentIndicator(MomentCommon, QuotaCommon):
    """Quotas know which key moments were kept."""

    def _moment(self, due, done=None, state="open", user=None):
        template = self._template(name=f"{due} {done} {state} {user}")
        return self.Moment.create(
            {
                "template_id": template.id,
                "account_id": self.account.id,
                "user_id": (user or self.anna).id,
                "date": "2026-01-01",
                "date_due": due,
                "date_done": done,
                "state": "done" if done else state,
            }
        )

    def test_each_counts_on_the_day_it_is_decided(self):
        january, february, june = (
            self._quota(start, end, "moments_kept", user=self.anna)
            for start, end in (
                ("2026-01-01", "2026-01-31"),
                ("2026-02-01", "2026-02-28"),
                ("2026-06-01", "2026-06-30"),
            )
        )
        self._moment("2026-02-10", "2026-01-20")
        self._moment("2026-01-14", "2026-02-01")
        self._moment("2026-01-15", state="missed")
        self._moment("2026-01-20", "2026-01-20")
        self._moment("2026-01-20", state="cancelled")
        # late in February, and not yet late
        self._moment("2026-01-31")
        self._moment("2026-06-15")
        figures = [
            self._actual(quota, "moments_kept") for quota in (january, february, june)
        ]
        self.assertEqual(figures, [50, 0, False])

    def test_facts_add_up(self):
        quota = self._quota("2026-01-01", "2026-01-31", "moments_kept", user=self.anna)
        self._moment("2026-01-10", "2026-01-10")
        self._moment("2026-01-10", "2026-01-11", user=self.head)
        self.assertEqual(self._actual(quota, "moments_kept"), 100)
        with freeze_time("2026-06-16 10:00:00"):
            self.assertFactsAddUp(quota.line_ids)
