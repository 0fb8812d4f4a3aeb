from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What a merged deal takes from the others where it says nothing itself.
TYPED = (
    "kam_own_sales_type",
    "kam_need",
    "kam_need_note",
    "kam_fit",
    "kam_date_basis",
)


class CrmLead(models.Model):
    """How a deal is sold: as its customer usually buys, unless somebody says otherwise.

    What is said otherwise is all that is stored, so that a lead has no work with it.
    """

    _inherit = "crm.lead"

    kam_own_sales_type = fields.Selection(
        lambda self: self.env["kam.account"]._fields["sales_type"].selection,
        "Own Sales Type",
        copy=False,
        groups="kam_management.group_kam_user",
    )
    kam_sales_type = fields.Selection(
        lambda self: self.env["kam.account"]._fields["sales_type"].selection,
        "Sales Type",
        compute="_compute_kam_sales_type",
        inverse="_inverse_kam_sales_type",
        search="_search_kam_sales_type",
        groups="kam_management.group_kam_user",
        help="Proposed from the customer. It decides the steps of the deal, and what must"
        " be known for them.",
    )

    # What the customer needs: known from the qualification, or from later talks
    kam_fit = fields.Selection(
        [("yes", "Fits"), ("no", "Does Not Fit"), ("unclear", "Unclear")],
        "Fit",
        copy=False,
        groups="kam_management.group_kam_user",
        help="Whether they are the kind of customer we can serve well.",
    )
    kam_need = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("unclear", "Unclear")],
        "Need",
        copy=False,
        groups="kam_management.group_kam_user",
        help="Whether they need what we sell. When it becomes due is not asked here.",
    )
    kam_need_note = fields.Text(
        "What They Need", copy=False, groups="kam_management.group_kam_user"
    )

    @api.depends("kam_own_sales_type", "kam_account_id.sales_type")
    def _compute_kam_sales_type(self):
        # sudo: how the customer usually buys, for who sees the deal
        for lead in self.sudo():
            lead.with_env(self.env).kam_sales_type = (
                lead.kam_own_sales_type or lead.kam_account_id.sales_type
            )

    def _inverse_kam_sales_type(self):
        for lead in self:
            lead.kam_own_sales_type = lead.kam_sales_type

    def _search_kam_sales_type(self, operator, value):
        # Odoo leaves this check to the search method of a field that is not stored
        self._check_field_access(self._fields["kam_sales_type"], "read")
        if operator != "in":
            return NotImplemented
        # any!: as the customer buys, whoever may open the account
        usual = Domain("kam_account_id", "any!", [("sales_type", "in", value)])
        if False in value:
            usual |= Domain("kam_account_id", "=", False)
        usual &= Domain("kam_own_sales_type", "=", False)
        own = Domain("kam_own_sales_type", "in", set(value) - {False})
        return own | usual

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        """Give the sales type an expression, so that leads can be grouped by it."""
        if field_expr != "kam_sales_type" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields["kam_sales_type"], "read")
        account = query.make_alias(alias, "kam_sales_type_account")
        query.add_join(
            "LEFT JOIN",
            account,
            "kam_account",
            SQL(
                "%s = %s",
                SQL.identifier(alias, "kam_account_id"),
                SQL.identifier(account, "id"),
            ),
        )
        return SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(alias, "kam_own_sales_type"),
            SQL.identifier(account, "sales_type"),
        )

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: what is known of the deals, whoever may see it
        lead, merged = self.sudo(), opportunities.sudo()
        known = {name: lead[name] or merged.mapped(name) for name in TYPED}
        values = {
            name: next(filter(None, found), False)
            for name, found in known.items()
            if isinstance(found, list) and any(found)
        }
        if values:
            lead.write(values)
        return result
