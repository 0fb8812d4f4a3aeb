from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import sources
from .look import NOBODYS_CUSTOMERS, Look

DOCUMENT_COLUMNS = SQL(
    "company_id, partner_id, date, res_model, res_id, user_id, purchases, amount"
)
LINE_COLUMNS = SQL(
    """company_id, partner_id, date, res_model, res_id, user_id, contact_id, shipping_id,
       product_id, uom_id, quantity, amount"""
)


class KamEvidence(models.AbstractModel):
    """What was sold: one relation, by document and by line, that all figures read.

    Levels, revenue, shares, white space, goals, quotas and the records behind each ask
    here, so they say the same. The rule is DESIGN's, "What counts as sold".
    """

    _name = "kam.evidence"
    _description = "What Was Sold"

    @api.model
    def _get_sources(self, look):
        """Return where sales are recorded; other modules append to it.

        :param Look look: which companies, partners and days, and the basis
        :return: list of ``Source``: queries of

            - documents: company_id, partner_id (commercial entity), date, res_model,
              res_id, user_id (who sold), purchases (how many purchases it is, 0 for a
              deduction), amount (untaxed, company currency, rounded)
            - lines: of the same documents, adding up to them: company_id, partner_id,
              date, res_model, res_id, user_id, contact_id and shipping_id (partners),
              product_id, uom_id, quantity, amount; left out where a document is one line
        """
        found = []
        if look.basis != "invoice":
            found += [sources.get_orders(look), self._get_credits(look)]
        if look.basis != "order":
            found.append(sources.get_invoices(look))
        return found

    @api.model
    def _get_sales_sql(self, looks):
        """Return the SQL of what was sold, by document; see ``_get_sources``.

        Our own companies, and whoever works here, are nobody's customers.

        :param list looks: of ``Look``
        """
        return SQL(
            "SELECT * FROM (%s) sale WHERE partner_id NOT IN (%s)",
            SQL(" UNION ALL ").join(
                SQL("SELECT %s FROM (%s) document", DOCUMENT_COLUMNS, source.documents)
                for look in looks
                for source in self._get_sources(look)
            ),
            NOBODYS_CUSTOMERS,
        )

    @api.model
    def _get_sale_lines_sql(self, looks):
        """Return the SQL of what was sold, by line; the lines add up to the documents.

        Columns besides those of ``_get_sources``: categ_id; units (of the product's own
        unit of measure); cost (of the units, at today's standard price).

        :param list looks: of ``Look``
        """
        return SQL(
            """
            SELECT sale.*, template.categ_id, own.units,
                   own.units * COALESCE((product.standard_price
                                         ->> sale.company_id::text)::numeric, 0) AS cost
              FROM (%(lines)s) sale
              LEFT JOIN product_product product ON product.id = sale.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom sold ON sold.id = sale.uom_id
              LEFT JOIN uom_uom kept ON kept.id = template.uom_id
             CROSS JOIN LATERAL (
                SELECT COALESCE(sale.quantity * COALESCE(
                    sold.factor / NULLIF(kept.factor, 0), 1)::numeric, 0) AS units
             ) own
             WHERE sale.partner_id NOT IN (%(not_customers)s)
            """,
            lines=SQL(" UNION ALL ").join(
                SQL("SELECT %s FROM (%s) line", LINE_COLUMNS, self._get_lines(source))
                for look in looks
                for source in self._get_sources(look)
            ),
            not_customers=NOBODYS_CUSTOMERS,
        )

    @api.model
    def _get_lines(self, source):
        """Return the SQL of the lines of a source; of one without, its documents."""
        if source.lines:
            return source.lines
        return SQL(
            """
            SELECT *, partner_id AS contact_id, partner_id AS shipping_id,
                   NULL::int AS product_id, NULL::int AS uom_id, 0::numeric AS quantity
              FROM (%s) document
            """,
            source.documents,
        )

    @api.model
    def _get_looks(self, until, companies=None, since=None, partners=None):
        """Return how companies count sales, those that count alike together.

        :param date until: the last day
        :param companies: ``res.company`` records, None for all
        :param date since: the first day, None for ever since
        :param SQL partners: see ``Look``
        :return: list of ``Look``
        """
        # sudo: what a company counts as sold is no secret from its figures
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        companies = Company.search(Domain.TRUE) if companies is None else companies
        alike = companies.sudo().grouped(
            lambda company: (
                company.kam_purchase_basis,
                company.currency_id.decimal_places,
            )
        )
        return [
            Look(tuple(some.ids), basis, digits, until, since, partners)
            for (basis, digits), some in alike.items()
        ]
