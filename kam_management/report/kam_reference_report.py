from odoo import fields, models
from odoo.tools import SQL


class KamReferenceReport(models.Model):
    """What references brought: one row per lead that somebody recommended us to.

    Figures are those of the channels.
    """

    _name = "kam.reference.report"
    _description = "Leads from References"
    _inherit = ["kam.channel.report"]
    _auto = False
    _rec_name = "lead_id"
    _order = "date desc, id desc"

    reference_id = fields.Many2one("kam.reference", readonly=True)
    kind = fields.Selection(related="reference_id.kind")
    advocate_id = fields.Many2one("res.partner", readonly=True)
    advocate_account_id = fields.Many2one(
        "kam.account", "Recommended By", readonly=True
    )
    meetings = fields.Integer(readonly=True)

    @property
    def _table_query(self):
        """Return the SQL of the leads of references, see ``kam.channel.report``."""
        return SQL(
            """
            SELECT channel.*, reference.id AS reference_id,
                   reference.partner_id AS advocate_id,
                   reference.account_id AS advocate_account_id,
                   (SELECT count(*)::int FROM calendar_event meeting
                     WHERE meeting.opportunity_id = lead.id AND meeting.active) AS meetings
              FROM (%s) channel
              JOIN crm_lead lead ON lead.id = channel.lead_id
              JOIN kam_reference reference ON reference.id = lead.kam_reference_id
            """,
            super()._table_query,
        )
