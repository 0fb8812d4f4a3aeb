from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .moment_common import MomentCommon


@tagged("post_install", "-at_install")
class TestMoment(MomentCommon):
    """What happens to an order begins a moment once: an activity of who is responsible."""

    def test_confirmed_order_begins_one_activity(self):
        self._template(days_due=2, talking_points="<p>You chose right</p>")
        order = self._ordered()
        moment = self._moments(order)
        self.assertRecordValues(
            moment,
            [
                {
                    "account_id": self.account.id,
                    "user_id": self.anna.id,
                    "state": "open",
                    "date_due": date(2026, 6, 17),
                    "partner_id": self.eva.id,
                }
            ],
        )
        activity = moment.activity_ids
        self.assertEqual(
            (activity.res_model, activity.res_id), ("sale.order", order.id)
        )
        self.assertEqual(activity.user_id, self.anna)
        self.assertEqual(activity.summary, f"When confirmed, {order.name}: call them")
        self.assertIn("You chose right", activity.note)

    def test_looked_at_again_it_is_not_begun_again(self):
        self._template()
        order = self._ordered()
        self._look(order)
        self.assertEqual(len(self._moments(order)), 1)
        self._moments(order).activity_ids.action_done()
        self._look(order)
        self.assertEqual(self._states(order), ["done"])

    def test_quotations_begin_nothing_but_what_is_of_sending(self):
        self._template()
        sent = self._template("sent")
        order = self._draft()
        self._look(order)
        self.assertFalse(self._moments(order))
        order.action_quotation_sent()
        self._look(order)
        self.assertEqual(self._moments(order).template_id, sent)

    def test_confirmed_without_being_sent(self):
        self._template("sent")
        self.assertFalse(self._moments(self._ordered()))

    def test_nothing_begins_for_the_past(self):
        template = self._template(date_start="2026-06-15")
        old = self._draft()
        old.action_confirm()
        old.date_order = "2026-06-14 10:00:00"
        self._look(old)
        self.assertFalse(self._moments(old))
        self.assertEqual(self._moments(self._ordered()).template_id, template)

    def test_cancelled_order_calls_it_off_and_confirmed_again_takes_it_up(self):
        self._template()
        order = self._ordered()
        order._action_cancel()
        self._look(order)
        moment = self._moments(order)
        self.assertEqual(moment.state, "cancelled")
        self.assertFalse(moment.activity_ids)
        order.action_draft()
        order.action_confirm()
        self._look(order)
        self.assertEqual(self._moments(order), moment)
        self.assertEqual(moment.state, "open")
        self.assertEqual(len(moment.activity_ids), 1)

    def test_done_is_done_when_the_order_is_cancelled_and_confirmed_again(self):
        self._template()
        order = self._ordered()
        self._moments(order).activity_ids.action_done()
        order._action_cancel()
        self._look(order)
        order.action_draft()
        order.action_confirm()
        self._look(order)
        self.assertEqual(self._states(order), ["done"])

    def test_days_after_the_event_come_before_the_working_days(self):
        self._template(days_after=5, days_due=1)
        # Saturday, so Monday
        self.assertEqual(self._moments(self._ordered()).date_due, date(2026, 6, 22))

    def test_anniversary_every_year_once(self):
        self._template("anniversary")
        order = self._ordered()
        order.date_order = "2025-06-15 08:00:00"
        self._look(order)
        self._look(order)
        self.assertEqual(self._moments(order).number, 1)
        with freeze_time("2027-06-16 08:00:00"):
            self._look(order)
        self.assertEqual(self._moments(order).mapped("number"), [1, 2])

    def test_order_gone_takes_its_moments_along(self):
        self._template("sent")
        order = self._draft()
        order.action_quotation_sent()
        self._look(order)
        activities = self._moments(order).activity_ids
        order._action_cancel()
        order.unlink()
        self.assertFalse(self.Moment.search([("account_id", "=", self.account.id)]))
        self.assertFalse(activities.exists())

    # For whom

    def test_audience(self):
        category = self.env["product.category"].create({"name": "Air"})
        for values in (
            {"is_key_account": True},
            {"segment": "c" if self.account.segment != "c" else "a"},
            {"level": "dormant"},
            {"sales_type": "consultative"},
            {"categ_id": category.id},
            {"company_id": self._create_company("Other").id},
        ):
            with self.subTest(values=values):
                template = self._template(**values)
                self.assertFalse(self._moments(self._ordered()))
                template.active = False

    def test_category_counts_with_those_below_it(self):
        above = self.env["product.category"].create({"name": "Air"})
        below = above.create({"name": "Dryers", "parent_id": above.id})
        self._template(categ_id=above.id)
        self.product.categ_id = below
        self.assertTrue(self._moments(self._ordered()))

    def test_customers_who_want_no_contact_are_left_alone(self):
        self._template()
        self.account.do_not_contact = True
        self.assertFalse(self._moments(self._ordered()))

    # Whose

    def test_role_on_the_account_then_the_manager(self):
        self._template(responsible="kam_project_manager")
        self.assertEqual(self._moments(self._ordered()).user_id, self.anna)
        self.account.project_manager_id = self.boris
        self.assertEqual(self._moments(self._ordered()).user_id, self.boris)

    def test_salesperson_archived_and_no_manager(self):
        self._template(responsible="salesperson")
        self.account.manager_id = False
        self.anna.active = False
        moment = self._moments(self._ordered())
        self.assertEqual(moment.user_id, self.head)
        self.account.accountable_id = False
        self.assertFalse(self._moments(self._ordered()), "nobody could act on it")

    def test_activity_handed_over_hands_over_the_moment(self):
        self._template()
        self.account.member_ids += self.boris
        moment = self._moments(self._ordered())
        moment.activity_ids.with_user(self.anna).user_id = self.boris
        self.assertEqual(moment.user_id, self.boris)

    # Its end

    def test_cancelled_activity_is_a_missed_moment(self):
        self._template()
        order = self._ordered()
        self._moments(order).activity_ids.with_user(self.anna).unlink()
        self._look(order)
        self.assertEqual(self._states(order), ["missed"])

    def test_late_then_missed(self):
        self._template(days_due=1)
        self.company.kam_moment_days = 3
        moment = self._moments(self._ordered())
        for day, is_late, state in (
            ("2026-06-16", False, "open"),
            ("2026-06-17", True, "open"),
            ("2026-06-19", True, "open"),
            ("2026-06-20", False, "missed"),
        ):
            with self.subTest(day=day), freeze_time(f"{day} 10:00:00"):
                self.Moment._end_missed()
                self.env.invalidate_all()
                self.assertEqual((moment.is_late, moment.state), (is_late, state))
                late = self.Moment.search([("is_late", "=", True)])
                self.assertEqual(moment in late, is_late)
        self.assertFalse(moment.activity_ids)

    def test_in_time_or_not(self):
        self._template(days_due=1)
        soon, late = self._moments(self._ordered()), self._moments(self._ordered())
        soon.activity_ids.action_done()
        with freeze_time("2026-06-18 10:00:00"):
            late.activity_ids.action_done()
        self.assertEqual((soon.is_kept, late.is_kept), (True, False))
        self.assertEqual(late.date_done - late.date_due, timedelta(days=2))

    # Who may

    def test_users_change_nothing_of_it(self):
        self._template()
        moment = self._moments(self._ordered())
        for user in (self.anna, self.head):
            with self.assertRaises(AccessError):
                moment.with_user(user).state = "done"
            with self.assertRaises(AccessError):
                moment.with_user(user).unlink()

    def test_only_the_team_sees_it(self):
        self._template()
        moment = self._moments(self._ordered())
        self.assertTrue(moment.with_user(self.anna).has_access("read"))
        self.assertFalse(moment.with_user(self.boris).has_access("read"))
        self.assertFalse(moment.with_user(self.seller).has_access("read"))

    def test_each_company_has_its_own(self):
        other = self._create_company("Other")
        self._template(company_id=False)
        self.customer.company_id = False
        account = self._account(company=other)
        account.manager_id = self._create_user(
            "carla", "kam_management.group_kam_user", company=other
        )
        order = self._draft(company_id=other.id, user_id=False)
        order.action_confirm()
        self._look(order)
        moment = self._moments(order)
        self.assertEqual((moment.account_id, moment.company_id), (account, other))
        self.assertFalse(moment.with_user(self.head).has_access("read"))
