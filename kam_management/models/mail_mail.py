import logging
from datetime import timedelta

import psycopg2

from odoo import models
from odoo.tools import email_normalize_all

from .mail_activity import TOUCH_MODELS

_logger = logging.getLogger(__name__)
# What these send is needed to log in; mails of no record at all are the system's.
ACCESS_MODELS = ("res.users",)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def unlink(self):
        """Keep the touch of a mail that Odoo clears away after it was sent.

        When it is cleared away at once, it becomes a touch now or never.
        """
        gone = self.filtered(lambda mail: not mail.is_notification)
        if sent := gone.mail_message_id:
            gone._kam_capture_sent()
            # sudo: the contact took place, whoever clears up behind it
            touches = self.env["kam.touch"].sudo().with_context(active_test=False)
            touches.search([("message_id", "in", sent.ids)]).message_id = False
        return super().unlink()

    def _kam_capture_sent(self):
        """Make touches of those of these mails that were sent to a customer by one of us.

        Not of one of many alike: those deleted before it cannot be counted any more.
        A mail that was sent stays sent, whatever becomes of its touch.
        """
        sent = self.sudo().filtered(
            lambda mail: (
                mail.state == "sent"
                and mail.model in TOUCH_MODELS
                and mail.message_type == "email_outgoing"
                and not mail.author_id.partner_share
                and not mail._kam_has_alike()
            )
        )
        if not sent:
            return
        try:
            with self.env.cr.savepoint():
                # sudo: the contact took place, whoever clears up behind it
                self.env["kam.touch"].sudo()._capture_sent(sent.mail_message_id)
        except psycopg2.Error:
            _logger.warning("Touches of sent mails not captured", exc_info=True)

    def _kam_has_alike(self):
        """Return whether another mail of this subject and author is around."""
        return bool(
            self.search_count(
                [
                    ("id", "!=", self.id),
                    ("author_id", "=", self.author_id.id),
                    ("subject", "=", self.subject),
                    ("date", ">=", self.date - timedelta(hours=1)),
                    ("state", "in", ("outgoing", "sent")),
                ],
                limit=1,
            )
        )

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
