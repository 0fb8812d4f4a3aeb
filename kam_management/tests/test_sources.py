from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.kam_management.models.evidence.sources import Source
from odoo.addons.kam_management.models.measure.indicator import SUM, Indicator

from .quota_common import QuotaCommon
from .sales_common import SalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2020-06-15")
class TestSources(QuotaCommon, SalesCommon):
    """An integrator adds where sales are told, or what is measured; all follows."""

    def _add_till(self):
        """Tell sales from a table of one's own: a till in the shop."""
        self.env.cr.execute(
            """
            CREATE TABLE kam_test_till (
                id int, company_id int, partner_id int, date date, product_id int,
                uom_id int, quantity numeric, amount numeric)
            """
        )

        def get_till(look):
            till = SQL(
                """
                SELECT *, 'product.product' AS res_model, product_id AS res_id,
                       NULL::int AS user_id, 1 AS purchases, partner_id AS contact_id,
                       partner_id AS shipping_id
                  FROM kam_test_till till
                 WHERE company_id IN %s AND %s AND %s
                """,
                look.company_ids,
                look.at(SQL("date")),
                look.of(SQL("partner_id")),
            )
            return Source(till, till)

        Evidence = type(self.env["kam.evidence"])
        get_sources = Evidence._get_sources
        self.startPatcher(
            patch.object(
                Evidence,
                "_get_sources",
                lambda evidence, look: [*get_sources(evidence, look), get_till(look)],
            )
        )

    def _ring_up(self, day, amount, quantity=1):
        self.env.cr.execute(
            "INSERT INTO kam_test_till VALUES (1, %s, %s, %s, %s, %s, %s, %s)",
            [
                self.company.id,
                self.customer.id,
                day,
                self.product.id,
                self.product.uom_id.id,
                quantity,
                amount,
            ],
        )

    def test_source_of_ones_own_is_seen_in_all_rooms(self):
        self._add_till()
        self._ring_up("2020-03-01", 70)
        self._ring_up("2020-06-10", 50, quantity=2)
        self._sell("2020-04-01", (1, 30))
        self.assertRevenue(150, level="active")
        [step] = self.account.transition_ids.filtered(lambda s: s.to_level == "new")
        self.assertEqual(step.trigger_model, "product.product")
        quota = self._quota(
            "2020-06-01",
            "2020-06-30",
            "revenue",
            {"indicator": "category_revenue", "categ_id": self.category.id},
            {"indicator": "category_units", "categ_id": self.category.id},
            user=self.anna,
        )
        quota._measure()
        self.assertEqual(quota.line_ids.mapped("actual"), [50, 50, 2])
        self.assertFactsAddUp(quota.line_ids)
        records = self._records(quota.line_ids[1])
        self.assertEqual(records.source, self.product.display_name)

    def test_indicator_of_ones_own_by_category_is_set_measured_and_opened(self):
        Measure = type(self.env["kam.measure"])
        get_indicators = Measure._get_indicators
        lines = Indicator(
            "Large lines",
            "lines",
            SUM,
            lambda measure, frame: SQL(
                "SELECT * FROM (%s) large WHERE value > 40",
                measure._get_category_revenue_sql(frame),
            ),
            by_product=True,
            digits=2,
        )
        self.startPatcher(
            patch.object(
                Measure,
                "_get_indicators",
                lambda measure: {**get_indicators(measure), "large": lines},
            )
        )
        self._sell("2020-06-01", (1, 30), (1, 60))
        self._refresh()
        key = {"indicator": "large", "categ_id": self.category.id}
        quota = self._quota("2020-06-01", "2020-06-30", key, user=self.anna)
        line = quota.line_ids
        self.assertTrue(line.is_by_product)
        self.assertEqual(self._actual(quota, "large"), 60)
        self.assertEqual(line.unit, "lines")
        self.assertFactsAddUp(line)
        wizard = self.env["kam.quota.planning"].new({"company_id": self.company.id})
        self.assertEqual(wizard._round(("large", self.category.id, "all"), 1.234), 1.23)
