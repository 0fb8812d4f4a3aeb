from odoo import fields, models


class KamPlan(models.Model):
    """What of a plan is handed to the customer."""

    _inherit = "kam.plan"

    foreword = fields.Text(
        "Words to the Customer",
        help="Printed at the beginning of the customer's edition.",
    )

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


class MailActivity(models.Model):
    _inherit = "mail.activity"

    kam_with_customer = fields.Boolean(
        "Tell the Customer",
        groups="kam_management.group_kam_user",
        help="Printed in the customer's edition of the service plan: its summary, who"
        " does it, and until when.",
    )
