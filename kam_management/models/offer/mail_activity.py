from odoo import fields, models

from .follow_up import STEPS


class MailActivity(models.Model):
    """An activity may be a step in the follow-up of a quotation.

    Done, it leads to the next one.
    """

    _inherit = "mail.activity"

    kam_follow_up = fields.Selection(
        STEPS,
        "Follow-Up Step",
        readonly=True,
        copy=False,
        groups="kam_management.group_kam_user",
        help="The step in the follow-up of a quotation.",
    )

    def unlink(self):
        """Take the follow-up of a quotation as ended when its step is called off."""
        if not self.env.su:
            # what goes with a record or a colleague is nobody's decision
            for _step, order in self._filter_kam_steps()._get_kam_quotations():
                order.kam_follow_up = False
        return super().unlink()

    def _action_done(self, feedback=False, attachment_ids=None):
        steps = self._filter_kam_steps()
        orders = steps._get_kam_quotations()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        # the Talk dialog asks whether the question is answered
        is_answered = self.env.context.get("kam_follow_up_answered", True)
        for step, order in orders:
            order._kam_move_on(is_answered and order.kam_follow_up == step)
        return result

    def _filter_kam_steps(self):
        """Return the open steps in the follow-up of quotations, by ``sudo``."""
        # sudo: part of the quotation, whoever does or cancels it
        return self.sudo().filtered(
            lambda activity: (
                activity.active
                and activity.kam_follow_up
                and activity.res_model == "sale.order"
            )
        )

    def _get_kam_quotations(self):
        """Return [(step, quotation)] of these steps whose quotation is there."""
        orders = self.env["sale.order"].browse(self.mapped("res_id"))
        existing = set(orders.sudo().exists().ids)
        return [
            (activity.kam_follow_up, orders.sudo().browse(activity.res_id))
            for activity in self
            if activity.res_id in existing
        ]
