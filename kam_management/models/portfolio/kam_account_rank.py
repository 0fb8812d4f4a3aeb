from bisect import bisect_right
from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


def place(revenue, revenues):
    """Return the place of a revenue among all, 1 for the largest; equal ones share it.

    :param list revenues: all of them, the smallest first

    >>> [place(revenue, [2, 10, 10, 50]) for revenue in (50, 10, 2)]
    [1, 2, 4]
    """
    return len(revenues) - bisect_right(revenues, revenue) + 1


def join_groups(revenues, members, groups):
    """Return what customers bring, each group as one, the smallest first.

    :param list revenues: of all customers
    :param list members: of those that belong to groups
    :param list groups: what each group brings

    >>> join_groups([30, 50, 25, 5], [30, 25], [55])
    [5, 50, 55]
    """
    alone = Counter(revenues) - Counter(members)
    return sorted([*alone.elements(), *groups])


class KamAccount(models.Model):
    """The place of an account, and of its group, in the order of revenue (R28).

    Looked up when asked for: one order that is confirmed moves everybody behind it, and
    nobody's row is to be written for that.
    """

    _inherit = "kam.account"

    rank = fields.Integer(
        "Rank by Revenue",
        compute="_compute_rank",
        help="Rank among the customers of the company by revenue within the window;"
        " customers with equal revenue share a rank. 0: no revenue.",
    )
    group_rank = fields.Integer(
        "Group's Rank by Revenue",
        compute="_compute_rank",
        help="Rank of the customer group among all groups, single customers included."
        " 0: no revenue.",
    )

    @api.depends("revenue", "group_partner_id")
    def _compute_rank(self):
        """Look up the revenue of all customers once, however many are asked for."""
        self.update({"rank": 0, "group_rank": 0})
        ranked = self.filtered(lambda account: account.revenue > 0)
        # sudo: the place is one among all customers, those the user does not see too
        everybody = self.sudo().with_context(active_test=False)
        domain = Domain("company_id", "in", ranked.company_id.ids)
        domain &= Domain("revenue", "!=", 0)
        groups = {
            (company, group): revenue
            for company, group, revenue in everybody._get_groups(domain, ["company_id"])
        }
        revenues = everybody._get_revenues(domain)
        members = everybody._get_revenues(
            domain
            & Domain("group_partner_id", "in", [group.id for _c, group in groups])
        )
        for company, accounts in ranked.grouped("company_id").items():
            sums = {group: groups[of, group] for of, group in groups if of == company}
            customers = sorted(revenues[company])
            units = join_groups(customers, members.get(company, ()), sums.values())
            for account in accounts:
                together = sums.get(account.group_partner_id, account.revenue)
                account.rank = place(account.revenue, customers)
                account.group_rank = together > 0 and place(together, units)

    @api.model
    def _get_revenues(self, domain):
        """Return {company: list of what its customers bring, in no order}."""
        groups = self._read_group(domain, ["company_id"], ["revenue:array_agg"])
        # nothing is known yet of what an account brings that was just made
        return {
            company: [float(revenue or 0) for revenue in revenues]
            for company, revenues in groups
        }

    @api.model
    def _get_groups(self, domain, by=(), **options):
        """Return [(*by, group, revenue)] of the groups of several customers.

        :param domain: of the accounts that count
        :param options: order and limit of ``_read_group``
        """
        # of several customers all but the topmost one have a parent: they are few
        kin = self._search(domain & Domain("partner_id.parent_id", "!=", False))
        roots = kin.subselect(SQL.identifier(kin.table, "group_partner_id"))
        return self._read_group(
            domain & Domain("group_partner_id", "in", roots),
            [*by, "group_partner_id"],
            ["revenue:sum"],
            having=[("__count", ">", 1)],
            **options,
        )
