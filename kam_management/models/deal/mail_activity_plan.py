from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .requirements import REQUIREMENTS


class MailActivityPlan(models.Model):
    """A plan for opportunities may be the sequence of steps of a sales type."""

    _inherit = "mail.activity.plan"

    kam_sales_type = fields.Selection(
        lambda self: self.env["kam.account"]._fields["sales_type"].selection,
        "Sales Steps For",
        index="btree_not_null",
        copy=False,
        groups="kam_management.group_kam_user",
        help="Opportunities of this sales type are led along these steps.",
    )

    @api.constrains("kam_sales_type", "res_model", "company_id", "active")
    def _check_kam_sales_type(self):
        """Keep to one sequence of steps for a sales type, in each company.

        :raise ValidationError: naming the one there is
        """
        plans = self.filtered(lambda one: one.kam_sales_type and one.active)
        same = self.search(
            Domain.OR(
                plan._get_kam_steps_domain(plan.kam_sales_type, plan.company_id)
                for plan in plans
            )
        ).grouped(lambda one: (one.kam_sales_type, one.company_id))
        for plan in plans:
            if plan.res_model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "“%(plan)s”: only plans for leads have a sales type.",
                        plan=plan.name,
                    )
                )
            if others := same[plan.kam_sales_type, plan.company_id] - plan:
                raise ValidationError(
                    self.env._(
                        "“%(plan)s” has the steps of this sales type already. Change"
                        " them there, or archive it first.",
                        plan=others[0].name,
                    )
                )

    @api.model
    def _get_kam_steps_domain(self, sales_type, company):
        """Return the domain of the plans that are the steps of a type in one company."""
        return (
            Domain("res_model", "=", "crm.lead")
            & Domain("kam_sales_type", "=", sales_type)
            & Domain("company_id", "=", company.id)
        )


class MailActivityPlanTemplate(models.Model):
    """What must be known before a step of a deal is done."""

    _inherit = "mail.activity.plan.template"

    kam_needs_need = fields.Boolean(
        "Customer's Need",
        copy=False,
        groups="kam_management.group_kam_user",
        help="The step is not done before the customer's need is known.",
    )
    kam_needs_decider = fields.Boolean(
        "Decision Maker",
        copy=False,
        groups="kam_management.group_kam_user",
        help="The step is not done before somebody of the decision-making team decides.",
    )
    kam_needs_revenue = fields.Boolean(
        "Expected Revenue",
        copy=False,
        groups="kam_management.group_kam_user",
        help="The step is not done before the expected revenue is known.",
    )
    kam_needs_date = fields.Boolean(
        "Expected Closing",
        copy=False,
        groups="kam_management.group_kam_user",
        help="The step is not done before the expected closing is known.",
    )
    kam_needs_quotation = fields.Boolean(
        "Quotation Sent",
        copy=False,
        groups="kam_management.group_kam_user",
        help="The step is not done before a quotation was sent.",
    )

    def _get_kam_needs(self):
        """Return the codes of what must be known for any of these steps, in order."""
        # sudo: the catalogue of the company, for whoever works on the deal
        steps = self.sudo()
        return [
            code
            for code in REQUIREMENTS
            if any(step[f"kam_needs_{code}"] for step in steps)
        ]
