from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.clock import today
from ..common.kam_merge import is_merging

STATES = [
    ("preparing", "In Preparation"),
    ("submitted", "Submitted"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("declined", "No Bid"),
]
# A tender nobody works on any more.
CLOSED = ("won", "lost", "declined")
# How early preparation began: at least so many months before the submission.
HEAD_STARTS = [(9, "9"), (6, "6"), (3, "3"), (1, "1")]


class KamTender(models.Model):
    """A call for bids that one of our deals answers, prepared from its last day backwards.

    Whether it was won is the lead's to say. What has to be done are Odoo's activities on
    the lead, see ``action_plan_preparation``.
    """

    _name = "kam.tender"
    _description = "Tender"
    _inherit = ["kam.guard", "kam.merge", "mail.thread", "mail.activity.mixin"]
    _order = "date_submission desc, id desc"
    # what people write of it is of this customer
    _kam_owner = ("lead_id.kam_account_id", "account")

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('type', '=', 'opportunity')]",
    )
    # Of the deal; nothing of it is stored, so that a lead has no work with it
    company_id = fields.Many2one(related="lead_id.company_id")
    account_id = fields.Many2one(related="lead_id.kam_account_id")
    customer_id = fields.Many2one(related="lead_id.partner_id.commercial_partner_id")
    user_id = fields.Many2one(related="lead_id.user_id", string="Salesperson")
    reference = fields.Char(help="The customer's reference of the call for bids.")
    currency_id = fields.Many2one(related="lead_id.company_currency")
    expected_revenue = fields.Monetary(
        related="lead_id.expected_revenue", currency_field="currency_id"
    )

    # The way to the submission
    date_submission = fields.Date(
        "Submission",
        required=True,
        index=True,
        tracking=True,
        help="The last day on which the customer accepts the bid.",
    )
    date_submitted = fields.Date("Submitted On", readonly=True, copy=False)
    state = fields.Selection(
        STATES,
        "Status",
        compute="_compute_state",
        search="_search_state",
        compute_sudo=True,
    )

    # What it teaches
    date_begun = fields.Date(
        "Preparation Began",
        readonly=True,
        copy=False,
        help="The day on which milestones were planned first.",
    )
    head_start = fields.Selection(
        [
            ("9", "9 months or more"),
            ("6", "6 to 9 months"),
            ("3", "3 to 6 months"),
            ("1", "1 to 3 months"),
            ("0", "Less than a month"),
        ],
        compute="_compute_head_start",
        store=True,
        help="How long before the submission preparation began.",
    )
    success = fields.Float(
        "Success Rate",
        compute="_compute_success",
        compute_sudo=True,
        aggregator="avg",
        help="Of the tenders that were won or lost, those won, in percent.",
    )

    @api.depends("lead_id")
    def _compute_name(self):
        for tender in self:
            tender.name = tender.name or tender.lead_id.name

    @api.depends("lead_id.won_status", "bid", "date_submitted")
    def _compute_state(self):
        """Not bid for, it is over; else the deal decides; else whether it was handed in.

        ``_field_to_sql`` and ``_search_state`` say the same.
        """
        for tender in self:
            outcome = tender.lead_id.won_status
            if tender.bid == "no":
                tender.state = "declined"
            elif outcome in ("won", "lost"):
                tender.state = outcome
            else:
                tender.state = "submitted" if tender.date_submitted else "preparing"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        declined = Domain("bid", "=", "no")
        # any!: the state is seen by who sees the tender
        closed = Domain("lead_id", "any!", [("won_status", "in", ("won", "lost"))])
        handed_in = Domain("date_submitted", "!=", False)
        states = {
            "declined": declined,
            "won": ~declined & Domain("lead_id", "any!", [("won_status", "=", "won")]),
            "lost": ~declined
            & Domain("lead_id", "any!", [("won_status", "=", "lost")]),
            "submitted": ~declined & ~closed & handed_in,
            "preparing": ~declined & ~closed & ~handed_in,
        }
        return Domain.OR(states[state] for state in value if state in states)

    @api.depends("date_begun", "date_submission")
    def _compute_head_start(self):
        for tender in self:
            begun, end = tender.date_begun, tender.date_submission
            tender.head_start = begun and next(
                (
                    key
                    for months, key in HEAD_STARTS
                    if begun <= fields.Date.subtract(end, months=months)
                ),
                "0",
            )

    @api.depends("state")
    def _compute_success(self):
        for tender in self:
            tender.success = 100 * (tender.state == "won")

    @api.constrains("lead_id")
    def _check_lead(self):
        """Refuse what is no opportunity yet.

        :raise ValidationError: saying how it becomes one
        """
        for tender in self:
            # sudo: what kind of lead it is, whoever looks
            if tender.sudo().lead_id.type != "opportunity":
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” is a lead. Convert it to an opportunity, then add the"
                        " tender.",
                        lead=tender.sudo().lead_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        tenders = super().create(vals_list)
        # who answers a call for bids changes the deal
        tenders.lead_id.check_access("write")
        return tenders

    def write(self, vals):
        if "lead_id" in vals:
            self._check_stays(vals["lead_id"])
        if "date_submission" not in vals:
            return super().write(vals)
        if not self.env.su:
            # when it was to be submitted is part of what a closed tender teaches
            self._check_open()
        before = {tender: tender.date_submission for tender in self}
        result = super().write(vals)
        self._handle_moved(before)
        return result

    def unlink(self):
        """Call off what is planned, and delete the files, too."""
        for tender in self:
            # sudo: milestones of colleagues as well
            milestones = tender.sudo().milestone_ids
            tender._call_off(milestones, self.env._("The tender was deleted."))
        self.document_ids.unlink()
        return super().unlink()

    def action_submit(self):
        """Note that the bid was handed in, today.

        :raise UserError: naming the documents that are missing
        """
        for tender in self:
            tender.check_access("write")
            tender._check_open()
            tender._check_in_preparation()
            tender._check_documents()
            # sudo: the button decides when it was submitted
            tender.sudo().date_submitted = today()
            before = tender.sudo().milestone_ids.filtered(
                lambda m: m.kam_tender_days >= 0
            )
            tender._call_off(before, self.env._("The bid was submitted."))

    def action_withdraw_submission(self):
        """Take back that the bid was handed in."""
        for tender in self:
            tender.check_access("write")
            tender._check_open()
            # sudo: the button decides
            tender.sudo().date_submitted = False

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        """Give state and success rate an expression, to be grouped by and averaged."""
        if field_expr not in ("state", "success") or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        _leads, lead = self._fields["lead_id"].join(self.sudo(), alias, query)
        state = SQL(
            """CASE WHEN %(bid)s = 'no' THEN 'declined'
                    WHEN %(outcome)s IN ('won', 'lost') THEN %(outcome)s
                    WHEN %(handed_in)s IS NOT NULL THEN 'submitted'
                    ELSE 'preparing' END""",
            bid=SQL.identifier(alias, "bid"),
            outcome=SQL.identifier(lead, "won_status"),
            handed_in=SQL.identifier(alias, "date_submitted"),
        )
        if field_expr == "state":
            return state
        return SQL("CASE %s WHEN 'won' THEN 100.0 WHEN 'lost' THEN 0.0 END", state)

    @api.model
    def _get_open_domain(self):
        """Return the domain of the tenders that somebody works on."""
        return Domain("state", "not in", CLOSED)

    def _filter_changeable(self):
        """Whoever may change the deal may change its tender."""
        # sudo: what the tender is of, which the user sees
        writable = self.sudo().lead_id.with_env(self.env)._filtered_access("write")
        return self.filtered(lambda tender: tender.sudo().lead_id.id in writable.ids)

    @api.model
    def _get_found_hint(self):
        return self.env._("Use the buttons of the tender.")

    def _check_stays(self, lead_id):
        """Refuse to move a tender to another deal, with all that is planned there.

        :raise UserError: saying what to do instead
        """
        if not is_merging(self.env) and self.filtered(
            lambda t: t.lead_id.id != lead_id
        ):
            raise UserError(
                self.env._(
                    "A tender stays with its opportunity. Create a new one on the other"
                    " opportunity."
                )
            )
