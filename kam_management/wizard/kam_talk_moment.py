from odoo import Command, api, fields, models

from .kam_talk import AS_USER


class KamTalk(models.TransientModel):
    """A conversation at a key moment: what to say, and how the promises are seen."""

    _inherit = "kam.talk"

    moment_id = fields.Many2one(
        "kam.moment", "Key Moment", compute="_compute_moment_id"
    )
    talking_points = fields.Html(related="moment_id.talking_points")
    expectation_ids = fields.One2many(
        "kam.talk.expectation",
        "talk_id",
        "What They Were Promised",
        compute="_compute_expectation_ids",
        **AS_USER,
    )

    @api.depends("activity_id")
    def _compute_moment_id(self):
        for talk in self:
            moment = talk.activity_id.kam_moment_id
            talk.moment_id = moment._filtered_access("read")

    @api.depends("activity_id")
    def _compute_expectation_ids(self):
        """Ask about what the customer expects, where the moment is one to ask."""
        for talk in self:
            moment = talk.moment_id
            asked = self.env["kam.plan.expectation"]
            if moment.template_id.check_expectations and moment.state == "open":
                asked = asked.search(
                    asked._get_asked_domain(moment.order_id, moment.account_id)
                )
            talk.expectation_ids = [
                Command.clear(),
                *(Command.create({"expectation_id": line.id}) for line in asked),
            ]

    def _is_told(self):
        return super()._is_told() or any(self.expectation_ids.mapped("perceived"))

    def _finish_activity(self):
        """Note how the customer sees what they were promised."""
        result = super()._finish_activity()
        for line in self.expectation_ids.filtered("perceived"):
            line.expectation_id._note_perceived(line.perceived)
        return result


class KamTalkExpectation(models.TransientModel):
    """One thing the customer was promised, and how much of it they see."""

    _name = "kam.talk.expectation"
    _description = "Expectation Talked About"
    _inherit = ["kam.guard"]

    talk_id = fields.Many2one("kam.talk", required=True, ondelete="cascade", index=True)
    expectation_id = fields.Many2one(
        "kam.plan.expectation", required=True, ondelete="cascade"
    )
    name = fields.Char(related="expectation_id.name", string="Promised")
    expected = fields.Integer(related="expectation_id.expected")
    perceived = fields.Integer(help="How much of it they see, from 1 to 5 stars.")

    _check_perceived = models.Constraint(
        "CHECK(perceived BETWEEN 0 AND 5)", "Give 1 to 5 stars, or none."
    )
