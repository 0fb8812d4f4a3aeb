from odoo import fields, models
from odoo.exceptions import UserError

from ..common import clock

KAM_GROUP = "kam_management.group_kam_user"


class SaleOrder(models.Model):
    """A quotation that was sent is changed in a new version, which takes its place."""

    _inherit = "sale.order"

    kam_previous_order_id = fields.Many2one(
        "sale.order",
        "Previous Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=KAM_GROUP,
    )
    kam_next_order_ids = fields.One2many(
        "sale.order", "kam_previous_order_id", "Next Version", groups=KAM_GROUP
    )

    def unlink(self):
        """Hand on what the customer was sent: it goes on to count in the next version."""
        # sudo: whoever deletes a former version
        for order in self.sudo():
            if following := order.kam_next_order_ids - self:
                order.kam_version_ids.order_id = following[:1]
        return super().unlink()

    def action_kam_new_version(self):
        """Open a copy that takes the place of this quotation, which is cancelled.

        The customer is told nothing. The follow-up, and what counts as conceded, go on.

        :raise UserError: when the customer was not sent it
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "sent":
            raise UserError(
                self.env._(
                    "The customer was not sent %s yet. Change it as it is.", self.name
                )
            )
        following = self.copy(self._prepare_kam_new_version())
        # sudo: the button links both, and hands on the follow-up
        former = self.sudo()
        following.sudo().write(
            {
                "kam_previous_order_id": former.id,
                "kam_version_id": former.kam_version_id.id,
                "kam_follow_up": former.kam_follow_up,
                "kam_silent_since": former.kam_silent_since,
                "kam_line_keys": former._map_kam_line_keys(following),
            }
        )
        # by when the receipt was to be confirmed is now of the new one
        former.kam_version_ids.filtered(
            lambda v: not v.date_followed_up
        ).date_due = False
        self._action_cancel()
        return following.get_formview_action()

    def _find_kam_newest(self):
        """Return what took the place of this quotation in the end, none if it is in force.

        For the customer: nothing that is another's by now, or was cancelled, too.
        """
        # sudo: versions are linked for whoever looks at one of them
        order = newest = self.sudo()
        while following := newest.kam_next_order_ids[:1]:
            newest = following
        theirs = order.partner_id.commercial_partner_id
        is_theirs = newest.partner_id.commercial_partner_id == theirs
        if newest == order or newest.state == "cancel" or not is_theirs:
            return order.browse()
        return newest

    def _prepare_kam_new_version(self):
        """Return what the copy does not begin anew with."""
        values = {}
        if self.validity_date and self.validity_date >= clock.here(self):
            values["validity_date"] = self.validity_date
        if "opportunity_id" in self._fields:
            values["opportunity_id"] = self.opportunity_id.id
        return values

    def _map_kam_line_keys(self, following):
        """Return {id of a line of the next version: which line of the first it is}."""
        keys = self.kam_line_keys or {}
        lines = self._get_copiable_order_lines()
        return {
            str(copy.id): keys.get(str(line.id), line.id)
            for line, copy in zip(lines, following.sudo().order_line, strict=False)
        }
