from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Responsible by role: the field of the account that says who it is.
ROLES = {
    "kam_manager": "manager_id",
    "kam_developer": "developer_id",
    "kam_accountable": "accountable_id",
    "kam_project_manager": "project_manager_id",
    "kam_telemarketer": "telemarketer_id",
}
ROLE_LABELS = [
    ("kam_manager", "Key Account Manager"),
    ("kam_developer", "Developer of the Account"),
    ("kam_accountable", "Head of Sales of the Account"),
    ("kam_project_manager", "Project Manager of the Account"),
    ("kam_telemarketer", "Telemarketer of the Account"),
]


class MailActivityPlanTemplate(models.Model):
    """A step of a sequence of contacts goes to who has a role on the account."""

    _inherit = "mail.activity.plan.template"

    responsible_type = fields.Selection(
        selection_add=ROLE_LABELS,
        ondelete=dict.fromkeys(ROLES, "set default"),
    )

    @api.constrains("plan_id", "responsible_type")
    def _check_kam_responsible(self):
        """Refuse roles of an account in plans for what has no account."""
        plan_models = self._get_kam_plan_models()
        for template in self:
            if (
                template.responsible_type in ROLES
                and template.plan_id.res_model not in plan_models
            ):
                raise ValidationError(
                    self.env._(
                        "%(role)s: only plans for customer accounts, service plans and"
                        " leads know the roles of an account. Choose another"
                        " assignment.",
                        role=template._get_kam_role_label(),
                    )
                )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """Find who has the role; who launches the plan steps in where nobody has it.

        A lead without an account is its salesperson's.
        """
        role = ROLES.get(self.responsible_type)
        plan_models = self._get_kam_plan_models()
        if not role or applied_on_record._name not in plan_models:
            return super()._determine_responsible(
                on_demand_responsible, applied_on_record
            )
        # sudo: the steps go to the team, whether the user may open the account or not
        record = applied_on_record.sudo()
        account = plan_models[record._name](record)
        holder = account[role] if account else record.user_id
        warning = False
        if not holder:
            warning = self.env._(
                "%(record)s: no %(role)s is entered, so this is assigned to you. Enter one on"
                " the account, or assign the activity to somebody else.",
                record=applied_on_record.display_name,
                role=self._get_kam_role_label(),
            )
        return {
            "responsible": (holder or self.env.user).sudo(False),
            "error": False,
            "warning": warning,
        }

    @api.model
    def _get_kam_plan_models(self):
        """Return the records with such plans, and how the account of one is found.

        :return: {model: function of a record}; rooms add their own
        """
        return {
            "kam.account": lambda account: account,
            "crm.lead": lambda lead: lead.kam_account_id,
        }

    def _get_kam_role_label(self):
        """Return the name of the role this step goes to."""
        labels = dict(self._fields["responsible_type"]._description_selection(self.env))
        return labels[self.responsible_type]
