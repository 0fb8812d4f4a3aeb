from odoo import api, models
from odoo.tools.mail import mail_header_msgid_re

from ..evidence.mail_headers import is_automatic

COMPLAINT, COMPLAINT_MAIL = "kam.complaint", "kam.complaint.mail"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Make one complaint of what belongs together, and none of what programs write.

        - An answer to a mail about a complaint goes on there, though it was sent to the
          mailbox, too.
        - An automatic reply or a newsletter is no new complaint.
        """
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if not any(map(_is_new_complaint, routes)):
            return routes
        if thread := self._find_kam_complaint(message_dict):
            others = [route for route in routes if not _is_new_complaint(route)]
            new = next(filter(_is_new_complaint, routes))
            return [*others, (COMPLAINT, thread, None, *new[3:])]
        if is_automatic(message, self._get_kam_own_domains()):
            return [route for route in routes if not _is_new_complaint(route)]
        return [
            self._clean_kam_route(*route) if _is_new_complaint(route) else route
            for route in routes
        ]

    @api.model
    def _clean_kam_route(self, model, thread_id, _defaults, user_id, alias):
        """Return a route to a new complaint with the values of its mailbox alone."""
        defaults = self.env["kam.complaint.mailbox"]._get_defaults_of(alias)
        return model, thread_id, defaults, user_id, alias

    @api.model
    def _find_kam_complaint(self, message_dict):
        """Return the id of the complaint that a mail answers a message of, maybe none."""
        references = " ".join(
            message_dict.get(name) or "" for name in ("references", "in_reply_to")
        )
        # sudo: the gateway looks for the thread, whoever has sent the mail
        answered = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("message_id", "in", mail_header_msgid_re.findall(references)),
                    ("model", "=", COMPLAINT),
                ],
                order="id desc",
                limit=1,
            )
        )
        return self.env[COMPLAINT].browse(answered.res_id).sudo().exists().id


def _is_new_complaint(route):
    """Return whether a mail would become a new complaint by a route."""
    return route[0] == COMPLAINT_MAIL and not route[1]
