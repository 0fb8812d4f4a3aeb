from odoo import fields, models
from odoo.exceptions import UserError


class KamQuotaDeciding(models.TransientModel):
    """Decides about several deviations at once; what a row says already is kept."""

    _name = "kam.quota.deciding"
    _description = "Decide About Deviations"
    _inherit = ["kam.guard"]

    decision_ids = fields.Many2many(
        "kam.quota.decision", string="Deviations", required=True
    )
    cause_id = fields.Many2one("kam.quota.cause", ondelete="cascade")
    decision = fields.Text()
    owner_id = fields.Many2one(
        "res.users",
        "Responsible",
        domain="[('share', '=', False)]",
        ondelete="cascade",
        help="Empty: the manager of each quota.",
    )
    date_due = fields.Date(
        "Due",
        default=lambda self: self.env["kam.quota.decision"]._get_proposed_due(
            self.env.company
        ),
    )

    def action_apply(self):
        """Fill in what the decisions lack, and take them.

        :raise AccessError: when the user is no head of sales
        :raise UserError: saying what is still missing
        """
        self.ensure_one()
        self.check_access("write")
        decisions = self.decision_ids
        if not decisions:
            raise UserError(self.env._("Choose the deviations to decide about."))
        decisions._check_head()
        decisions._check_open()
        for name in ("cause_id", "decision", "owner_id", "date_due"):
            value = self._fields[name].convert_to_write(self[name], self)
            empty = decisions.filtered(
                lambda decision, name=name: not str(decision[name] or "").strip()
            )
            if value and empty:
                empty.write({name: value})
        decisions.action_decide()
