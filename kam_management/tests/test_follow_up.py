from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .talk_common import TalkCommon

# a Thursday
TODAY = "2026-01-15"


class FollowUpCommon(TalkCommon):
    """Quotations of Anna's to Eva, and the job that plans what follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        cls.guest = cls._create_user(
            "guest", "sales_team.group_sale_salesman_all_leads"
        )

    @classmethod
    def _draft(cls, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.eva.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
                "validity_date": "2027-01-01",
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 10,
                            "price_unit": 100,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )

    def _sent(self, **values):
        """Return a quotation that was sent, its first step planned."""
        order = self._draft(**values)
        order.action_quotation_sent()
        self._follow(order)
        return order

    def _follow(self, *orders):
        """Do what the job does, for these quotations alone."""
        self.env.flush_all()
        Order = self.env["sale.order"].with_context(active_test=False)
        found = Order.search(Order._get_kam_over_domain())
        found |= Order.search(Order._get_kam_unplanned_domain())
        for order in orders:
            if order in found:
                order.with_user(self.env.ref("base.user_root"))._kam_follow()
        self.env.invalidate_all()

    def _step(self, order):
        """Return the one activity of the chain, maybe none, as Anna sees it."""
        steps = order._get_kam_steps()
        self.assertLessEqual(len(steps), 1)
        return steps.with_user(self.anna)

    def _planned(self, order):
        """Return (step, day, whose) of the activity that is open; None without any."""
        step = self._step(order).sudo()
        return step and (step.kam_follow_up, str(step.date_deadline), step.user_id)

    def _answer(self, order, answer="yes", user=None, **values):
        """Answer the question that the dialog asks, and save it."""
        mine = order.with_user(user or self.anna)
        with self._open(mine.action_kam_log_touch(), user) as form:
            form.note = False
            form.follow_up_answer = answer
            for name, value in values.items():
                setattr(form, name, value)
        form.record.action_save()
        return form.record


@tagged("post_install", "-at_install")
class TestFollowUp(FollowUpCommon):
    """Neither silent nor needy: after sending one step at a time is due."""

    def test_sending_starts_with_the_receipt_on_the_next_working_day(self):
        order = self._sent()
        self.assertEqual(self._planned(order), ("receipt", "2026-01-16", self.anna))
        self.assertIn(order.name, self._step(order).summary)
        with freeze_time("2026-01-16 10:00:00"):
            friday = self._sent()
        self.assertEqual(self._planned(friday)[1], "2026-01-19")

    def test_working_hours_of_the_salesperson_count(self):
        calendar = self.company.resource_calendar_id.copy({"name": "Not on Fridays"})
        calendar.attendance_ids.filtered(lambda day: day.dayofweek == "4").unlink()
        self.env["resource.resource"].create(
            {
                "name": "Anna",
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "calendar_id": calendar.id,
            }
        )
        self.assertEqual(self._planned(self._sent())[1], "2026-01-19")

    def test_without_any_calendar_it_is_monday_to_friday(self):
        self.company.resource_calendar_id = False
        self.assertEqual(self._planned(self._sent())[1], "2026-01-16")

    def test_sent_by_mail(self):
        order = self._draft()
        context = order.action_quotation_send()["context"]
        self.env["mail.compose.message"].with_context(**context).create(
            {"partner_ids": [Command.set(self.eva.ids)]}
        )._action_send_mail()
        self.assertEqual(order.state, "sent")
        self._follow(order)
        self.assertEqual(self._planned(order)[0], "receipt")

    def test_sent_twice_is_one_chain(self):
        order = self._sent()
        self._answer(order)
        with freeze_time("2026-01-16 10:00:00"):
            order.with_context(mark_so_as_sent=True).message_post(body="Again")
            self._follow(order)
        self.assertEqual(self._planned(order)[:2], ("next_steps", "2026-01-19"))
        self.assertEqual(len(order.kam_version_ids), 2)
        self.assertEqual(len(order.kam_version_ids.filtered("date_due")), 1)

    def test_the_job_changes_nothing_the_second_time(self):
        order = self._sent()
        step = self._step(order)
        self._follow(order)
        self.assertEqual(self._step(order), step)
        self.assertNotIn(
            order, self.env["sale.order"].search(order._get_kam_unplanned_domain())
        )

    def test_the_job_itself(self):
        order = self._draft()
        order.action_quotation_sent()
        with self.enter_registry_test_mode():
            self.env.ref("kam_management.ir_cron_follow_up").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._planned(order)[0], "receipt")

    # Step by step

    def test_each_answer_leads_to_the_next_step(self):
        order = self._sent()
        planned = []
        for _turn in range(4):
            self._answer(order)
            planned.append(self._planned(order)[:2])
        # Meyer Machines has not bought yet: 2, 3, 5 working days later
        self.assertEqual(
            planned,
            [
                ("next_steps", "2026-01-19"),
                ("urgency", "2026-01-20"),
                ("results", "2026-01-22"),
                ("results", "2026-01-22"),
            ],
        )
        self.assertEqual(len(self.account.touch_ids), 4)
        self.assertIn("arrived", self.account.touch_ids[-1].summary)

    def test_customers_who_buy_regularly_have_more_time(self):
        for day in ("2025-11-03", "2025-12-03"):
            self._order(day)
        self._refresh()
        self.assertEqual(self.account.level, "active")
        order = self._sent()
        self._answer(order)
        self.assertEqual(self._planned(order)[1], "2026-01-20")

    def test_days_are_the_companys_to_set(self):
        self.company.kam_follow_up_receipt_new = 4
        self.assertEqual(self._planned(self._sent())[1], "2026-01-21")

    def test_not_yet_asks_the_same_again(self):
        order = self._sent()
        self._answer(order, "no")
        self.assertEqual(self._planned(order)[0], "receipt")
        self.assertFalse(order.kam_version_ids.date_followed_up)

    def test_nobody_reached_is_called_again(self):
        order = self._sent()
        self._answer(order, False, outcome="not_reached")
        step = self._step(order)
        self.assertEqual(step.sudo().kam_follow_up, "receipt")
        self.assertEqual(step.summary, "Call again")

    def test_what_was_agreed_is_planned_instead(self):
        order = self._sent()
        self._answer(
            order, next_summary="Visit with the engineer", next_date="2026-02-02"
        )
        self.assertEqual(self._planned(order)[:2], ("next_steps", "2026-02-02"))
        self.assertEqual(self._step(order).summary, "Visit with the engineer")
        self.assertEqual(len(self._steps(order)), 1)

    def test_nothing_more_to_follow_ends_it(self):
        order = self._sent()
        self._answer(order, False, outcome="refused")
        self.assertFalse(order.kam_follow_up)
        self._follow(order)
        self.assertFalse(self._step(order))

    def test_dialog_knows_the_step_before_the_job_has_run(self):
        order = self._draft()
        order.action_quotation_sent()
        self._answer(order)
        self._follow(order)
        self.assertEqual(self._planned(order)[0], "next_steps")

    def test_marked_done_without_a_word_is_answered(self):
        order = self._sent()
        self._step(order).action_feedback(feedback="Has it")
        self._follow(order)
        self.assertEqual(self._planned(order)[0], "next_steps")
        self.assertEqual(order.kam_version_ids.date_followed_up, date(2026, 1, 15))

    def test_cancelled_by_its_owner_it_does_not_come_back(self):
        order = self._sent()
        self._step(order).unlink()
        self._follow(order)
        self.assertFalse(self._step(order))
        self.assertFalse(order.kam_follow_up)

    # The customer answers

    def test_looking_at_it_in_the_portal_is_a_receipt(self):
        order = self._sent()
        order.message_post(
            body="Quotation viewed by customer Eva",
            message_type="notification",
            subtype_xmlid="sale.mt_order_viewed",
        )
        self._follow(order)
        self.assertEqual(self._planned(order)[:2], ("next_steps", "2026-01-19"))
        self.assertEqual(order.kam_version_ids.date_followed_up, date(2026, 1, 15))

    def test_a_mail_or_comment_of_theirs_is_a_receipt(self):
        for kind in ("email", "comment"):
            with self.subTest(kind):
                order = self._sent()
                order.message_post(
                    body="Thanks", message_type=kind, author_id=self.otto.id
                )
                self._follow(order)
                self.assertEqual(self._planned(order)[0], "next_steps")

    def test_who_is_not_the_customer_confirms_nothing(self):
        order = self._sent()
        stranger = self._create_customer("Stranger")
        for author in (stranger, self.boris.partner_id):
            order.message_post(
                body="Hello", message_type="comment", author_id=author.id
            )
        automatic = {"kam_is_automatic": True, "message_type": "email"}
        order.message_post(body="On holiday", author_id=self.eva.id, **automatic)
        self.assertEqual(order.kam_follow_up, "receipt")

    def test_later_answers_end_the_silence_only(self):
        order = self._sent()
        self._answer(order)
        with freeze_time("2026-01-20 10:00:00"):
            order.message_post(body="Soon", message_type="email", author_id=self.eva.id)
        self.assertEqual(order.kam_follow_up, "next_steps")
        self.assertEqual(order.kam_silent_since, date(2026, 1, 20))

    # The end

    def test_it_ends_with_the_quotation(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": self.eva.id}
        )
        ends = {
            "confirmed": lambda order: order.action_confirm(),
            "cancelled": lambda order: order._action_cancel(),
            "expired": lambda order: order.write({"validity_date": "2026-01-14"}),
            "lost": lambda order: order.opportunity_id.action_set_lost(),
        }
        for words, end in ends.items():
            with self.subTest(words):
                order = self._sent(opportunity_id=lead.id)
                end(order)
                self._follow(order)
                self.assertFalse(self._step(order))
                self.assertFalse(order.kam_follow_up)
                self.assertIn(words, order.message_ids[0].body)

    def test_who_orders_has_got_the_quotation(self):
        order = self._sent()
        order.action_confirm()
        self._follow(order)
        self.assertEqual(order.kam_version_ids.date_followed_up, date(2026, 1, 15))

    def test_set_back_it_waits_until_it_is_sent_again(self):
        order = self._sent()
        self._answer(order)
        order.action_draft()
        self._follow(order)
        order.action_quotation_sent()
        self._follow(order)
        self.assertEqual(self._planned(order)[0], "next_steps")

    # Whose it is

    def test_quotations_of_colleagues_without_our_groups_are_left_alone(self):
        for user in (self.guest, self.env["res.users"]):
            order = self._sent(user_id=user.id)
            self.assertFalse(order.kam_follow_up)
            self.assertFalse(order.kam_version_ids)
            self.assertFalse(order.activity_ids)

    def test_the_manager_takes_over_from_who_has_left(self):
        self.account.manager_id = self.boris
        order = self._sent()
        self.assertEqual(self._planned(order)[2], self.anna)
        self.anna.sudo().action_archive()
        self._follow(order)
        self.assertEqual(self._planned(order)[2], self.boris)

    def test_in_another_company_its_days_and_its_account_count(self):
        other = self._create_company("Other Company", kam_follow_up_receipt_new=3)
        self.anna.company_ids |= other
        (self.customer | self.eva).company_id = False
        self.env["kam.engine"]._run({(other.id, self.customer.id)})
        account = self.env["kam.account"]._get_for(other, self.customer)
        order = self._sent(company_id=other.id)
        self.assertEqual(self._planned(order), ("receipt", "2026-01-20", self.anna))
        self.assertEqual(order.kam_version_ids.account_id, account)
        self.assertNotEqual(account, self.account)

    def test_a_customer_without_account_is_not_followed_up(self):
        order = self._draft(partner_id=self.env.company.partner_id.id)
        order.action_quotation_sent()
        self._follow(order)
        self.assertEqual(order.kam_follow_up, "receipt", "it may get one yet")
        with freeze_time("2026-01-16 10:00:00"):
            self._follow(order)
        self.assertFalse(order.kam_follow_up)

    def test_step_and_dates_are_nobodys_to_type_in(self):
        order = self._sent().with_user(self.anna)
        for values in ({"kam_follow_up": "results"}, {"kam_silent_since": TODAY}):
            with self.assertRaises(AccessError):
                order.write(values)
        with self.assertRaises(AccessError):
            self._step(order).write({"kam_follow_up": False})

    # Silence

    def test_silence_beyond_the_limit_is_found(self):
        self.company.kam_silence_days = 10
        order = self._sent()
        silent = [("kam_is_silent", "=", True), ("company_id", "=", self.company.id)]
        Order = self.env["sale.order"].with_user(self.head)
        with freeze_time("2026-01-25 10:00:00"):
            self.assertFalse(Order.search(silent))
        with freeze_time("2026-01-26 10:00:00"):
            self.env.invalidate_all()
            self.assertEqual(Order.search(silent), order)
            self.assertTrue(order.kam_is_silent)
            self._answer(order, "no")
            self.assertFalse(Order.search(silent))
            self.company.kam_silence_days = 0
            order.sudo().kam_silent_since = date.today() - timedelta(days=300)
            self.assertFalse(Order.search(silent))
