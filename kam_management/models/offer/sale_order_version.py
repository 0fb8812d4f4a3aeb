from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

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

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            # sudo: whoever makes of a copy an offer for somebody else
            self.sudo()._kam_begin_anew()
        return result

    def copy(self, default=None):
        """Go on from what the customer was sent, where they get a copy of it.

        A copy of a quotation that was sent is compared with what was offered first, as the
        quotation is. It begins anew for another customer, of an order, and once the
        offer has expired.
        """
        # sudo: versions count for whoever duplicates; looked at first, read at once
        sent = self.sudo().filtered(lambda order: order._kam_still_holds())
        copies = super().copy(default)
        for order, following in zip(self, copies.sudo(), strict=True):
            if (
                order in sent
                and not {"order_line", "company_id"} & (default or {}).keys()
            ):
                following.write(order.sudo()._prepare_kam_successor(following))
        copies.sudo()._kam_begin_anew()
        return copies

    def unlink(self):
        """Hand on what the customer was sent: it goes on to count in the next version."""
        # sudo: whoever deletes a former version
        if versions := self.sudo().kam_version_ids:
            of_them = Domain("kam_version_id", "in", versions.ids)
            left = self.sudo().search(of_them & Domain("id", "not in", self.ids))
            copies = left.grouped(lambda order: order.kam_version_id.order_id)
            for order, sent in versions.grouped("order_id").items():
                following = order.kam_next_order_ids - self
                following |= copies.get(order, following)
                sent.order_id = following[:1] or order
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
                **former._prepare_kam_successor(following),
                "kam_previous_order_id": former.id,
                "kam_follow_up": former.kam_follow_up,
                "kam_silent_since": former.kam_silent_since,
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

    def _kam_still_holds(self):
        """Return whether the customer may count on what they were sent."""
        until = self.validity_date
        return bool(self.kam_version_id) and (
            self.state != "sale" and (not until or until >= clock.here(self))
        )

    def _prepare_kam_successor(self, following):
        """Return the values with which a copy is compared with the first version."""
        return {
            "kam_version_id": self.kam_version_id.id,
            "kam_line_keys": self._map_kam_line_keys(following),
        }

    def _kam_begin_anew(self):
        """Compare copies for another customer with nothing."""
        for order in self.filtered(lambda order: order.state == "draft"):
            of = order.kam_version_id.order_id
            customers = (order | of).partner_id.commercial_partner_id
            if of != order and not order.kam_previous_order_id and len(customers) > 1:
                order.write({"kam_version_id": False, "kam_line_keys": False})

    def _map_kam_line_keys(self, following):
        """Return {id of a line of the next version: which line of the first it is}."""
        keys = self.kam_line_keys or {}
        lines = self._get_copiable_order_lines()
        return {
            str(copy.id): keys.get(str(line.id), line.id)
            for line, copy in zip(lines, following.sudo().order_line, strict=False)
        }
