from odoo import api, fields, models
from odoo.tools import ormcache

KAM_GROUP = "kam_management.group_kam_user"


class KamConcessionLimit(models.Model):
    """How much a salesperson may concede without asking; beyond it a head approves.

    Of one user, or of a group; of neither it is for all key account managers. Who has
    none may concede what they like, as in Odoo.
    """

    _name = "kam.concession.limit"
    _description = "Limit of Concessions"
    _inherit = ["kam.guard"]
    _order = "company_id, user_id, group_id, id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('share', '=', False)]",
        help="Only for this user, whatever groups they are in.",
    )
    group_id = fields.Many2one(
        "res.groups",
        ondelete="cascade",
        help="For who is in this group. Of several groups the most generous limit counts.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    percent = fields.Float(
        "Limit (%)",
        digits=(5, 2),
        help="Of the untaxed amount that the customer was sent first; 0: every concession"
        " is to be approved.",
    )
    amount = fields.Monetary(
        "Limit (Amount)",
        help="In the currency of the company; 0: no limit but that in percent.",
    )

    _user_uniq = models.UniqueIndex(
        "(company_id, user_id) WHERE user_id IS NOT NULL",
        "This user has a limit already. Change that one.",
    )
    _group_uniq = models.UniqueIndex(
        "(company_id, group_id) WHERE group_id IS NOT NULL",
        "This group has a limit already. Change that one.",
    )
    _default_uniq = models.UniqueIndex(
        "(company_id) WHERE user_id IS NULL AND group_id IS NULL",
        "There is a limit for all key account managers already. Change that one, or name"
        " a user or group.",
    )
    _check_limits = models.Constraint(
        "CHECK(percent BETWEEN 0 AND 100 AND amount >= 0)",
        "Limit of concessions: enter 0 to 100 percent, and an amount of 0 or more.",
    )
    _check_whose = models.Constraint(
        "CHECK(user_id IS NULL OR group_id IS NULL)",
        "A limit is of a user or of a group. Leave one of them empty.",
    )

    @api.depends("user_id", "group_id")
    def _compute_display_name(self):
        for limit in self:
            whose = limit.user_id.name or limit.group_id.full_name
            limit.display_name = whose or self.env._("All Key Account Managers")

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        self.env.registry.clear_cache()
        return limits

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _find(self, company, user):
        """Return (percent, amount) that a user may concede, None without a limit.

        An amount of 0 is none. Known without a query once it was looked up.
        """
        return self._find_limit(company.id, user.id) if company and user else None

    @ormcache("company_id", "user_id")
    def _find_limit(self, company_id, user_id):
        # sudo: a limit counts for who may not read it, too
        limits = self.sudo().search([("company_id", "=", company_id)])
        if not limits:
            return None
        user = self.env["res.users"].sudo().browse(user_id)
        mine = limits.filtered(lambda limit: limit.user_id == user)
        if not mine:
            mine = limits.filtered(lambda limit: limit.group_id in user.all_group_ids)
        if not mine and user.has_group(KAM_GROUP):
            mine = limits.filtered(lambda one: not one.user_id and not one.group_id)
        if not mine:
            return None
        most = max(mine, key=lambda limit: (limit.percent, limit.amount))
        return most.percent, most.amount
