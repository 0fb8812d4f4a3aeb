from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common import clock


class KamPlanExpectation(models.Model):
    """What the customer was promised, or simply expects, and what he perceives now.

    He stays for what he perceives, not for what we did: the gap is what to close.
    """

    _name = "kam.plan.expectation"
    _description = "Expectation of the Customer"
    _inherit = ["kam.plan.line"]

    name = fields.Char("Expectation", required=True)
    origin = fields.Selection(
        [("promised", "Promised"), ("expected", "Expected")],
        required=True,
        default="expected",
        help="Promised: we promised it. Expected: they take it for granted.",
    )
    stakeholder_id = fields.Many2one(
        "kam.stakeholder",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
    )
    expected = fields.Integer(
        default=4, aggregator="avg", help="How much of it they expect, from 1 to 5."
    )
    perceived = fields.Integer(
        copy=False,
        aggregator="avg",
        help="How much of it they perceive now, from 1 to 5. Ask them.",
    )
    gap = fields.Integer(
        compute="_compute_gap",
        store=True,
        aggregator="max",
        help="Expected less perceived. Above 0: the customer is disappointed.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        check_company=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="The colleague who closes the gap.",
    )
    date_due = fields.Date("Due", copy=False)
    state = fields.Selection(
        [("open", "Open"), ("met", "Met"), ("dropped", "Dropped")],
        "Status",
        required=True,
        default="open",
    )
    activity_id = fields.Many2one(
        "mail.activity",
        "Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _check_marks = models.Constraint(
        "CHECK(expected BETWEEN 1 AND 5 AND perceived BETWEEN 0 AND 5)",
        "Expectation: enter 1 to 5 stars. Leave the perceived level empty until you"
        " know it.",
    )

    @api.depends("expected", "perceived")
    def _compute_gap(self):
        """Take the difference, once it is known what he perceives."""
        for line in self:
            line.gap = line.expected - line.perceived if line.perceived else 0

    @api.constrains("account_id", "stakeholder_id")
    def _check_stakeholder(self):
        for line in self.filtered("stakeholder_id"):
            if line.stakeholder_id.account_id != line.account_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s belongs to another customer than the plan. Choose"
                        " somebody of %(customer)s.",
                        person=line.stakeholder_id.display_name,
                        customer=line.account_id.display_name,
                    )
                )

    def action_plan_action(self):
        """Have the gap closed: plan it for who closes it, by the day it is due."""
        self.check_access("write")
        self._check_plan_open()
        for line in self.filtered(lambda line: not line.activity_id):
            # sudo: the action is found here, and typed in by nobody
            line.sudo().activity_id = line.plan_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=line.name,
                user_id=(line.user_id or line.plan_id.user_id or self.env.user).id,
                date_deadline=line.date_due or clock.here(line),
                automated=False,
            )

    def _filter_unfinished(self):
        """Return what next year's plan goes on with."""
        return self.filtered(lambda line: line.state == "open")
