from odoo import api, models
from odoo.fields import Domain

CUSTOMERS_SHOWN = 80


class KamAccount(models.Model):
    """What if some customers left? Figures with and without them; nothing is written."""

    _inherit = "kam.account"

    @api.model
    @api.readonly
    def get_what_if(self, company_id, account_ids=(), group_ids=(), name=""):
        """Return the figures of a company with and without some customers.

        Asks the database as often for many customers as for one.

        :param int company_id: one of the user's companies
        :param account_ids: ids of the accounts that leave
        :param group_ids: ids of the topmost partners whose whole groups leave
        :param str name: list only customers and groups of this name
        :return: {"customers": list of the largest ones, see ``_format_customer``,
            "more": there are others, "leaving": {"accounts", "groups"} with the names of
            what was asked for, "before", "after": see ``_get_portfolio_figures``,
            "managers": list of {"name", "revenue", "revenue_without"} of who led them,
            "quotas": list, see ``kam.quota._get_without``, "currency_id", "band", "limit"}
        :raise AccessError: when the user is no head of sales of the company
        """
        company = self._check_portfolio_access(company_id)
        Account = self.with_context(active_test=False)
        leaving = Account._get_leaving(company, account_ids, group_ids)
        before = after = self._get_portfolio_figures(company, ())
        if leaving:
            after = self._get_portfolio_figures(company, leaving.ids)
        *band, limit = company._get_kam_concentration()
        return {
            **Account._get_what_if_customers(company, name),
            "leaving": leaving._format_leaving(group_ids),
            "before": before,
            "after": after,
            "managers": leaving._get_what_if_managers(company),
            "quotas": self.env["kam.quota"]._get_without(leaving.ids),
            "currency_id": company.currency_id.id,
            "band": band,
            "limit": limit,
        }

    def _get_leaving(self, company, account_ids, group_ids):
        """Return the accounts of a company that leave, alone or with their group."""
        asked = Domain("id", "in", list(account_ids)) | Domain(
            "group_partner_id", "in", list(group_ids)
        )
        return self.search_fetch(
            asked & Domain("company_id", "=", company.id),
            ["partner_id", "group_partner_id", "revenue", "manager_id"],
        )

    def _get_what_if_customers(self, company, name):
        """Return the largest customers, by revenue, and whether there are more."""
        domain = Domain("company_id", "=", company.id) & Domain("revenue", ">", 0)
        if name:
            domain &= Domain("partner_id", "ilike", name) | Domain(
                "group_partner_id", "ilike", name
            )
        found = self.search(domain, limit=CUSTOMERS_SHOWN + 1)
        shown = found[:CUSTOMERS_SHOWN]
        several = {
            group
            for group, count in self._read_group(
                [
                    ("company_id", "=", company.id),
                    ("revenue", ">", 0),
                    ("group_partner_id", "in", shown.group_partner_id.ids),
                ],
                ["group_partner_id"],
                ["__count"],
            )
            if count > 1
        }
        return {
            "customers": [account._format_customer(several) for account in shown],
            "more": len(found) > CUSTOMERS_SHOWN,
        }

    def _format_customer(self, several):
        """Return this account as a row of the list.

        :param set several: the groups of several customers
        """
        group = self.group_partner_id
        return {
            "id": self.id,
            "name": self.display_name,
            "revenue": self.revenue,
            "share": self.share,
            "segment": self.segment,
            "is_key": self.is_key_account,
            "manager": self.manager_id.name or "",
            "group": group in several and {"id": group.id, "name": group.name},
        }

    def _format_leaving(self, group_ids):
        """Return the names and revenue of what was asked for, to show as tags."""
        grouped = self.filtered(lambda a: a.group_partner_id.id in set(group_ids))
        return {
            "accounts": [
                {"id": account.id, "name": account.display_name}
                for account in self - grouped
            ],
            "groups": [
                {"id": group.id, "name": group.name, "count": len(accounts)}
                for group, accounts in grouped.grouped("group_partner_id").items()
            ],
        }

    def _get_what_if_managers(self, company):
        """Return what the managers of these accounts would have left, by what they lose.

        Net, as the company's revenue is: who leaves below zero leaves a manager with more.
        """
        lost = {
            manager: revenue
            for manager, accounts in self.grouped("manager_id").items()
            if (revenue := sum(accounts.mapped("revenue")))
        }
        revenue = self._read_group(
            [
                ("company_id", "=", company.id),
                ("manager_id", "in", [manager.id for manager in lost]),
            ],
            ["manager_id"],
            ["revenue:sum"],
        )
        return sorted(
            (
                {
                    "name": manager.name or self.env._("No manager"),
                    "revenue": total,
                    "revenue_without": total - lost[manager],
                }
                for manager, total in revenue
            ),
            key=lambda row: row["revenue_without"] - row["revenue"],
        )
