from odoo import models
from odoo.tools import email_normalize_all

# What these send is needed to log in; mails of no record at all are the system's.
ACCESS_MODELS = ("res.users",)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def unlink(self):
        """Keep the touch of a mail that Odoo clears away after it was sent."""
        sent = self.filtered(lambda mail: not mail.is_notification).mail_message_id
        if sent:
            # sudo: the contact took place, whoever clears up behind it
            touches = self.env["kam.touch"].sudo().with_context(active_test=False)
            touches.search([("message_id", "in", sent.ids)]).message_id = False
        return super().unlink()

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Leave out who does not want to be contacted, however he got on the list."""
        emails = super()._prepare_outgoing_list(*args, **kwargs)
        if not self.model or self.model in ACCESS_MODELS:
            return emails
        wanted = self._kam_get_wanted(emails)
        self._kam_cancel_notifications(emails, wanted)
        if emails and not wanted:
            self.write(
                {
                    "state": "cancel",
                    "failure_reason": self.env._(
                        "Not sent: the recipients do not want to be contacted."
                    ),
                }
            )
        return wanted

    def _kam_cancel_notifications(self, emails, wanted):
        """Show in the chatter whom the message was not sent to."""
        dropped = {email["partner_id"] for email in emails if email["partner_id"]}
        dropped -= {email["partner_id"] for email in wanted if email["partner_id"]}
        if not dropped:
            return
        # sudo: notifications belong to the system
        self.env["mail.notification"].sudo().search(
            [
                ("mail_mail_id", "in", self.ids),
                ("res_partner_id", "in", [partner.id for partner in dropped]),
            ]
        ).notification_status = "canceled"

    def _kam_get_wanted(self, emails):
        """Return those of the prepared emails whose recipients may be written to.

        :param list emails: see ``_prepare_outgoing_list``; of an email with several
            addresses only the unwanted ones are dropped
        """
        addresses = {
            address for email in emails for address in email["email_to_normalized"]
        }
        # sudo: the wish of a person counts, whoever is sending
        silent = self.env["res.partner"].sudo()._get_kam_silent_emails(addresses)
        if not silent:
            return emails
        wanted = []
        for email in emails:
            left = [a for a in email["email_to_normalized"] if a not in silent]
            if len(left) == len(email["email_to_normalized"]):
                wanted.append(email)
            elif left:
                wanted.append(
                    {
                        **email,
                        "email_to": self._kam_drop(email["email_to"], silent),
                        "email_cc": self._kam_drop(email["email_cc"], silent),
                        "email_to_normalized": left,
                    }
                )
        return wanted

    def _kam_drop(self, addresses, silent):
        """Return the formatted addresses without those that want no contact."""
        return [
            address
            for address in addresses
            if not silent.intersection(email_normalize_all(address))
        ]
