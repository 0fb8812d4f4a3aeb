from odoo import api, fields, models

from ..models.care.kam_complaint import KINDS
from ..models.contact.kam_cadence import MASS_CHANNELS
from ..models.contact.kam_touch import OUTCOMES
from ..models.evidence.contacts import CHANNELS

LOGGED_CHANNELS = [channel for channel in CHANNELS if channel[0] not in MASS_CHANNELS]
# What the dialog works out is kept, may be changed, and is of what its user may see.
AS_USER = {
    "compute_sudo": False,
    "precompute": True,
    "readonly": False,
    "store": True,
}
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
        **AS_USER,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        compute="_compute_lead_id",
        **AS_USER,
    )
    account_id = fields.Many2one(
        "kam.account",
        "Customer",
        compute="_compute_account_id",
        **AS_USER,
    )
    customer_id = fields.Many2one(
        "res.partner", "Company", compute="_compute_customer_id"
    )
    company_id = fields.Many2one(
        "res.company", "Our Company", compute="_compute_company_id"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    touch_id = fields.Many2one("kam.touch", help="What has become of it.")
    is_touch = fields.Boolean(
        compute="_compute_is_touch",
        help="A quotation or activity at a customer the user does not see is taken care of"
        " without a touch.",
    )
    is_saved = fields.Boolean()

    # With whom
    partner_ids = fields.Many2many(
        "res.partner",
        string="With",
        compute="_compute_partner_ids",
        **AS_USER,
        domain="[('commercial_partner_id', '=', customer_id), ('is_company', '=', False)]",
    )
    chip_ids = fields.Many2many(
        "res.partner",
        "kam_talk_chip_rel",
        compute="_compute_chip_ids",
        help="Whom of the customer one talks to most likely.",
    )
    has_more_people = fields.Boolean(compute="_compute_chip_ids")
    phones = fields.Json(
        compute="_compute_phones",
        help="The numbers of those who were chosen: {id, name, phone} each.",
    )
    person_name = fields.Char("New Person")
    person_phone = fields.Char("Phone")
    person_email = fields.Char("Email")
    person_role_ids = fields.Many2many("kam.stakeholder.role", string="Buying Roles")

    # How it was
    channel = fields.Selection(
        LOGGED_CHANNELS,
        "How",
        compute="_compute_channel",
        **AS_USER,
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

    # What else came up
    resource_ids = fields.One2many("kam.talk.resource", "talk_id", "Resources Used")
    complaint = fields.Char(help="What the customer is not content with.")
    complaint_kind = fields.Selection(KINDS, "Kind", default="complaint")
    deal_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        compute="_compute_deal_id",
        **AS_USER,
        domain="[('kam_account_id', '=', account_id), ('type', '=', 'opportunity'),"
        " ('won_status', '=', 'pending')]",
    )
    deal_date = fields.Date("Expected Closing", compute="_compute_deal_date", **AS_USER)
    deal_date_before = fields.Date(
        compute="_compute_deal_date_before",
        **AS_USER,
        help="What the dialog began with.",
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
            # sudo: the customer of what the user sees, no more
            account, lead, order = (
                place.sudo() for place in (talk.account_id, talk.lead_id, talk.order_id)
            )
            talk.customer_id = (
                account.partner_id
                or lead.partner_id.commercial_partner_id
                or order.kam_commercial_partner_id
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

    @api.depends("activity_id", "order_id", "lead_id", "account_id")
    def _compute_partner_ids(self):
        """Begin with the person that is named where the dialog was opened.

        Where nobody is, with the only one there is.
        """
        for talk in self:
            place = talk._get_planned_on() or talk.order_id or talk.lead_id
            person = place
            if place and place._name != "res.partner":
                person = "partner_id" in place._fields and place["partner_id"]
            if person and person != talk.customer_id:
                talk.partner_ids |= person
            else:
                talk.partner_ids = talk.partner_ids or talk._get_only_person()

    def _get_only_person(self):
        """Return whom one talks to at a customer with one contact; else nobody."""
        people = self.chip_ids
        return people if len(people) == 1 else people.browse()

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

    @api.depends("partner_ids")
    def _compute_phones(self):
        for talk in self:
            talk.phones = [
                {"id": person.id, "name": person.name or "", "phone": person.phone}
                for person in talk.partner_ids._origin
                if person.phone
            ]

    # How it was

    @api.depends("activity_id")
    def _compute_channel(self):
        talked = dict(LOGGED_CHANNELS)
        for talk in self:
            planned = talk.activity_id.kam_channel
            talk.channel = (
                planned if planned in talked else talk.channel or LOGGED_CHANNELS[0][0]
            )

    # What else came up

    @api.depends("lead_id", "order_id")
    def _compute_deal_id(self):
        for talk in self:
            lead = talk.lead_id or talk.order_id.opportunity_id._filtered_access("read")
            is_open = lead.type == "opportunity" and lead.won_status == "pending"
            talk.deal_id = lead if is_open else talk.deal_id

    @api.depends("deal_id")
    def _compute_deal_date(self):
        for talk in self:
            talk.deal_date = talk.deal_id.date_deadline

    @api.depends("deal_id")
    def _compute_deal_date_before(self):
        for talk in self:
            talk.deal_date_before = talk.deal_id.date_deadline

    # What becomes of it

    @api.depends("account_id", "lead_id", "order_id", "activity_id")
    def _compute_is_touch(self):
        for talk in self:
            place = talk.order_id or talk.activity_id
            talk.is_touch = talk.account_id or talk.lead_id or not place

    @api.onchange("person_name")
    def _onchange_person_name(self):
        """Take the new person for who was proposed; who was ticked besides stays."""
        proposed = self.env.context.get("default_partner_ids")
        proposed = proposed or self._get_only_person()._origin.ids
        if (
            self.person_name
            and proposed
            and self.partner_ids._origin.ids == list(proposed)
        ):
            self.partner_ids = False

    @api.model
    @api.readonly
    def get_dialog(self, model=None, res_id=None):
        """Return the action of the dialog for the record that a screen shows.

        :param str model: of the screen, maybe None
        :param int res_id: the record, None for a list; without a customer, or one that is
            open to the user, the dialog asks for it
        """
        record = None
        if res_id and (model or "").startswith("kam.") and model in self.env:
            found = self.env[model].browse(res_id).exists()
            record = found.has_access("read") and found
        if record and hasattr(record, "action_log_touch"):
            return record.action_log_touch()
        account = self._find_account(record)
        return self.env["kam.touch"]._prepare_talk_action(account_id=account.id)

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
