from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ..common import formats

HEAD_GROUP = "kam_management.group_kam_manager"
# What an approval of so many percent allows above them: figures are rounded.
APPROVED_ABOVE = 0.05


class SaleOrder(models.Model):
    """The limit of what a salesperson concedes, and what was approved beyond it."""

    _inherit = "sale.order"

    def _kam_check_concessions(self):
        """Refuse to send, print or confirm what concedes too much and is not approved.

        Heads of sales approve by doing it.

        :raise UserError: naming the quotation, what it concedes and what is allowed
        """
        # sudo: versions, limits and approvals count for whoever does it
        sent = self.sudo().filtered("kam_version_id")
        for order in sent._kam_filter_beyond_limit():
            if self._kam_may_approve():
                order._kam_approve()
                continue
            raise UserError(
                order._tell_kam_limit()
                if self.env.user._is_internal()
                else order._tell_kam_being_revised()
            )

    @api.model
    def _kam_may_approve(self):
        """Return whether the user is a head of sales; what runs by itself is none."""
        user = self.env.user
        return not user._is_superuser() and user.has_group(HEAD_GROUP)

    def _kam_is_watched(self):
        # who sends a colleague's, or nobody's, is not without a limit for it
        mine = self.env["kam.concession.limit"]._find(self.company_id, self.env.user)
        limits = (self._get_kam_limit(), mine)
        return super()._kam_is_watched() or any(one is not None for one in limits)

    def _get_kam_limit(self):
        """Return (percent, amount) that may be conceded, None without a limit.

        The limit of who sent it last counts beside that of whose it is now: to hand it to
        a colleague opens no door.
        """
        find, people = self.env["kam.concession.limit"]._find, self.user_id
        people |= self.kam_version_id.user_id
        limits = [limit for user in people if (limit := find(self.company_id, user))]
        if not limits:
            return None
        amounts = [amount for _percent, amount in limits if amount]
        return min(percent for percent, _amount in limits), min(amounts, default=0)

    def _kam_filter_beyond_limit(self):
        """Return those that concede more than the salesperson may, and was approved.

        To be asked by ``sudo``.
        """
        beyond = {}
        for order in self:
            limit = order.kam_version_id and order._get_kam_limit()
            conceded = limit and order._get_kam_conceded()
            if conceded and not order._kam_covers(limit, conceded):
                beyond[order] = conceded
        approved = self._get_kam_approved(beyond)
        return self.browse().union(
            *(
                order
                for order, conceded in beyond.items()
                if not any(order._kam_covers(one, conceded) for one in approved[order])
            )
        )

    def _kam_covers(self, limit, conceded):
        """Return whether (percent, amount) that may be conceded is not exceeded."""
        (most_percent, most), (value, percent) = limit, conceded
        currency = self.company_id.currency_id
        return percent <= most_percent + 1e-6 and (
            not most or currency.compare_amounts(value, most) <= 0
        )

    def _get_kam_approved(self, orders):
        """Return {order: [(percent, amount)]} that was approved of these orders' deals."""
        firsts = {
            order: order.kam_version_id.first_id or order.kam_version_id
            for order in orders
        }
        by_first = defaultdict(list)
        if not firsts:
            return by_first
        ids = [first.id for first in firsts.values()]
        approvals = self.env["kam.concession.approval"].search(
            [("first_id", "in", ids), ("state", "=", "approved")]
        )
        for one in approvals:
            by_first[one.first_id].append((one.percent + APPROVED_ABOVE, one.amount))
        return {order: by_first[first] for order, first in firsts.items()}

    def _tell_kam_limit(self):
        """Return why the quotation waits, and what to do."""
        value, percent = self._get_kam_conceded()
        most_percent, most = self._get_kam_limit()
        currency, env = self.company_id.currency_id, self.env
        limit = formats.percent(env, most_percent, 1)
        if most:
            limit = env._(
                "%(percent)s and %(amount)s",
                percent=limit,
                amount=formats.money(env, most, currency),
            )
        words = {
            "order": self.name,
            "value": formats.money(env, value, currency),
            "percent": formats.percent(env, percent, 1),
            "limit": limit,
        }
        if self.state == "sale":
            return env._(
                "%(order)s would concede %(value)s (%(percent)s) against what the customer"
                " was sent first, beyond the limit of %(limit)s. Ask a head of sales to"
                " change the order, or concede less.",
                **words,
            )
        return env._(
            "%(order)s concedes %(value)s (%(percent)s) against what the customer was sent"
            " first, beyond the limit of %(limit)s. Choose “Request Approval” on the"
            " quotation, or concede less.",
            **words,
        )

    def _tell_kam_being_revised(self):
        """Return what the customer is told while the quotation waits for an approval."""
        return self.env._("%s is being revised. We will contact you.", self.name)
