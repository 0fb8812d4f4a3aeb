from odoo import api, models
from odoo.exceptions import AccessError

HEAD_GROUP = "kam_management.group_kam_manager"


class KamAccount(models.Model):
    """The head of sales who answers for a customer, or for a company of ours."""

    _inherit = "kam.account"

    def _get_head(self):
        """Return the head of sales to ask about an account, empty when there is none.

        - The accountable one of the account;
        - else that of the company, see ``_get_company_head``.
        """
        self.ensure_one()
        # sudo: who is accountable is no secret from who asks him
        accountable = self.sudo().accountable_id.filtered("active")
        if accountable and accountable.has_group(HEAD_GROUP):
            return accountable.sudo(False)
        return self._get_company_head(self.company_id)

    @api.model
    def _get_company_head(self, company):
        """Return the head of sales of a company, empty when there is none.

        Of several the one who is accountable for most revenue, else the first.

        :param company: a ``res.company`` record
        """
        # sudo: heads are looked for by the system and by managers alike
        heads = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(HEAD_GROUP).ids),
                    ("company_ids", "in", company.ids),
                ],
                order="id",
            )
        )
        accountable = self.sudo()._read_group(
            [("company_id", "=", company.id), ("accountable_id", "in", heads.ids)],
            ["accountable_id"],
            order="revenue:sum desc",
            limit=1,
        )
        head = accountable[0][0] if accountable else heads[:1]
        return head.sudo(False)

    @api.model
    def _check_portfolio_access(self, company_id):
        """Return the company whose figures are asked for.

        :raise AccessError: when the user is no head of sales there
        """
        company = self.env["res.company"].browse(company_id)
        if not self.env.user.has_group(HEAD_GROUP) or company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "The figures of all customers together are for heads of sales."
                    " Ask yours for the right, or for the figures."
                )
            )
        return company
