from odoo import api, fields, models
from odoo.fields import Domain


class KamAccount(models.Model):
    """Key accounts nobody looks after as they deserve. Looked up, not stored."""

    _inherit = "kam.account"

    is_key_neglected = fields.Boolean(
        "Neglected Key Account",
        compute="_compute_key_neglect",
        search="_search_is_key_neglected",
    )
    key_neglect = fields.Char(
        "Missing Care",
        compute="_compute_key_neglect",
        help="A key account should have a running service plan, and key stakeholders"
        " we know and have met.",
    )

    @api.depends(
        "is_key_account",
        "plan_ids.state",
        "plan_ids.version",
        "plan_ids.date_start",
        "coverage_gap_count",
    )
    def _compute_key_neglect(self):
        keys = self.filtered("is_key_account")
        (self - keys).update({"is_key_neglected": False, "key_neglect": False})
        if not keys:
            return
        Plan = self.env["kam.plan"]
        domain = Domain("account_id", "in", keys.ids) & Plan._get_in_force_domain()
        planned = Plan.search(domain).account_id
        for account in keys:
            lacks = []
            if account._origin not in planned:
                lacks.append(self.env._("no running service plan"))
            if gaps := account.coverage_gap_count:
                lacks.append(self.env._("coverage gaps: %(count)s", count=gaps))
            account.is_key_neglected = bool(lacks)
            account.key_neglect = ", ".join(lacks)

    def _search_is_key_neglected(self, operator, value):
        if operator != "in":
            return NotImplemented
        neglected = Domain("is_key_account", "=", True) & (
            Domain("plan_ids", "not any", self.env["kam.plan"]._get_in_force_domain())
            | Domain("has_coverage_gap", "=", True)
        )
        return neglected if True in value else ~neglected
