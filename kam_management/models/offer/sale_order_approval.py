from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import clock, formats
from .kam_concession_approval import OPEN_STATES

HEAD_GROUP = "kam_management.group_kam_manager"
KAM_GROUP = "kam_management.group_kam_user"
# What an approval of so many percent allows above them: figures are rounded.
APPROVED_ABOVE = 0.05


class SaleOrder(models.Model):
    """A quotation that concedes more than its salesperson may waits for a head of sales.

    Until then it is neither sent nor confirmed, whoever does it and by whatever way: what
    counts is the limit of the salesperson. Heads of sales approve by doing it themselves.
    """

    _inherit = "sale.order"

    kam_approval = fields.Selection(
        [("needed", "Approval Needed"), ("requested", "Waiting for Approval")],
        "Approval of Concessions",
        compute="_compute_kam_approval",
        compute_sudo=True,
        help="It concedes more than the salesperson may, against what was sent first.",
    )
    kam_approval_ids = fields.One2many(
        "kam.concession.approval",
        "order_id",
        "Approvals",
        readonly=True,
        groups=KAM_GROUP,
    )

    kam_is_locked = fields.Boolean(
        compute="_compute_kam_is_locked",
        help="It is neither sent nor confirmed by this user, until it is approved.",
    )

    @api.depends(
        "state",
        "user_id",
        "kam_version_id",
        "kam_approval_ids.state",
        "currency_rate",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.price_subtotal",
    )
    def _compute_kam_approval(self):
        for order in self:
            order.kam_approval = False
            if order.state in OPEN_STATES and order._kam_is_beyond_limit():
                asked = order.kam_approval_ids.filtered(
                    lambda approval: approval.state == "requested"
                )
                order.kam_approval = "requested" if asked else "needed"

    @api.depends("kam_approval")
    @api.depends_context("uid")
    def _compute_kam_is_locked(self):
        for order in self:
            order.kam_is_locked = order.kam_approval and not self._kam_may_approve()

    def write(self, vals):
        state = vals.get("state")
        if state not in ("sent", "sale"):
            return super().write(vals)
        moved = self.filtered(lambda one: one.state != state)
        self.check_access("write")
        moved._kam_check_concessions()
        result = super().write(vals)
        if len(vals) > 1:
            # what is conceded in the same breath
            moved._kam_check_concessions()
        return result

    def message_post(self, **kwargs):
        if self._kam_is_sending():
            again = self.filtered(lambda order: order.state == "sent")
            again._kam_check_concessions()
        return super().message_post(**kwargs)

    def action_quotation_send(self):
        self.check_access("write")
        if not self._kam_may_approve():
            # before the mail is written
            self.filtered(lambda o: o.state in OPEN_STATES)._kam_check_concessions()
        return super().action_quotation_send()

    def action_kam_request_approval(self):
        """Open the dialog that says why, and asks the head of sales who is accountable.

        :raise UserError: when nothing is to be approved
        """
        self.ensure_one()
        self._kam_check_to_approve()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request Approval"),
            "res_model": "kam.concession.request",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _kam_check_to_approve(self):
        """Refuse to ask for what the user may not change, or nobody has to approve.

        :raise UserError: saying so
        """
        self.check_access("write")
        if not self.kam_approval:
            raise UserError(
                self.env._("%s: nothing has to be approved.", self.name),
            )

    def _kam_ask_approval(self, **why):
        """Return what is asked for, new or with the figures of now, by ``sudo``.

        :param why: reason, what we get in return, note
        """
        value, percent = self._get_kam_conceded()
        values = {"amount": value, "percent": percent, **why}
        approval = self.kam_approval_ids.filtered(lambda one: one.state == "requested")
        if approval:
            is_other = self.company_id.currency_id.compare_amounts
            if why or is_other(value, approval.amount):
                approval.write(values)
            return approval
        approval = approval.create(self._prepare_kam_approval(values))
        approval._ask()
        return approval

    def _prepare_kam_approval(self, values):
        """Return the values of an approval.

        :param dict values: amount and percent, and why
        """
        version = self.kam_version_id
        account = self._get_kam_accounts().get(self)
        return {
            **values,
            "order_id": self.id,
            "first_id": (version.first_id or version).id,
            "account_id": account and account.id,
            "user_id": self.env.uid,
        }

    # The limit

    def _kam_check_concessions(self):
        """Refuse to send or confirm what concedes too much and is not approved.

        :raise UserError: naming the quotation, what it concedes and what is allowed
        """
        # sudo: versions, limits and approvals count for whoever does it
        for order in self.sudo().filtered("kam_version_id"):
            if not order._kam_is_beyond_limit():
                continue
            if self._kam_may_approve():
                order._kam_approve()
                continue
            raise UserError(
                order._tell_kam_limit()
                if self.env.user._is_internal()
                else self.env._(
                    "%s is being reviewed. We will contact you.", order.name
                )
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

    def _kam_is_beyond_limit(self):
        """Return whether more is conceded than the salesperson may, and was approved.

        To be asked by ``sudo``.
        """
        limit = self.kam_version_id and self._get_kam_limit()
        if not limit:
            return False
        value, percent = self._get_kam_conceded()
        most_percent, most = limit
        currency = self.company_id.currency_id
        if percent <= most_percent + 1e-6 and (
            not most or currency.compare_amounts(value, most) <= 0
        ):
            return False
        version = self.kam_version_id
        approved = self.env["kam.concession.approval"].search(
            [
                ("first_id", "=", (version.first_id or version).id),
                ("state", "=", "approved"),
            ]
        )
        return not any(
            currency.compare_amounts(value, one.amount) <= 0
            and percent <= one.percent + APPROVED_ABOVE
            for one in approved
        )

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
        return env._(
            "%(order)s concedes %(value)s (%(percent)s) against what the customer was sent"
            " first, beyond the limit of %(limit)s. Choose “Request Approval” on the"
            " quotation, or concede less.",
            order=self.name,
            value=formats.money(env, value, currency),
            percent=formats.percent(env, percent, 1),
            limit=limit,
        )

    def _kam_approve(self):
        """Put the approval of a head on record who sends or confirms it themselves."""
        value, percent = self._get_kam_conceded()
        asked = self._kam_ask_approval() if self.kam_approval == "requested" else None
        if asked:
            asked._decide("approved")
            asked._tell(self.env._("Concession approved: %s", asked._tell_value()))
            return
        values = self._prepare_kam_approval({"amount": value, "percent": percent})
        decided = {"decided_by_id": self.env.uid, "date_decided": clock.today()}
        self.env["kam.concession.approval"].create(
            {**values, **decided, "state": "approved"}
        )

    # The portal

    def _has_to_be_signed(self):
        # sudo: the customer signs, and is told no more
        return super()._has_to_be_signed() and not self.sudo().kam_approval

    def _has_to_be_paid(self):
        # sudo: the customer pays, and is told no more
        return super()._has_to_be_paid() and not self.sudo().kam_approval

    def _is_confirmation_amount_reached(self):
        """Let an order that was paid meanwhile wait for the approval, too."""
        # sudo: whoever pays
        return (
            super()._is_confirmation_amount_reached() and not self.sudo().kam_approval
        )

    def _kam_is_paid(self):
        """Return whether the customer has paid or signed what makes it an order."""
        paid = self.transaction_ids.filtered(
            lambda t: t.state in ("authorized", "done")
        )
        return bool(paid) and self._is_confirmation_amount_reached()
