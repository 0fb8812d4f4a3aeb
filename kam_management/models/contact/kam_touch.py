from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_datetime

from ..common.kam_merge import first
from ..evidence.contacts import CHANNELS, EARLIEST
from .kam_cadence import LOGGING_COMPANIES

OUTCOMES = [
    ("next_step", "Agreed Next Step"),
    ("interested", "Interested"),
    ("talked", "Talked"),
    ("objection", "Objection"),
    ("later", "Call Back Later"),
    ("not_reached", "No Answer"),
    ("refused", "Refused"),
]
BEST_QUALITY = 5
# What decides which account a touch counts for, as what, and when its people are due.
DECISIVE_FIELDS = {
    "account_id",
    "active",
    "channel",
    "communication_id",
    "date",
    "lead_id",
    "outcome",
    "partner_id",
    "partner_ids",
}


class KamTouch(models.Model):
    """One contact with a customer, in or out: what, when and who.

    Captured from what Odoo records (``_capture``), typed in where nothing else caught
    it. A touch with a lead that has no customer yet belongs to the lead alone. What was
    captured by mistake is archived: deleted, it would be captured anew.
    """

    _name = "kam.touch"
    _description = "Touch"
    _inherit = ["kam.guard", "kam.merge", "kam.import"]
    _order = "date desc, id desc"
    _rec_name = "summary"
    _check_company_auto = True
    _import_people = {"partner_id": "account_id"}

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
        string="Handled By",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    active = fields.Boolean(
        default=True, help="Archived touches do not count as contacts."
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index="btree_not_null"
    )

    communication_id = fields.Many2one(
        "kam.communication",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The planned communication this touch belongs to.",
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

    # Where the touch was captured from
    message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, ondelete="set null", merge=first
    )
    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        readonly=True,
        copy=False,
        # the unique ones below are each for a part of them
        index="btree_not_null",
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
                        date=format_datetime(self.env, touch.date, dt_format="short"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._complete_values(vals) for vals in vals_list]
        with self._waking_health():
            touches = super().create(vals_list)
        touches._enqueue()
        return touches

    def write(self, vals):
        moved = not DECISIVE_FIELDS.isdisjoint(vals)
        if moved:
            self._enqueue()
        result = super().write(vals)
        if moved:
            self._enqueue()
        return result

    def unlink(self):
        self._enqueue()
        with self._waking_health():
            return super().unlink()

    def action_answer(self):
        """Open the Talk dialog for the answer to this inbound touch."""
        self.ensure_one()
        return self._prepare_talk_action(
            # that of the lead is filled in, and the user may not see it
            account_id=not self.lead_id and self.account_id.id,
            lead_id=self.lead_id.id,
            partner_ids=self.partner_id.ids,
            channel=self.channel,
            note=self.summary,
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Average the quality over those touches that were rated."""
        if aggregate_spec != "quality:avg":
            return super()._read_group_select(aggregate_spec, query)
        quality = self._field_to_sql(self._table, "quality", query)
        return SQL("AVG(NULLIF(%s, 0))", quality)

    @api.model
    def _prepare_talk_action(self, **values):
        """Return the action that opens the Talk dialog.

        :param values: what it starts from, see the fields of ``kam.talk``
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Talk"),
            "res_model": "kam.talk",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                f"default_{name}": value for name, value in values.items() if value
            },
        }

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

    @api.model
    def _complete_rows(self, vals_list):
        vals_list = super()._complete_rows(vals_list)
        return self.env["kam.account"]._give_to_managers(vals_list)

    def _get_key(self):
        """Let a meeting be one touch of an account, or of a lead that has none."""
        if not self.event_id:
            return ()
        owner = ("account_id",) if self.account_id else ("account_id", "lead_id")
        return ("event_id", *owner)

    def _enqueue(self):
        """Report to the engine that these accounts have a touch more or less."""
        # sudo: reads which customer to refresh, and nothing else
        self.sudo().account_id._enqueue()

    @contextmanager
    def _waking_health(self):
        """Work out the health of all customers anew where the first touch of a company
        comes, or the last one goes.

        Before the first one, having none says nothing of a customer.
        """
        before = self._get_logging_companies()
        yield
        if before != self._get_logging_companies():
            self.env["res.company"]._wake_kam_refresh()

    @api.model
    def _get_logging_companies(self):
        """Return the ids of the companies that have touches, in a set."""
        self.flush_model(["company_id"])
        return {company for (company,) in self.env.execute_query(LOGGING_COMPANIES)}
