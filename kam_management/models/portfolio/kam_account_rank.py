from odoo import api, fields, models
from odoo.tools import SQL


class KamAccount(models.Model):
    """The place of an account, and of its group, in the order of revenue (R28).

    Looked up when asked for: one order that is confirmed moves everybody behind it, and
    nobody's row is to be written for that.
    """

    _inherit = "kam.account"

    rank = fields.Integer(
        "Rank by Revenue",
        compute="_compute_rank",
        help="Place among the customers of the company by revenue of the window, of the"
        " same revenue the same one; 0 without revenue.",
    )
    group_rank = fields.Integer(
        "Group's Rank by Revenue",
        compute="_compute_rank",
        help="Place of the customer's group among the groups, one that is a customer"
        " alone included; 0 without revenue.",
    )

    @api.depends("revenue", "group_partner_id")
    def _compute_rank(self):
        self.flush_model(["revenue", "group_partner_id", "partner_id", "company_id"])
        ids = tuple(self.ids) or (0,)
        ranks = dict(self.env.execute_query(self._get_rank_sql(ids)))
        group_ranks = dict(self.env.execute_query(self._get_group_rank_sql(ids)))
        for account in self:
            account.rank = ranks.get(account.id, 0)
            account.group_rank = group_ranks.get(account.id, 0)

    def _get_rank_sql(self, ids):
        """Return the SQL of (account id, rank) of some accounts.

        Only those at least as large as the smallest one asked for are put in order.
        """
        return SQL(
            """
            SELECT id, place FROM (
                SELECT a.id, rank() OVER (PARTITION BY a.company_id
                                          ORDER BY a.revenue DESC) AS place
                  FROM kam_account a
                  JOIN (SELECT company_id, min(revenue) AS revenue FROM kam_account
                         WHERE id IN %(ids)s AND revenue > 0 GROUP BY company_id) least
                    ON least.company_id = a.company_id AND a.revenue >= least.revenue
            ) ranked
             WHERE id IN %(ids)s
            """,
            ids=ids,
        )

    def _get_group_rank_sql(self, ids):
        """Return the SQL of (account id, rank of its group) of some accounts."""
        return SQL(
            """
            WITH kin AS (
                SELECT company_id, COALESCE(group_partner_id, partner_id) AS root_id,
                       rank() OVER (PARTITION BY company_id
                                    ORDER BY sum(revenue) DESC) AS place
                  FROM kam_account WHERE revenue > 0
                   AND company_id IN (SELECT company_id FROM kam_account WHERE id IN %(ids)s)
                 GROUP BY company_id, root_id
            )
            SELECT a.id, kin.place
              FROM kam_account a
              JOIN kin ON kin.company_id = a.company_id
               AND kin.root_id = COALESCE(a.group_partner_id, a.partner_id)
             WHERE a.id IN %(ids)s AND a.revenue > 0
            """,
            ids=ids,
        )
