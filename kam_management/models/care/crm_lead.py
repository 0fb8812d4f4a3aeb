from odoo import fields, models


class CrmLead(models.Model):
    """A lead may come from somebody who recommended us."""

    _inherit = "crm.lead"

    kam_reference_id = fields.Many2one(
        "kam.reference",
        "Recommended By",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="kam_management.group_kam_user",
        help="The reference that brought this lead.",
    )

    def action_kam_reference(self):
        """Open the reference that brought this lead.

        :raise AccessError: when the user may not read it
        """
        self.ensure_one()
        self.kam_reference_id.check_access("read")
        return self.kam_reference_id.get_formview_action()
