from odoo import fields, models

STATES = [
    ("open", "To decide"),
    ("decided", "Decided"),
    ("checked", "Effect checked"),
]
EFFECTS = [("better", "Better"), ("same", "No change"), ("worse", "Worse")]


class KamQuotaCause(models.Model):
    """Why a figure is not where it should be."""

    _name = "kam.quota.cause"
    _description = "Cause of a Deviation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class KamQuotaDecision(models.Model):
    """What is done about a figure that lies beyond the tolerance, and whether it helped."""

    _name = "kam.quota.decision"
    _description = "Management Decision"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    line_id = fields.Many2one(
        "kam.quota.line", "Deviation Of", required=True, index=True, ondelete="cascade"
    )
    quota_id = fields.Many2one(related="line_id.quota_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    manager_id = fields.Many2one(related="quota_id.user_id", string="Manager")
    state = fields.Selection(STATES, required=True, readonly=True, default="open")
    date = fields.Date("Opened", required=True, default=fields.Date.context_today)
    deviation = fields.Float(readonly=True, help="When it was opened, in percent.")
    attainment = fields.Float(readonly=True, help="When it was decided, in percent.")
    cause_id = fields.Many2one("kam.quota.cause", ondelete="restrict")
    decision = fields.Text()
    owner_id = fields.Many2one(
        "res.users", "Carried Out By", domain="[('share', '=', False)]"
    )
    date_due = fields.Date("Due")
    decided_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    deviation_after = fields.Float("Deviation When Due", readonly=True)
    effect = fields.Selection(EFFECTS, readonly=True)
    effect_note = fields.Text("What Came of It")
