from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..account.kam_account_handover import Work

# So long a handover can be undone.
UNDO = timedelta(days=1)


class KamHandoverMove(models.Model):
    """Something that moved with a handover: what it was, and whose it was before."""

    _name = "kam.handover.move"
    _description = "What a Handover Moved"
    _inherit = ["kam.guard", "kam.merge"]
    _order = "id"

    handover_id = fields.Many2one(
        "kam.handover", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="model", required=True, readonly=True
    )
    field = fields.Char(required=True, readonly=True)
    name = fields.Char("What", readonly=True)
    old_user_id = fields.Many2one(
        "res.users", "From", readonly=True, ondelete="set null"
    )
    new_user_id = fields.Many2one("res.users", "To", readonly=True, ondelete="set null")

    def _get_record(self):
        """Return what moved; none when it is gone."""
        return self.env[self.model].browse(self.res_id).exists()

    def _is_as_moved(self, record):
        """Return whether what moved is still with whom it went to."""
        now = record[self.field]
        after = self.new_user_id
        return now == (after.partner_id if self.field == "partner_id" else after)

    def _take_back(self):
        """Give what moved back to whose it was, unless somebody has changed it since.

        :return: those that stay as they are
        """
        back, kept = {}, self.browse()
        for move in self:
            record = move._get_record()
            if record and move._is_as_moved(record):
                key = move.model, move.field, move.old_user_id
                back[key] = back.get(key, record.browse()) | record
            else:
                kept |= move
        for (_model, name, user), records in back.items():
            self.handover_id._give(Work(name, {False: records}), user)
        return kept


class KamHandover(models.Model):
    """What a handover moved, and how it is undone within a day."""

    _inherit = "kam.handover"

    move_ids = fields.One2many(
        "kam.handover.move", "handover_id", "What Moved", readonly=True, copy=False
    )
    can_undo = fields.Boolean(compute="_compute_can_undo")

    @api.depends("state", "date_done")
    @api.depends_context("uid")
    def _compute_can_undo(self):
        for handover in self:
            handover.can_undo = handover._is_fresh() and handover._may_undo()

    def action_undo(self):
        """Take back what moved, as far as nobody has changed it since.

        :raise AccessError: when neither a head of sales nor who completed it asks
        :raise UserError: when it is too late
        """
        self.check_access("read")
        for handover in self:
            handover._check_undo()
        # sudo: what moved by the app goes back by it
        handovers = self.sudo()
        kept = handovers.move_ids.sorted("id")._take_back()
        handovers.write({"state": "open", "date_done": False, "done_by_id": False})
        handovers._admit()
        for handover in handovers:
            handover._log_undone(kept & handover.move_ids)
        handovers.move_ids.unlink()

    def _is_fresh(self):
        """Return whether this handover was completed within a day."""
        return self.state == "done" and self.date_done + UNDO > fields.Datetime.now()

    def _may_undo(self):
        return self._is_head_of_sales() or self.done_by_id == self.env.user

    def _check_undo(self):
        if self._is_fresh() and self._may_undo():
            self._check_none_open([{"account_id": self.account_id.id}])
            return
        if self._is_fresh():
            raise AccessError(
                self.env._(
                    "Only heads of sales, and who completed it, undo a handover. Ask one"
                    " of them."
                )
            )
        raise UserError(
            self.env._(
                "%(name)s: a handover can be undone within a day after it was completed."
                " Begin a new one instead.",
                name=self.display_name,
            )
        )

    def _log_undone(self, kept):
        """Write into the log that it was undone.

        :param kept: ``kam.handover.move`` that were not taken back
        """
        body = self.env._("The handover was undone.")
        if kept:
            body = self.env._(
                "The handover was undone. Not taken back, as somebody has changed it"
                " since: %(what)s",
                what=", ".join(filter(None, kept.mapped("name"))),
            )
        self._message_log(body=body)

    def _note_moves(self, work, receiver):
        """Write down what is about to move in these handovers.

        :param work: ``Work``
        :param receiver: ``res.users`` who takes it over
        """
        mine = self.grouped("account_id")
        self.env["kam.handover.move"].create(
            [
                {
                    "handover_id": mine[account].id,
                    "model": record._name,
                    "res_id": record.id,
                    "field": work.name,
                    "name": self._name_move(record, work.name),
                    "old_user_id": self._get_holder(record, work.name).id,
                    "new_user_id": receiver.id,
                }
                for account, records in work.records.items()
                if account in mine
                for record in records
            ]
        )

    @api.model
    def _get_holder(self, record, name):
        """Return whose a record is, as ``res.users``."""
        holder = record[name]
        if name == "partner_id":
            return holder.with_context(active_test=False).user_ids[:1]
        return holder

    @api.model
    def _name_move(self, record, name):
        """Return what moves in words, such as “Quotation: S0042”."""
        kind = self.env["ir.model"]._get(record._name).name
        if record._name == "kam.account":
            return record._fields[name]._description_string(self.env)
        if record._name == "mail.followers":
            kind = self.env["ir.model"]._get(record.res_model).name
            return self.env._("Follower: %(record)s", record=kind)
        if record._name == "mail.activity":
            title = record.summary or record.activity_type_id.name or ""
            return f"{kind}: {title}"
        return f"{kind}: {record.display_name}"
