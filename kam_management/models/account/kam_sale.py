from odoo import api, fields, models
from odoo.tools import SQL

from ..common import clock
from ..evidence.look import get_members_sql

# What tells a line from others
LINE = (
    "res_model",
    "res_id",
    "account_id",
    "date",
    "product_id",
    "shipping_id",
    "units",
    "amount",
)


class KamSale(models.Model):
    """What was sold, line by line, as all figures of the app count it.

    Read, never written: the lines of orders, of invoices that bill no order, of what was
    credited, as DESIGN's "What counts as sold" has it. They add up to the revenue of the
    account. With ``kam_account_ids`` in the context only lines of these accounts are
    looked for.
    """

    _name = "kam.sale"
    _description = "Sale"
    _inherit = ["kam.record"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "source"

    account_id = fields.Many2one("kam.account", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    contact_id = fields.Many2one("res.partner", readonly=True)
    shipping_id = fields.Many2one("res.partner", "Delivery Address", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    units = fields.Float("Quantity", readonly=True)
    amount = fields.Monetary(readonly=True, help="Untaxed, credit notes deducted.")

    @property
    def _table_query(self):
        evidence = self.env["kam.evidence"]
        looks = evidence._get_looks(
            clock.today(), self.env.companies, partners=self._get_partners_sql()
        )
        return SQL(
            """
            SELECT %s AS id, * FROM (
                SELECT a.id AS account_id, sale.company_id, sale.date, sale.user_id,
                       sale.contact_id, sale.shipping_id, sale.product_id, sale.categ_id,
                       sale.units, sale.amount, sale.res_model, sale.res_id
                  FROM (%s) sale
                  JOIN kam_account a
                    ON a.company_id = sale.company_id AND a.partner_id = sale.partner_id
            ) line
            """,
            self._get_id_sql(*LINE),
            evidence._get_sale_lines_sql(looks),
        )

    @api.model
    def _get_partners_sql(self):
        """Return the SQL of the partners whose sales are asked for; None: all."""
        self.env.flush_all()
        account_ids = self.env.context.get("kam_account_ids")
        if not isinstance(account_ids, list | tuple):
            return None
        ids = tuple(one for one in account_ids if isinstance(one, int)) or (0,)
        return get_members_sql(
            SQL("SELECT partner_id FROM kam_account WHERE id IN %s", ids)
        )
