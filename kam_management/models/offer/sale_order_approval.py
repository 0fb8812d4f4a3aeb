from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import clock
from .kam_concession_approval import OPEN_STATES

KAM_GROUP = "kam_management.group_kam_user"


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
        groups="base.group_user",
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
        self.kam_approval = False
        still_open = self.filtered(lambda order: order.state in OPEN_STATES)
        for order in still_open._kam_filter_beyond_limit():
            asked = "requested" in order.kam_approval_ids.mapped("state")
            order.kam_approval = "requested" if asked else "needed"

    @api.depends("kam_approval")
    @api.depends_context("uid")
    def _compute_kam_is_locked(self):
        """Customers are told nothing of it: views cannot keep it from them alone."""
        if self.env.user.share or self._kam_may_approve():
            self.kam_is_locked = False
            return
        for order in self:
            order.kam_is_locked = bool(order.kam_approval)

    def write(self, vals):
        state = vals.get("state")
        if state not in ("sent", "sale"):
            return super().write(vals)
        # sudo: read at once what is looked at below
        moved = self.sudo().filtered(lambda one: one.state != state).with_env(self.env)
        self.check_access("write")
        moved._kam_check_concessions()
        result = super().write(vals)
        if len(vals) > 1:
            # what is conceded in the same breath
            moved._kam_check_concessions()
        return result

    def action_quotation_send(self):
        self.check_access("write")
        # before the mail is written
        self._kam_check_printed()
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

    def message_post(self, **kwargs):
        if self._kam_is_sending():
            again = self.filtered(lambda order: order.state == "sent")
            again._kam_check_concessions()
        return super().message_post(**kwargs)

    def _message_mail_after_hook(self, mails):
        if self._kam_is_sending():
            self._kam_check_concessions()
        return super()._message_mail_after_hook(mails)

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

    # The customer

    def _kam_is_hidden(self):
        """Return whether the customer does not see the quotation: its price waits."""
        # sudo: the customer looks, and is told no more
        return not self.env.user._is_internal() and bool(self.sudo().kam_approval)

    def _kam_check_printed(self):
        """Refuse to print a price that waits for an approval; heads of sales may see it.

        :raise UserError: as when it is sent
        """
        if not self._kam_may_approve():
            still_open = self.filtered(lambda order: order.state in OPEN_STATES)
            still_open._kam_check_concessions()

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
