from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common import formats
from ..common.clock import today
from .kam_concession import REASONS

APPROVAL_TYPE = "kam_management.mail_activity_type_concession"
OPEN_STATES = ("draft", "sent")


class KamConcessionApproval(models.Model):
    """A concession beyond the limit of the salesperson, which a head of sales decides.

    It holds for what was asked, and for less. It is asked for by the button of the
    quotation, and goes on in its new versions.
    """

    _name = "kam.concession.approval"
    _description = "Approval of Concessions"
    _inherit = ["kam.quotation.part", "mail.thread", "mail.activity.mixin"]

    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one("res.users", "Asked By", readonly=True)
    date = fields.Date("Asked On", readonly=True, default=lambda self: today())
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Conceded", readonly=True, tracking=True)
    percent = fields.Float(
        "Conceded (%)", digits=(5, 1), readonly=True, aggregator=None
    )

    # Why: of who asks
    reason = fields.Selection(REASONS)
    in_return = fields.Char(
        "Got in Return", help="What the customer has given or promised for it."
    )
    note = fields.Text()

    # The decision
    state = fields.Selection(
        [
            ("requested", "To Approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("void", "Not Needed Any More"),
        ],
        "Status",
        default="requested",
        required=True,
        readonly=True,
        tracking=True,
    )
    decision_reason = fields.Text("Reason for the Decision")
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    date_decided = fields.Date("Decided On", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(order_id) WHERE state = 'requested'",
        "The approval of this quotation has been asked for already.",
    )

    def action_approve(self):
        """Approve what was asked; an order that was paid meanwhile is confirmed.

        :raise AccessError: when the user is no head of sales
        """
        self._decide("approved")
        for approval in self:
            approval._tell(
                self.env._("Concession approved: %s", approval._tell_value())
            )
            # sudo: what the customer has done follows from the approval
            order = approval.sudo().order_id
            if order.state in OPEN_STATES and order._kam_is_paid():
                order.with_context(send_email=True).action_confirm()

    def action_refuse(self):
        """Refuse it.

        :raise AccessError: when the user is no head of sales
        :raise UserError: without a reason
        """
        for approval in self:
            if not (approval.decision_reason or "").strip():
                raise UserError(
                    self.env._(
                        "%s: say under “Reason for the Decision” why, then refuse.",
                        approval.display_name,
                    )
                )
        self._decide("refused")
        for approval in self:
            approval._tell(
                self.env._(
                    "Concession refused: %(value)s. %(reason)s",
                    value=approval._tell_value(),
                    reason=approval.decision_reason,
                )
            )

    def _decide(self, state):
        self.check_access("write")
        if not self._is_head_of_sales():
            raise AccessError(
                self.env._("Only a head of sales decides on concessions.")
            )
        for approval in self:
            if approval.state != "requested":
                raise UserError(
                    self.env._("%s: this was decided already.", approval.display_name)
                )
        # sudo: the buttons decide
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "date_decided": today(),
            }
        )
        self.sudo().activity_unlink([APPROVAL_TYPE])

    def _ask(self):
        """Ask the head who is accountable, or all heads of the company."""
        for approval in self:
            heads = approval.account_id._get_heads(self.env["res.users"])
            if not heads:
                heads = self._get_heads_of(approval.company_id)
            if not heads:
                raise UserError(
                    self.env._(
                        "There is no head of sales who could approve it. Ask your"
                        " administrator to name one."
                    )
                )
            for head in heads:
                approval.activity_schedule(
                    APPROVAL_TYPE,
                    user_id=head.id,
                    summary=self.env._(
                        "Decide on a concession: %s", approval._tell_value()
                    ),
                )

    @api.model
    def _get_heads_of(self, company):
        group = self.env.ref("kam_management.group_kam_manager")
        return group.all_user_ids.filtered(
            lambda user: user.active and company in user.company_ids
        )

    def _tell_value(self):
        """Return what is conceded in words, such as “$ 190 (19 %)”."""
        # sudo: currency and figures of a record that the user sees
        one = self.sudo()
        value = formats.money(self.env, one.amount, one.currency_id)
        return f"{value} ({formats.percent(self.env, one.percent, 1)})"

    def _tell(self, words):
        """Tell who asked, and the salesperson, on the quotation."""
        # sudo: whose quotation it is, whoever decides
        order, asked = self.sudo().order_id, self.sudo().user_id
        people = (order.user_id | asked).filtered("active").partner_id
        order.message_post(
            body=words,
            author_id=self.env.user.partner_id.id,
            partner_ids=(people - self.env.user.partner_id).ids,
            subtype_xmlid="mail.mt_note",
        )

    @api.model
    def _call_off(self):
        """Take back what was asked of quotations that are over, or need it no more."""
        asked = self.search([("state", "=", "requested")])
        over = asked.filtered(lambda approval: not approval.order_id.kam_approval)
        if over:
            over.state = "void"
            over.activity_unlink([APPROVAL_TYPE])

    @api.model
    def _get_head_fields(self):
        return super()._get_head_fields() | {"decision_reason"}

    @api.model
    def _get_head_hint(self):
        return self.env._("The head of sales gives the reason.")

    @api.model
    def _get_found_hint(self):
        return self.env._("Use the buttons of the approval.")

    def _filter_changeable(self):
        """Who asked says why until it is decided; heads of sales decide."""
        if self._is_head_of_sales():
            return self
        return self.filtered(
            lambda one: one.state == "requested" and one.user_id == self.env.user
        )
