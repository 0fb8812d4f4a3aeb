from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .kam_level_mixin import LEVELS

# What decides whose lead it is, and what may close it.
CUSTOMER_FIELDS = {"partner_id", "company_id", "team_id", "user_id"}
CLOSING_FIELDS = {"stage_id", "probability", "active"}


class CrmLead(models.Model):
    """A lead knows the account of its customer, and how far that has come."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "kam.level.mixin", "kam.guard"]
    _level_fields = ("kam_level",)

    kam_account_id = fields.Many2one(
        "kam.account",
        string="Customer Account",
        compute="_compute_kam_account_id",
        store=True,
        index="btree_not_null",
        copy=False,
        groups="kam_management.group_kam_user",
        help="Follows the customer while the lead is open; a closed lead keeps it.",
    )
    kam_level = fields.Selection(
        LEVELS,
        string="Relationship Level",
        compute="_compute_kam_level",
        search="_search_kam_level",
        groups="kam_management.group_kam_user",
        help="Level of the customer; without a customer, engaged from the first touch on.",
    )

    @api.depends(
        "partner_id.commercial_partner_id",
        "company_id",
        "team_id",
        "user_id",
        "won_status",
    )
    def _compute_kam_account_id(self):
        """Link the account of the customer; won and lost leads keep what they have."""
        closed = self.filtered(
            lambda lead: lead.won_status in ("won", "lost") and lead.kam_account_id
        )
        for lead in closed:
            lead.kam_account_id = lead.kam_account_id
        (self - closed)._kam_link_account()

    @api.depends("kam_account_id.level")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_kam_level(self):
        """Show the level also where the account may not be opened, in its company."""
        # sudo: the level is no secret among the colleagues of one company
        leads = self.sudo()
        contacted = leads.filtered_domain(self._get_kam_contacted_domain())
        for lead in leads:
            account = lead.kam_account_id
            if not account:
                level = "engaged" if lead in contacted else "potential"
            elif self.env.su or account.company_id in self.env.companies:
                level = account.level
            else:
                level = False
            lead.with_env(self.env).kam_level = level

    def _search_kam_level(self, operator, value):
        # Odoo leaves this check to the search method of a field that is not stored
        self._check_field_access(self._fields["kam_level"], "read")
        if operator != "in":
            return NotImplemented
        # any!: a level may be filtered by even where the account may not be opened
        levels = Domain("level", "in", list(value))
        if not self.env.su:
            levels &= Domain("company_id", "in", self.env.companies.ids)
        domain = Domain("kam_account_id", "any!", levels)
        alone = Domain("kam_account_id", "=", False)
        if "engaged" in value:
            domain |= alone & self._get_kam_contacted_domain()
        if "potential" in value:
            domain |= alone & ~self._get_kam_contacted_domain()
        return domain

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._kam_report_news()
        return leads

    def write(self, vals):
        leads = self.browse()
        if not CLOSING_FIELDS.isdisjoint(vals):
            leads = self._kam_get_open_leads(vals)
        result = super().write(vals)
        # a customer given just before, or by the same act, still counts
        leads.filtered(lambda lead: lead.won_status != "pending")._kam_link_account()
        if not CUSTOMER_FIELDS.isdisjoint(vals):
            self._kam_report_news()
        return result

    def unlink(self):
        """Let what hangs on merged leads hang on those they became part of."""
        merged = self._kam_get_merged()
        twins = {
            lead: self.browse(merged[lead.id]) for lead in self if lead.id in merged
        }
        if twins:
            self.env["kam.merge"]._carry_along(twins)
        self._kam_let_go()
        return super().unlink()

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        """Give ``kam_level`` an expression, so that leads can be grouped by it."""
        if field_expr != "kam_level" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields["kam_level"], "read")
        # sudo: the level is no secret, see above
        contacted = self.sudo()._search(
            self._get_kam_contacted_domain(), active_test=False
        )
        account = query.make_alias(alias, "kam_level_account")
        query.add_join(
            "LEFT JOIN",
            account,
            "kam_account",
            SQL(
                "%s = %s AND %s",
                SQL.identifier(alias, "kam_account_id"),
                SQL.identifier(account, "id"),
                SQL("TRUE")
                if self.env.su
                else SQL(
                    "%s IN %s",
                    SQL.identifier(account, "company_id"),
                    tuple(self.env.companies.ids),
                ),
            ),
        )
        return SQL(
            """COALESCE(%(level)s, CASE
                   WHEN %(account)s IS NOT NULL THEN NULL
                   WHEN %(lead)s IN %(contacted)s THEN 'engaged'
                   ELSE 'potential' END)""",
            level=SQL.identifier(account, "level"),
            account=SQL.identifier(alias, "kam_account_id"),
            lead=SQL.identifier(alias, "id"),
            contacted=contacted.subselect(),
        )

    def _kam_get_open_leads(self, vals):
        """Return those of these leads that are open, and follow a new customer.

        :param dict vals: what is going to be written
        """
        # sudo: the link follows the customer, whoever works on the lead
        leads = self.sudo()
        if CUSTOMER_FIELDS.isdisjoint(vals):
            field = self._fields["kam_account_id"]
            leads -= self.env.not_to_compute(field, leads)
        return leads.filtered(lambda lead: lead.won_status == "pending")

    def _kam_link_account(self):
        """Link the account of the customer of today, as far as there is one."""
        wanted = {
            lead: (lead._get_kam_company(), lead.partner_id)
            for lead in self
            if lead.partner_id
        }
        accounts = self.env["kam.account"]._map_for(wanted.values())
        for lead in self:
            account = False
            if accounts and lead in wanted:
                company, partner = wanted[lead]
                account = accounts.get((company, partner.commercial_partner_id), False)
            lead.kam_account_id = account

    @api.model
    def _get_kam_contacted_domain(self):
        """Return the domain of the leads that somebody was in contact with.

        The room that knows the contacts says; nobody was here.
        """
        return Domain.FALSE

    @api.model
    def _get_found_hint(self):
        return self.env._("Change the customer of the lead instead.")

    def _kam_report_news(self):
        """Report the customers of these leads, so that they get accounts and links."""
        self.env["kam.account.event"]._append(
            (lead._get_kam_company(), lead.partner_id.commercial_partner_id)
            for lead in self
            if lead.partner_id
        )

    def _get_kam_company(self):
        """Return the company of ours this lead is a lead of, even where it names none.

        That of the lead, else of its team, its salesperson or its customer, else our
        first company. ``customers.LEAD_COMPANY`` says the same in SQL.
        """
        # sudo: names the company of a team or colleague, whoever looks
        lead = self.sudo()
        return (
            lead.company_id
            or lead.team_id.company_id
            or lead.user_id.company_id
            or lead.partner_id.company_id
            or lead.company_id.browse(lead.company_id._get_kam_first_id())
        )

    def _kam_let_go(self):
        """Let what stays go on without these leads, which are about to be deleted."""

    def _kam_get_merged(self):
        """Return {id of a lead: id of what it was merged into} of this transaction.

        It ends with it, or when it is undone; Odoo deletes merged leads before, many at
        once where it merges many.
        """
        return self.env.cr.cache.setdefault("kam_merged_leads", {})

    def _merge_dependences(self, opportunities):
        """Carry along what this app keeps of the leads that are merged into this one.

        What hangs on them is carried along when they are deleted.
        """
        result = super()._merge_dependences(opportunities)
        merged = self._kam_get_merged()
        merged.pop(self.id, None)
        gone = {
            *opportunities.ids,
            *(old for old in merged if merged[old] in opportunities.ids),
        }
        merged.update(dict.fromkeys(gone, self.id))
        # sudo: what led to the deals, whoever may see it
        lead, merged = self.sudo(), opportunities.sudo()
        for name, field in self._fields.items():
            is_ours = name.startswith("kam_") and field.type == "many2one"
            if is_ours and not field.compute and not lead[name]:
                lead[name] = merged.mapped(name)[:1]
        return result
