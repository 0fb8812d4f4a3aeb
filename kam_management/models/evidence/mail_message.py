from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from .colleagues import OWN_DOMAINS
from .mail_headers import CLOCK_TOLERANCE, get_arrival, is_automatic


class MailMessage(models.Model):
    """A mail remembers what its headers told, where it matters."""

    _inherit = "mail.message"

    kam_is_automatic = fields.Boolean(
        copy=False,
        # what a colleague marked so would be no contact of theirs
        groups=NO_ACCESS,
        help="A mail written by a program, to a whole list, or as a newsletter.",
    )
    kam_arrival_date = fields.Datetime(
        copy=False,
        groups=NO_ACCESS,
        help="When it came in by mail, where the sender's clock is wrong.",
    )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Add what Odoo would drop: only what differs from an ordinary mail."""
        parsed = super().message_parse(message, save_original=save_original)
        own_domains = self._get_kam_own_domains() if "List-Id" in message else ()
        if is_automatic(message, own_domains):
            parsed["kam_is_automatic"] = True
        arrival = get_arrival(message, fields.Datetime.now())
        date = fields.Datetime.to_datetime(parsed.get("date"))
        if date and abs(date - arrival) > CLOCK_TOLERANCE:
            parsed["kam_arrival_date"] = arrival
        return parsed

    def _get_message_create_valid_field_names(self):
        names = super()._get_message_create_valid_field_names()
        return names | {"kam_arrival_date", "kam_is_automatic"}

    @api.model
    def _get_kam_own_domains(self):
        """Return the domains that only we have addresses of, in small letters."""
        self.env.flush_all()
        return [domain.lower() for [domain] in self.env.execute_query(OWN_DOMAINS)]
