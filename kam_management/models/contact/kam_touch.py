from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..context import without_defaults

CHANNELS = [
    ("phone", "Phone"),
    ("meeting", "Meeting"),
    ("email", "Email"),
    ("letter", "Letter"),
    ("event", "Event"),
    ("other", "Other"),
]
# What says where a touch was captured from, or follows from its account.
CAPTURED_FIELDS = {"message_id", "event_id", "company_id"}


class KamTouch(models.Model):
    """One contact with a customer, in or out: what, when and who.

    Captured from what Odoo records (``_capture``), typed in where nothing else caught
    it. A touch with a lead that has no customer yet belongs to the lead alone.
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
    user_id = fields.Many2one(
        "res.users",
        string="By",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index="btree_not_null"
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
        ondelete="cascade",
    )

    _check_owner = models.Constraint(
        "CHECK(account_id IS NOT NULL OR lead_id IS NOT NULL)",
        "A touch belongs to an account or to a lead: choose one of them.",
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

    @api.constrains("date")
    def _check_date(self):
        """Refuse touches that have not happened: those are planned as activities."""
        now = fields.Datetime.now()
        for touch in self:
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
        moved = not {"account_id", "lead_id", "date"}.isdisjoint(vals)
        if moved:
            self._enqueue()
        result = super().write(vals)
        if not {"account_id", "lead_id"}.isdisjoint(vals):
            self._check_owner_access()
        if moved:
            self._enqueue()
        return result

    def unlink(self):
        self._enqueue()
        return super().unlink()

    def _check_written_fields(self, vals):
        """Protect what the capture keeps its books by.

        :param dict vals: values given to create or write
        :raise AccessError: when the user sets one of these fields
        """
        if not self.env.su and not CAPTURED_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._(
                    "The company of a touch follows from its account or lead, and its"
                    " mail or meeting is found by itself: neither can be typed in."
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
        """Return values for create with the account of the lead filled in."""
        lead_id, account_id = (
            vals.get(name, self.env.context.get(f"default_{name}"))
            for name in ("lead_id", "account_id")
        )
        if lead_id and not account_id:
            # sudo: the account is linked even when the author may not open it
            lead = self.env["crm.lead"].browse(lead_id).sudo()
            vals = {**vals, "account_id": lead.kam_account_id.id}
        return vals

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
