from odoo import api, fields, models

# What is logged when it changes, by field of the dossier.
ASPECTS = {
    "attitude": "Attitude",
    "relation_current": "Relation",
    "influence": "Influence",
}


class KamStakeholderHistory(models.Model):
    """One change of what we think of a relation: the date, from, to and by whom.

    Values are kept as ranks, so that a trend can be drawn; no words about the person.
    """

    _name = "kam.stakeholder.history"
    _description = "Stakeholder Change"
    _inherit = ["kam.guard"]
    _order = "date desc, id desc"
    _rec_name = "aspect"

    stakeholder_id = fields.Many2one(
        "kam.stakeholder", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        related="stakeholder_id.account_id", store=True, index=True
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "Changed By",
        default=lambda self: self.env.user,
        ondelete="set null",
    )
    aspect = fields.Selection(list(ASPECTS.items()), required=True)
    old_rank = fields.Integer(
        "Previous Rank", help="0: not known before.", aggregator=None
    )
    new_rank = fields.Integer(help="0: not known any more.", aggregator="avg")
    old_value = fields.Char("From", compute="_compute_values")
    new_value = fields.Char("To", compute="_compute_values")
    trend = fields.Integer(
        compute="_compute_values", help="Above 0: better for us, below 0: worse."
    )

    @api.depends("aspect", "old_rank", "new_rank")
    def _compute_values(self):
        Dossier = self.env["kam.stakeholder"]
        labels = {}
        for aspect in ASPECTS:
            options = dict(Dossier._fields[aspect]._description_selection(self.env))
            labels[aspect] = {
                rank: options[value]
                for value, rank in Dossier._get_ranks(aspect).items()
            }
        for change in self:
            steps = labels.get(change.aspect, {})
            for name, rank in (
                ("old_value", change.old_rank),
                ("new_value", change.new_rank),
            ):
                change[name] = steps.get(rank, False)
            known = change.old_rank and change.new_rank and change.aspect != "influence"
            change.trend = change.new_rank - change.old_rank if known else 0


class KamStakeholder(models.Model):
    """Write the history by itself, whoever changes a dossier and wherever."""

    _inherit = "kam.stakeholder"

    history_ids = fields.One2many(
        "kam.stakeholder.history", "stakeholder_id", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = super().create(vals_list)
        nothing = dict.fromkeys(ASPECTS, 0)
        dossiers._log_changes(dict.fromkeys(dossiers, nothing))
        return dossiers

    def write(self, vals):
        before = {}
        if not set(ASPECTS).isdisjoint(vals):
            before = {dossier: dossier._get_standing() for dossier in self}
        result = super().write(vals)
        self._log_changes(before)
        return result

    @api.model
    def _get_ranks(self, aspect):
        """Return {value: rank from 1} of a selection that says how one stands."""
        values = [value for value, _label in self._fields[aspect].selection]
        start = 0 if values[0] == "0" else 1
        return {value: rank for rank, value in enumerate(values, start)}

    def _get_standing(self):
        """Return {aspect: rank} of one dossier; 0 is not known."""
        return {
            aspect: self._get_ranks(aspect).get(self[aspect], 0) for aspect in ASPECTS
        }

    def _log_changes(self, before):
        """Note what is different now.

        :param dict before: {dossier: its standing before}
        """
        changes = [
            {
                "stakeholder_id": dossier.id,
                "aspect": aspect,
                "old_rank": standing[aspect],
                "new_rank": now,
            }
            for dossier, standing in before.items()
            for aspect, now in dossier._get_standing().items()
            if now != standing[aspect]
        ]
        if changes:
            # sudo: the history writes itself; nobody may write it
            self.env["kam.stakeholder.history"].sudo().create(changes)
