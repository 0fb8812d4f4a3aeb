import logging
from datetime import timedelta
from itertools import chain

import psycopg2

from odoo import fields, models
from odoo.tools import email_normalize_all

from ..evidence.contacts import MAX_RECIPIENTS
from .kam_touch_capture import LAST_MESSAGE

_logger = logging.getLogger(__name__)
# What these send is needed to log in; mails of no record at all are the system's.
ACCESS_MODELS = ("res.users",)
# The cron looks at the last messages again and again; at older ones no more.
LATE = timedelta(hours=1)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def unlink(self):
        """Keep the touch of a mail that Odoo clears away after it was sent.

        When it is cleared away at once, it becomes a touch now or never.
        """
        gone = self.filtered(lambda mail: not mail.is_notification)
        if gone:
            self._kam_capture(gone._kam_get_contacts(only_unseen=True))
            # sudo: the contact took place, whoever clears up behind it
            touches = self.env["kam.touch"].sudo().with_context(active_test=False)
            touches.search(
                [("message_id", "in", gone.mail_message_id.ids)]
            ).message_id = False
        return super().unlink()

    def _send(self, *args, **kwargs):
        """Count the mails alike before the first of them is cleared away.

        They have the same subject, or were written in one go, see ``_get_alike_sql``.
        """
        mails = self.filtered(lambda mail: not mail.is_notification)
        alike = chain(
            mails.grouped(lambda mail: (mail.author_id, mail.subject)).values(),
            mails.grouped(lambda mail: (mail.author_id, mail.create_date)).values(),
        )
        mass = [some.ids for some in alike if len(some) > MAX_RECIPIENTS]
        self = self.with_context(kam_mass_mails=frozenset(chain.from_iterable(mass)))
        return super()._send(*args, **kwargs)

    def _postprocess_sent_message(self, *args, **kwargs):
        """Capture a mail that had to wait: the cron has been past it.

        What goes out at once, as most does, is left to the cron.
        """
        since = fields.Datetime.now() - LATE
        late = self.filtered(lambda mail: mail.date and mail.date < since)
        contacts = late._kam_get_contacts()
        result = super()._postprocess_sent_message(*args, **kwargs)
        # only now it is known whom it reached
        self._kam_capture(contacts)
        return result

    def _kam_get_contacts(self, only_unseen=False):
        """Return the messages of those of these mails that one of us sent a customer.

        :param bool only_unseen: only of mails being sent, and of those that the cron
            has not been past
        :return: {whether they are some of many alike: messages}
        """
        touch_models = self.env["kam.evidence"]._get_contact_records()
        # sudo: the contact took place, whoever sent it or clears up behind it
        contacts = self.sudo().filtered(
            lambda mail: (
                mail.state == "sent"
                and mail.model in touch_models
                and mail.message_type in ("email_outgoing", "comment")
                and not mail.author_id.partner_share
            )
        )
        mass = self.env.context.get("kam_mass_mails")
        if only_unseen and contacts and mass is None:
            seen = int(contacts.env["kam.touch"]._get_bookmark(LAST_MESSAGE))
            contacts = contacts.filtered(lambda mail: mail.mail_message_id.id > seen)
        return {
            is_mass: mails.mail_message_id
            for is_mass, mails in contacts.grouped(
                lambda mail: mail.id in (mass or ())
            ).items()
        }

    def _kam_capture(self, contacts):
        """Make touches of messages that were sent, as far as they still exist.

        A mail that was sent stays sent, whatever becomes of its touch.

        :param dict contacts: see ``_kam_get_contacts``
        """
        for is_mass, messages in contacts.items():
            if not (messages := messages.exists()):
                continue
            try:
                with self.env.cr.savepoint():
                    messages.env["kam.touch"]._capture_sent(messages, is_mass)
            except psycopg2.Error:
                _logger.warning("Touches of sent mails not captured", exc_info=True)

    def _personalize_outgoing_body(self, body, partner=False, doc_to_followers=None):
        """Put in the keys to rate with, which what is stored does not hold."""
        body = super()._personalize_outgoing_body(
            body, partner=partner, doc_to_followers=doc_to_followers
        )
        for model in sorted(self.pool["kam.rated"]._inherit_children):
            body = self.env[model]._fill_in_keys(body, self)
        return body

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
