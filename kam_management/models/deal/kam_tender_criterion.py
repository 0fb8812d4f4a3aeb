from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kam_tender_participant import RIVAL

MOST_SCORE = 10


def weigh(scores):
    """Return what scores come to, from 0 to 10; 0 where nothing weighs.

    :param scores: iterable of (weight, score)

    >>> weigh([(60, 8), (40, 3)]), weigh([(0, 8)]), weigh([])
    (6.0, 0.0, 0.0)
    """
    scores = list(scores)
    total = sum(weight for weight, _score in scores)
    return sum(weight * score for weight, score in scores) / total if total else 0.0


class KamTender(models.Model):
    """Who would win by the customer's criteria, and what decides."""

    _inherit = "kam.tender"

    criterion_ids = fields.One2many("kam.tender.criterion", "tender_id", "Criteria")
    our_score = fields.Float(
        compute="_compute_scores", help="By the customer's criteria, from 0 to 10."
    )
    best_rival_id = fields.Many2one(
        "res.partner", "Strongest Rival", compute="_compute_scores"
    )
    rival_score = fields.Float("Rival's Score", compute="_compute_scores")
    decisive_criterion_id = fields.Many2one(
        "kam.tender.criterion",
        ondelete="set null",
        index="btree_not_null",
        domain="[('tender_id', '=', id)]",
        help="What the customer says it was won or lost by.",
    )

    @api.depends(
        "criterion_ids.weight",
        "criterion_ids.score",
        "criterion_ids.score_ids.score",
    )
    def _compute_scores(self):
        for tender in self:
            tender.our_score = weigh(
                (one.weight, one.score) for one in tender.criterion_ids
            )
            rivals = tender._get_scores()
            best = max(rivals, key=rivals.get, default=self.env["res.partner"])
            tender.best_rival_id = best
            tender.rival_score = rivals.get(best, 0)

    @api.constrains("decisive_criterion_id")
    def _check_decisive_criterion(self):
        for tender in self:
            criterion = tender.decisive_criterion_id
            if criterion and criterion.tender_id != tender:
                raise ValidationError(self.env._("Choose a criterion of this tender."))

    def _get_scores(self):
        """Return {rival, a partner: weighted score from 0 to 10}."""
        self.ensure_one()
        rivals = {}
        for criterion in self.criterion_ids:
            for line in criterion.score_ids:
                lines = rivals.setdefault(line.partner_id, [])
                lines.append((criterion.weight, line.score))
        return {rival: weigh(lines) for rival, lines in rivals.items()}


class KamTenderCriterion(models.Model):
    """What the customer judges bids by, how much it weighs, and how we and rivals score."""

    _name = "kam.tender.criterion"
    _description = "Criterion of a Tender"
    _inherit = ["kam.tender.part"]

    name = fields.Char("Criterion", required=True)
    weight = fields.Float("Weight (%)", required=True, default=20)
    score = fields.Float("Our Score", help="From 0 to 10.")
    score_ids = fields.One2many("kam.tender.score", "criterion_id", "Rivals' Scores")
    rival_score = fields.Float("Strongest Rival", compute="_compute_gap")
    gap = fields.Float(
        "Lead",
        compute="_compute_gap",
        help="Our score less that of the strongest rival of all, times the weight: what"
        " decides most is furthest from 0.",
    )

    _check_weight = models.Constraint(
        "CHECK(weight BETWEEN 0 AND 100)", "Weight: enter 0 to 100 percent."
    )
    _check_score = models.Constraint(
        f"CHECK(score BETWEEN 0 AND {MOST_SCORE})",
        f"Score: enter 0 to {MOST_SCORE}.",
    )

    @api.depends("weight", "score", "score_ids.score", "tender_id.best_rival_id")
    def _compute_gap(self):
        for criterion in self:
            rival = criterion.tender_id.best_rival_id
            lines = criterion.score_ids.filtered(lambda ln, r=rival: ln.partner_id == r)
            criterion.rival_score = sum(lines.mapped("score"))
            lead = criterion.score - criterion.rival_score
            criterion.gap = lead * criterion.weight / 100


class KamTenderScore(models.Model):
    """How a rival scores by one of the customer's criteria."""

    _name = "kam.tender.score"
    _description = "Score of a Rival"
    _inherit = ["kam.tender.part"]
    _merge_key = ("criterion_id", "participant_id")
    _order = "score desc, id"

    criterion_id = fields.Many2one(
        "kam.tender.criterion", required=True, index=True, ondelete="cascade"
    )
    tender_id = fields.Many2one(
        related="criterion_id.tender_id", store=True, index=True, required=False
    )
    participant_id = fields.Many2one(
        "kam.tender.participant",
        "Rival",
        required=True,
        index=True,
        ondelete="cascade",
        domain=f"[('tender_id', '=', tender_id), ('kind', '=', '{RIVAL}')]",
    )
    partner_id = fields.Many2one(related="participant_id.partner_id")
    score = fields.Float(help="From 0 to 10.")

    _rival_uniq = models.UniqueIndex(
        "(criterion_id, participant_id)", "This rival has a score here already."
    )
    _check_score = models.Constraint(
        f"CHECK(score BETWEEN 0 AND {MOST_SCORE})",
        f"Score: enter 0 to {MOST_SCORE}.",
    )

    @api.constrains("criterion_id", "participant_id")
    def _check_participant_id(self):
        """Keep to the rivals of the tender."""
        for line in self:
            rival = line.participant_id
            if rival.tender_id != line.tender_id or rival.kind != RIVAL:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is no rival in this tender. Add them to its"
                        " participants first.",
                        partner=rival.partner_id.display_name,
                    )
                )
