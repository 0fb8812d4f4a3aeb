from odoo import fields, models
from odoo.exceptions import UserError


class KamPlan(models.Model):
    """Whose a plan is, and what of it is handed to them.

    A draft may be given to another customer; what was agreed upon with one may not.
    """

    _inherit = "kam.plan"

    foreword = fields.Text(
        help="Printed at the beginning of the customer's edition.",
    )

    def write(self, vals):
        moved = self.browse()
        if "account_id" in vals and not self.env.su:
            moved = self.filtered(lambda plan: plan.account_id.id != vals["account_id"])
            moved._check_never_agreed()
        result = super().write(vals)
        # people and places of the one customer are not shown to the team of the other
        moved.need_ids._check_account()
        moved.expectation_ids._check_stakeholder()
        moved.goal_ids._check_customer_goal()
        return result

    def action_open_page(self):
        """Open the plan on a page, ready to be printed.

        :return: report action
        """
        return self._print("kam_management.report_plan_page_action")

    def action_print(self):
        """Print all of the plan, for ourselves.

        :return: report action
        """
        return self._print("kam_management.report_plan_action")

    def action_print_customer(self):
        """Print what the customer may see.

        :return: report action
        """
        return self._print("kam_management.report_plan_customer_action")

    def action_view_calendar(self):
        """Open the actions of this plan in a calendar.

        :return: window action on ``mail.activity``
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_plan_calendar_action"
        )
        return {
            **action,
            "display_name": self.env._("Calendar of %s", self.name),
            "domain": [("kam_plan_id", "=", self.id)],
        }

    def _print(self, xmlid):
        self.ensure_one()
        self.check_access("read")
        return self.env.ref(xmlid).report_action(self, config=False)

    def _check_never_agreed(self):
        """Keep plans with their customer once they were approved or reviewed.

        :raise UserError: naming the plans
        """
        if agreed := self.filtered(lambda plan: plan.version > 1 or plan.review_ids):
            raise UserError(
                self.env._(
                    "%(plans)s: the customer of an approved or reviewed plan cannot be"
                    " changed. Create a new plan for the other customer.",
                    plans=", ".join(agreed.mapped("name")),
                )
            )


class MailActivity(models.Model):
    _inherit = "mail.activity"

    kam_with_customer = fields.Boolean(
        "Share with Customer",
        groups="kam_management.group_kam_user",
        help="Printed in the customer's edition of the service plan: its summary, who"
        " does it, and until when.",
    )
