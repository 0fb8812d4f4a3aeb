from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .portfolio_common import TODAY, PortfolioCommon


@tagged("post_install", "-at_install")
@freeze_time("2022-03-10")
class TestRiskAlarm(PortfolioCommon):
    """A key account that is silent for longer than usual is an alarm, one each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Alarm = cls.env["kam.portfolio.alarm"]
        cls.account = cls._buy(50, 40, 30)
        cls.account.accountable_id = cls.head

    @classmethod
    def _buy(cls, *days_ago, name="Meyer"):
        partner = cls._create_customer(name)
        for ago in days_ago:
            cls._order(TODAY - timedelta(days=ago), 100, partner)
        cls.env["kam.engine"]._run({(cls.company.id, partner.id)})
        return cls._account(partner)

    def _watch(self):
        """Return the alarms that are on."""
        self.Alarm._watch_silence()
        return self.Alarm.search(
            [("company_id", "=", self.company.id), ("date_end", "=", False)]
        )

    def test_key_account_at_risk_is_told_to_the_head(self):
        self.assertFalse(self._watch(), "it is no key account")
        self._nominate(self.account, "2022-01-01")
        [alarm] = self._watch()
        self.assertRecordValues(
            alarm,
            [{"kind": "key_risk", "account_id": self.account.id, "date": TODAY}],
        )
        self.assertEqual(
            alarm.display_name, "Meyer is at risk: nothing bought since Feb 8, 2022"
        )
        self.assertEqual(alarm.activity_ids.user_id, self.head)

    def test_alarm_that_was_acknowledged_stays_on_and_asks_for_nothing(self):
        self._nominate(self.account, "2022-01-01")
        alarm = self._watch().with_user(self.head)
        cockpit = self.env["kam.cockpit"].with_user(self.head)
        [row] = cockpit._find_alarms()
        self.assertEqual(
            [button["method"] for button in row["buttons"]],
            ["action_log_touch", "action_acknowledge"],
        )
        with self.assertRaises(AccessError):
            alarm.with_user(self.anna).action_acknowledge()
        alarm.action_acknowledge()
        self.assertRecordValues(
            alarm, [{"known_date": TODAY, "known_user_id": self.head.id}]
        )
        self.assertFalse(cockpit._find_alarms())
        self.assertFalse(alarm.activity_ids)
        self.assertEqual(self._watch(), alarm)

    def test_each_has_an_alarm_of_its_own_once(self):
        other = self._buy(60, 40, 20, name="Other")
        third = self._buy(90, 60, 59, name="Third")
        self._nominate(self.account | other | third, "2022-01-01")
        alarms = self._watch()
        self.assertEqual(alarms.account_id, self.account | third)
        self.assertEqual(self._watch(), alarms)

    def test_purchase_lifts_it(self):
        self._nominate(self.account, "2022-01-01")
        alarm = self._watch()
        self._order(TODAY, 100, self.account.partner_id)
        self._drain()
        self.assertFalse(self._watch())
        self.assertEqual(alarm.date_end, TODAY)
        self.assertFalse(alarm.activity_ids)

    def test_falling_asleep_does_not_lift_it(self):
        self._nominate(self.account, "2022-01-01")
        alarm = self._watch()
        with freeze_time("2023-06-01"):
            self._refresh()
            self.assertEqual(self.account.level, "dormant")
            self.assertEqual(self._watch(), alarm)

    def test_shares_do_not_lift_it(self):
        self._nominate(self.account, "2022-01-01")
        alarm = self._watch()
        self._take()
        self.Alarm._watch({self.company.id})
        self.assertFalse(alarm.date_end)
