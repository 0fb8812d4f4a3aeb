from odoo.tests import tagged

from .moment_common import MomentCommon
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestMomentTalk(MomentCommon, PlanCommon):
    """One conversation ends a moment, and asks how promises are seen."""

    def test_one_save_ends_the_moment(self):
        self._template(talking_points="<p>Thank them</p>")
        moment = self._moments(self._ordered())
        action = moment.with_user(self.anna).action_log_touch()
        with self._open(action) as form:
            self.assertIn("Thank them", form.talking_points)
        form.record.action_save()
        self.assertEqual(moment.state, "done")
        self.assertTrue(moment.is_kept)
        self.assertFalse(moment.activity_ids.filtered("active"))
        self.assertTrue(self.account.touch_ids)

    def test_talk_of_another_activity_has_no_points(self):
        order = self._draft()
        activity = self._activity(order)
        with self._open(activity.action_kam_log_touch()) as form:
            self.assertFalse(form.moment_id)
            self.assertFalse(form.talking_points)

    def _promised(self, **values):
        """Return an expectation in the plan in force of the account."""
        plan = self._plan("running")
        return self.env["kam.plan.expectation"].create(
            {"plan_id": plan.id, "name": "62 dB", "origin": "promised", **values}
        )

    def test_gap_opens_an_action(self):
        expectation = self._promised(expected=4)
        self._template(check_expectations=True)
        moment = self._moments(self._ordered())
        action = moment.with_user(self.anna).action_log_touch()
        with self._open(action) as form, form.expectation_ids.edit(0) as line:
            self.assertEqual((line.name, line.expected), ("62 dB", 4))
            line.perceived = 2
        form.record.action_save()
        self.assertEqual((expectation.perceived, expectation.gap), (2, 2))
        self.assertEqual(expectation.activity_id.summary, "62 dB")
        self.assertEqual(expectation.activity_id.user_id, self.anna)

    def test_no_gap_no_action(self):
        expectation = self._promised(expected=3)
        self._template(check_expectations=True)
        moment = self._moments(self._ordered())
        action = moment.with_user(self.anna).action_log_touch()
        with self._open(action) as form, form.expectation_ids.edit(0) as line:
            line.perceived = 4
        form.record.action_save()
        self.assertEqual(expectation.perceived, 4)
        self.assertFalse(expectation.activity_id)

    def test_only_where_the_template_says_so(self):
        self._promised()
        self._template()
        moment = self._moments(self._ordered())
        with self._open(moment.with_user(self.anna).action_log_touch()) as form:
            self.assertFalse(len(form.expectation_ids))

    def test_proposal_of_an_order_fills_the_register_once(self):
        plan = self._plan("running")
        self._template()
        order = self._draft()
        self.env["kam.proposal"].create(
            {
                "order_id": order.id,
                "argument_ids": [(0, 0, {"name": "Quiet as a library"})],
                "effect_ids": [(0, 0, {"name": "Energy"})],
            }
        )
        self._look(order)
        self.assertFalse(plan.expectation_ids)
        order.action_confirm()
        self._look(order)
        self._look(order)
        self.assertRecordValues(
            plan.expectation_ids,
            [
                {"name": name, "origin": "promised", "order_id": order.id}
                for name in ("Quiet as a library", "Energy")
            ],
        )

    def test_email_of_the_moment(self):
        mail = self.env.ref("sale.mail_template_sale_confirmation")
        self._template(mail_template_id=mail.id)
        order = self._ordered()
        action = self._moments(order).with_user(self.anna).action_send_mail()
        self.assertEqual(action["context"]["default_res_ids"], order.ids)
        self.assertEqual(action["context"]["default_template_id"], mail.id)
