from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

USER_GROUP = "kam_management.group_kam_user"


class CrmLead(models.Model):
    """A lead is qualified by a telemarketer: is it ours to win, and how to work on it.

    When the need becomes due is not asked: in long cycles that is the developer's to
    find out.
    """

    _inherit = "crm.lead"

    kam_qualification = fields.Selection(
        [
            ("qualified", "Qualified"),
            ("nurture", "Keep in Contact"),
            ("unqualified", "Not Qualified"),
        ],
        "Qualification",
        readonly=True,
        copy=False,
        groups=USER_GROUP,
    )
    kam_qualified_by_id = fields.Many2one(
        "res.users",
        "Qualified By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=USER_GROUP,
    )
    kam_qualified_date = fields.Date(
        "Qualified On", readonly=True, copy=False, groups=USER_GROUP
    )

    def action_kam_qualify(self):
        """Open the dialog in which the lead is qualified.

        :raise UserError: when it is no open lead any more
        """
        self.ensure_one()
        if self.type != "lead" or self.won_status != "pending" or not self.active:
            raise UserError(
                self.env._(
                    "“%(lead)s” is no open lead any more: there is nothing to qualify.",
                    lead=self.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Qualify"),
            "res_model": "kam.lead.qualify",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_id": self.id},
        }

    @api.model
    def _get_kam_unqualified_domain(self):
        """Return the domain of the open leads that nobody has qualified."""
        return Domain(
            [
                ("type", "=", "lead"),
                ("won_status", "=", "pending"),
                ("kam_qualification", "=", False),
            ]
        )

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: what was found out of the leads, whoever may see it
        lead, merged = self.sudo(), opportunities.sudo()
        found = merged.filtered("kam_qualification")[:1]
        if found and not lead.kam_qualification:
            lead.write(
                {
                    "kam_qualification": found.kam_qualification,
                    "kam_qualified_by_id": found.kam_qualified_by_id.id,
                    "kam_qualified_date": found.kam_qualified_date,
                }
            )
        return result
