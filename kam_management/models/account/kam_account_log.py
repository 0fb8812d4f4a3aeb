from odoo import models


class KamAccount(models.Model):
    """What changed is logged at once when a head of sales hands over many accounts."""

    _inherit = "kam.account"

    def _message_track(self, fields_iter, initial_values_dict):
        """Log the changes of many accounts in a few statements.

        Odoo writes a message after the other. It still does so where it would post one,
        or where somebody has said what to log.

        :return: as Odoo's: {account id: (names of changed fields, tracking values)}
        """
        if len(self) == 1 or not fields_iter or self._has_words_to_log():
            return super()._message_track(fields_iter, initial_values_dict)
        accounts = self.exists()
        tracked = self.fields_get(
            fields_iter, attributes=("string", "type", "selection", "currency_field")
        )
        # read at once: of a former value Odoo only knows the one record
        for name in tracked:
            if self._fields[name].relational:
                self.env[self._fields[name].comodel_name].union(
                    *(one[name] for one in initial_values_dict.values() if one)
                ).mapped("display_name")
        tracking = {
            account.id: account._mail_track(tracked, initial_values_dict[account.id])
            for account in accounts
        }
        changed = accounts.filtered(lambda account: tracking[account.id][0])
        if any(
            account._track_subtype(
                {
                    name: initial_values_dict[account.id][name]
                    for name in tracking[account.id][0]
                }
            )
            for account in changed
        ):
            return super()._message_track(fields_iter, initial_values_dict)
        changed._log_changes(tracking)
        return tracking

    def _has_words_to_log(self):
        """Return whether somebody has said what to log, or in whose name."""
        data = self.env.cr.precommit.data
        return any(
            data.get(f"mail.tracking.{kind}.{self._name}")
            for kind in ("message", "author")
        )

    def _log_changes(self, tracking):
        """Write a message for each account with its tracking values.

        :param dict tracking: {account id: (names, commands of tracking values)}
        """
        messages = self._message_log_batch(
            {
                account.id: account._track_get_default_log_message(
                    tracking[account.id][0]
                )
                for account in self
            }
        )
        # sudo: as Odoo does it; the values belong to the messages
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for account, message in zip(self, messages, strict=True)
                for _command, _id, values in tracking[account.id][1]
            ]
        )
