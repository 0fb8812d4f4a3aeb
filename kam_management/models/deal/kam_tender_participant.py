from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from ..common.clock import today
from ..contact.kam_cadence import PERSONAL

CUSTOMER, OURS, RIVAL = "customer", "ours", "rival"


class KamTender(models.Model):
    _inherit = "kam.tender"

    participant_ids = fields.One2many(
        "kam.tender.participant", "tender_id", "Participants"
    )

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        """Propose the stakeholders of the customer as participants of a new tender."""
        if self._origin or self.participant_ids:
            return
        account = self.lead_id.kam_account_id._filtered_access("read")
        people = account.stakeholder_ids
        self.participant_ids = [
            Command.create(
                {
                    "kind": CUSTOMER,
                    "partner_id": person.partner_id.id,
                    "role": ", ".join(person.role_ids.mapped("name")),
                }
            )
            for person in people.filtered("partner_id")
        ]


class KamTenderParticipant(models.Model):
    """Somebody who takes part in a tender: the customer's people, ours, or a rival.

    With people of the customer contact is planned and kept: the next one is due so many
    days after the last, whoever of us had it.
    """

    _name = "kam.tender.participant"
    _description = "Participant of a Tender"
    _inherit = ["kam.tender.part"]
    _merge_key = ("tender_id", "partner_id")

    kind = fields.Selection(
        [(CUSTOMER, "Customer"), (OURS, "Our Team"), (RIVAL, "Rival")],
        "Side",
        required=True,
        default=CUSTOMER,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Participant",
        required=True,
        index=True,
        ondelete="cascade",
    )
    role = fields.Char(help="What they do in this tender.")

    # People of the customer
    frequency_days = fields.Integer(
        "Contact Every (days)", help="Days between two contacts, 0 for none."
    )
    date_since = fields.Date(
        "Takes Part Since", default=lambda self: today(), readonly=True, required=True
    )
    last_touch_date = fields.Date("Last Contact", compute="_compute_touch_dates")
    next_touch_date = fields.Date("Next Contact", compute="_compute_touch_dates")

    # Rivals
    strengths = fields.Char(help="What speaks for them in the customer's eyes.")
    price = fields.Monetary("Expected Price")
    score = fields.Float(
        "Weighted Score",
        compute="_compute_score",
        help="By the customer's criteria, from 0 to 10.",
    )

    score_ids = fields.One2many("kam.tender.score", "participant_id", "Scores")

    _partner_uniq = models.UniqueIndex(
        "(tender_id, partner_id)", "They take part in this tender already."
    )
    _check_frequency = models.Constraint(
        "CHECK(frequency_days BETWEEN 0 AND 366)",
        "Contact frequency: enter a number of days up to 366, or 0 for none.",
    )
    _check_price = models.Constraint(
        "CHECK(price >= 0)", "The expected price cannot be negative."
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for participant in self:
            participant.display_name = participant.partner_id.display_name

    @api.depends("partner_id", "frequency_days", "kind", "date_since")
    def _compute_touch_dates(self):
        """Find the last contact with each of them, in one query for all."""
        last = dict(
            self.env["kam.touch"]._read_group(
                PERSONAL
                & Domain("outcome", "!=", "not_reached")
                & Domain("partner_ids", "in", self.partner_id.ids),
                ["partner_ids"],
                ["date:max"],
            )
        )
        for participant in self:
            moment = last.get(participant.partner_id._origin)
            participant.last_touch_date = moment and moment.date()
            days = participant.kind == CUSTOMER and participant.frequency_days
            since = participant.last_touch_date or participant.date_since
            participant.next_touch_date = (
                since and timedelta(days=days) + since if days else False
            )

    @api.depends("tender_id.criterion_ids.score_ids.score")
    def _compute_score(self):
        for participant in self:
            scores = participant.tender_id._get_scores()
            participant.score = scores.get(participant.partner_id, 0)

    @api.constrains("kind")
    def _check_scored(self):
        """Keep rivals with scores rivals."""
        for participant in self.filtered(lambda one: one.kind != RIVAL):
            if participant.score_ids:
                raise ValidationError(
                    self.env._(
                        "%(partner)s has scores as a rival. Delete these first.",
                        partner=participant.partner_id.display_name,
                    )
                )

    @api.constrains("kind", "partner_id")
    def _check_side(self):
        """Refuse people of the customer as rivals, and the other way round."""
        for participant in self:
            person = participant.partner_id
            is_theirs = person.commercial_partner_id == participant.customer_id
            if is_theirs != (participant.kind == CUSTOMER) and participant.customer_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s: choose a contact of %(customer)s for the customer's"
                        " side, and nobody of theirs for the others.",
                        person=person.display_name,
                        customer=participant.customer_id.display_name,
                    )
                )

    def action_log_touch(self):
        """Open the Talk dialog for this person, about the deal."""
        self.ensure_one()
        return self.env["kam.touch"]._prepare_talk_action(
            lead_id=self.tender_id.lead_id.id, partner_ids=self.partner_id.ids
        )
