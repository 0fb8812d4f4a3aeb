from datetime import datetime

from odoo.tests import tagged

from .moment_common import MomentCommon

LONG_AGO, NEVER = datetime(2000, 1, 1), datetime(3000, 1, 1)


@tagged("post_install", "-at_install")
class TestMomentComplaint(MomentCommon):
    """The first complaint that is solved begins a moment, once for a customer."""

    def _solved(self, **values):
        complaint = self.env["kam.complaint"].create(
            {
                "name": "Oil",
                "account_id": self.account.id,
                "solution": "Filter",
                **values,
            }
        )
        complaint.action_solve()
        return complaint

    def _look_at_complaints(self, since=LONG_AGO):
        self.env.flush_all()
        self.Moment._look_at_complaints(since)
        self.env.invalidate_all()
        return self.Moment.search([("account_id", "=", self.account.id)])

    def test_first_one_alone(self):
        self._template("solved")
        complaint = self._solved()
        moment = self._look_at_complaints()
        self.assertEqual(moment.complaint_id, complaint)
        self.assertEqual(moment.activity_ids.res_model, "kam.account")
        self._solved(name="Noise")
        self.assertEqual(self._look_at_complaints(), moment)

    def test_those_that_have_not_changed_are_left_alone(self):
        self._template("solved")
        self._solved()
        self.assertFalse(self._look_at_complaints(NEVER))
        moment = self._look_at_complaints()
        moment.complaint_id.unlink()
        self._look_at_complaints(NEVER)
        self.assertEqual(moment.state, "cancelled")

    def test_open_ones_and_wishes_begin_nothing(self):
        self._template("solved")
        self._solved(kind="wish")
        self._solved().action_reopen()
        self.assertFalse(self._look_at_complaints())

    def test_solved_before_the_template_was_made(self):
        self._template("solved", date_start="2026-06-16")
        self._solved()
        self.assertFalse(self._look_at_complaints())

    def test_reopened_calls_it_off_and_solved_again_takes_it_up(self):
        self._template("solved")
        complaint = self._solved()
        moment = self._look_at_complaints()
        complaint.action_reopen()
        self._look_at_complaints()
        self.assertEqual(moment.state, "cancelled")
        complaint.action_solve()
        self._look_at_complaints()
        self.assertEqual((moment.state, len(moment.activity_ids)), ("open", 1))

    def test_moment_of_an_order_is_on_the_order(self):
        self._template("solved")
        order = self._draft()
        self._solved(order_id=order.id)
        moment = self._look_at_complaints()
        self.assertEqual(moment.activity_ids.res_model, "sale.order")
        self._look(order)
        self.assertEqual(moment.state, "open")
