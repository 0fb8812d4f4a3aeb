from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from .test_health import HealthCommon

TODAY = date(2026, 6, 15)


class SilenceCommon(HealthCommon):
    """Customers who buy every so many days; today is 15 June 2026."""

    @classmethod
    def _buy(cls, *days_ago, partner=None):
        """Let a customer buy so many days ago, and return the account."""
        partner = partner or cls._create_customer(f"Bought {days_ago}")
        for ago in days_ago:
            cls._order(TODAY - timedelta(days=ago), 100, partner)
        cls.env["kam.engine"]._run({(cls.company.id, partner.id)})
        return cls._account(partner)


@tagged("post_install", "-at_install")
class TestAtRisk(SilenceCommon):
    """Who has bought on three days or more is at risk after 2.5 usual intervals."""

    def test_silence_of_two_and_a_half_intervals_is_still_usual(self):
        account = self._buy(90, 70, 50)
        self.assertEqual(account.usual_interval, 20)
        self.assertEqual(account.risk_date, TODAY - timedelta(days=50 - 51))
        self.assertFalse(account.is_at_risk)
        self.assertFalse(account.risk_reason)
        with freeze_time(TODAY + timedelta(days=1)):
            account.invalidate_recordset()
            self.assertTrue(account.is_at_risk)
            self.assertEqual(account.risk_reason, "silent 51 days, usually every 20")

    def test_two_days_of_purchases_are_no_rhythm(self):
        account = self._buy(300, 300, 290)
        self.assertEqual((account.usual_interval, account.purchase_day_count), (10, 2))
        self.assertFalse(account.risk_date)
        self.assertFalse(account.is_at_risk)

    def test_quick_rhythm_is_given_fourteen_days(self):
        account = self._buy(16, 15, 14)
        self.assertFalse(account.is_at_risk)
        account = self._buy(17, 16, 15)
        self.assertTrue(account.is_at_risk)
        self.assertEqual(account.risk_reason, "silent 15 days, usually every day")

    def test_dormant_customer_is_not_at_risk_any_more(self):
        account = self._buy(400, 390, 380)
        self.assertEqual(account.level, "dormant")
        self.assertTrue(account.risk_date)
        self.assertFalse(account.is_at_risk)

    def test_purchase_ends_it(self):
        account = self._buy(90, 80, 70)
        self.assertTrue(account.is_at_risk)
        self._order(TODAY, 100, account.partner_id)
        self._drain()
        self.assertFalse(account.is_at_risk)

    def test_filter_finds_who_is_at_risk(self):
        at_risk = self._buy(90, 80, 70)
        others = self._buy(90, 50, 20) | self._buy(400, 390, 380) | self.account
        found = self.Account.search([("is_at_risk", "=", True)])
        self.assertIn(at_risk, found)
        self.assertFalse(found & others)
        rest = self.Account.search([("is_at_risk", "=", False)])
        self.assertLessEqual(others, rest)
        self.assertNotIn(at_risk, rest)

    def test_reason_is_told_in_the_readers_language(self):
        account = self._buy(90, 80, 70)
        self.env["res.lang"]._activate_lang("de_DE")
        self.assertTrue(account.with_context(lang="de_DE").risk_reason)


@tagged("post_install", "-at_install")
class TestEstimate(SilenceCommon):
    """All customers are ranked by how long their next purchase may be away."""

    def _rank(self):
        self.engine = self.env["kam.engine"]
        self.engine._keep_usual_interval()
        ranked = self.Account._rank_by_silence(self.company, TODAY)
        return [self._account(self.env["res.partner"].browse(p)) for p, *_n in ranked]

    def test_usual_interval_is_the_mean_of_the_customers(self):
        self._buy(40, 30, 20)
        self._buy(100, 80, 60, 40, 20, 0)
        self._buy(33)
        self.env["kam.engine"]._keep_usual_interval()
        self.assertEqual(self.company.kam_usual_interval, 15)

    def test_usual_interval_is_kept_by_the_night(self):
        self._buy(40, 30, 20)
        self.env["kam.engine"]._compare()
        self.assertEqual(self.company.kam_usual_interval, 10)

    def test_estimate_worked_out_by_hand(self):
        """Interval (40 + 10) / 3 = 16.7 days, times e to the power of 20 / 33.3: 30.4."""
        account = self._buy(40, 30, 20)
        self.env["kam.engine"]._keep_usual_interval()
        account.invalidate_recordset()
        self.assertEqual(account.estimated_wait, 30)

    def test_who_never_bought_has_no_estimate(self):
        account = self._account(self._create_customer("Never"))
        self.assertEqual(account.estimated_wait, 0)

    def test_longer_silence_and_seldom_purchases_rank_higher(self):
        often = self._buy(*range(20, 200, 10))
        seldom = self._buy(180, 100, 20)
        gone = self._buy(*range(60, 240, 10))
        once = self._buy(200)
        ranked = [a for a in self._rank() if a != self.account]
        self.assertEqual(ranked, [once, gone, seldom, often])

    def test_list_is_ordered_by_it(self):
        often, seldom = self._buy(*range(20, 200, 10)), self._buy(180, 100, 20)
        domain = [("id", "in", (often | seldom).ids)]
        order = "estimated_wait desc"
        self.assertEqual(self.Account.search(domain, order=order), seldom + often)
        shown = self.Account.fields_get(["estimated_wait"])["estimated_wait"]
        self.assertTrue(shown["sortable"])

    def test_all_are_worked_out_in_one_query(self):
        accounts = self._buy(40, 30) | self._buy(50, 20) | self._buy(60)
        self.env.flush_all()
        accounts.invalidate_recordset()
        with self.assertQueryCount(1):
            accounts.mapped("estimated_wait")


@tagged("post_install", "-at_install")
class TestPurchasesInHealth(SilenceCommon):
    """Purchases in time are a part of the health: 100, overdue 50, at risk 0."""

    def _part(self, account):
        return account._get_health_rows()[account.id]["parts"]["purchases"]["score"]

    def test_score_falls_when_overdue_and_when_at_risk(self):
        self.assertIsNone(self._part(self._buy(10)))
        self.assertEqual(self._part(self._buy(30, 20, 10)), 100)
        self.assertEqual(self._part(self._buy(31, 21, 11)), 50)
        self.assertEqual(self._part(self._buy(46, 36, 26)), 0)
        self.assertEqual(self._part(self._buy(400, 390, 380)), 0)

    def test_it_is_told_in_words(self):
        for days, words in (
            ((30, 20, 10), "in time usually every 10 days"),
            ((31, 21, 11), "overdue since Jun 14, 2026"),
            ((46, 36, 26), "at risk: silent 26 days, usually every 10"),
            ((400, 390, 380), "dormant"),
            ((5,), "Unknown: no second day with a purchase yet"),
        ):
            account = self._buy(*days)
            text = " ".join(str(account.health_html).split())
            for word in words.split("since")[0].split(" usually"):
                self.assertIn(word.strip(), text)


@tagged("post_install", "-at_install")
class TestEstimateOfNewRecords(SilenceCommon):
    """A record that is not saved yet has no estimate, or that of its origin."""

    def test_a_record_that_is_not_saved_has_no_estimate(self):
        new = self.Account.new({"partner_id": self.customer.id})
        self.assertFalse(new.estimated_wait)
        self.assertFalse(self.Account.estimated_wait)

    def test_a_record_that_is_edited_has_that_of_its_origin(self):
        account = self._buy(90, 70, 50)
        self.assertGreater(account.estimated_wait, 0)
        edited = self.Account.new(origin=account)
        self.assertEqual(edited.estimated_wait, account.estimated_wait)
