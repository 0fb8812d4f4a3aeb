from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .account.kam_level_mixin import LEVELS
from .context import is_merging, without_defaults

# What decides whose lead it is, and what may close it.
CUSTOMER_FIELDS = {"partner_id", "company_id", "team_id", "user_id"}
CLOSING_FIELDS = {"stage_id", "probability", "active"}


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "kam.level.mixin"]
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
    kam_touch_ids = fields.One2many(
        "kam.touch", "lead_id", string="Touches", groups="kam_management.group_kam_user"
    )
    kam_stakeholder_ids = fields.Many2many(
        "kam.stakeholder",
        "kam_lead_stakeholder_rel",
        "lead_id",
        "stakeholder_id",
        string="Who Decides",
        domain="[('account_id', '=', kam_account_id)]",
        groups="kam_management.group_kam_user",
        help="The people of the customer who decide on this deal.",
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

    @api.depends("kam_account_id.level", "kam_touch_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_kam_level(self):
        """Show the level also where the account may not be opened, in its company."""
        # sudo: the level is no secret among the colleagues of one company
        for lead in self.sudo():
            account = lead.kam_account_id
            if not account:
                level = "engaged" if lead.kam_touch_ids else "potential"
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
            domain |= alone & Domain("kam_touch_ids", "any!", [])
        if "potential" in value:
            domain |= alone & Domain("kam_touch_ids", "not any!", [])
        return domain

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        """Give ``kam_level`` an expression, so that leads can be grouped by it."""
        if field_expr != "kam_level" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields["kam_level"], "read")
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
                   WHEN EXISTS (SELECT FROM kam_touch t
                                 WHERE t.lead_id = %(lead)s AND t.active)
                   THEN 'engaged' ELSE 'potential' END)""",
            level=SQL.identifier(account, "level"),
            account=SQL.identifier(alias, "kam_account_id"),
            lead=SQL.identifier(alias, "id"),
        )

    @api.constrains("kam_stakeholder_ids")
    def _check_kam_stakeholder_ids(self):
        """Keep to people of the customer whose deal it is."""
        if is_merging(self.env):
            return
        # sudo: whose people they are, whoever works on the lead
        for lead in self.sudo():
            people = lead.with_context(active_test=False).kam_stakeholder_ids
            if people.account_id - lead.kam_account_id:
                raise ValidationError(
                    self.env._(
                        "Who decides: choose people from the dossiers of the lead's"
                        " own customer."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_kam_written_fields(vals)
        self = without_defaults(self, {"kam_account_id"})
        leads = super().create(vals_list)
        leads._kam_report_news()
        return leads

    def write(self, vals):
        self._check_kam_written_fields(vals)
        closing = not CLOSING_FIELDS.isdisjoint(vals)
        leads_open = self._kam_get_open_leads() if closing else self.browse()
        result = super().write(vals)
        if not CUSTOMER_FIELDS.isdisjoint(vals):
            # a customer given by the same act that closes the lead still counts
            leads_open._kam_link_account()
            self._kam_drop_strangers()
            self._kam_report_news()
        return result

    def unlink(self):
        # sudo: the customer was contacted, whatever becomes of the lead and its messages
        leads = self.sudo().with_context(active_test=False)
        touches = leads.kam_touch_ids.filtered("account_id")
        # a meeting without guests of the customer would be found no more, and called off
        touches._get_without_guests().event_id = False
        touches.write({"lead_id": False, "message_id": False})
        return super().unlink()

    def action_kam_log_touch(self):
        """Open the quick form for a touch with the customer of this lead."""
        self.ensure_one()
        return self.env["kam.touch"]._prepare_quick_action(
            lead_id=self.id, partner_id=self.partner_id.id
        )

    def _kam_get_open_leads(self):
        """Return those of these leads that are open, with links that are up to date."""
        # sudo: the link follows the customer, whoever works on the lead
        leads = self.sudo().filtered(lambda lead: lead.won_status == "pending")
        leads.mapped("kam_account_id")
        return leads

    def _kam_link_account(self):
        """Link the account of the customer of today, as far as there is one."""
        accounts = self.env["kam.account"]._map_for(
            [
                (lead._get_kam_company(), lead.partner_id)
                for lead in self
                if lead.partner_id
            ]
        )
        for lead in self:
            customer = lead.partner_id.commercial_partner_id
            lead.kam_account_id = accounts.get((lead._get_kam_company(), customer))

    def _kam_drop_strangers(self):
        """Take those out who decide at the customer the lead was of before."""
        # sudo: follows the customer, whoever changed him
        for lead in self.sudo().with_context(active_test=False):
            strangers = lead.kam_stakeholder_ids.filtered(
                lambda person, lead=lead: person.account_id != lead.kam_account_id
            )
            if strangers:
                lead.kam_stakeholder_ids -= strangers

    def _check_kam_written_fields(self, vals):
        """Refuse to link an account by hand: it might be one the user may not see.

        :param dict vals: values given to create or write
        """
        if "kam_account_id" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The account of a lead follows from its customer. Change the"
                    " customer of the lead instead."
                )
            )

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
        first company. ``evidence.leads`` says the same in SQL.
        """
        # sudo: names the company of a team or colleague, whoever looks
        lead = self.sudo()
        return (
            lead.company_id
            or lead.team_id.company_id
            or lead.user_id.company_id
            or lead.partner_id.company_id
            or lead.env["res.company"].search(
                [("parent_id", "=", False)], order="id", limit=1
            )
        )

    def _merge_dependences(self, opportunities):
        """Keep the touches of the leads that are merged into this one."""
        result = super()._merge_dependences(opportunities)
        # sudo: touches of colleagues move along with their lead
        everyone = self.sudo().with_context(active_test=False)
        touches = opportunities.with_env(everyone.env).kam_touch_ids
        own = everyone.kam_touch_ids
        twins = touches.filtered(lambda touch: not touch.account_id)._get_twins(
            own.filtered(lambda touch: not touch.account_id)
        )
        twins.unlink()
        (touches - twins).write({"lead_id": self.id})
        # sudo: people of the account this lead keeps, whoever may see them
        merged = (opportunities + self).sudo().with_context(active_test=False)
        self.sudo().kam_stakeholder_ids = merged.kam_stakeholder_ids.filtered(
            lambda person: person.account_id == self.sudo().kam_account_id
        )
        return result
