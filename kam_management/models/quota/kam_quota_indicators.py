from collections.abc import Callable
from typing import NamedTuple

from odoo import api, models

# The three counts that are to stay in balance.
COUNTS = ("kept", "won", "engaged")

SUM, AVERAGE, STATE = "sum", "average", "state"


class QuotaIndicator(NamedTuple):
    """Something quotas can be set in: one query says which records make up its figures.

    ``facts`` is called as a method of ``kam.quota`` with a ``Frame`` and returns the SQL
    of all records of the companies and days in question, whoever they are credited to:

    - company_id, date, user_id (credited to; NULL: nobody), account_id, res_model and
      res_id (the record), value, weight (of a state the share of it, else 1);
    - where ``frame.one_by_one`` is false, rows that count alike may be one row;
    - by_product: categ_id, and buyer (level of the account on that day) if
      ``frame.with_buyer``;
    - a state: period_id besides, one row per record and period of the table
      ``kam_period`` (id, company_id, date_start, date_until, date_end): what is so at
      the end of date_until.

    Everything else follows from these rows: the figure of a quota, the records behind
    it, the figure without some customers. ``outlook`` returns rows of the same kind with
    a period_id: what is still to come until date_end. Of a sum they are added to what is
    there, of a state they are the whole state at the end. Without it a sum goes on at
    its pace, and anything else stays as it is.
    """

    label: str
    unit: str | None  # None: the currency of the company
    kind: str  # "sum", "average" or "state"
    facts: Callable
    outlook: Callable | None = None
    by_product: bool = False


class KamQuota(models.Model):
    """The catalogue of what quotas are set in."""

    _inherit = "kam.quota"

    @api.model
    def _get_indicators(self):
        """Return what quotas can be set in, as {key: ``QuotaIndicator``}.

        Other modules extend this method to add to it.
        """
        Quota = type(self)
        customers, touches = self.env._("customers"), self.env._("touches")
        return {
            "kept": QuotaIndicator(
                self.env._("Active customers kept"),
                customers,
                STATE,
                Quota._get_kept_sql,
                Quota._get_kept_outlook_sql,
            ),
            "won": QuotaIndicator(
                self.env._("New customers won"),
                customers,
                SUM,
                Quota._get_won_sql,
                Quota._get_won_outlook_sql,
            ),
            "engaged": QuotaIndicator(
                self.env._("Potentials engaged"), customers, SUM, Quota._get_engaged_sql
            ),
            "revenue": QuotaIndicator(
                self.env._("Revenue"),
                None,
                SUM,
                Quota._get_revenue_sql,
                Quota._get_revenue_outlook_sql,
            ),
            "category_revenue": QuotaIndicator(
                self.env._("Revenue of a product category"),
                None,
                SUM,
                Quota._get_category_revenue_sql,
                by_product=True,
            ),
            "category_units": QuotaIndicator(
                self.env._("Units of a product category"),
                self.env._("units"),
                SUM,
                Quota._get_category_units_sql,
                by_product=True,
            ),
            "touches": QuotaIndicator(
                self.env._("Touches"), touches, SUM, Quota._get_touches_sql
            ),
            "touch_quality": QuotaIndicator(
                self.env._("Quality of touches"),
                self.env._("stars of 5"),
                AVERAGE,
                Quota._get_touch_quality_sql,
            ),
        }

    @api.model
    def _select_indicator(self):
        return [(key, ind.label) for key, ind in self._get_indicators().items()]
