from odoo import api, models
from odoo.exceptions import AccessError

from ..contact.kam_touch_guard import is_theirs


class KamObjection(models.Model):
    """Objections are seen and changed as touches are: by the team, and who handled them."""

    _inherit = "kam.objection"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._complete_values(vals) for vals in vals_list]
        objections = super().create(vals_list)
        objections._check_owner_access()
        return objections

    def write(self, vals):
        result = super().write(vals)
        if not {"account_id", "lead_id"}.isdisjoint(vals):
            self._check_owner_access()
        return result

    def _complete_values(self, vals):
        """Return values for create with the account of the deal filled in."""
        lead_id, account_id = (
            vals.get(name, self.env.context.get(f"default_{name}"))
            for name in ("lead_id", "account_id")
        )
        if lead_id and not account_id:
            # sudo: the account is linked even when the author may not open it
            lead = self.env["crm.lead"].browse(lead_id).sudo()
            vals = {**vals, "account_id": lead.kam_account_id.id}
        return vals

    def _filter_changeable(self):
        """Return the objections of the user, see ``is_theirs``."""
        if self._is_head_of_sales():
            return self
        user = self.env.user
        # sudo: compares who did what, and shows nothing
        return self & self.sudo().filtered(lambda one: is_theirs(one, user))

    @api.model
    def _get_others_error(self):
        return AccessError(
            self.env._(
                "This objection can be changed by the person who handled it, the"
                " salesperson of its opportunity, the manager of the account and heads"
                " of sales. Ask one of them."
            )
        )

    @api.model
    def _get_checked_fields(self):
        """Leave what it is about to ``_check_owner_access`` and ``_check_customer``."""
        return super()._get_checked_fields() | {"account_id", "lead_id", "order_id"}

    @api.model
    def _get_found_hint(self):
        return self.env._(
            "The company follows from the account or opportunity, the decision style"
            " from the stakeholder who said it."
        )

    def _check_owner_access(self):
        """Refuse objections on accounts and deals their author may not read.

        One on one's deal belongs to the customer's account too, whoever leads that.

        :raise AccessError: naming what to do instead
        """
        if self.env.su:
            return
        # sudo: finds the accounts that were chosen, not given by the deal
        objections = self.sudo()
        chosen = objections.filtered(
            lambda one: one.account_id != one.lead_id.kam_account_id
        )
        for owners in (objections.lead_id, chosen.account_id, objections.order_id):
            if not owners.sudo(False).has_access("read"):
                raise AccessError(
                    self.env._(
                        "You have no access to the account or deal of this customer."
                        " Ask your head of sales to add you to the team."
                    )
                )
