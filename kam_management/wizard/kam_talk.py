from odoo import api, fields, models

from ..models.care.kam_complaint import KINDS
from ..models.contact.kam_cadence import MASS_CHANNELS
from ..models.contact.kam_touch import OUTCOMES
from ..models.evidence.contacts import CHANNELS

TALK_CHANNELS = [channel for channel in CHANNELS if channel[0] not in MASS_CHANNELS]
# So many people of the customer are chips; others are found by their name.
CHIPS = 6


class KamTalk(models.TransientModel):
    """One conversation with a customer: with whom, what was said, and what comes next.

    The same dialog opens wherever there is a customer; see ``action_save`` for what
    becomes of it.
    """

    _name = "kam.talk"
    _description = "Talk"
    _inherit = ["kam.contact.question"]

    # What it is about: where the dialog was opened
    activity_id = fields.Many2one("mail.activity", "Planned Activity")
    order_id = fields.Many2one(
        "sale.order",
        "Quotation",
        compute="_compute_order_id",
        store=True,
        readonly=False,
    )
    lead_id = fields.Many2one(
        "crm.lead", compute="_compute_lead_id", store=True, readonly=False
    )
    account_id = fields.Many2one(
        "kam.account",
        "Customer",
        compute="_compute_account_id",
        store=True,
        readonly=False,
    )
    customer_id = fields.Many2one(
        "res.partner", "Company", compute="_compute_customer_id", compute_sudo=True
    )
    company_id = fields.Many2one(
        "res.company", "Our Company", compute="_compute_company_id"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    touch_id = fields.Many2one("kam.touch", help="What has become of it.")

    # With whom
    partner_ids = fields.Many2many(
        "res.partner",
        string="With",
        compute="_compute_partner_ids",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', customer_id), ('is_company', '=', False)]",
    )
    chip_ids = fields.Many2many(
        "res.partner",
        "kam_talk_chip_rel",
        compute="_compute_chip_ids",
        help="Whom of the customer one talks to most likely.",
    )
    has_more_people = fields.Boolean(compute="_compute_chip_ids")
    person_name = fields.Char("New Person")
    person_phone = fields.Char("Phone")
    person_email = fields.Char("Email")
    person_role_ids = fields.Many2many("kam.stakeholder.role", string="Buying Roles")

    # How it was
    channel = fields.Selection(
        TALK_CHANNELS,
        "How",
        compute="_compute_channel",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    direction = fields.Selection(
        [("out", "We contacted them"), ("in", "They contacted us")],
        required=True,
        default="out",
    )
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    duration = fields.Float(help="Hours")
    note = fields.Text("What Was Said")
    outcome = fields.Selection(OUTCOMES)
    objection = fields.Char()
    quality = fields.Integer(help="How good the contact was, from 1 to 5 stars.")

    # What comes next
    next_summary = fields.Char(
        "Next Step",
        compute="_compute_next_summary",
        store=True,
        readonly=False,
        help="Leave it empty when nothing is to follow.",
    )
    next_type_id = fields.Many2one(
        "mail.activity.type",
        "Next Step As",
        compute="_compute_next_type_id",
        store=True,
        readonly=False,
        domain=[("res_model", "=", False)],
    )
    next_date = fields.Date(
        "Due", compute="_compute_next_date", store=True, readonly=False
    )
    next_user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )

    # What else came up
    resource_ids = fields.One2many("kam.talk.resource", "talk_id", "Resources Used")
    complaint = fields.Char(help="What the customer is not content with.")
    complaint_kind = fields.Selection(KINDS, "Kind", default="complaint")
    deal_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        compute="_compute_deal_id",
        store=True,
        readonly=False,
        domain="[('kam_account_id', '=', account_id), ('type', '=', 'opportunity'),"
        " ('won_status', '=', 'pending')]",
    )
    deal_date = fields.Date(
        "Decision Date", compute="_compute_deal_date", store=True, readonly=False
    )

    # Where it was opened

    @api.depends("activity_id")
    def _compute_order_id(self):
        for talk in self:
            talk.order_id = talk._get_planned_on("sale.order") or talk.order_id

    @api.depends("activity_id")
    def _compute_lead_id(self):
        for talk in self:
            talk.lead_id = talk._get_planned_on("crm.lead") or talk.lead_id

    @api.depends("activity_id", "order_id", "lead_id")
    def _compute_account_id(self):
        for talk in self:
            place = talk.activity_id and talk._get_planned_on()
            found = place or talk.order_id or talk.lead_id
            talk.account_id = talk._find_account(found) or talk.account_id

    @api.depends("account_id", "lead_id", "order_id")
    def _compute_customer_id(self):
        for talk in self:
            talk.customer_id = (
                talk.account_id.partner_id
                or talk.lead_id.partner_id.commercial_partner_id
                or talk.order_id.kam_commercial_partner_id
            )

    @api.depends("account_id", "lead_id", "order_id")
    def _compute_company_id(self):
        for talk in self:
            talk.company_id = (
                talk.account_id.company_id
                or talk.lead_id.company_id
                or talk.order_id.company_id
                or self.env.company
            )

    # With whom

    @api.depends("activity_id", "order_id", "lead_id")
    def _compute_partner_ids(self):
        """Begin with the person that is named where the dialog was opened."""
        for talk in self:
            place = talk._get_planned_on() or talk.order_id or talk.lead_id
            person = place
            if place and place._name != "res.partner":
                person = "partner_id" in place._fields and place["partner_id"]
            if person and person != talk.customer_id:
                talk.partner_ids |= person
            else:
                talk.partner_ids = talk.partner_ids

    @api.depends("customer_id", "account_id")
    def _compute_chip_ids(self):
        """Offer the decision makers first, then others by their names."""
        for talk in self:
            known = talk.account_id.stakeholder_ids.partner_id._filtered_access("read")
            people = self.env["res.partner"].search(
                [
                    ("commercial_partner_id", "=", talk.customer_id.id),
                    ("is_company", "=", False),
                    ("name", "!=", False),
                ],
                limit=2 * CHIPS,
            )
            of_them = known.filtered(
                lambda p, c=talk.customer_id: p.commercial_partner_id == c
            )
            people = people.browse() if not talk.customer_id else of_them | people
            talk.chip_ids = people[:CHIPS]
            talk.has_more_people = len(people) > CHIPS

    # How it was

    @api.depends("activity_id")
    def _compute_channel(self):
        talked = dict(TALK_CHANNELS)
        for talk in self:
            planned = talk.activity_id.kam_channel
            talk.channel = (
                planned if planned in talked else talk.channel or TALK_CHANNELS[0][0]
            )

    # What comes next

    @api.depends("activity_id", "order_id", "outcome")
    def _compute_next_summary(self):
        """Propose what usually follows; what the user typed in stays."""
        for talk in self:
            proposals = talk._get_proposals()
            known = {summary for summary, _type in proposals.values()}
            if not talk.next_summary or talk.next_summary in known:
                talk.next_summary = talk._get_proposal()[0]

    @api.depends("activity_id", "order_id", "outcome")
    def _compute_next_type_id(self):
        for talk in self:
            talk.next_type_id = talk._get_proposal()[1] or talk.next_type_id

    @api.depends("next_type_id")
    def _compute_next_date(self):
        """Propose the days that Odoo's settings give this type of activity."""
        for talk in self:
            kind = talk.next_type_id
            talk.next_date = kind and kind._get_date_deadline()

    @api.depends("account_id", "lead_id", "next_summary", "next_type_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_kam_silence(self):
        return super()._compute_kam_silence()

    # What else came up

    @api.depends("lead_id", "order_id")
    def _compute_deal_id(self):
        for talk in self:
            lead = talk.lead_id or talk.order_id.opportunity_id._filtered_access("read")
            talk.deal_id = (
                lead if lead.type == "opportunity" and lead.active else talk.deal_id
            )

    @api.depends("deal_id")
    def _compute_deal_date(self):
        for talk in self:
            talk.deal_date = talk.deal_id.date_deadline

    def _get_kam_records(self):
        """Ask before a contact is planned; what has been said has been said."""
        if not (self.next_summary and self.next_type_id.kam_channel):
            return None
        return self.account_id or self.lead_id

    def _get_planned_on(self, model=None):
        """Return the record the activity is planned on, if it is open to the user.

        :param str model: only if it is one of this model
        """
        activity = self.activity_id
        if not activity.res_id or activity.res_model not in self.env:
            return self.env[model] if model else None
        if model and activity.res_model != model:
            return self.env[model]
        record = self.env[activity.res_model].browse(activity.res_id).exists()
        return record._filtered_access("read")

    def _find_account(self, record):
        """Return the account that a record belongs to, if it is open to the user."""
        accounts = self.env["kam.account"]
        if not record or record._name == accounts._name:
            return record or accounts
        for name in ("kam_account_id", "account_id"):
            field = record._fields.get(name)
            if field and field.comodel_name == accounts._name:
                return record[name]._filtered_access("read")
        return accounts

    def _get_proposal(self):
        """Return what is to follow: (summary, activity type), both may be empty."""
        proposals = self._get_proposals()
        return proposals.get(self.outcome) or proposals["origin"]

    def _get_proposals(self):
        """Return what may follow, by outcome, and from where the dialog was opened.

        :return: {outcome or "origin": (summary, activity type)}
        """

        def find(name):
            kind = self.env.ref(f"mail.mail_activity_data_{name}", False)
            return kind or self.env["mail.activity.type"]

        call, todo = find("call"), find("todo")
        chained = self.activity_id.activity_type_id
        following = chained.triggered_next_type_id | chained.suggested_next_type_ids
        origin = False, todo
        if following:
            origin = following[0].summary or following[0].name, following[0]
        elif self.order_id.state in ("draft", "sent"):
            words = self.env._("Ask for the answer to %s", self.order_id.name)
            origin = words, call
        return {
            "origin": origin,
            "not_reached": (self.env._("Call again"), call),
            "later": (self.env._("Call back"), call),
            "objection": (self.env._("Answer the objection"), todo),
            "refused": (False, todo),
        }


class KamTalkResource(models.TransientModel):
    """What a conversation took, of one resource of the catalogue."""

    _name = "kam.talk.resource"
    _description = "Resource of a Talk"
    _inherit = ["kam.guard"]

    talk_id = fields.Many2one("kam.talk", required=True, ondelete="cascade")
    resource_id = fields.Many2one("kam.resource", required=True, ondelete="cascade")
    quantity = fields.Float(default=1.0, required=True)
    cost = fields.Monetary(compute="_compute_cost", store=True, readonly=False)
    currency_id = fields.Many2one(related="talk_id.currency_id")

    @api.depends("resource_id", "quantity")
    def _compute_cost(self):
        for line in self:
            line.cost = line.quantity * line.resource_id.cost
