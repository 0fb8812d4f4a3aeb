from odoo import fields, models


class KamQuotaFact(models.Model):
    """A record behind a figure of a quota; together they add up to it."""

    _name = "kam.quota.fact"
    _description = "Fact of a Quota"
    _order = "date desc, id desc"
    _log_access = False

    line_id = fields.Many2one(
        "kam.quota.line", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    date = fields.Date(readonly=True)
    account_id = fields.Many2one("kam.account", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", "Credited To", readonly=True)
    value = fields.Float(readonly=True)
    weight = fields.Float(readonly=True, aggregator=None)
    res_model = fields.Char("Kind of Record", readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", readonly=True, aggregator=None
    )
