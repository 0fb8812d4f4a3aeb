from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock
from .follow_up import RECEIPT, STEPS, get_next_step

KAM_GROUP = "kam_management.group_kam_user"


class SaleOrder(models.Model):
    """A quotation that was sent is followed up: neither silence nor begging.

    Sending it starts a chain of steps, see ``follow_up``. One of them is due at a time,
    as an activity of the salesperson, who is a key account manager: planned within
    minutes by a job, so that sending and confirming have no work with it. It is answered
    in the Talk dialog, or by what the customer does. The chain ends with the quotation.
    """

    _inherit = "sale.order"

    kam_follow_up = fields.Selection(
        STEPS,
        "Follow-Up Step",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=KAM_GROUP,
        help="The step that is due since the quotation was sent.",
    )
    kam_silent_since = fields.Date(
        "Silent Since",
        readonly=True,
        copy=False,
        groups=KAM_GROUP,
        help="When the quotation was sent, asked for or answered, whatever was last.",
    )
    kam_is_silent = fields.Boolean(
        "Silent Quotation",
        compute="_compute_kam_is_silent",
        search="_search_kam_is_silent",
        groups=KAM_GROUP,
        help="Neither asked for nor answered for longer than the settings allow.",
    )
    kam_version_ids = fields.One2many(
        "kam.quotation.version", "order_id", "Sent", readonly=True, groups=KAM_GROUP
    )

    _kam_silent_since_idx = models.Index(
        "(kam_silent_since) WHERE state = 'sent' AND kam_silent_since IS NOT NULL"
    )

    @api.depends("state", "kam_silent_since", "company_id")
    def _compute_kam_is_silent(self):
        for order in self:
            since = order.state == "sent" and order.kam_silent_since
            # sudo: the settings of the company
            limit = order.company_id.sudo()._get_kam_silence_day()
            order.kam_is_silent = bool(since and limit and since < limit)

    def _search_kam_is_silent(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        # sudo: settings of companies; which orders are seen is for the rules
        companies = (
            self.env["res.company"].sudo().search([("kam_silence_days", ">", 0)])
        )
        by_day = companies.grouped(lambda company: company._get_kam_silence_day())
        return Domain("state", "=", "sent") & Domain.OR(
            Domain("company_id", "in", some.ids)
            & Domain("kam_silent_since", "<", str(day))
            for day, some in by_day.items()
        )

    # Sending

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if any(vals.get("state") == "sent" for vals in vals_list):
            orders.filtered(lambda order: order.state == "sent")._kam_handle_sent()
        return orders

    def write(self, vals):
        sent = ordered = self.browse()
        if vals.get("state") == "sent":
            sent = self.filtered(lambda order: order.state != "sent")
        elif vals.get("state") == "sale":
            ordered = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        sent._kam_handle_sent()
        ordered._kam_handle_ordered()
        return result

    def action_kam_log_touch(self):
        """Open the Talk dialog, about the step of the follow-up that is due."""
        action = super().action_kam_log_touch()
        steps = self._get_kam_steps().with_env(self.env)._filtered_access("write")
        if self.state == "sent" and steps:
            return steps[:1].action_kam_log_touch()
        return action

    def message_post(self, **kwargs):
        again = self.browse()
        if self._kam_is_sending():
            again = self.filtered(lambda order: order.state == "sent")
        message = super().message_post(**kwargs)
        again._kam_handle_sent()
        return message

    def _message_mail_after_hook(self, mails):
        """Take quotations that many customers are mailed at once as sent, too."""
        result = super()._message_mail_after_hook(mails)
        if self._kam_is_sending():
            # sudo: whose they are; colleagues without our groups send as in Odoo
            watched = self.sudo().filtered(lambda order: order._kam_is_watched())
            watched = watched.with_env(self.env)
            again = watched.filtered(lambda order: order.state == "sent")
            watched.filtered(lambda order: order.state == "draft").write(
                {"state": "sent"}
            )
            again._kam_handle_sent()
        return result

    @api.model
    def _kam_is_sending(self):
        """Return whether a message sends the quotation: a colleague's, no customer's.

        Portal pages take the context of a message from the browser.
        """
        return self.env.context.get("mark_so_as_sent") and self.env.user._is_internal()

    def _kam_handle_sent(self):
        """Keep what was sent, and start its chain; sent again it goes on."""
        # sudo: whoever sends it, it is the salesperson's to follow up
        for order in self.sudo().filtered(lambda order: order._kam_is_watched()):
            order._kam_keep_version()
            if order._kam_is_followed():
                order.kam_follow_up = order.kam_follow_up or RECEIPT
                order.kam_silent_since = clock.today()

    def _kam_handle_ordered(self):
        """Record what was conceded since the customer was sent the last version."""
        # sudo: whoever confirms it, the customer themselves maybe
        for order in self.sudo().filtered("kam_version_id"):
            order._kam_record_concessions(
                order.kam_version_id.terms, order._prepare_kam_terms()
            )

    def _kam_is_followed(self):
        """Return whether a quotation is followed up: it is a key account manager's."""
        return bool(self.user_id) and self.user_id.has_group(KAM_GROUP)

    def _kam_is_watched(self):
        """Return whether it is kept what a quotation says when it is sent."""
        return self._kam_is_followed()

    # What the customer does

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        # sudo: whoever writes; colleagues and customers see nothing of it
        # without a version, which is read with the rest, there is no chain
        for order in self.sudo().filtered("kam_version_id"):
            if order.kam_follow_up and order._kam_is_answer(message.sudo()):
                order._kam_move_on(order.kam_follow_up == RECEIPT)
        return result

    def _kam_is_answer(self, message):
        """Return whether a message says that the customer has got the quotation.

        They looked at it in the portal, or wrote: a person of theirs, no program.
        """
        viewed = self.env["ir.model.data"]._xmlid_to_res_id("sale.mt_order_viewed")
        if self.state != "sent" or message.subtype_id.id == viewed:
            return self.state == "sent"
        author = message.author_id
        return (
            message.message_type in ("email", "comment")
            and author.partner_share
            and author.commercial_partner_id == self.kam_commercial_partner_id
            and not message.kam_is_automatic
        )

    def _kam_move_on(self, is_answered):
        """Note that something was heard of the quotation today.

        :param bool is_answered: whether the step that is due is done
        """
        self.kam_silent_since = clock.today()
        if not (is_answered and self.kam_follow_up):
            return
        if self.kam_follow_up == RECEIPT:
            self._kam_note_followed_up()
        self.kam_follow_up = get_next_step(self.kam_follow_up)

    def _kam_note_followed_up(self):
        """Note that the receipt is confirmed, for the figures."""
        versions = self.kam_version_ids
        version = versions.filtered("date_due")[:1] or versions[:1]
        if version and not version.date_followed_up:
            account = version.account_id or self._get_kam_accounts().get(self)
            version.write(
                {
                    "date_followed_up": clock.today(),
                    # so soon that nobody has looked yet by when it was to be
                    "date_due": version.date_due or clock.today(),
                    "account_id": account and account.id,
                }
            )
