from datetime import timedelta

from odoo import Command, fields
from odoo.tests import Form, tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestCockpitMyDay(PlanCommon):
    """What a key account manager is to do today: each card counts what its list shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.mine = cls.env["kam.cockpit"].with_user(cls.anna)

    def _get_card(self, key, user=None):
        """Return a card of My Day of a user, None where he has none like it."""
        cockpit = self.mine.with_user(user or self.anna)
        parts = (
            cockpit.get_my_contacts(),
            cockpit.get_my_requests(),
            cockpit.get_my_accounts(),
        )
        cards = [card for part in parts for card in part["cards"]]
        return {card["key"]: card for card in cards}.get(key)

    def assertCard(self, key, records, late=None):
        """Assert that a card of Anna shows records, and that Boris sees none of them."""
        card = self._get_card(key)
        listed = self.env[card["action"]["res_model"]].with_user(self.anna)
        found = listed.search(card["action"]["domain"])
        self.assertEqual(found, records.with_user(self.anna))
        self.assertEqual(card["count"], len(records))
        self.assertEqual(len(card["rows"]), min(len(records), 5))
        if late is not None:
            self.assertEqual(card["late"], len(late))
        other = self._get_card(key, self.boris)
        self.assertFalse(other and other["count"], "Boris sees it, too")

    def _due(self, days, partner=None):
        """Return an account of Anna whose touch is due in some days."""
        account = self._account(partner)
        account.sudo().write({"manager_id": self.anna.id})
        account.sudo().next_touch_date = self.today + timedelta(days=days)
        return account

    def test_touches_are_due_within_a_week_and_late_before_today(self):
        late = self._due(-3)
        soon = self._due(7, self._create_customer("Soon"))
        self._due(8, self._create_customer("Later"))
        self.assertCard("touches", late | soon, late)
        row = self._get_card("touches")["rows"][0]
        self.assertEqual((row["id"], row["days"], row["late"]), (late.id, -3, True))

    def test_only_the_most_urgent_are_named_and_all_are_listed(self):
        accounts = self.Account
        for number in range(7):
            accounts |= self._due(-number, self._create_customer(f"No. {number}"))
        self.assertCard("touches", accounts)
        days = [row["days"] for row in self._get_card("touches")["rows"]]
        self.assertEqual(days, [-6, -5, -4, -3, -2])

    def test_one_click_logs_a_touch(self):
        account = self._due(-3)
        button = self._get_card("touches")["rows"][0]["button"]
        action = getattr(
            self.env[button["model"]].with_user(self.anna).browse(button["id"]),
            button["method"],
        )()
        Touch = self.env["kam.touch"].with_user(self.anna)
        form = Form(Touch.with_context(**action["context"]))
        self.assertEqual(form.save().account_id, account)

    def test_who_is_due_at_the_customer_is_named(self):
        """Who met somebody else yesterday read that the customer is late, and no why."""
        account = self._due(-3)
        late, other = self._dossier("Paula"), self._dossier("Otto")
        late.sudo().next_touch_date = account.next_touch_date
        other.sudo().next_touch_date = self.today
        row = self._get_card("touches")["rows"][0]
        self.assertEqual((row["id"], row["note"]), (account.id, "Talk to Paula"))
        button = row["button"]
        self.assertEqual((button["model"], button["id"]), (late._name, late.id))

    def test_activities_of_today_and_late_ones_are_to_do(self):
        plan = {"user_id": self.anna.id, "activity_type_id": self._todo().id}
        late = self.account.activity_schedule(
            date_deadline=self.today - timedelta(days=1), summary="Late", **plan
        )
        due = self.account.activity_schedule(date_deadline=self.today, **plan)
        self.account.activity_schedule(
            date_deadline=self.today + timedelta(days=1), **plan
        )
        self.assertCard("activities", late | due, late)
        row = self._get_card("activities")["rows"][0]
        self.assertEqual(
            (row["model"], row["id"], row["note"]),
            ("kam.account", self.account.id, "Late"),
        )
        self.assertEqual(row["button"]["method"], "action_done")
        self.assertNotIn("action", row["button"])

    def test_decisions_to_carry_out_are_named_once(self):
        start = self.today.replace(day=1)
        quota = self.env["kam.quota"].create(
            {
                "company_id": self.account.company_id.id,
                "user_id": self.boris.id,
                "date_start": start,
                "line_ids": [Command.create({"indicator": "won", "target": 5})],
            }
        )
        decisions = self.env["kam.quota.decision"].create(
            [
                {
                    "line_id": quota.line_ids.id,
                    "state": state,
                    "decision": "Two visits a week",
                    "owner_id": self.anna.id,
                    "date_due": self.today - timedelta(days=1),
                }
                for state in ("decided", "checked")
            ]
        )
        decisions[0]._ask_to_carry_out()
        self.assertCard("carried_out", decisions[0], decisions[0])
        row = self._get_card("carried_out")["rows"][0]
        self.assertEqual(row["note"], "Two visits a week")
        self.assertCard("activities", self.env["mail.activity"])

    def test_a_contact_that_is_done_asks_how_it_went(self):
        call = self.env.ref("mail.mail_activity_data_call")
        activity = self.account.activity_schedule(
            user_id=self.anna.id, activity_type_id=call.id, date_deadline=self.today
        )
        button = self._get_card("activities")["rows"][0]["button"]
        self.assertEqual(
            (button["model"], button["id"], button["method"]),
            ("mail.activity", activity.id, "action_kam_log_touch"),
        )

    def test_what_has_a_card_of_its_own_is_no_activity(self):
        """A complaint and a reminder of a touch were named twice.

        One click marked a complaint done that stayed open.
        """
        account = self._due(-3)
        account._remind()
        complaint = self.env["kam.complaint"].create(
            {"name": "Leaks", "account_id": account.id, "user_id": self.anna.id}
        )
        complaint.activity_ids.date_deadline = self.today
        reminders = account.activity_ids | complaint.activity_ids
        self.assertEqual(reminders.user_id, self.anna)
        self.assertEqual(len(reminders), 2)
        self.assertEqual(
            reminders.with_user(self.anna).mapped("kam_has_card"), [True, True]
        )
        self.assertCard("activities", self.env["mail.activity"])
        typed = complaint.activity_schedule(
            user_id=self.anna.id,
            activity_type_id=self._todo().id,
            date_deadline=self.today,
        )
        self.assertCard("activities", typed)

    def test_reminder_that_was_passed_on_is_an_activity(self):
        account = self._due(-3)
        account._remind()
        account.activity_ids.user_id = self.boris
        card = self._get_card("activities", self.boris)
        self.assertEqual(card["count"], 1)

    def test_who_waits_for_an_answer_is_named(self):
        day = self.today - timedelta(days=2)
        touch = self._touch(day, direction="in", summary="Where is my offer?")
        self._touch(day, direction="out")
        self.assertCard("unanswered", touch)
        row = self._get_card("unanswered")["rows"][0]
        self.assertEqual(row["button"]["method"], "action_answer")

    def test_request_of_a_lead_without_customer_waits_for_its_seller(self):
        lead = self._lead(partner_id=False)
        touch = self.env["kam.touch"].create(
            {
                "lead_id": lead.id,
                "direction": "in",
                "date": f"{self.today - timedelta(days=2)} 12:00:00",
            }
        )
        self.assertCard("unanswered", touch)

    def test_quotation_without_answer_is_late_after_a_week(self):
        quotations = self.env["sale.order"]
        for days in (8, 6):
            quotations |= self.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "user_id": self.anna.id,
                    "state": "sent",
                    "date_order": f"{self.today - timedelta(days=days)} 12:00:00",
                }
            )
        self._order(self.today, user_id=self.anna.id)
        self.assertCard("quotations", quotations, quotations[0])

    def test_stale_plans_are_those_nobody_lives_by(self):
        plan = self._plan("running", review_days=30)
        fresh = self._create_customer("Fresh")
        self._account(fresh).manager_id = self.anna
        self._plan("draft", account_id=self._account(fresh).id)
        self.assertTrue(plan.is_stale)
        self.assertCard("plans", plan)

    def test_dates_are_for_who_may_see_personal_facts(self):
        self.assertIsNone(self._get_card("dates"))
        self.anna.group_ids |= self.personal
        soon = self._remember(self.today + timedelta(days=3))
        self._remember(self.today + timedelta(days=30))
        self.assertCard("dates", soon)
        row = self._get_card("dates")["rows"][0]
        self.assertEqual((row["model"], row["days"]), ("kam.stakeholder", 3))

    def test_dates_around_new_year_come_in_their_order(self):
        months = self.mine._get_months(fields.Date.to_date("2026-12-30"), 3)
        self.assertEqual(months, [(12, [30, 31]), (1, [1, 2])])

    def test_born_on_a_leap_day_is_kept_on_the_28th(self):
        months = self.mine._get_months(fields.Date.to_date("2027-02-27"), 2)
        self.assertEqual(months, [(2, [27, 28, 29]), (3, [1])])
        months = self.mine._get_months(fields.Date.to_date("2028-02-27"), 2)
        self.assertEqual(months, [(2, [27, 28, 29])])

    def test_open_complaints_are_a_card(self):
        complaint = self.env["kam.complaint"].create(
            {"name": "Leaks", "account_id": self.account.id, "user_id": self.anna.id}
        )
        self.assertCard("complaints", complaint)

    def test_poor_health_of_key_accounts_is_a_card(self):
        account = self.account.sudo()
        account.write({"level": "active", "is_key_account": True})
        self.assertEqual(self._get_card("health")["count"], 0, "it is not known")
        account.write({"health": 12, "health_band": "poor"})
        self.assertCard("health", account)

    def test_who_leads_nobody_is_told(self):
        cockpit = self.mine.with_user(self.boris)
        self.assertFalse(cockpit.get_my_contacts()["leads_accounts"])
        self.assertTrue(self.mine.get_my_contacts()["leads_accounts"])

    def _todo(self):
        return self.env.ref("mail.mail_activity_data_todo")

    def _remember(self, day):
        """Return a date to remember on a day, of a person Anna looks after."""
        dossier = self._dossier(f"Born on {day}")
        self._profile(dossier.partner_id)
        return self.env["kam.remembered.date"].create(
            {"stakeholder_id": dossier.id, "day": day.day, "month": str(day.month)}
        )
