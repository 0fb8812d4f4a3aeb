from odoo import api, fields, models
from odoo.tools import SQL

from ..models.evidence.contacts import CHANNELS

PERCENTILES = {"reaction_median": 0.5, "reaction_p90": 0.9}


class KamReactionReport(models.Model):
    """How long customers wait: one row per contact that came from a customer."""

    _name = "kam.reaction.report"
    _description = "Reaction Time"
    _inherit = ["kam.guard"]
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "kam.touch": [
            "active",
            "account_id",
            "lead_id",
            "partner_id",
            "company_id",
            "date",
            "channel",
            "direction",
            "user_id",
            "answer_id",
            "reaction_hours",
        ],
        "kam.account": ["manager_id", "is_key_account"],
    }

    account_id = fields.Many2one("kam.account", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    manager_id = fields.Many2one(
        "res.users", string="Key Account Manager", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Answered By", readonly=True, help="Who answered first."
    )
    is_key_account = fields.Boolean("Key Account", readonly=True)
    date = fields.Datetime("Received", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    answered = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the customers' contacts that were answered.",
    )
    reaction_median = fields.Float(
        "Median Hours",
        readonly=True,
        aggregator="median",
        help="Half of the customers had an answer within this many business hours.",
    )
    reaction_p90 = fields.Float(
        "90% Within Hours",
        readonly=True,
        aggregator="p90",
        help="Nine of ten customers had an answer within this many business hours.",
    )

    @property
    def _table_query(self):
        """Return the SQL of what came in: the answer's hours are there twice, for two
        measures.
        """
        return SQL(
            """
            SELECT t.id, t.account_id, t.lead_id, t.partner_id, t.company_id, t.date,
                   t.channel, a.manager_id, a.is_key_account, answer.user_id,
                   (t.answer_id IS NOT NULL)::int::float AS answered,
                   CASE WHEN t.answer_id IS NOT NULL THEN t.reaction_hours END
                       AS reaction_median,
                   CASE WHEN t.answer_id IS NOT NULL THEN t.reaction_hours END
                       AS reaction_p90
              FROM kam_touch t
              LEFT JOIN kam_account a ON a.id = t.account_id
              LEFT JOIN kam_touch answer ON answer.id = t.answer_id
             WHERE t.direction = 'in' AND t.active
            """
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Serve the percentiles: Odoo does not know these aggregators."""
        name, _colon, aggregator = aggregate_spec.partition(":")
        if name not in PERCENTILES or aggregator != self._fields[name].aggregator:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
            PERCENTILES[name],
            self._field_to_sql(self._table, name, query),
        )
