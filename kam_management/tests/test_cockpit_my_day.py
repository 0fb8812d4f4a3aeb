from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.kam_management.models.cockpit.kam_cockpit_head import ROWS

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestCockpitMyDay(PlanCommon):
    """What a key account manager is to do today: each card counts what its list shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.mine = cls.env["kam.cockpit"].with_user(cls.anna)

    def _day(self, user=None):
        """Return My Day of a user."""
        self.env.flush_all()
        return self.mine.with_user(user or self.anna).get_my_day()

    def _line(self, record, user=None):
        """Return the line about a record on My Day of a user, None for none."""
        key = record._name, record.id
        lines = self._day(user)["lines"]
        return {(line["model"], line["id"]): line for line in lines}.get(key)

    def _texts(self, record, user=None):
        line = self._line(record, user)
        return [reason["text"] for reason in line["reasons"]] if line else []

    def _week(self, user=None):
        return self.mine.with_user(user or self.anna).get_my_week()

    def _due(self, days, partner=None):
        """Return an account of Anna whose touch is due in some days."""
        account = self._account(partner)
        account.sudo().write({"manager_id": self.anna.id})
        account.sudo().next_touch_date = self.today + timedelta(days=days)
        return account

    # The list

    def test_what_is_due_at_one_customer_is_one_line(self):
        account = self._due(-3)
        account.activity_schedule(
            date_deadline=self.today - timedelta(days=5),
            summary="Report",
            user_id=self.anna.id,
            activity_type_id=self._todo().id,
        )
        self.env["kam.complaint"].create(
            {
                "name": "Leaks",
                "account_id": account.id,
                "user_id": self.anna.id,
                "date_due": self.today + timedelta(days=1),
            }
        )
        self.assertEqual(
            self._texts(account),
            [
                "Report, 5 days late",
                "Contact, 3 days late",
                "First answer to complaint: Leaks, due in 1 day",
            ],
        )
        [line] = self._day()["lines"]
        self.assertEqual(
            [reason["late"] for reason in line["reasons"]], [True, True, False]
        )
        self.assertEqual(line["button"]["label"], "Mark Done")
        self.assertIsNone(self._line(account, self.boris), "it is not his")

    def test_money_times_days_late_comes_first(self):
        small = self._due(-20, self._create_customer("Small"))
        large = self._due(-3, self._create_customer("Large"))
        latest = self._due(-40, self._create_customer("No money"))
        small.sudo().revenue, large.sudo().revenue = 100, 1000
        titles = [line["title"] for line in self._day()["lines"]]
        # 1 000 x 4, 100 x 21, nothing x 41
        self.assertEqual(titles, ["Large", "Small", "No money"])
        self.assertEqual(self._line(latest)["money"], 0)
        self.assertEqual(self._line(large)["money"], 1000)

    def test_what_there_is_none_of_is_one_sentence(self):
        day = self._day()
        self.assertEqual(day["lines"], [])
        self.assertIn("complaints", day["clear"])
        self._due(0)
        self.assertNotIn("contacts due", self._day()["clear"])

    def test_contacts_are_due_by_today(self):
        today = self._due(0)
        later = self._due(1, self._create_customer("Later"))
        self.assertEqual(self._texts(today), ["Contact, due today"])
        self.assertIsNone(self._line(later))
        rows = self._week()["week"]
        self.assertEqual(
            [(row["id"], row["note"]) for row in rows], [(later.id, "Contact due")]
        )

    def test_what_comes_this_week_names_the_customer(self):
        self.account.manager_id = self.anna
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order.activity_schedule(
            "mail.mail_activity_data_todo",
            self.today + timedelta(days=2),
            summary="Ask for the drawings",
            user_id=self.anna.id,
        )
        row = next(
            row for row in self._week()["week"] if row["model"] == "mail.activity"
        )
        self.assertEqual(row["title"], self.account.display_name)
        self.assertEqual(row["note"], f"Ask for the drawings · {order.name}")

    def test_who_is_due_at_the_customer_is_named(self):
        """Who met somebody else yesterday read that the customer is late, and no why."""
        account = self._due(-3)
        late, other = self._dossier("Paula"), self._dossier("Otto")
        late.sudo().next_touch_date = account.next_touch_date
        other.sudo().next_touch_date = self.today
        line = self._line(account)
        self.assertEqual(line["reasons"][0]["text"], "Contact with Paula, 3 days late")
        account = account.with_user(self.anna)
        self.assertEqual(account.next_touch_name, "Paula")
        self.assertIn("Paula is due", account._tell_touches()[1])
        self.assertEqual(
            (line["button"]["model"], line["button"]["id"]), (late._name, late.id)
        )

    def test_one_click_opens_the_way_to_log_a_contact(self):
        account = self._due(-3)
        button = self._line(account)["button"]
        record = self.env[button["model"]].with_user(self.anna).browse(button["id"])
        action = getattr(record, button["method"])()
        self.assertEqual(action["target"], "new")

    def test_activities_of_records_of_no_customer_have_lines_of_their_own(self):
        me = self.anna.partner_id
        me.activity_schedule(
            date_deadline=self.today,
            user_id=self.anna.id,
            activity_type_id=self._todo().id,
            summary="Renew passport",
        )
        self.assertEqual(self._texts(me), ["Renew passport, due today"])

    def test_activities_on_a_lead_stand_with_its_customer(self):
        account = self._due(5)
        lead = self._lead(partner_id=account.partner_id.id, user_id=self.anna.id)
        lead.activity_schedule(
            date_deadline=self.today,
            user_id=self.anna.id,
            activity_type_id=self._todo().id,
            summary="Offer",
        )
        line = self._line(account)
        self.assertEqual(line["reasons"][0]["text"], "Offer, due today")
        self.assertEqual(line["reasons"][0]["model"], "crm.lead")

    def test_activities_of_a_colleagues_customer_do_not_name_it_to_others(self):
        account = self._account(self._create_customer("Secret"))
        account.sudo().manager_id = self.head
        lead = self._lead(partner_id=account.partner_id.id, user_id=self.boris.id)
        lead.activity_schedule(
            date_deadline=self.today,
            user_id=self.boris.id,
            activity_type_id=self._todo().id,
        )
        self.assertIsNone(self._line(account, self.boris))
        self.assertTrue(self._line(lead, self.boris))

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
        self.assertEqual(self._texts(decisions[0]), ["Two visits a week, 1 day late"])
        self.assertEqual(len(self._day()["lines"]), 1)

    def test_what_is_told_of_otherwise_is_no_activity(self):
        """A complaint and a reminder of a touch were named twice.

        One click marked a complaint done that stayed open.
        """
        account = self._due(-3)
        account._remind()
        complaint = self.env["kam.complaint"].create(
            {"name": "Leaks", "account_id": account.id, "user_id": self.anna.id}
        )
        complaint.activity_ids.date_deadline = self.today
        complaint.date_due = self.today + timedelta(days=1)
        reminders = account.activity_ids | complaint.activity_ids
        self.assertEqual(reminders.user_id, self.anna)
        self.assertEqual(len(reminders), 2)
        self.assertEqual(
            reminders.with_user(self.anna).mapped("kam_has_card"), [True, True]
        )
        contact, told = self._texts(account)
        self.assertEqual(contact, "Contact, 3 days late")
        self.assertTrue(told.startswith("First answer to complaint: Leaks, due"))

    def test_reminder_that_was_passed_on_is_an_activity(self):
        account = self._due(-3)
        account._remind()
        account.activity_ids.user_id = self.boris
        self.assertEqual(len(self._day(self.boris)["lines"]), 1)

    def test_who_waits_for_our_reply_is_named(self):
        day = self.today - timedelta(days=2)
        account = self._due(5)
        touch = self._touch(day, direction="in", summary="Where is my offer?")
        self._touch(day, direction="out")
        account.sudo().next_touch_date = False
        line = self._line(account)
        self.assertEqual(
            [(r["text"], r["model"], r["id"]) for r in line["reasons"]],
            [("Awaiting our reply: Where is my offer?", touch._name, touch.id)],
        )
        self.assertEqual(line["button"]["method"], "action_answer")

    def test_request_of_a_lead_without_customer_waits_for_its_seller(self):
        lead = self._lead(partner_id=False)
        touch = self.env["kam.touch"].create(
            {
                "lead_id": lead.id,
                "direction": "in",
                "date": f"{self.today - timedelta(days=2)} 12:00:00",
            }
        )
        self.assertTrue(self._line(touch))

    def test_quotations_without_reply_are_late_after_a_week(self):
        account = self._due(5)
        self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "user_id": self.anna.id,
                    "state": "sent",
                    "name": f"Q{days}",
                    "date_order": f"{self.today - timedelta(days=days)} 12:00:00",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": 70,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
                for days in (9, 6, 2)
            ]
        )
        self._order(self.today, user_id=self.anna.id)
        line = self._line(account)
        self.assertEqual(
            [(reason["text"], reason["late"]) for reason in line["reasons"]],
            [
                ("Quotation Q9 awaits a reply for 9 days", True),
                ("Quotation Q6 awaits a reply for 6 days", False),
            ],
        )
        self.assertEqual(line["money"], 70, "of what has brought nothing yet")

    def test_plans_nobody_works_by_are_named(self):
        plan = self._plan("running", review_days=30)
        self.assertTrue(plan.is_stale)
        reason = plan.with_user(self.anna).stale_reason
        self.assertIn(f"Plan: {reason}", self._texts(plan.account_id))

    def test_poor_health_of_key_accounts_is_a_reason(self):
        account = self.account.sudo()
        account.write({"level": "active", "is_key_account": True})
        self.assertIsNone(self._line(account), "it is not known")
        account.write({"health": 12, "health_band": "poor", "health_trend": -3})
        self.assertEqual(self._texts(account), ["Health 12, -3 in a month"])

    def test_contacts_of_today_are_counted(self):
        now = self._touch(self.today - timedelta(days=2), user_id=self.anna.id)
        now.date = fields.Datetime.now()
        self._touch(self.today - timedelta(days=1), user_id=self.anna.id)
        self.assertEqual(self._day()["done"], 1)

    def test_who_leads_nobody_is_told(self):
        self.assertFalse(self._day(self.boris)["leads_accounts"])
        self.assertTrue(self._day()["leads_accounts"])

    # What is to come

    def test_dates_are_for_who_may_see_personal_facts(self):
        soon = self._remember(self.today + timedelta(days=3))
        self._remember(self.today + timedelta(days=30))
        self.assertEqual(self._week()["week"], [])
        self.anna.group_ids |= self.personal
        [row] = self._week()["week"]
        self.assertEqual(
            (row["model"], row["id"], row["date"]),
            (
                "kam.stakeholder",
                soon.stakeholder_id.id,
                str(self.today + timedelta(days=3)),
            ),
        )

    def test_dates_around_new_year_come_in_their_order(self):
        months = self.mine._get_months(fields.Date.to_date("2026-12-30"), 3)
        self.assertEqual(months, [(12, [30, 31]), (1, [1, 2])])

    def test_born_on_a_leap_day_is_kept_on_the_28th(self):
        months = self.mine._get_months(fields.Date.to_date("2027-02-27"), 2)
        self.assertEqual(months, [(2, [27, 28, 29]), (3, [1])])
        months = self.mine._get_months(fields.Date.to_date("2028-02-27"), 2)
        self.assertEqual(months, [(2, [27, 28, 29])])

    def test_meetings_of_today_lead_to_the_account_of_their_guests(self):
        self._due(5)
        day = {"partner_ids": [Command.set((self.anna.partner_id | self.customer).ids)]}
        Event = self.env["calendar.event"]
        today, tomorrow = Event.create(
            [
                {
                    **day,
                    "name": name,
                    "start": f"{on} 10:00:00",
                    "stop": f"{on} 11:00:00",
                }
                for name, on in (
                    ("Visit", self.today),
                    ("Next", self.today + timedelta(days=1)),
                )
            ]
        )
        week = self._week()
        [meeting] = week["meetings"]
        self.assertEqual(
            (meeting["id"], meeting["account_id"]), (today.id, self.account.id)
        )
        self.assertEqual(meeting["place"], self.account.display_name)
        notes = {row["id"]: row["note"] for row in week["week"]}
        self.assertEqual(notes[tomorrow.id], self.account.display_name)
        self.assertEqual(self._week(self.boris)["meetings"], [])

    # The head of sales

    def test_what_waits_for_the_head_is_decided_in_place(self):
        plan = self._plan("submitted")
        rows = self.mine.with_user(self.head).get_my_decisions()["rows"]
        [row] = [row for row in rows if row["model"] == "kam.plan"]
        self.assertEqual(row["id"], plan.id)
        button = row["buttons"][0]
        self.assertEqual(button["method"], "action_approve")
        record = self.env[button["model"]].with_user(self.head).browse(button["id"])
        getattr(record, button["method"])()
        self.assertNotEqual(plan.state, "submitted")
        rows = self.mine.with_user(self.head).get_my_decisions()["rows"]
        self.assertNotIn(plan.id, [row["id"] for row in rows])

    def test_what_has_no_place_on_the_screen_is_counted(self):
        """A tile said 25 where the day of the head had 20 lines."""
        plans = self._plan("draft")
        for number in range(ROWS + 1):
            customer = self._create_customer(f"Customer {number}")
            account = self._account(customer)
            plans |= self._plan("draft", account_id=account.id)
        plans.sudo().write({"state": "submitted", "submit_date": self.today})
        rows = self.mine.with_user(self.head).get_my_decisions()["rows"]
        self.assertEqual(len(rows), ROWS + 1)
        self.assertEqual(
            (rows[-1]["title"], rows[-1]["note"]), ("2 more", "Plans to Approve")
        )
        [button] = rows[-1]["buttons"]
        domain = button["action"]["domain"]
        self.assertEqual(self.env["kam.plan"].search_count(domain), ROWS + 2)

    def test_deviations_of_a_manager_are_one_group_decided_in_a_dialog(self):
        quota = self.env["kam.quota"].create(
            {
                "company_id": self.account.company_id.id,
                "user_id": self.boris.id,
                "date_start": self.today.replace(day=1),
                "line_ids": [Command.create({"indicator": "won", "target": 5})],
            }
        )
        decision = self.env["kam.quota.decision"].create({"line_id": quota.line_ids.id})
        rows = self.mine.with_user(self.head).get_my_decisions()["rows"]
        [row] = [row for row in rows if row["id"] == decision.id]
        self.assertEqual(row["group"], self.boris.name)
        [[view_id, _kind]] = row["buttons"][0]["action"]["views"]
        view = self.env["kam.quota.decision"].get_view(view_id, "form")["arch"]
        for name in ("target", "actual", "expected", "forecast"):
            self.assertIn(f'name="{name}"', view)

    def test_proposals_and_alarms_wait_for_the_head(self):
        account = self._due(5)
        wizard = self.env["kam.key.decision"].with_user(self.anna)
        action = account.with_user(self.anna).action_propose()
        wizard.with_context(**action["context"]).create(
            {
                "reason": "They grow",
                "criterion_ids": self.env["kam.key.criterion"].search([], limit=1).ids,
            }
        ).action_apply()
        alarm = self.env["kam.portfolio.alarm"].create(
            {
                "company_id": self.company.id,
                "kind": "key_low",
                "date": self.today,
                "share": 0.1,
                "share_limit": 0.3,
            }
        )
        rows = self.mine.with_user(self.head).get_my_decisions()["rows"]
        found = {(row["model"], row["id"]): row for row in rows}
        proposal = found["kam.account", account.id]
        self.assertEqual(
            [button["method"] for button in proposal["buttons"]],
            ["action_nominate", "action_dismiss"],
        )
        self.assertIn((alarm._name, alarm.id), found)

    def test_what_waits_for_the_head_is_named_once(self):
        """A plan to approve stood in the list of the day, too, by its reminder."""
        plan = self._plan("draft")
        plan.with_user(self.anna).activity_schedule(
            "kam_management.mail_activity_type_approve",
            user_id=self.head.id,
            date_deadline=self.today,
        )
        self.assertTrue(self._line(plan.account_id, self.head))
        plan.sudo().write({"state": "submitted", "submit_date": self.today})
        rows = self.mine.with_user(self.head).get_my_decisions()["rows"]
        self.assertIn(("kam.plan", plan.id), [(r["model"], r["id"]) for r in rows])
        self.assertIsNone(self._line(plan.account_id, self.head))
        self.assertIsNone(self._line(plan, self.head))

    def test_quotations_are_compared_in_one_currency(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": yen.id,
                "name": "2020-01-01",
                "rate": 150,
                "company_id": False,
            }
        )
        company = self._create_company("Tokyo")
        company.currency_id = yen
        self.anna.company_ids |= company
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Sato"}).id,
                "company_id": company.id,
                "user_id": self.anna.id,
                "state": "sent",
                "date_order": self.today - timedelta(days=9),
                "order_line": [
                    Command.create(
                        {"name": "Pump", "price_unit": 15000, "tax_ids": False}
                    )
                ],
            }
        )
        order.order_line.product_uom_qty = 1
        cockpit = self.mine.with_context(
            allowed_company_ids=(self.company | company).ids
        )
        [line] = [
            line
            for line in cockpit.get_my_day()["lines"]
            if order.id in [reason["id"] for reason in line["reasons"]]
        ]
        self.assertAlmostEqual(line["money"], order.amount_untaxed / 150, delta=1)

    def test_only_a_head_has_decisions(self):
        with self.assertRaises(AccessError):
            self.mine.get_my_decisions()

    def _todo(self):
        return self.env.ref("mail.mail_activity_data_todo")

    def _remember(self, day):
        """Return a date to remember on a day, of a person Anna looks after."""
        dossier = self._dossier(f"Born on {day}")
        self._profile(dossier.partner_id)
        return self.env["kam.remembered.date"].create(
            {"stakeholder_id": dossier.id, "day": day.day, "month": str(day.month)}
        )
