from datetime import datetime

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..context import without_defaults

CHANNELS = [
    ("phone", "Phone"),
    ("meeting", "Meeting"),
    ("email", "Email"),
    ("letter", "Letter"),
    ("event", "Event"),
    ("newsletter", "Newsletter"),
    ("brochure", "Brochure"),
    ("pr", "PR and Advertising"),
    ("other", "Other"),
]
OUTCOMES = [
    ("talked", "Talked"),
    ("next_step", "Agreed Next Step"),
    ("later", "Asked to Come Back Later"),
    ("not_reached", "Not Reached"),
    ("refused", "Refused"),
]
BEST_QUALITY = 5
# Nothing was recorded before: an earlier date is a slip.
EARLIEST = datetime(1970, 1, 1)
# What decides which account a touch counts for, and when its people are due.
DECISIVE_FIELDS = {
    "account_id",
    "active",
    "date",
    "lead_id",
    "outcome",
    "partner_id",
    "partner_ids",
}
# What says where a touch was captured from, or follows from something else.
CAPTURED_FIELDS = {
    "message_id",
    "event_id",
    "company_id",
    "cost",
    "answer_id",
    "reaction_hours",
}


class KamTouch(models.Model):
    """One contact with a customer, in or out: what, when and who.

    Captured from what Odoo records (``_capture``), typed in where nothing else caught
    it. A touch with a lead that has no customer yet belongs to the lead alone. What was
    captured by mistake is archived: deleted, it would be captured anew.
    """

    _name = "kam.touch"
    _description = "Touch"
    _order = "date desc, id desc"
    _rec_name = "summary"
    _check_company_auto = True

    summary = fields.Char()
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    direction = fields.Selection(
        [("out", "Outbound"), ("in", "Inbound")], required=True, default="out"
    )
    account_id = fields.Many2one(
        "kam.account", ondelete="cascade", index=True, check_company=True
    )
    lead_id = fields.Many2one(
        "crm.lead", ondelete="cascade", index="btree_not_null", check_company=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "kam_touch_partner_rel",
        "touch_id",
        "partner_id",
        string="People Met",
        check_company=True,
        help="Everybody of the customer who took part, the contact among them.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    active = fields.Boolean(
        default=True, help="An archived touch counts nowhere: it was no contact."
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index="btree_not_null"
    )

    communication_id = fields.Many2one(
        "kam.communication",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The planned communication that this was a part of.",
    )

    # How it went, and what it took
    duration = fields.Float(help="Hours, taken from the meeting where there was one.")
    outcome = fields.Selection(OUTCOMES)
    note = fields.Text("Notes")
    quality = fields.Integer(
        aggregator="avg",
        help="How good the contact was, from 1 (useless) to 5 stars; none: not rated.",
    )
    resource_ids = fields.One2many(
        "kam.touch.resource", "touch_id", string="Resources Used", copy=True
    )
    cost = fields.Monetary(
        compute="_compute_cost", store=True, help="Cost of the resources used."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_id = fields.Many2one(
        "res.partner",
        compute="_compute_customer_id",
        compute_sudo=True,
        help="The customer whose people this touch may have been with.",
    )

    # Where the touch was captured from
    message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, ondelete="set null"
    )
    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    _check_owner = models.Constraint(
        "CHECK(account_id IS NOT NULL OR lead_id IS NOT NULL)",
        "A touch belongs to an account or to a lead: choose one of them.",
    )
    _check_quality = models.Constraint(
        f"CHECK(quality BETWEEN 0 AND {BEST_QUALITY})",
        f"Quality: give 1 to {BEST_QUALITY} stars, or none.",
    )
    _check_duration = models.Constraint(
        "CHECK(duration >= 0)", "The duration of a touch cannot be negative."
    )
    _account_date_idx = models.Index("(account_id, date)")
    _unlinked_lead_idx = models.Index("(lead_id) WHERE account_id IS NULL")
    _message_uniq = models.UniqueIndex(
        "(message_id) WHERE message_id IS NOT NULL", "This message is a touch already."
    )
    _event_account_uniq = models.UniqueIndex(
        "(event_id, account_id) WHERE event_id IS NOT NULL AND account_id IS NOT NULL",
        "This meeting is a touch of this account already.",
    )
    _event_lead_uniq = models.UniqueIndex(
        "(event_id, lead_id) WHERE event_id IS NOT NULL AND account_id IS NULL",
        "This meeting is a touch of this lead already.",
    )

    @api.depends("account_id.company_id", "lead_id.company_id")
    def _compute_company_id(self):
        for touch in self:
            touch.company_id = (
                touch.account_id.company_id or touch.lead_id._get_kam_company()
            )

    @api.depends("resource_ids.cost")
    def _compute_cost(self):
        for touch in self:
            touch.cost = sum(touch.resource_ids.mapped("cost"))

    @api.depends("account_id.partner_id", "lead_id.partner_id")
    def _compute_customer_id(self):
        for touch in self:
            touch.customer_id = (
                touch.account_id.partner_id
                or touch.lead_id.partner_id.commercial_partner_id
            )

    @api.constrains("date")
    def _check_date(self):
        """Refuse touches that have not happened: those are planned as activities.

        And those of a time nobody remembers, over whose hours we would have to count.
        """
        now = fields.Datetime.now()
        for touch in self:
            if touch.date < EARLIEST:
                raise ValidationError(
                    self.env._(
                        "A touch cannot be dated before the year %(year)s.",
                        year=EARLIEST.year,
                    )
                )
            if touch.date > now:
                raise ValidationError(
                    self.env._(
                        "A touch is a contact that has taken place, but %(date)s is in the"
                        " future. Schedule an activity or a meeting instead.",
                        date=fields.Datetime.context_timestamp(
                            touch, touch.date
                        ).strftime("%Y-%m-%d %H:%M"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written_fields(vals)
        self = without_defaults(self, CAPTURED_FIELDS)
        touches = super().create([self._complete_values(vals) for vals in vals_list])
        touches._check_owner_access()
        touches._enqueue()
        return touches

    def write(self, vals):
        self._check_written_fields(vals)
        moved = not DECISIVE_FIELDS.isdisjoint(vals)
        if moved:
            self._enqueue()
        if "partner_id" in vals and "partner_ids" not in vals:
            for partner, touches in self.grouped("partner_id").items():
                # corrected: who was named before was not there
                if partner:
                    super(KamTouch, touches).write(
                        {"partner_ids": [Command.unlink(partner.id)]}
                    )
        result = super().write(vals)
        if not {"partner_id", "partner_ids"}.isdisjoint(vals):
            self._take_in_contacts()
        if not {"account_id", "lead_id"}.isdisjoint(vals):
            self._check_owner_access()
        if moved:
            self._enqueue()
        return result

    def unlink(self):
        """Archive what was captured instead, as it would come back with the next capture."""
        kept = self._get_captured() if not self.env.su else self.browse()
        if kept:
            kept.check_access("unlink")
            kept.action_archive()
            kept._tell_archived()
        gone = self - kept
        gone._enqueue()
        return super(KamTouch, gone).unlink()

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Average the quality over those touches that were rated."""
        if aggregate_spec != "quality:avg":
            return super()._read_group_select(aggregate_spec, query)
        quality = self._field_to_sql(self._table, "quality", query)
        return SQL("AVG(NULLIF(%s, 0))", quality)

    def action_answer(self):
        """Open the quick form to log the answer to this inbound touch."""
        self.ensure_one()
        return self._prepare_quick_action(
            account_id=self.account_id.id,
            lead_id=self.lead_id.id,
            partner_id=self.partner_id.id,
            channel=self.channel,
            summary=self.summary,
        )

    def action_save(self):
        """Close the quick form, which is saved by the button that calls this."""
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _prepare_quick_action(self, **values):
        """Return the action that opens the quick form.

        :param values: default values of the touch
        """
        view = self.env.ref("kam_management.kam_touch_view_form_quick")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Touch"),
            "res_model": self._name,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    def _get_captured(self):
        """Return those of these touches whose source is there to be captured again."""
        return self.filtered(lambda touch: touch.message_id or touch.event_id)

    def _tell_archived(self):
        """Say to the user why these touches were archived, although he deleted them."""
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "message": self.env._(
                    "%(count)s touches were archived instead of deleted: they were taken"
                    " from a mail, meeting or activity and would come back by themselves.",
                    count=len(self),
                ),
            },
        )

    def _check_written_fields(self, vals):
        """Protect what the capture keeps its books by.

        :param dict vals: values given to create or write
        :raise AccessError: when the user sets one of these fields
        """
        if not self.env.su and not CAPTURED_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._(
                    "The company of a touch follows from its account or lead, its cost"
                    " from the resources used, and its mail, meeting and answer are found"
                    " by themselves: none of them can be typed in."
                )
            )

    def _check_owner_access(self):
        """Refuse touches on accounts and leads their author may not read.

        A touch on one's lead belongs to the customer's account too, whoever leads that.

        :raise AccessError: naming what to do instead
        """
        if self.env.su:
            return
        # sudo: finds the accounts that were chosen, not given by the lead
        touches = self.sudo()
        chosen = touches.filtered(
            lambda touch: touch.account_id != touch.lead_id.kam_account_id
        )
        for owners in (touches.lead_id, chosen.account_id):
            if not owners.sudo(False).has_access("read"):
                raise AccessError(
                    self.env._(
                        "You cannot log a touch with a customer whose account or lead"
                        " you do not see. Ask your head of sales to take you into the"
                        " team."
                    )
                )

    def _complete_values(self, vals):
        """Return values for create with the account of the lead filled in, and with the
        contact among the people met.
        """
        lead_id, account_id, partner_id = (
            vals.get(name, self.env.context.get(f"default_{name}"))
            for name in ("lead_id", "account_id", "partner_id")
        )
        if partner_id:
            people = [*(vals.get("partner_ids") or []), Command.link(partner_id)]
            vals = {**vals, "partner_ids": people}
        if lead_id and not account_id:
            # sudo: the account is linked even when the author may not open it
            lead = self.env["crm.lead"].browse(lead_id).sudo()
            vals = {**vals, "account_id": lead.kam_account_id.id}
        return vals

    def _take_in_contacts(self):
        """Count the contact of each touch among the people met."""
        for partner, touches in self.grouped("partner_id").items():
            missing = touches.filtered(lambda t, p=partner: p not in t.partner_ids)
            if partner and missing:
                missing.partner_ids = [Command.link(partner.id)]

    def _get_twins(self, others):
        """Return those of these touches that record a meeting once more.

        :param others: touches that count first
        """
        known, twins = set(others.event_id), self.browse()
        for touch in self:
            if touch.event_id in known:
                twins |= touch
            known.update(touch.event_id)
        return twins

    def _enqueue(self):
        """Report to the engine that these accounts have a touch more or less."""
        # sudo: reads which customer to refresh, and nothing else
        self.sudo().account_id._enqueue()
