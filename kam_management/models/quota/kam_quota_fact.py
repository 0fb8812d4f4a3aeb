from odoo import api, fields, models
from odoo.tools import SQL


class KamQuotaFact(models.Model):
    """A record behind a figure of a closed quota; together they add up to it."""

    _name = "kam.quota.fact"
    _description = "Source Record of a Closed Quota"
    _inherit = ["kam.record", "kam.guard", "kam.merge"]
    _order = "date desc, id desc"
    _log_access = False

    line_id = fields.Many2one(
        "kam.quota.line", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    date = fields.Date(readonly=True)
    account_id = fields.Many2one(
        "kam.account",
        "Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one("res.users", "Credited To", readonly=True)
    value = fields.Float(readonly=True)
    weight = fields.Float("Share", readonly=True, aggregator=None)

    @api.model
    def _insert(self, query):
        """Insert records of lines, as ``kam.measure._get_records_sql`` tells them.

        :param SQL query: with the number of the line as key
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_quota_fact
                       (line_id, company_id, date, account_id, user_id, value, weight,
                        res_model, res_id)
                SELECT key, company_id, date, account_id, user_id, value, weight,
                       res_model, res_id
                  FROM (%s) record
                """,
                query,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _get_kept_sql(self, line):
        """Return the SQL of the records a line was closed with, see ``kam.measure``."""
        self.flush_model()
        return SQL(
            """
            SELECT line_id AS key, company_id, date, account_id, user_id,
                   value::float8, weight::float8, res_model, res_id
              FROM kam_quota_fact WHERE line_id = %s
            """,
            line.id,
        )
