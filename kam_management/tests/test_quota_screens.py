from datetime import date, datetime, timedelta

from odoo.tests import Form, tagged

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaScreens(QuotaProcessCommon):
    """What is shown of quotas: pictures, the sheet, the weekly mail."""

    def test_balance_shows_the_three_counts_in_their_order(self):
        quota = self._quota({"revenue": 5, "engaged": 8, "kept": 4})
        picture = quota.balance_picture
        self.assertEqual(picture.count('class="actual"'), 2)
        self.assertLess(picture.index("kept"), picture.index("engaged"))
        self.assertFalse(self._quota({"revenue": 5}, period="year").balance_picture)

    def test_list_costs_the_same_for_one_and_for_a_dozen(self):
        counts = []
        fields = ["behind_count", "open_decision_count", "balance_picture", "name"]
        quotas = self.env["kam.quota"]
        for month in range(1, 13):
            quotas |= self._quota({"won": 1}, date_start=f"2020-{month:02d}-01")
        # the first turn fills the caches of rights and translations
        for records in (quotas[:1], quotas[:1], quotas):
            records = records.with_user(self.head)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.read(fields)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_what_is_not_alike_is_not_added_up(self):
        """Customers and money made one sum, and attainment was a mean of means."""
        first = self._quota({"won": 10, "revenue": 1000})
        second = self._quota({"won": 30, "revenue": 1000}, user_id=self.boris.id)
        lines = (first | second).line_ids.sudo()
        for line, actual in zip(lines, (10, 500, 0, 500), strict=True):
            line.write({"actual": actual, "attainment": 100 * actual / line.target})
        aggregates = ["target:sum", "actual:sum", "attainment:avg"]
        domain = [("id", "in", lines.ids)]
        self.assertEqual(
            lines._read_group(domain, ["indicator"], aggregates, order="indicator"),
            [("revenue", 2000, 1000, 50), ("won", 40, 10, 25)],
        )
        [(target, actual, attainment)] = lines._read_group(domain, [], aggregates)
        self.assertFalse(target or actual)
        self.assertEqual(attainment, 50, "the mean of 100, 50, 0 and 50")

    def test_sheet_shows_plan_fact_and_decisions(self):
        quota = self._quota({"won": 10, "touch_quality": 4.5})
        quota.action_run()
        self._decide(quota.decision_ids[0])
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.head)
            ._render_qweb_html("kam_management.report_quota", quota.ids)
        )
        html = html.decode()
        for words in ("Anna, March 2020", "4.50", "Two more visits a week", "<svg"):
            self.assertIn(words, html)

    def test_sheet_does_not_tell_a_decision_before_it_is_taken(self):
        quota = self._quota(state="running")
        self._stand(quota.line_ids, "behind", -50)
        quota.decision_ids.with_user(self.head).decision = "Perhaps more visits"
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.head)
            ._render_qweb_html("kam_management.report_quota", quota.ids)
        )
        self.assertNotIn("Perhaps", html.decode())

    def test_manager_prints_his_sheet_and_no_other(self):
        report = self.env["ir.actions.report"].with_user(self.anna)
        quota = self._quota()
        self.assertTrue(
            report._render_qweb_html("kam_management.report_quota", quota.ids)
        )
        other = self._quota(user_id=self.boris.id)
        with self.assertRaisesRegex(Exception, "access|allowed"):
            report._render_qweb_html("kam_management.report_quota", other.ids)

    def test_manager_opens_his_quota_and_changes_nothing(self):
        quota = self._quota(state="running").with_user(self.anna)
        self.assertEqual(Form(quota).name, "Anna, March 2020")
        self.assertFalse(
            quota.search([("user_id", "=", self.boris.id)]), "only the own"
        )
        self.assertFalse(quota.has_access("write"))

    def test_weekly_mail_counts_what_its_reader_may_see(self):
        account = self._account()
        account.manager_id = self.anna
        today = date.today()
        self._touch(today - timedelta(days=2))
        digest = self.env.ref("kam_management.digest_weekly")
        for user, touches in ((self.head, 1), (self.anna, 1), (self.boris, 0)):
            with self.subTest(user=user.name):
                kpis = digest._compute_kpis(self.company, user)
                found = {kpi["kpi_name"]: kpi["kpi_col2"]["value"] for kpi in kpis}
                self.assertEqual(found["kpi_kam_touches"], touches)
                self.assertIn("kpi_kam_won", found)
        self.assertFalse(
            [
                kpi
                for kpi in digest._compute_kpis(self.company, self.seller)
                if kpi["kpi_name"].startswith("kpi_kam")
            ]
        )

    def test_weekly_mail_counts_steps_of_the_week(self):
        now = datetime.now()
        self._order(now.date() - timedelta(days=3))
        self._refresh()
        digest = self.env.ref("kam_management.digest_weekly")
        kpis = digest._compute_kpis(self.company, self.head)
        found = {kpi["kpi_name"]: kpi for kpi in kpis}["kpi_kam_won"]
        self.assertEqual(found["kpi_col2"]["value"], 1)
        self.assertEqual(found["kpi_col1"]["value"], 0)
        self.assertIn("kam_level_transition_action", found["kpi_action"])
