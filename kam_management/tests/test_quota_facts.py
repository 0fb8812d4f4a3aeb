from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .quota_common import INDICATORS, QuotaCommon


@tagged("post_install", "-at_install")
class TestQuotaFacts(QuotaCommon):
    """Figures of quotas: shared fairly, opened, corrected after closing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()

    def _measure(self, quota):
        quota._measure()
        return quota.line_ids

    # A handover in the middle

    def test_handover_in_the_middle_splits_a_kept_customer(self):
        self._order("2020-01-01")
        self._order("2020-02-01")
        self._refresh(as_of=fields.Date.to_date("2020-07-01"))
        self._led(self.account, (None, self.anna), ("2020-06-11", self.boris))
        shares = [
            self._actual(
                self._quota("2020-06-01", "2020-06-30", "kept", user=user), "kept"
            )
            for user in (self.anna, self.boris, None)
        ]
        for share, expected in zip(shares, (1 / 3, 2 / 3, 1), strict=True):
            self.assertAlmostEqual(share, expected, 5)

    def test_kept_from_the_day_he_is_active_until_the_day_before_he_is_dormant(self):
        self._order("2019-06-01")
        self._order("2019-06-20")
        self._refresh(as_of=fields.Date.to_date("2020-07-01"))
        self._led(self.account, (None, self.anna))
        for end, kept in (
            ("2019-06-19", 0),
            ("2019-06-20", 1),
            ("2020-06-19", 1),
            ("2020-06-20", 0),
        ):
            quota = self._quota("2019-06-01", end, "kept", user=self.anna)
            self.assertEqual(self._actual(quota, "kept"), kept, end)
            # two of one owner must not overlap
            quota.active = False

    def test_days_nobody_led_are_the_companys_alone(self):
        self._order("2020-01-01")
        self._order("2020-02-01")
        self._refresh(as_of=fields.Date.to_date("2020-07-01"))
        self._led(self.account, ("2020-06-16", self.anna))
        anna = self._quota("2020-06-01", "2020-06-30", "kept", user=self.anna)
        ours = self._quota("2020-06-01", "2020-06-30", "kept")
        self.assertAlmostEqual(self._actual(anna, "kept"), 0.5)
        self.assertAlmostEqual(self._actual(ours, "kept"), 1)
        ours._write_facts(ours.line_ids)
        self.assertEqual(
            sorted(
                (fact.user_id.name or "", fact.value) for fact in ours.line_ids.fact_ids
            ),
            [("", 0.5), ("Anna", 0.5)],
        )

    def test_purchases_are_of_who_led_on_their_day(self):
        self._order("2020-06-10", 100)
        self._order("2020-06-11", 30)
        self._invoice("2020-06-12", 5, move_type="out_refund")
        self._led(self.account, (None, self.anna), ("2020-06-11", self.boris))
        for user, revenue in ((self.anna, 100), (self.boris, 25), (None, 125)):
            quota = self._quota("2020-06-01", "2020-06-30", "revenue", user=user)
            self.assertEqual(self._actual(quota, "revenue"), revenue)

    def test_team_counts_who_was_in_it_then(self):
        team = self.env["crm.team"].create(
            {"name": "South", "company_id": self.company.id}
        )
        team.member_ids = self.anna
        self._touch("2020-06-02")
        self._touch("2020-06-02", user_id=self.boris.id)
        quota = self._quota("2020-06-01", "2020-06-30", "touches", team=team)
        self.assertEqual(self._actual(quota, "touches"), 1)
        team.member_ids += self.boris
        self.assertEqual(self._actual(quota, "touches"), 2)
        team.member_ids = False
        self.assertEqual(self._actual(quota, "touches"), 2)
        terms = self.env["kam.team.term"].search([("team_id", "=", team.id)])
        terms.filtered(
            lambda term: term.user_id == self.boris
        ).date_start = "2020-06-03"
        self.assertEqual(self._actual(quota, "touches"), 1)

    def test_archived_manager_is_still_measured(self):
        self._touch("2020-06-02")
        quota = self._quota("2020-06-01", "2020-06-30", "touches", user=self.anna)
        self.anna.active = False
        self.assertEqual(self._actual(quota, "touches"), 1)

    def test_archived_touch_counts_nowhere(self):
        self._touch("2020-06-02").active = False
        quota = self._quota("2020-06-01", "2020-06-30", "touches", user=self.anna)
        self.assertEqual(self._actual(quota, "touches"), 0)

    # Companies

    def test_companies_count_their_own_in_their_own_currency(self):
        other = self._create_company(
            "Other",
            currency_id=self.env.ref("base.EUR").id,
            fiscalyear_last_month="6",
            fiscalyear_last_day=30,
            kam_purchase_basis="invoice",
        )
        self.env.user.company_ids |= other
        both = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": (self.company + other).ids,
            }
        )
        self._order("2020-06-10", 100)
        quotas = self._quota("2020-06-01", "2020-06-30", "revenue")
        quotas |= self._quota(
            "2019-07-01", "2020-06-30", "revenue", company_id=other.id, period="year"
        )
        quotas = quotas.with_env(both)
        quotas._measure()
        self.assertEqual(quotas.line_ids.mapped("actual"), [100, 0])
        self.assertEqual(quotas.line_ids.mapped("unit"), ["USD", "EUR"])

    # Categories

    def test_category_counts_what_is_below_it_and_units_of_the_product(self):
        above = self.env["product.category"].create({"name": "Machines"})
        below = above.create({"name": "Small", "parent_id": above.id})
        self.product.categ_id = below
        self._order("2020-06-10", 60)
        self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id)]
        ).order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        line = {"categ_id": above.id}
        quota = self._quota(
            "2020-06-01",
            "2020-06-30",
            {"indicator": "category_revenue", **line},
            {"indicator": "category_units", **line},
        )
        revenue, units = self._measure(quota)
        self.assertEqual(
            revenue.actual,
            sum(
                self.env["sale.order"]
                .search([("partner_id", "=", self.customer.id)])
                .mapped("amount_untaxed")
            ),
        )
        self.assertEqual(units.actual, 12)

    def test_category_of_a_quota_cannot_be_deleted(self):
        above = self.env["product.category"].create({"name": "Machines"})
        below = above.create({"name": "Small", "parent_id": above.id})
        self._quota(
            "2020-06-01",
            "2020-06-30",
            {"indicator": "category_units", "categ_id": below.id},
        )
        for category in (below, above):
            with self.assertRaisesRegex(UserError, "is used in quotas"):
                category.unlink()

    # Opening

    def test_every_figure_opens_the_records_it_is_made_of(self):
        self.product.categ_id = self.env["product.category"].create({"name": "M"})
        self._led(self.account, (None, self.anna))
        self._touch("2020-05-02", quality=3)
        self._touch("2020-06-02", quality=4)
        self._touch("2020-06-03", quality=5)
        for day in ("2020-06-04", "2020-06-05"):
            self._order(day, user_id=self.anna.id)
        self._refresh(as_of=fields.Date.to_date("2020-07-01"))
        quota = self._quota(
            "2020-05-01",
            "2020-06-30",
            *(
                {"indicator": key, "categ_id": self.product.categ_id.id}
                if key.startswith("category")
                else key
                for key in INDICATORS
            ),
            user=self.anna,
        )
        quota._measure()
        self.assertNotIn(0, quota.line_ids.mapped("actual"))
        for line in quota.line_ids:
            action = line.with_user(self.anna).action_open_facts()
            facts = self._records(line, self.anna)
            self.assertTrue(facts)
            for fact in facts:
                self.assertTrue(fact.source)
                self.assertTrue(fact.sudo().action_open_record())
            self.assertIn(line._format_figure(line.actual), action["display_name"])
        self.assertFactsAddUp(quota.line_ids)

    def test_looking_at_a_figure_writes_nothing(self):
        self._touch("2020-06-02")
        line = self._measure(self._quota("2020-06-01", "2020-06-30", "touches"))
        with self._read_only():
            line.action_open_facts()
            self._records(line).read(["value", "source"])
        self.assertFalse(line.fact_ids)

    def test_record_that_is_gone_says_so(self):
        touch = self._touch("2020-06-02")
        quota = self._quota("2020-06-01", "2020-06-30", "touches")
        line = self._measure(quota)
        self._close(quota)
        touch.unlink()
        record = self._records(line)
        self.assertEqual(record.source, "Deleted")
        with self.assertRaisesRegex(UserError, "deleted"):
            record.action_open_record()

    def test_facts_are_seen_by_their_manager_and_the_head(self):
        self._touch("2020-06-02")
        line = self._measure(
            self._quota("2020-06-01", "2020-06-30", "touches", user=self.anna)
        )
        for user in (self.anna, self.head):
            self.env.invalidate_all()
            line.with_user(user).action_open_facts()
            self.assertEqual(self._records(line, user).value, 1)
        for user in (self.boris, self.seller):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                line.with_user(user).action_open_facts()
            with self.assertRaises(AccessError):
                self._records(line, user)

    # After closing

    def _close(self, quota):
        quota._measure()
        quota._freeze_facts()
        quota.state = "closed"

    def _months(self, *lines):
        """Return quotas of May, June and July 2020; May is closed."""
        self._led(self.account, (None, self.anna))
        self._order("2020-05-04", 100)
        quotas = [
            self._quota(start, end, *lines, user=self.anna, period="month")
            for start, end in (
                ("2020-05-01", "2020-05-31"),
                ("2020-06-01", "2020-06-30"),
                ("2020-07-01", "2020-07-31"),
            )
        ]
        self._close(quotas[0])
        return quotas

    @freeze_time("2020-07-20 12:00:00")
    def test_credit_note_after_closing_corrects_the_open_period_that_follows(self):
        may, june, july = self._months("revenue")
        self._invoice("2020-05-20", 30, move_type="out_refund")
        (may + june + july)._measure()
        self.assertEqual(may.line_ids.actual, 100)
        self.assertEqual(may.line_ids.restated, 70)
        self.assertEqual((june.line_ids.actual, june.line_ids.correction), (-30, -30))
        self.assertEqual((july.line_ids.actual, july.line_ids.correction), (0, 0))
        fact = self._records(june.line_ids)
        self.assertEqual((fact.value, fact.user_id), (-30, self.anna))
        self.assertIn("Correction of", fact.source)
        self.assertFactsAddUp(june.line_ids)

    @freeze_time("2020-07-20 12:00:00")
    def test_correction_of_a_team_without_members_is_opened_alone(self):
        """There was nothing to add it to, and the click ended in an error."""
        team = self.env["crm.team"].create(
            {"name": "South", "company_id": self.company.id}
        )
        team.member_ids = self.anna
        terms = self.env["kam.team.term"].search([("team_id", "=", team.id)])
        terms.write({"date_start": "2020-01-01", "date_end": False})
        self._led(self.account, (None, self.anna))
        self._order("2020-05-05", 80)
        may, june = (
            self._quota(start, end, "revenue", team=team, period="month")
            for start, end in (
                ("2020-05-01", "2020-05-31"),
                ("2020-06-01", "2020-06-30"),
            )
        )
        may._measure()
        self._close(may)
        team.member_ids = False
        terms.date_end = "2020-05-31"
        self._invoice("2020-05-20", 25, move_type="out_refund")
        june._measure()
        self.assertEqual(june.line_ids.actual, -25)
        self.assertEqual(self._records(june.line_ids).mapped("value"), [-25])
        title = june.line_ids.action_open_facts()["display_name"]
        self.assertTrue(title.startswith("-25"), title)

    @freeze_time("2020-07-20 12:00:00")
    def test_correction_is_carried_once(self):
        may, june, july = self._months("revenue")
        self._invoice("2020-05-20", 30, move_type="out_refund")
        self._close(june)
        july._measure()
        self.assertEqual(may.line_ids.carried, -30)
        self.assertEqual(june.line_ids.actual, -30)
        self.assertEqual(july.line_ids.correction, 0)
        self._invoice("2020-06-20", 7, move_type="out_refund")
        self._invoice("2020-05-21", 2, move_type="out_refund")
        july._measure()
        self.assertEqual(july.line_ids.correction, -9)
        self.assertFactsAddUp(july.line_ids)

    @freeze_time("2020-07-20 12:00:00")
    def test_reopened_period_takes_back_what_it_carried(self):
        may, june, july = self._months("revenue")
        self._invoice("2020-05-20", 30, move_type="out_refund")
        self._close(june)
        june.state = "running"
        self.assertEqual(may.line_ids.carried, 0)
        self.assertFalse(june.line_ids.fact_ids)
        (june + july)._measure()
        self.assertEqual((june.line_ids.correction, july.line_ids.correction), (-30, 0))

    @freeze_time("2020-07-20 12:00:00")
    def test_closed_figures_stay_whatever_happens(self):
        may, _june, _july = self._months("revenue", "touches")
        facts = may.line_ids.fact_ids.read(["value", "res_id", "line_id"])
        self._order("2020-05-05", 50)
        self._touch("2020-05-05")
        before = may.line_ids.read(["actual", "expected", "forecast", "standing"])
        may._measure()
        may.line_ids[0].action_open_facts()
        self.assertEqual(
            may.line_ids.read(["actual", "expected", "forecast", "standing"]), before
        )
        self.assertEqual(
            may.line_ids.fact_ids.read(["value", "res_id", "line_id"]), facts
        )

    @freeze_time("2020-07-20 12:00:00")
    def test_other_owner_and_other_kind_of_period_are_not_corrected(self):
        self._months("revenue")
        others = self._quota(
            "2020-06-01", "2020-06-30", "revenue", user=self.boris, period="month"
        )
        others |= self._quota(
            "2020-07-01", "2020-09-30", "revenue", user=self.anna, period="quarter"
        )
        self._invoice("2020-05-20", 30, move_type="out_refund")
        others._measure()
        self.assertEqual(others.line_ids.mapped("correction"), [0, 0])

    # What if

    @freeze_time("2020-06-20 12:00:00")
    def test_quotas_without_a_customer(self):
        other = self._create_customer("Other")
        self._led(self.account, (None, self.anna))
        self._led(self._account(other), (None, self.anna))
        self._order("2020-06-04", 100)
        self._order("2020-06-04", 20, partner=other)
        self._touch("2020-06-04", quality=2)
        self._touch("2020-06-04", other, quality=4)
        quota = self._quota(
            "2020-06-01",
            "2020-06-30",
            *("revenue", "touch_quality", "touches", "kept"),
            user=self.anna,
        )
        quota._measure()
        found = (
            self.env["kam.quota"].with_user(self.anna)._get_without([self.account.id])
        )
        self.assertEqual(
            {row["line_id"]: (row["actual"], row["actual_without"]) for row in found},
            dict(zip(quota.line_ids.ids, [(120, 20), (3, 4), (2, 1)], strict=False)),
        )
        revenue, _quality, touches = found
        self.assertEqual(revenue["forecast_without"], 20)
        self.assertAlmostEqual(touches["forecast_without"], touches["forecast"] / 2, 4)
        self.assertFalse(
            self.env["kam.quota"].with_user(self.boris)._get_without([self.account.id])
        )

    # Many at once

    def test_number_of_queries_does_not_depend_on_that_of_quotas(self):
        counts = []
        for number in (2, 20):
            quotas = self.env["kam.quota"]
            for place in range(number):
                start = fields.Date.to_date("2020-01-01") + timedelta(days=30 * place)
                quotas |= self._quota(
                    start,
                    start + timedelta(days=29),
                    *(key for key in INDICATORS if "category" not in key),
                    user=self.anna,
                )
            self.env.flush_all()
            self.env.invalidate_all()
            quotas._measure()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            quotas._measure()
            counts.append(self.env.cr.sql_log_count - before)
            # two of one owner must not overlap
            quotas.active = False
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 40)

    def test_measuring_again_writes_no_line(self):
        self._touch("2020-06-02")
        quota = self._quota("2020-06-01", "2020-06-30", *("touches", "kept"))
        quota._measure()
        query = """SELECT array_agg(xmin::text || ctid::text) FROM kam_quota_line
                    WHERE quota_id = %s"""
        self.env.cr.execute(query, [quota.id])
        before = self.env.cr.fetchone()
        quota._measure()
        self.env.cr.execute(query, [quota.id])
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_cron_measures_what_runs_and_not_twice_a_day(self):
        self._touch("2020-06-02")
        quota = self._quota("2020-06-01", "2020-06-30", "touches")
        draft = self._quota(
            "2020-06-01", "2020-06-30", "touches", user=self.anna, state="draft"
        )
        cron = self.env.ref("kam_management.ir_cron_measure_quotas")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertEqual(quota.line_ids.actual, 1)
            self.assertFalse(draft.measured_at)
            self._touch("2020-06-03")
            cron.method_direct_trigger()
            self.assertEqual(quota.line_ids.actual, 1)

    def test_what_fails_for_one_company_stops_no_other(self):
        sister = self._create_company("Sister")
        days = "2020-06-01", "2020-06-30", "touches"
        quota, other = self._quota(*days), self._quota(*days, company_id=sister.id)
        Quota = type(self.env["kam.quota"])
        measure = Quota._measure

        def fail_in_sister(quotas):
            if quotas.company_id == sister:
                raise ValueError("Sister")
            measure(quotas)

        cron = self.env.ref("kam_management.ir_cron_measure_quotas")
        sister.sequence = -1  # it comes first
        with (
            self.enter_registry_test_mode(),
            patch.object(Quota, "_measure", fail_in_sister),
            self.assertLogs("odoo.addons.kam_management", "ERROR") as logs,
        ):
            cron.method_direct_trigger()
        self.assertIn("Quotas of Sister not measured", logs.output[0])
        self.assertTrue(quota.measured_at)
        self.assertFalse(other.measured_at)

    def test_indicator_that_is_no_more_stops_nothing(self):
        self._touch("2020-06-02")
        quota = self._quota("2020-06-01", "2020-06-30", "touches", "won")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_quota_line SET indicator = 'gone' WHERE indicator = 'won'"
        )
        self.env.invalidate_all()
        quota._measure()
        self.assertEqual(quota.line_ids[0].actual, 1)
        with self.assertRaisesRegex(UserError, "Remove the line"):
            quota.line_ids[1].action_open_facts()

    def test_quota_without_lines_is_measured_too(self):
        quota = self._quota("2020-06-01", "2020-06-30")
        quota._measure()
        self.assertTrue(quota.measured_at)
        self.assertEqual(self.env["kam.measure"]._measure([]), {})
