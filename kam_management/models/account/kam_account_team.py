from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .kam_account import HEAD_FIELDS
from .kam_account_roles import ROLE_FIELDS

TEAM_FIELDS = {*ROLE_FIELDS, "team_id"} - HEAD_FIELDS


class KamAccount(models.Model):
    """Who is in the team of an account, as what, is decided by who answers for it.

    That is its manager, the accountable one and every head of sales. The others take
    part: they see the account and work on it, but take nobody in, promote nobody, and
    leave it in its sales team.
    """

    _inherit = "kam.account"

    can_staff = fields.Boolean(
        compute="_compute_can_staff", help="The user may change who is in the team."
    )

    @api.depends("manager_id", "accountable_id")
    @api.depends_context("uid")
    def _compute_can_staff(self):
        is_head = self._is_head_of_sales()
        for account in self:
            account.can_staff = is_head or account._is_led_by(self.env.user)

    @api.model
    def _get_members_domain(self, user_ids):
        """Return the domain of the accounts of which some users are other members.

        Each of a team is found by an index then. With the condition that the ORM makes
        of a many2many, PostgreSQL looks at every account to find those of one user.
        """
        field = self._fields["member_ids"]

        def to_sql(_model, alias, _query):
            return SQL(
                "%s = ANY(ARRAY(SELECT %s FROM %s WHERE %s IN %s))",
                SQL.identifier(alias, "id"),
                SQL.identifier(field.column1),
                SQL.identifier(field.relation),
                SQL.identifier(field.column2),
                user_ids,
                to_flush=field,
            )

        return Domain.custom(to_sql=to_sql)

    def write(self, vals):
        if not TEAM_FIELDS.isdisjoint(vals):
            self._check_staffing()
        return super().write(vals)

    def _is_led_by(self, user):
        """Return whether a user answers for this account, heads of sales left aside."""
        return user in self.manager_id | self.accountable_id

    def _check_staffing(self):
        """Refuse to change the team of an account that the user only takes part in.

        :raise AccessError: saying whom to ask
        """
        self.check_access("write")
        if self.env.su or all(account.can_staff for account in self):
            return
        raise AccessError(
            self.env._(
                "Only the key account manager and heads of sales change the team of an"
                " account. Ask one of them."
            )
        )
