from freezegun import freeze_time

from odoo.tests import tagged

from .deal_common import DealCommon
from .quota_common import QuotaCommon


@tagged("post_install", "-at_install")
class TestDealIndicators(DealCommon, QuotaCommon):
    """Quotas know which pilots succeed, and which leads are qualified in time."""

    def test_pilots_on_the_day_they_are_evaluated(self):
        pilots = self.env["kam.pilot"].create(
            [
                {"name": f"Pilot {number}", "lead_id": self.lead.id, "result": "Done"}
                | {"date_start": "2026-01-05", "date_end": "2026-02-12"}
                for number in range(4)
            ]
        )
        january = self._quota("2026-01-01", "2026-01-31", "pilots", user=self.anna)
        february = self._quota("2026-02-01", "2026-02-28", "pilots", user=self.anna)
        pilots[0].action_succeed()
        with freeze_time("2026-02-20 10:00:00"):
            pilots[1].action_succeed()
            pilots[2].action_fail()
            self.assertEqual(self._actual(january, "pilots"), 100)
            self.assertEqual(self._actual(february, "pilots"), 50)
            self.assertFactsAddUp((january + february).line_ids)

    def test_leads_on_the_day_they_were_to_be_qualified(self):
        leads = self.env["crm.lead"].union(
            *(self._deal(type="lead", user_id=self.anna.id) for _turn in range(4))
        )
        converted = self._deal(user_id=self.anna.id)
        (leads | converted).flush_recordset()
        self._date_back(leads[:3] | converted, "2026-01-03 09:00:00")
        self._date_back(leads[3], "2026-01-12 09:00:00")
        self._qualify(leads[0], "2026-01-10")
        self._qualify(leads[1], "2026-01-11")
        quota = self._quota("2026-01-01", "2026-01-31", "qualified", user=self.anna)
        with freeze_time("2026-01-15 10:00:00"):
            self.assertAlmostEqual(self._actual(quota, "qualified"), 100 / 3, 1)
            self.assertFactsAddUp(quota.line_ids)
        with freeze_time("2026-01-25 10:00:00"):
            self.assertAlmostEqual(self._actual(quota, "qualified"), 25, 1)

    def _date_back(self, leads, day):
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = ANY(%s)", [day, leads.ids]
        )
        leads.invalidate_recordset()

    def _qualify(self, lead, day):
        lead.sudo().write(
            {
                "kam_qualification": "qualified",
                "kam_qualified_by_id": self.anna.id,
                "kam_qualified_date": day,
            }
        )
