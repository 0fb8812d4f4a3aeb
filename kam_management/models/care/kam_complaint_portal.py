from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..common import formats
from .kam_complaint_stage import ANSWERS

# So much one person may report before we have solved any, and write within a day.
MOST_OPEN = 20
MOST_MESSAGES = 50
# What a customer may have to do with in a form.
MOST_ORDERS = 20


class KamComplaint(models.Model):
    """What the customer sees of it in the portal, and reports there.

    Portal users have no right on the model: all of it goes through these methods, which
    are given the user, and look at nothing but what their company reported or was shown.
    """

    _inherit = "kam.complaint"

    is_shared = fields.Boolean(
        "Shared with Customer",
        copy=False,
        tracking=True,
        help="The customer sees subject, their words, expectation, agreement, solution and"
        " the messages between you in the portal. Cause, money and notes stay with us.",
    )

    @api.model
    def _get_portal_accounts(self, user):
        """Return the accounts that a portal user may report something for.

        :param user: ``res.users``
        """
        customer = user.sudo().partner_id.commercial_partner_id
        # sudo: portal users read no accounts; these are theirs
        accounts = self.env["kam.account"].sudo()
        return accounts.search([("partner_id", "=", customer.id)], order="id")

    @api.model
    def _get_portal_domain(self, user):
        """Return the domain of the complaints that a portal user may see."""
        customer = user.sudo().partner_id.commercial_partner_id
        return Domain("account_id.partner_id", "=", customer.id) & Domain(
            "is_shared", "=", True
        )

    @api.model
    def _get_portal_orders(self, user):
        """Return the latest confirmed orders of the customer of a portal user."""
        accounts = self._get_portal_accounts(user)
        # sudo: whether they may read the documents of their colleagues or not
        orders = self.env["sale.order"].sudo()
        return orders.search(
            [
                ("kam_commercial_partner_id", "in", accounts.partner_id.ids),
                ("company_id", "in", accounts.company_id.ids),
                ("state", "=", "sale"),
            ],
            order="date_order desc, id desc",
            limit=MOST_ORDERS,
        )

    @api.model
    def _may_report(self, user):
        """Return whether a portal user may report one more."""
        mine = Domain("partner_id", "=", user.sudo().partner_id.id)
        waiting = Domain("state", "=", "open") & Domain("is_shared", "=", True)
        # sudo: portal users read no complaints; these are counted
        count = self.sudo().search_count(mine & waiting, limit=MOST_OPEN)
        count += self.env["kam.complaint.mail"].sudo().search_count(mine)
        return count < MOST_OPEN

    @api.model
    def _report_from_portal(self, user, values):
        """Return a new complaint of a portal user.

        Where nobody can open it, it waits for a head of sales as a mail would.

        :param dict values: checked ones: kind, name, description, expectation, order_id
        :return: the complaint, or the ``kam.complaint.mail`` that waits
        """
        order = self.env["sale.order"].sudo().browse(values.get("order_id"))
        accounts = self._get_portal_accounts(user)
        here = order.company_id or user.sudo().company_id
        account = accounts.filtered(lambda account: account.company_id == here)
        account = account or accounts[:1]
        owner = account._get_complaint_owner()
        if not owner:
            return self.env["kam.complaint.mail"]._wait(user, account, values)
        # sudo: a portal user has no right on the model; the values are checked
        complaint = (
            self.sudo()
            .with_company(account.company_id)
            .create(
                {
                    **values,
                    "account_id": account.id,
                    "partner_id": user.partner_id.id,
                    "user_id": owner.id,
                    "is_shared": True,
                }
            )
        )
        complaint.message_subscribe(user.partner_id.ids)
        return complaint

    def _may_write(self, user):
        """Return whether a portal user may write one more message."""
        since = fields.Datetime.now() - timedelta(days=1)
        # sudo: counted, nothing of it is shown
        written = (
            self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("model", "=", self._name),
                    ("author_id", "=", user.partner_id.id),
                    ("message_type", "=", "comment"),
                    ("date", ">=", since),
                ],
                limit=MOST_MESSAGES,
            )
        )
        return written < MOST_MESSAGES

    def _write_from_portal(self, user, text, files=()):
        """Post what a portal user writes; see ``_post_from_portal``."""
        self._post_from_portal(self, user, text, files)

    @api.model
    def _post_from_portal(self, record, user, text, files=()):
        """Post what a portal user writes.

        :param record: the complaint, or what waits to become one
        :param str text: plain text
        :param files: pairs of name and content
        """
        # sudo: portal users have no right on the models
        record.sudo().message_post(
            author_id=user.partner_id.id,
            body=plaintext2html(text),
            attachments=list(files),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _may_rate(self, user):
        """Return whether a portal user may say if it is solved: who reported it does."""
        # sudo: portal users have no right on the model
        complaint = self.sudo()
        is_open = complaint.state != "solved" or complaint.satisfaction
        return not is_open and complaint.partner_id in (
            complaint.partner_id.browse(),
            user.partner_id,
        )

    def _rate_from_portal(self, user, rate, text):
        """Take up what a portal user says of the solution, who has to be allowed to.

        :param int rate: from 1 to 5
        """
        # sudo: portal users have no right on the model; they rate what is theirs
        complaint = self.sudo()
        key = complaint._get_rating_key(user.partner_id)
        complaint.rating_apply(rate, token=key, feedback=text)

    @api.model
    def _tell_portal_order(self, order):
        """Return an order in one line, so that a customer knows it again."""
        return ", ".join(
            [
                order.name,
                formats.day(self.env, order.date_order),
                formats.money(self.env, order.amount_total, order.currency_id),
            ]
        )

    def _get_portal_messages(self):
        """Return the messages that went between the customer and us, the oldest first."""
        self.ensure_one()
        # sudo: which of them a customer may see is decided here
        messages = self.sudo().message_ids.filtered(
            lambda message: (
                message.message_type in ("email", *ANSWERS)
                and not message.is_internal
                and not message.subtype_id.internal
                and (message.body or message.attachment_ids)
            )
        )
        return messages.filtered(
            lambda message: self._is_of_customer(message) or self._is_answer(message)
        ).sorted("id")

    def _is_of_customer(self, message):
        """Return whether somebody of the customer wrote a message."""
        writer = message.sudo().author_id.commercial_partner_id
        return bool(writer) and writer == self.sudo().customer_id


class KamAccount(models.Model):
    _inherit = "kam.account"

    def _get_complaint_owner(self):
        """Return who takes care of what a customer reports by themselves, maybe nobody.

        The first who can open it: the manager, the head of sales who answers for the
        account, the other heads of the company.
        """
        self.ensure_one()
        # sudo: asked for a customer, who reads no account
        account = self.sudo()
        heads = account._get_heads(leaver=account.accountable_id)
        people = account.manager_id | account._get_head().sudo() | heads
        able = people.filtered(account._can_see_complaints)
        return able[:1].sudo(False)

    def _can_see_complaints(self, user):
        """Return whether a user can open complaints of this account."""
        company = self.company_id
        if not user.active or company not in user.company_ids:
            return False
        mine = self.with_user(user).with_context(allowed_company_ids=company.ids)
        return mine.env["kam.complaint"].has_access("read") and mine.has_access("read")
