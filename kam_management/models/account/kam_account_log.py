from odoo import api, models
from odoo.tools import SQL

# So many tracking values are written as any others.
FEW = 100


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

        The first as Odoo does; the others are copies of it: one statement instead of
        thousands of records with all that hangs on creating them.

        :param dict tracking: {account id: (names, commands of tracking values)}
        """
        bodies = {
            account: account._track_get_default_log_message(tracking[account.id][0])
            for account in self
        }
        messages = {}
        for body, accounts in self.grouped(bodies.get).items():
            first = accounts[:1]
            message = first._message_log(body=body)
            messages |= {first.id: message.id, **(accounts - first)._copy_log(message)}
        self._insert_tracking(
            [
                {**values, "mail_message_id": messages[account.id]}
                for account in self
                for _command, _id, values in tracking[account.id][1]
            ]
        )

    def _copy_log(self, message):
        """Write a message into the logs of these accounts, too.

        :param message: ``mail.message`` in the log of another one, without recipients
        :return: {account id: id of its message}
        """
        if not self:
            return {}
        message.flush_recordset()
        names = [
            SQL.identifier(name)
            for name, field in message._fields.items()
            if field.store and field.column_type and name not in ("id", "res_id")
        ]
        columns = SQL(", ").join(names)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (res_id, %(columns)s)
                SELECT account.id, %(columns)s
                  FROM %(table)s AS message, unnest(%(accounts)s) account (id)
                 WHERE message.id = %(message)s
                RETURNING res_id, id
                """,
                table=SQL.identifier(message._table),
                columns=columns,
                accounts=list(self.ids),
                message=message.id,
            )
        )
        self.invalidate_recordset(["message_ids"], flush=False)
        return dict(self.env.cr.fetchall())

    @api.model
    def _insert_tracking(self, vals_list):
        """Write tracking values, all in one statement.

        :param list vals_list: as for ``mail.tracking.value``
        """
        # sudo: as Odoo does it; the values belong to the messages
        Value = self.env["mail.tracking.value"].sudo()
        if len(vals_list) <= FEW:
            Value.create(vals_list)
            return
        names = sorted({name for values in vals_list for name in values})
        now = self.env.cr.now()
        stamp = (self.env.uid, now, self.env.uid, now)
        self.env.cr.execute(
            SQL(
                "INSERT INTO mail_tracking_value (%s, %s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL("create_uid, create_date, write_uid, write_date"),
                SQL(", ").join(
                    SQL(
                        "%s",
                        (
                            *(self._get_column(Value, name, values) for name in names),
                            *stamp,
                        ),
                    )
                    for values in vals_list
                ),
            )
        )

    @api.model
    def _get_column(self, model, name, values):
        """Return what is stored for a field, None for nothing."""
        field = model._fields[name]
        return field.convert_to_column(values.get(name), model)
