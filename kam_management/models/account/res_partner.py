from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..common.names import list_names
from .kam_level_mixin import LEVELS


class ResPartner(models.Model):
    """A customer knows its accounts, and they follow what becomes of the customer."""

    _inherit = "res.partner"

    kam_account_id = fields.Many2one(
        "kam.account",
        string="Customer Account",
        compute="_compute_kam_account_id",
        search="_search_kam_account_id",
        groups="kam_management.group_kam_user",
        help="The account of this customer, or of the contact's company, in the"
        " current company.",
    )
    kam_account_ids = fields.One2many(
        "kam.account",
        "partner_id",
        string="Customer Accounts",
        groups="kam_management.group_kam_user",
        help="The accounts of this customer with all our companies.",
    )
    kam_level = fields.Selection(
        LEVELS,
        string="Relationship Level",
        compute="_compute_kam_level",
        search="_search_kam_level",
        compute_sudo=True,
        groups="kam_management.group_kam_user",
    )
    is_key_account = fields.Boolean(
        "Key Account",
        compute="_compute_kam_level",
        search="_search_is_key_account",
        compute_sudo=True,
        groups="kam_management.group_kam_user",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_kam_account_id(self):
        accounts = self._get_kam_accounts()
        # only what the user may open: the link is a door, the level is not
        visible = set(
            self.env["kam.account"].union(*accounts.values())._filtered_access("read")
        )
        for partner in self:
            account = accounts.get(partner.commercial_partner_id)
            partner.kam_account_id = account if account in visible else False

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_kam_level(self):
        accounts = self._get_kam_accounts()
        for partner in self:
            account = accounts.get(partner.commercial_partner_id)
            partner.kam_level = account and account.level
            partner.is_key_account = bool(account and account.is_key_account)

    def _search_kam_account_id(self, operator, value):
        self._check_kam_access("kam_account_id")
        if operator in ("any", "any!"):
            return self._get_kam_domain(Domain(value), sudo=operator == "any!")
        if operator != "in":
            return NotImplemented
        domain = self._get_kam_domain(Domain("id", "in", value))
        if False in value:
            domain |= ~self._get_kam_domain(Domain.TRUE)
        return domain

    def _search_kam_level(self, operator, value):
        self._check_kam_access("kam_level")
        if operator != "in":
            return NotImplemented
        domain = self._get_kam_domain(Domain("level", "in", value), sudo=True)
        if False in value:
            domain |= ~self._get_kam_domain(Domain.TRUE, sudo=True)
        return domain

    def _search_is_key_account(self, operator, value):
        self._check_kam_access("is_key_account")
        if operator != "in":
            return NotImplemented
        domain = Domain.FALSE
        if True in value:
            domain |= self._get_kam_domain(
                Domain("is_key_account", "=", True), sudo=True
            )
        if False in value:
            domain |= ~self._get_kam_domain(
                Domain("is_key_account", "=", True), sudo=True
            )
        return domain

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("is_company")._kam_report_news()
        return partners

    def write(self, vals):
        # Odoo takes values out of vals on the way
        changed, toggled, former = set(vals), self.browse(), self.browse()
        moves = not {"parent_id", "is_company", "commercial_partner_id"}.isdisjoint(
            vals
        )
        if moves:
            former = self.commercial_partner_id
        if "active" in vals:
            toggled = self.filtered(lambda one: one.active != bool(vals["active"]))
        result = super().write(vals)
        if moves:
            self._kam_follow_commercial_entity()
            (former - self)._kam_report_everywhere()
        if "company_id" in changed:
            self.filtered("is_company")._kam_report_news()
        if toggled:
            toggled._kam_follow_archival()
        return result

    def unlink(self):
        """Report who belonged to these: now they are of another group, or of none."""
        self._kam_remove_empty_accounts()
        # sudo: whoever may delete partners
        partners = self.sudo().with_context(active_test=False)
        below = partners.search(
            [("id", "child_of", self.ids), ("id", "not in", self.ids)]
        )
        result = super().unlink()
        below.exists()._kam_report_moved()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kam_history(self):
        """Keep customers with a history: it is what the figures of the past show."""
        # sudo: whoever may delete partners learns why he may not delete this one
        accounts = self.env["kam.account"].sudo().with_context(active_test=False)
        if accounts := accounts.search([("partner_id", "in", self.ids)]):
            raise UserError(
                self.env._(
                    "%(customers)s: there are purchases or contacts on record, so this"
                    " cannot be deleted. Archive it instead.",
                    customers=list_names(accounts.partner_id),
                )
            )

    def action_open_kam_account(self):
        """Open the account of this customer with the current company."""
        self.ensure_one()
        if not self.kam_account_id:
            raise AccessError(
                self.env._(
                    "You are not in the account team of %(customer)s. Ask your head of"
                    " sales to add you.",
                    customer=self.display_name,
                )
            )
        return self.kam_account_id.get_formview_action()

    def _get_kam_accounts(self):
        """Return {commercial partner: account of the current company} for the partners."""
        # sudo: finds the rows; what is shown of them is decided by the caller
        accounts = (
            self.env["kam.account"]
            .sudo()
            ._map_for([(self.env.company, partner) for partner in self])
        )
        return {
            partner: account.sudo(self.env.su)
            for (_c, partner), account in accounts.items()
        }

    def _check_kam_may_move(self, customer):
        """Check whether the user may have the accounts of these customers moved.

        Whoever makes a customer part of another one, or merges it away, answers for both
        accounts: the team of the one would be led by the manager of the other. One that
        nobody serves is anybody's to tidy up. A company below another one stays a
        customer, so whoever may write contacts tells who is of which group.

        :param customer: the ``res.partner`` that gets the accounts
        :raise AccessError: naming the customers that others serve
        """
        if self.env.su:
            return
        # sudo: tells that others serve these customers, nothing of what they know
        accounts = self.env["kam.account"].sudo().with_context(active_test=False)
        served = accounts.search(
            [("partner_id", "in", (self + customer).ids)]
        ).filtered(lambda account: account.is_key_account or account.team_user_ids)
        if not served.partner_id & self:
            return
        theirs = served.sudo(False).with_context(
            allowed_company_ids=self.env.user.company_ids.ids
        )
        others = theirs - theirs._filtered_access("write").filtered("can_staff")
        if others:
            raise AccessError(
                self.env._(
                    "%(customers)s: they are customers of colleagues, and their"
                    " account would be merged into another one. Ask your head of sales"
                    " to do this.",
                    customers=list_names(others.sudo().partner_id),
                )
            )

    def _check_kam_may_merge(self, people=False):
        """Check whether the user may have what these customers hold merged.

        Whoever keeps more on them than accounts answers.

        :param bool people: whether these persons themselves are merged, or only the
            accounts of these customers
        :raise AccessError: saying what would be merged unseen
        """

    def _check_kam_access(self, name):
        """Refuse to search by a field the user may not read.

        Odoo leaves this to the search method of a field that is not stored.
        """
        self._check_field_access(self._fields[name], "read")

    def _get_kam_domain(self, domain, sudo=False):
        """Return the domain of partners whose account of the current company matches.

        :param Domain domain: on ``kam.account``
        :param bool sudo: whether accounts the user may not open count too
        """
        # the account of an archived customer is archived too
        Account = self.env["kam.account"].sudo(sudo).with_context(active_test=False)
        accounts = Account._search(
            domain & Domain("company_id", "=", self.env.company.id)
        )
        return Domain(
            "commercial_partner_id",
            "any!",
            [("id", "in", accounts.subselect("partner_id"))],
        )

    def _kam_follow_commercial_entity(self):
        """Move the accounts of customers who became part of another one.

        A customer who now belongs to a company brings his history along. A contact who
        goes from one company to another leaves his orders where they were made.
        """
        Account = self.env["kam.account"]
        for customer, partners in self.grouped("commercial_partner_id").items():
            absorbed = partners - customer
            if absorbed:
                absorbed._check_kam_may_move(customer)
                absorbed._check_kam_may_merge()
                Account._move_to_partner(absorbed, customer)
        self._kam_report_moved()

    def _kam_follow_archival(self):
        """Archive and restore accounts with their customers; tell who serves them."""
        # sudo: the account follows its customer, whoever archives them
        Account = self.env["kam.account"].sudo().with_context(active_test=False)
        for active, partners in self.grouped("active").items():
            changed = [("partner_id", "in", partners.ids), ("active", "!=", active)]
            accounts = Account.search(changed)
            # quietly: the log of the customer says it, and to look for what else may
            # have changed costs more than the change
            accounts.with_context(tracking_disable=True).active = active
            if not active:
                accounts._tell_put_away()

    def _kam_remove_empty_accounts(self):
        """Remove accounts that hold nothing, so that their partners can be deleted."""
        # sudo: an account without any history is not worth protecting
        accounts = self.env["kam.account"].sudo().with_context(active_test=False)
        accounts = accounts.search([("partner_id", "in", self.ids)])
        (accounts - accounts._filter_with_history()).unlink()
