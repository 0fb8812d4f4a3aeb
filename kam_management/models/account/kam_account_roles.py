from odoo import api, fields, models
from odoo.fields import Domain

# The fields that make a user a member of the account's team.
ROLE_FIELDS = (
    "manager_id",
    "developer_id",
    "telemarketer_id",
    "project_manager_id",
    "accountable_id",
    "member_ids",
)


class KamAccount(models.Model):
    """Who of us looks after a customer, as what; together they are the account's team."""

    _inherit = "kam.account"

    manager_id = fields.Many2one(
        "res.users",
        string="Key Account Manager",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
        help="The person who owns the relationship with this customer.",
    )
    developer_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
        help="The salesperson who wins the first sale.",
    )
    telemarketer_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        check_company=True,
        domain="[('share', '=', False)]",
        help="Qualifies the customer by phone.",
    )
    project_manager_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    accountable_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
        help="The head of sales who is accountable for the result.",
        string="Head of Sales",
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Other Team Members",
        domain="[('share', '=', False)]",
        help="Colleagues who can see this account without having a role on it.",
    )
    team_user_ids = fields.Many2many(
        "res.users",
        string="Account Team",
        compute="_compute_team_user_ids",
        search="_search_team_user_ids",
        help="Everyone with a role on the account, and the other team members.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        check_company=True,
    )

    @api.depends(*ROLE_FIELDS)
    def _compute_team_user_ids(self):
        for account in self:
            account.team_user_ids = account.member_ids.union(
                *(account[name] for name in ROLE_FIELDS)
            )

    def _search_team_user_ids(self, operator, value):
        if operator not in ("in", "any", "any!"):
            return NotImplemented
        domains = {name: Domain(name, operator, value) for name in ROLE_FIELDS}
        if operator == "in" and value and all(type(user) is int for user in value):
            domains["member_ids"] = self._get_members_domain(tuple(value))
        return Domain.OR(domains.values())

    @api.depends("manager_id")
    def _compute_team_id(self):
        """Follow the manager into his sales team, but only on a change of manager."""
        for account in self:
            account.team_id = account.manager_id.sale_team_id or account.team_id

    def _check_company(self, fnames=None):
        """Ask of one account for all of a company that have got the same people."""
        names = [
            name
            for name in fnames or ()
            if self._fields[name].relational and self._fields[name].check_company
        ]
        if not names or "company_id" in fnames:
            return super()._check_company(fnames)
        alike = {
            tuple(one[name].id for name in (*names, "company_id")): one for one in self
        }
        firsts = self.browse().union(*alike.values())
        return super(KamAccount, firsts)._check_company(fnames)
