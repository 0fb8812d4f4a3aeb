from freezegun import freeze_time

from odoo.tests import tagged

from .quota_common import QuotaCommon
from .test_tender import TenderCommon


@tagged("post_install", "-at_install")
class TestTenderIndicators(TenderCommon, QuotaCommon):
    """Quotas count tenders: those in preparation, and those handed in."""

    def test_begun_and_handed_in(self):
        tender, declined, lost = (
            self._tender(lead_id=self._deal().id, bid_reason="Odds")
            for _turn in range(3)
        )
        (tender | declined | lost).action_plan_preparation()
        self._tender(lead_id=self._deal(user_id=self.boris.id).id, user=self.head)
        keys = ("tenders", "tenders_submitted")
        january, february = (
            self._quota(start, end, *keys, user=self.anna)
            for start, end in (
                ("2026-01-01", "2026-01-31"),
                ("2026-02-01", "2026-02-28"),
            )
        )
        self.assertEqual([self._actual(january, key) for key in keys], [3, 0])
        with freeze_time("2026-02-20 10:00:00"):
            tender.action_submit()
            declined.with_user(self.head).action_no_bid()
            lost.lead_id.action_set_lost()
            self.assertEqual([self._actual(february, key) for key in keys], [0, 1])
            # as it was at the end of January
            self.assertEqual([self._actual(january, key) for key in keys], [3, 0])
            self.assertFactsAddUp((january + february).line_ids)

    def test_the_weekly_mail_counts_those_in_preparation(self):
        tender = self._tender(lead_id=self._deal().id)
        tender.action_plan_preparation()
        digest = self.env.ref("kam_management.digest_weekly")
        digest.kpi_kam_tenders = True
        for user, count in ((self.anna, 1), (self.boris, 0)):
            with freeze_time("2026-02-20 10:00:00"):
                kpis = digest._compute_kpis(self.company, user)
            found = {kpi["kpi_name"]: kpi for kpi in kpis}["kpi_kam_tenders"]
            self.assertEqual(found["kpi_col1"]["value"], count)
