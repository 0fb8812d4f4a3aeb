from odoo import models
from odoo.tools import SQL


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

        Most say the same: Odoo writes each of these once, the others are its copies.

        :param dict tracking: {account id: (names, commands of tracking values)}
        """
        bodies = {
            account.id: account._track_get_default_log_message(tracking[account.id][0])
            for account in self
        }
        alike = self.grouped(
            lambda account: repr((bodies[account.id], tracking[account.id][1]))
        )
        firsts = self.browse([accounts[:1].id for accounts in alike.values()])
        messages = firsts._message_log_batch({one: bodies[one] for one in firsts.ids})
        # sudo: as Odoo does it; the values belong to the messages
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for account, message in zip(firsts, messages, strict=True)
                for _command, _id, values in tracking[account.id][1]
            ]
        )
        self._copy_messages(
            (message, account)
            for message, accounts in zip(messages, alike.values(), strict=True)
            for account in accounts[1:]
        )

    def _copy_messages(self, pairs):
        """Copy messages with their tracking values, each to another account.

        Past the ORM: Odoo would write a hundred at a time and ask of each what it says.

        :param pairs: iterable of (``mail.message``, the account that gets a copy)
        """
        ids = [(message.id, account.id) for message, account in pairs]
        if not ids:
            return
        originals, accounts = map(list, zip(*ids, strict=True))
        Message, Value = self.env["mail.message"], self.env["mail.tracking.value"]
        Message.flush_model()
        Value.flush_model()
        self.env.cr.execute(
            SQL(
                COPY,
                originals=originals,
                accounts=accounts,
                columns=get_columns(Message, "res_id"),
                values=get_columns(Value, "mail_message_id"),
            )
        )
        self.invalidate_recordset(
            [
                name
                for name, field in self._fields.items()
                if field.type == "one2many" and field.comodel_name == Message._name
            ],
            flush=False,
        )


def get_columns(model, *but):
    """Return the SQL of the columns of a model but some, and its ``id``."""
    return SQL(", ").join(
        SQL.identifier(name)
        for name, field in model._fields.items()
        if field.store and field.column_type and name not in ("id", *but)
    )


# Each copy is numbered beforehand, so that its values find it
COPY = """
    WITH copy AS MATERIALIZED (
        SELECT nextval('mail_message_id_seq') AS id, original_id, account_id
          FROM unnest(%(originals)s, %(accounts)s) pair (original_id, account_id)
    ),
    message AS (
        INSERT INTO mail_message (id, res_id, %(columns)s)
        SELECT copy.id, copy.account_id, %(columns)s
          FROM copy
          JOIN (SELECT id AS original_id, %(columns)s FROM mail_message) original
         USING (original_id)
    )
    INSERT INTO mail_tracking_value (mail_message_id, %(values)s)
    SELECT copy.id, %(values)s
      FROM copy
      JOIN (SELECT mail_message_id AS original_id, %(values)s FROM mail_tracking_value)
           original
     USING (original_id)
     ORDER BY copy.id
"""
