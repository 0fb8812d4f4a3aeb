from odoo import fields, models
from odoo.tools import SQL

from ..common import clock


class KamAnswer(models.Model):
    """What somebody of a customer answered, and how much it counts today.

    Read, never written: they make up the loyalty index, see ``kam.engine``.
    """

    _name = "kam.answer"
    _description = "Customer's Answer"
    _inherit = ["kam.record"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "source"

    account_id = fields.Many2one("kam.account", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Answered By", readonly=True)
    date = fields.Date(readonly=True)
    score = fields.Float(readonly=True, aggregator="avg", help="From 1 to 5.")
    weight = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How much the answer counts: by its age, and the influence of who gave it.",
    )

    @property
    def _table_query(self):
        self.env.flush_all()
        looks = SQL(
            "SELECT id AS company_id, %s::date AS day, NULL::int AS period_id"
            "  FROM res_company",
            clock.today(),
        )
        answers = self.env["kam.engine"]._get_answers_sql(SQL("IS NOT NULL"), looks)
        return SQL(
            """
            SELECT %s AS id, account_id, company_id, partner_id, date, score, weight,
                   res_model, res_id
              FROM (%s) answer
            """,
            self._get_id_sql("res_model", "res_id", "date", "score"),
            answers,
        )
