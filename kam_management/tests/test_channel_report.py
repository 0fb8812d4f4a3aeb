from datetime import datetime

from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestChannelReport(KamCommon):
    """Channels are compared by what comes of their leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair, cls.letter = cls.env["utm.source"].create(
            [{"name": "A fair of ours"}, {"name": "A letter of ours"}]
        )

    def _lead(self, source, created, closed=None, partner=None, **values):
        """Return a lead that came in on a day, and was won on another, if any."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Air",
                "type": "opportunity",
                "partner_id": (partner or self.customer).id,
                "company_id": self.company.id,
                "user_id": self.anna.id,
                "source_id": source.id,
                **values,
            }
        )
        if closed:
            lead.action_set_won()
            lead.date_closed = datetime.fromisoformat(f"{closed} 10:00:00")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            (f"{created} 09:00:00", lead.id),
        )
        lead.invalidate_recordset()
        return lead

    def _row(self, lead):
        return self.env["kam.channel.report"].with_user(self.head).browse(lead.ids)

    def test_the_first_lead_of_a_customer_brings_the_first_year(self):
        first = self._lead(self.fair, "2020-01-01", "2020-03-01")
        again = self._lead(self.letter, "2020-06-01", "2020-07-01")
        for day, amount in (("2020-03-01", 100), ("2021-02-28", 20), ("2021-03-01", 3)):
            self._order(day, amount)
        self._refresh()
        self.assertRecordValues(
            self._row(first + again),
            [
                {"source_id": self.fair.id, "won": 1, "days": 60, "revenue": 120},
                {"source_id": self.letter.id, "won": 1, "days": 30, "revenue": 0},
            ],
        )

    def test_who_bought_before_was_not_won_by_the_lead(self):
        self._order("2019-05-01", 100)
        self._refresh()
        lead = self._lead(self.fair, "2020-01-01", "2020-03-01")
        self.assertFalse(self._row(lead).revenue)

    def test_open_and_lost_leads_count_as_leads(self):
        open_one = self._lead(self.fair, "2020-01-01")
        lost = self._lead(self.fair, "2020-01-01")
        lost.action_set_lost()
        rows = self.env["kam.channel.report"]._read_group(
            [("source_id", "=", self.fair.id)], ["source_id"], ["__count", "won:sum"]
        )
        self.assertEqual(rows, [(self.fair, 2, 0)])
        self.assertFalse(self._row(open_one).days)

    def test_contacts_engage_and_cost(self):
        lead = self._lead(self.fair, "2020-01-01", "2020-03-01")
        quiet = self._lead(self.letter, "2020-01-02")
        resource = self.env["kam.resource"].create({"name": "Visit", "cost": 7})
        used = {"resource_ids": [(0, 0, {"resource_id": resource.id, "cost": 7})]}
        self._touch("2020-02-01", **used)  # with the customer
        self._touch("2020-02-02", lead_id=lead.id, **used)
        self._touch("2020-04-01", **used)  # after it was won
        self._touch("2019-12-01", **used)  # before
        self.env.flush_all()
        self.assertRecordValues(
            self._row(lead + quiet),
            [{"engaged": 1, "cost": 14}, {"engaged": 0, "cost": 0}],
        )

    def test_a_row_is_seen_by_who_sees_the_lead(self):
        self._account().manager_id = self.anna
        lead = self._lead(self.fair, "2020-01-01")
        Report = self.env["kam.channel.report"]
        domain = [("lead_id", "=", lead.id)]
        self.assertTrue(Report.with_user(self.anna).search(domain))
        self.assertFalse(Report.with_user(self.boris).search(domain))
