from psycopg2 import IntegrityError

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .portfolio_common import TODAY, PortfolioCommon


@tagged("post_install", "-at_install")
@freeze_time("2022-03-10")
class TestPortfolioAlarms(PortfolioCommon):
    """Too much hangs on few: the head of sales is told, once per crossing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Alarm = cls.env["kam.portfolio.alarm"]
        # what the figures below are about, whatever is usual
        cls.company.kam_dependency_limit = 75

    def test_a_new_company_is_told_of_who_brings_more_than_a_quarter(self):
        """At 75 % of revenue the alarm came when it was too late."""
        company = self.env["res.company"].create({"name": "Fresh"})
        self.company.kam_dependency_limit = company.kam_dependency_limit
        first, *_others = self._sell(a=26, b=25, c=25, d=24)
        alarm = self._watch()
        self.assertRecordValues(
            alarm, [{"account_id": first.id, "share": 0.26, "share_limit": 0.25}]
        )

    def test_large_customer_is_an_alarm_for_who_is_accountable(self):
        other = self._create_user("other_head", "kam_management.group_kam_manager")
        first, second = self._sell(a=76, b=24)
        first.accountable_id = other
        second.accountable_id = self.head
        [alarm] = self._watch()
        self.assertRecordValues(
            alarm,
            [{"kind": "account", "account_id": first.id, "user_id": other.id}],
        )
        activity = alarm.activity_ids
        self.assertEqual(activity.user_id, other)
        summary = activity.summary.replace("\N{NO-BREAK SPACE}", " ")
        self.assertEqual(summary, "a brings 76.0 % of revenue, more than 75 %")

    def test_limit_itself_is_no_alarm(self):
        self._sell(a=75, b=25)
        self.assertFalse(self._watch())

    def test_it_is_said_once_and_again_after_it_was_over(self):
        _first, second = self._sell(a=80, b=20)
        alarm = self._watch()
        self.assertEqual(self._watch(), alarm)
        self.assertEqual(len(alarm.activity_ids), 1)
        self._order(TODAY, 60, second.partner_id)
        self.assertEqual(self._watch(), alarm)
        self.assertEqual(alarm.date_end, TODAY)
        self.assertFalse(alarm.activity_ids)
        self.company.kam_dependency_limit = 40
        again = self._watch() - alarm
        self.assertEqual((again.kind, len(again.activity_ids)), ("account", 1))

    def test_activity_that_was_done_does_not_come_back_the_next_night(self):
        self._sell(a=80, b=20)
        alarm = self._watch()
        alarm.activity_ids.action_feedback(feedback="I know")
        self._watch()
        self.assertFalse(alarm.activity_ids)

    def test_group_is_an_alarm_where_no_customer_alone_is(self):
        first, second, _third = self._sell(a=40, b=40, c=20)
        holding = self._create_customer("Holding")
        (first + second).partner_id.parent_id = holding
        first.accountable_id = self.head
        [alarm] = self._watch()
        self.assertRecordValues(
            alarm,
            [{"kind": "group", "group_partner_id": holding.id, "share": 0.8}],
        )
        self.assertEqual(alarm.user_id, self.head)

    def test_key_accounts_bring_too_little_then_too_much(self):
        first, second, third, fourth = self._sell(a=20, b=40, c=20, d=20)
        self.assertFalse(self._watch())
        self._nominate(first, "2022-03-01")
        low = self._watch()
        self.assertEqual((low.kind, low.user_id), ("key_low", self.head))
        self._nominate(third + fourth, "2022-03-01")
        high = self._watch() - low
        self.assertTrue(low.date_end)
        self.assertEqual(high.kind, "key_high")
        third.is_key_account = False
        fourth.is_key_account = False
        self._nominate(third, "2022-03-10") if not third.nomination_id else None
        self.assertFalse(second.is_key_account)
        self._watch()
        self.assertTrue(high.date_end)

    def test_company_without_revenue_raises_nothing(self):
        self._nominate(self._account(), "2022-03-01")
        self.assertFalse(self._watch())

    def test_company_without_a_head_raises_the_alarm_silently(self):
        self._sell(a=100)
        self.company.partner_id.flush_recordset()
        heads = self.env["res.users"].search([("company_ids", "in", self.company.ids)])
        heads.group_ids -= self.env.ref("kam_management.group_kam_manager")
        alarm = self._watch()
        self.assertEqual(alarm.kind, "account")
        self.assertFalse(alarm.activity_ids)

    @mute_logger("odoo.sql_db")
    def test_band_and_limit_in_the_wrong_order_are_refused(self):
        for values in (
            {"kam_key_share_min": 60},
            {"kam_key_share_max": 101},
            {"kam_key_share_min": -1},
            {"kam_dependency_limit": 0},
            {"kam_dependency_limit": 101},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.company.write(values)
                self.env.flush_all()

    def _watch(self):
        """Work out the running month, as the night does; return all alarms."""
        self._refresh(TODAY)
        self._take()
        self.Alarm._watch({self.company.id})
        return self.Alarm.search([("company_id", "=", self.company.id)])
