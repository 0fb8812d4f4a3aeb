from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Customers report that they came, or that they belong to somebody else now."""

    _inherit = "res.partner"

    def _kam_report_news(self):
        """Report new companies on the market, for each company of ours they concern."""
        # sudo: names the companies whose market this is
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        self.env["kam.account.event"]._append(
            (company, partner.commercial_partner_id)
            for partner in self
            for company in partner.company_id or companies
        )

    def _kam_report_moved(self):
        """Report the customers these partners belong to now, wherever they have one.

        So are the companies below them: their group moved.
        """
        if not self:
            return
        below = (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "child_of", self.ids), ("is_company", "=", True)])
        )
        (self | below).commercial_partner_id._kam_report_everywhere()

    def _kam_report_everywhere(self):
        """Report these customers in all companies: somebody came, or left with entries."""
        # sudo: documents of any company and branch may have come along
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        self.env["kam.account.event"]._append(
            (company, customer) for customer in self for company in companies
        )
