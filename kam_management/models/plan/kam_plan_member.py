from odoo import api, fields, models


class KamPlanMember(models.Model):
    """A colleague who takes part in carrying a plan out, and as what.

    Who is in the plan's team sees the account: he becomes a member of its team, which
    who answers for the account decides.
    """

    _name = "kam.plan.member"
    _description = "Service Plan Team Member"
    _inherit = ["kam.plan.line"]
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    role = fields.Char(help="Such as project manager, engineer or trainer.")

    _plan_user_uniq = models.UniqueIndex(
        "(plan_id, user_id)", "This colleague is already in the team of the plan."
    )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._join_account_team()
        return members

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals or "plan_id" in vals:
            self._join_account_team()
        return result

    def _join_account_team(self):
        """Let members see the account the plan is for."""
        for member in self:
            account = member.plan_id.account_id
            if member.user_id not in account.team_user_ids:
                account.member_ids += member.user_id
