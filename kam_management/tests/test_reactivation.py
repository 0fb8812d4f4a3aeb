from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_early_warning import TODAY, SilenceCommon


class ReactivationCommon(SilenceCommon):
    """Customers who stopped buying; today is 15 June 2026, the window is a year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Case = cls.env["kam.reactivation"]
        # the one who sets the measure of A and B customers
        cls.best = cls._buy(30, 20, 10)
        cls.quiet = cls._buy(364, 363, 362)
        cls.quiet.manager_id = cls.anna
        cls._refresh()

    def _fall_dormant(self, account=None):
        """Let some days pass until a customer is dormant; return the case."""
        account = account or self.quiet
        with freeze_time(TODAY + timedelta(days=5)):
            self.env["kam.engine"]._run({(self.company.id, account.partner_id.id)})
        self.assertEqual(account.level, "dormant")
        return account.reactivation_ids

    def _buy_again(self, amount=70):
        """Let the customer buy on the tenth day from now."""
        day = TODAY + timedelta(days=10)
        with freeze_time(day):
            self._order(day, amount, self.quiet.partner_id)
            self.env["kam.engine"]._run({(self.company.id, self.quiet.partner_id.id)})

    def _reason(self):
        return self.env["crm.lost.reason"].create({"name": "Too slow"})

    def _talk(self, account, day):
        return self._touch(day, account_id=account.id, partner_ids=False)


@tagged("post_install", "-at_install")
class TestReactivation(ReactivationCommon):
    """Who stopped buying and was worth it gets one case, until it has an outcome."""

    def test_valuable_customer_who_falls_dormant_opens_one_case(self):
        self.assertFalse(self.quiet.reactivation_ids)
        case = self._fall_dormant()
        self.assertRecordValues(
            case,
            [
                {
                    "trigger": "dormant",
                    "silent_since": TODAY - timedelta(days=362),
                    "dormant_date": self.quiet.level_date,
                    "worth": self.quiet.revenue_previous,
                    "user_id": self.anna.id,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(case.worth, 300)
        self.quiet._open_reactivation("dormant")
        self.assertEqual(self.quiet.reactivation_ids, case)

    def test_small_customer_opens_none_unless_it_is_a_key_account(self):
        self.assertEqual(self.best.segment, "a")
        small = self._create_customer("Small")
        self._order(TODAY - timedelta(days=362), 1, small)
        account = self._buy(363, partner=small)
        account.sudo().revenue = 1
        self.assertEqual(account._filter_worth_it(), account.browse())
        account.sudo().is_key_account = True
        self.assertEqual(account._filter_worth_it(), account)

    def test_early_warning_opens_a_case_that_dormancy_goes_on_with(self):
        self.assertTrue(self.quiet.is_at_risk)
        self.Account._reactivate_company(self.company)
        case = self.quiet.reactivation_ids
        self.assertEqual((case.trigger, case.dormant_date), ("risk", False))
        self.assertFalse(self.best.reactivation_ids)
        self.assertEqual(self._fall_dormant(), case)
        self.assertEqual(case.dormant_date, self.quiet.level_date)

    def test_purchase_reactivates(self):
        case = self._fall_dormant()
        case.date_start = TODAY - timedelta(days=5)
        self._talk(self.quiet, TODAY - timedelta(days=1))
        self._buy_again()
        self.assertEqual(case.state, "won")
        self.assertTrue(case.is_worked)

    def test_purchase_of_a_customer_at_risk_is_found_by_the_job(self):
        self.Account._reactivate_company(self.company)
        case = self.quiet.reactivation_ids
        self._buy_again()
        self.Account._reactivate_company(self.company)
        self.assertEqual(case.state, "won")
        self.assertFalse(case.is_worked)

    def test_next_silence_is_another_case(self):
        case = self._fall_dormant()
        self._buy_again(500)
        with freeze_time(TODAY + timedelta(days=380)):
            self.env["kam.engine"]._run({(self.company.id, self.quiet.partner_id.id)})
            second = self.quiet.reactivation_ids - case
        self.assertEqual(second.silent_since, TODAY + timedelta(days=10))
        self.assertEqual((case.state, second.state), ("won", "open"))

    def test_lost_needs_a_reason(self):
        case = self._fall_dormant().with_user(self.anna)
        with self.assertRaisesRegex(UserError, "reason first"):
            case.action_lose()
        case.lost_reason_id = self._reason()
        case.action_lose()
        self.assertEqual((case.state, case.date_end), ("lost", TODAY))
        self.assertFalse(case.is_worked)
        case.action_reopen()
        self.assertEqual((case.state, case.date_end), ("open", False))

    def test_who_bought_again_needs_no_reopening(self):
        case = self._fall_dormant()
        self._buy_again()
        with self.assertRaisesRegex(UserError, "bought again"):
            case.with_user(self.anna).action_reopen()

    def test_attempts_are_the_contacts_while_it_is_open(self):
        case = self._fall_dormant()
        case.sudo().date_start = TODAY - timedelta(days=10)
        for ago in (20, 10, 3):
            self._talk(self.quiet, TODAY - timedelta(days=ago))
        self._talk(self.best, TODAY - timedelta(days=1))
        case.invalidate_recordset()
        self.assertEqual(case.attempt_count, 2)
        case.sudo().date_end = TODAY - timedelta(days=5)
        self.assertEqual(case.attempt_count, 1)

    def test_developer_begins_anew_with_a_deal(self):
        case = self._fall_dormant()
        self.quiet.developer_id = self.seller
        case = case.with_user(self.anna)
        case.action_make_lead()
        lead = case.lead_id
        self.assertRecordValues(
            lead.sudo(),
            [
                {
                    "partner_id": self.quiet.partner_id.id,
                    "user_id": self.seller.id,
                    "expected_revenue": 300,
                }
            ],
        )
        case.action_make_lead()
        self.assertEqual(case.lead_id, lead)

    def test_case_is_opened_by_hand_once(self):
        mine = self.best.with_user(self.anna)
        with self.assertRaises(AccessError):
            mine.action_reactivate()
        self.best.manager_id = self.anna
        action = mine.action_reactivate()
        case = self.Case.browse(action["res_id"])
        self.assertEqual((case.trigger, case.worth), ("manual", 300))
        self.assertEqual(mine.action_reactivate()["res_id"], case.id)

    def test_who_never_bought_is_not_reactivated(self):
        account = self._account(self._create_customer("Never"))
        with self.assertRaisesRegex(UserError, "never bought"):
            account.action_reactivate()

    def test_buttons_alone_decide(self):
        case = self._fall_dormant().with_user(self.anna)
        for vals in ({"state": "won"}, {"worth": 9}, {"is_worked": True}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                case.write(vals)
        with self.assertRaises(AccessError):
            self.Case.with_user(self.head).create(
                {"account_id": self.best.id, "silent_since": TODAY}
            )

    def test_colleague_of_another_account_sees_none(self):
        case = self._fall_dormant()
        self.assertFalse(self.Case.with_user(self.boris).search([]))
        with self.assertRaises(AccessError):
            case.with_user(self.boris).action_lose()

    def test_who_leaves_gives_it_to_the_next_manager(self):
        case = self._fall_dormant()
        self.quiet._take_over_from(self.anna)
        self.anna.active = False
        self.quiet.manager_id = self.boris
        self.assertEqual(case.user_id, self.boris)

    def test_merged_customers_keep_one_open_case(self):
        self._fall_dormant()
        other = self._buy(364, 363, 362)
        self._fall_dormant(other)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge(
            (other.partner_id + self.quiet.partner_id).ids, self.quiet.partner_id
        )
        self.env.flush_all()
        self.assertEqual(len(self.quiet.reactivation_ids), 1)

    def test_reactivated_customers_are_measured_by_the_log(self):
        self._fall_dormant()
        self._buy_again()
        step = self.quiet.transition_ids.sorted("date")[-1]
        self.assertEqual(step.from_level, "dormant")
        self.assertIn("reactivated", self.env["kam.measure"]._get_indicators())


@tagged("post_install", "-at_install")
class TestWinBack(ReactivationCommon):
    """Dormant customers are listed by what they were worth, and how likely they return."""

    def _rows(self, accounts):
        Report = self.env["kam.win.back.report"].with_user(self.head)
        return Report.search([("account_id", "in", accounts.ids)])

    def test_worth_is_the_revenue_of_the_last_window(self):
        long_ago = self._buy(2000, 1700, 1500)
        row = self._rows(long_ago | self.best)
        self.assertEqual(row.account_id, long_ago)
        # 2000 days ago is more than a year before 1500 days ago
        self.assertEqual(row.worth, 200)
        self.assertEqual(row.dormant_date, long_ago.level_date)
        self.assertFalse(row.likelihood)

    def test_likelihood_comes_from_those_before(self):
        back = [
            self._buy(1600, 1000, 10, partner=self._create_customer(f"Back {n}"))
            for n in range(10)
        ]
        steps = back[0].transition_ids.filtered(lambda t: t.from_level == "dormant")
        self.assertEqual(len(steps), 2)
        gone = self._buy(2000, 1700, 1500)
        self.env.registry.clear_cache()
        [row] = self._rows(gone)
        # dormant for three years: nobody came back after as long
        self.assertFalse(row.likelihood)
        fresh = self._buy(500, 400)
        [row] = self._rows(fresh)
        self.assertGreater(row.likelihood, 0.8)
        self.assertEqual(row.expected, row.worth * row.likelihood)

    def test_row_opens_the_case(self):
        gone = self._buy(2000, 1700, 1500)
        gone.manager_id = self.anna
        Report = self.env["kam.win.back.report"].with_user(self.anna)
        row = Report.search([("account_id", "=", gone.id)])
        action = row.action_reactivate()
        self.env.invalidate_all()
        self.assertEqual(row.reactivation_id.id, action["res_id"])

    def test_list_asks_as_many_queries_for_many(self):
        counts = []
        # likelihoods are kept for the day
        self.env["kam.win.back.report"].with_user(self.head).search([])
        for size in (1, 8):
            for _n in range(size):
                self._buy(2000, 1700, 1500)
            self.env.flush_all()
            self.env.invalidate_all()
            Report = self.env["kam.win.back.report"].with_user(self.head)
            before = self.env.cr.sql_log_count
            Report.search([]).mapped("worth")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_comparison_says_what_work_brought(self):
        case = self._fall_dormant()
        case.date_start = TODAY - timedelta(days=5)
        self._talk(self.quiet, TODAY - timedelta(days=1))
        self._buy_again()
        Report = self.env["kam.reactivation.report"].with_user(self.head)
        with freeze_time(TODAY + timedelta(days=11)):
            row = Report.search([("reactivation_id", "=", case.id)])
            self.assertRecordValues(
                row, [{"is_worked": True, "won": 1, "revenue": 70, "worth": 300}]
            )

    def test_case_moves_with_the_customer(self):
        case = self._fall_dormant()
        handover = self.env["kam.handover"].create(
            {
                "account_id": self.quiet.id,
                "manager_id": self.boris.id,
                "skip_reason": "Redistribution",
            }
        )
        handover.action_complete()
        self.assertEqual(case.user_id, self.boris)
        handover.action_undo()
        self.assertEqual(case.user_id, self.anna)

    def test_nobody_who_has_left_is_to_try(self):
        self.quiet.write(
            {"accountable_id": self.head.id, "developer_id": self.boris.id}
        )
        (self.anna + self.boris).active = False
        case = self._fall_dormant()
        self.assertEqual(case.user_id, self.head)
        case.with_user(self.head).action_make_lead()
        self.assertEqual(case.lead_id.user_id, self.head)

    def test_case_goes_on_when_the_order_that_ended_it_is_cancelled(self):
        case = self._fall_dormant()
        self._buy_again()
        self.assertEqual(case.state, "won")
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.quiet.partner_id.id)], order="id desc", limit=1
        )
        order._action_cancel()
        with freeze_time(TODAY + timedelta(days=11)):
            self.env["kam.engine"]._run({(self.company.id, self.quiet.partner_id.id)})
            self.assertEqual(self.quiet.level, "dormant")
            with self.enter_registry_test_mode():
                self.env.ref(
                    "kam_management.ir_cron_reactivate"
                ).method_direct_trigger()
        self.assertEqual((case.state, case.date_end), ("open", False))
