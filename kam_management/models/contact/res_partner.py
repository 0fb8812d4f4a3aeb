import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize_all

# What stands after a name in an address for the same box: “anna+news@…”.
PLUS = re.compile(r"\+[^@]*@")


class ResPartner(models.Model):
    """A person or company we are in contact with, or who does not want to be."""

    _inherit = "res.partner"

    kam_do_not_contact = fields.Boolean(
        "Do Not Contact",
        tracking=True,
        groups="base.group_user",
        help="No mail is sent to this person, and no call or meeting with them is"
        " planned.",
    )
    kam_do_not_contact_reason = fields.Char(
        "Do-Not-Contact Reason", groups="base.group_user"
    )

    # who wants silence, and who wrote from an address alone, is found by it
    _kam_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    def write(self, vals):
        # Odoo takes values out of vals on the way
        silenced = "kam_do_not_contact" in vals
        result = super().write(vals)
        if silenced:
            self._kam_cancel_contacts()
        return result

    def unlink(self):
        self._kam_keep_touches()
        return super().unlink()

    def action_kam_log_touch(self):
        """Open the Talk dialog for this customer, or this person at a customer."""
        self.ensure_one()
        person = self - self.commercial_partner_id
        return self.env["kam.touch"]._prepare_talk_action(
            account_id=self.kam_account_id.id, partner_ids=person.ids
        )

    def _kam_cancel_contacts(self):
        """Remove the calls, meetings and mails planned with people who want none now."""
        silent = self.filtered("kam_do_not_contact")
        if not silent:
            return
        # sudo: the wish of a person counts, whoever has planned to contact him
        Activity = self.env["mail.activity"].sudo()
        leads = self.env["crm.lead"].sudo().search([("partner_id", "in", silent.ids)])
        planned = Activity.search(
            Domain([("res_model", "=", "res.partner"), ("res_id", "in", silent.ids)])
            | Domain([("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids)])
        )
        planned._filter_kam_silent().unlink()

    def _kam_keep_touches(self):
        """Keep the touches of a company whose messages are deleted with its contacts."""
        # sudo: the company was contacted, whatever becomes of the person
        touches = self.env["kam.touch"].sudo().with_context(active_test=False)
        touches.search(
            [
                ("message_id.model", "=", "res.partner"),
                ("message_id.res_id", "in", self.ids),
            ]
        ).message_id = False

    def _check_kam_do_not_contact(self):
        """Refuse to approach these persons when one of them does not want it.

        :raise UserError: naming the person and the reason
        """
        for partner in self.filtered("kam_do_not_contact"):
            reason = partner.kam_do_not_contact_reason
            raise UserError(
                self.env._(
                    "%(person)s does not want to be contacted%(reason)s. Leave this person"
                    " out, or clear “Do Not Contact” on the contact if that has changed.",
                    person=partner.display_name,
                    reason=f" ({reason})" if reason else "",
                )
            )

    def _kam_reaches_us(self):
        """Return whether a mail to this person reaches one of us.

        That is an address of a colleague, also a former one, or one that Odoo itself
        receives mail at and shows on a record.
        """
        addresses = set(email_normalize_all(self.email))
        addresses |= {PLUS.sub("@", address) for address in addresses}
        # sudo: whose address it is, whoever sends
        users = self.env["res.users"].sudo().with_context(active_test=False)
        aliases = self.env["mail.alias"].sudo()
        return bool(
            users.search_count(
                Domain("share", "=", False)
                & (
                    Domain("email_normalized", "in", addresses)
                    | Domain("login", "in", addresses)
                ),
                limit=1,
            )
            or aliases.search_count([("alias_full_name", "in", addresses)], limit=1)
        )

    @api.model
    def _get_kam_silent_emails(self, addresses):
        """Return those of these addresses whose owner does not want to be contacted.

        An address that several people share is silent when all of them want silence;
        that of a colleague never is.

        :param addresses: iterable of normalized email addresses
        :return: set of addresses
        """
        if not addresses:
            return set()
        owners = self.search_fetch(
            [("email_normalized", "in", list(addresses))],
            ["email_normalized", "kam_do_not_contact", "partner_share"],
        )
        return {
            address
            for address, people in owners.grouped("email_normalized").items()
            if all(p.kam_do_not_contact and p.partner_share for p in people)
        }
