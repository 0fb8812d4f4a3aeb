import logging
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext

from .kam_complaint import KINDS

_logger = logging.getLogger(__name__)
# What the mailbox says of a mail; the rest is found out.
MAILBOX_FIELDS = {"company_id", "kind"}
# Names of orders are looked for in the subject and the first part of the text.
PART_READ = 2000
NAME_OF_ORDER = re.compile(r"[\w][\w/-]{2,30}")
MOST_NAMES = 200
LONGEST_NAME = 200


class KamComplaintMail(models.Model):
    """A mail to an address for complaints.

    Of a customer we know it becomes their complaint at once; else it waits for a head of
    sales to say whose it is. So does what a customer reports that nobody can open.
    """

    _name = "kam.complaint.mail"
    _description = "Complaint by Mail"
    _inherit = ["mail.thread", "kam.guard"]
    _order = "create_date desc, id desc"
    # of somebody we do not know: looked for in all mails of the company
    _kam_owner = ("company_id", "company")
    _primary_email = "email_from"

    name = fields.Char("Subject", required=True, readonly=True)
    email_from = fields.Char("From", readonly=True)
    description = fields.Text("Text", readonly=True)
    kind = fields.Selection(KINDS, required=True, default="complaint")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    # sorted out already
    active = fields.Boolean(default=True)
    complaint_id = fields.Many2one(
        "kam.complaint", readonly=True, index="btree_not_null", ondelete="set null"
    )

    # Whose it is, by what we know or a head of sales says
    account_id = fields.Many2one(
        "kam.account",
        index="btree_not_null",
        ondelete="set null",
        domain="[('company_id', '=', company_id)]",
        help="The account the complaint belongs to.",
    )
    customer_id = fields.Many2one(related="account_id.partner_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Reported By",
        index="btree_not_null",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', customer_id)]",
    )
    order_id = fields.Many2one(
        "sale.order",
        index="btree_not_null",
        ondelete="set null",
        domain="[('kam_commercial_partner_id', '=', customer_id)]",
    )

    def action_assign(self):
        """Make the complaint of the customer chosen, and open it.

        :raise UserError: when none is chosen
        """
        self.ensure_one()
        self.check_access("write")
        if self.complaint_id:
            return self.complaint_id.get_formview_action()
        if not self.account_id:
            raise UserError(
                self.env._("Choose the customer who wrote this mail first.")
            )
        # the user's own rights decide about the account
        complaint = self._make_complaint(self.env["kam.complaint"])
        return complaint.get_formview_action()

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Take up a mail: as a complaint of who wrote it, else as one that waits.

        :return: the complaint, where the mail goes on, or the waiting record
        """
        self.check_access("create")  # by mail, not by whoever calls it
        # whose it is follows from the sender, whatever the defaults of an alias say
        given = {"company_id": self.env.company.id, **(custom_values or {})}
        values = {name: given[name] for name in MAILBOX_FIELDS & given.keys()}
        values |= self._read_mail(msg_dict)
        writer = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        values |= self._find_whose(writer, values)
        mail = super().message_new(msg_dict, values)
        account = mail.account_id
        if not (mail.partner_id and account and account._get_complaint_owner()):
            return mail
        # nobody is there whose rights could decide: it is the customer's own account
        complaints = self.env["kam.complaint"].sudo()
        try:
            with self.env.cr.savepoint():
                return mail._make_complaint(complaints, has_thread=False)
        except UserError:
            # the customer hears nothing of what is wrong with our records
            _logger.warning("Mail %s waits to be assigned", mail.id, exc_info=True)
            return mail

    @api.model
    def _wait(self, user, account, values):
        """Return what a portal user reports and nobody of ours can open yet.

        :param user: ``res.users``
        :param account: ``kam.account``
        :param dict values: see ``_report_from_portal``
        """
        parts = (values["description"], values.get("expectation"))
        # sudo: portal users have no right on the model; the values are checked
        return self.sudo().create(
            {
                "name": values["name"],
                "kind": values["kind"],
                "description": "\n\n".join(filter(None, parts)),
                "email_from": user.partner_id.email_formatted,
                "company_id": account.company_id.id,
                "account_id": account.id,
                "partner_id": user.partner_id.id,
                "order_id": values.get("order_id"),
            }
        )

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Count what is sorted out already, too: a loop writes as somebody we know."""
        domain = super()._detect_loop_sender_domain(email_from_normalized)
        return domain and [*domain, ("active", "in", [True, False])]

    @api.model
    def _read_mail(self, msg_dict):
        """Return subject and text of a mail."""
        subject = " ".join((msg_dict.get("subject") or "").split())
        text = html2plaintext(msg_dict.get("body") or "", include_references=False)
        return {
            "name": subject[:LONGEST_NAME] or self.env._("Mail without subject"),
            "description": text.strip(),
        }

    @api.model
    def _find_whose(self, writer, values):
        """Return account, person and order that a mail is about, as far as it is known.

        A writer we know says whose it is; an order that is named then counts if it is
        theirs. Of one we do not know the order is but a hint for who assigns the mail.

        :param writer: ``res.partner`` of the sender, maybe empty
        :param dict values: name, description and company_id of the mail
        """
        # sudo: whose it is follows from the sender, nobody has asked for it
        Account = self.env["kam.account"].sudo()
        here = [("company_id", "=", values["company_id"])]
        orders = self._find_orders(values)
        customer = writer.sudo().commercial_partner_id
        account = customer and Account.search([("partner_id", "=", customer.id), *here])
        if account:
            theirs = orders.filtered(lambda o: o.kam_commercial_partner_id == customer)
            return {
                "account_id": account.id,
                "partner_id": writer.id,
                "order_id": theirs[:1].id,
            }
        customers = orders.kam_commercial_partner_id
        if len(customers) != 1:
            return {}
        account = Account.search([("partner_id", "=", customers.id), *here])
        return account and {"account_id": account.id, "order_id": orders[:1].id} or {}

    @api.model
    def _find_orders(self, values):
        """Return the orders that are named in subject or text."""
        text = f"{values['name']} {values['description'][:PART_READ]}"
        names = list(dict.fromkeys(NAME_OF_ORDER.findall(text)))[:MOST_NAMES]
        # sudo: as above
        return (
            self.env["sale.order"]
            .sudo()
            .search(
                [("name", "in", names), ("company_id", "=", values["company_id"])],
                order="date_order desc, id desc",
            )
        )

    def _make_complaint(self, complaints, has_thread=True):
        """Return the complaint this mail becomes; what was written goes there, too.

        :param complaints: ``kam.complaint`` with the rights to make it
        :param bool has_thread: whether there are messages to take along
        """
        owner = self.account_id.sudo()._get_complaint_owner()
        complaint = complaints.create(
            {
                "name": self.name,
                "kind": self.kind,
                "description": self.description,
                "account_id": self.account_id.id,
                "partner_id": self.partner_id.id,
                "order_id": self.order_id.id,
                "user_id": owner.id or self.env.uid,
                "is_shared": bool(self.partner_id),
            }
        )
        # sudo: the app's own links; the thread is the mail's
        mail = self.sudo()
        complaint.sudo().message_subscribe(mail.partner_id.ids)
        if has_thread:
            mail._move_thread(complaint)
        mail.write({"complaint_id": complaint.id, "active": False})
        return complaint

    def _move_thread(self, complaint):
        """Move the messages of this mail to the complaint: answers come in there then."""
        messages = self.message_ids.filtered(
            lambda message: message.message_type in ("email", "comment")
        )
        if self.partner_id:
            unknown = messages.filtered(
                lambda message: (
                    not message.author_id
                    and email_normalize(message.email_from or "")
                    == email_normalize(self.email_from or "")
                )
            )
            unknown.author_id = self.partner_id
        messages.attachment_ids.write(
            {"res_model": complaint._name, "res_id": complaint.id}
        )
        messages.write({"model": complaint._name, "res_id": complaint.id})
        self.invalidate_recordset(["message_ids"])
        complaint.invalidate_recordset(["message_ids"])

    @api.model
    def _get_found_hint(self):
        return self.env._("Choose the customer and assign the mail instead.")
