from odoo import api, fields, models
from odoo.tools import SQL

ANSWERS = ("comment", "email_outgoing")


class KamComplaint(models.Model):
    """How far a complaint has come: taken up, solved, confirmed by the customer.

    ``state`` says whether it is open; the stage tells more of it.
    """

    _inherit = "kam.complaint"

    # What was said
    expectation = fields.Text(help="What the customer expects of us, in their words.")
    agreement = fields.Text(
        "Agreed", help="What we agreed with the customer, and until when."
    )

    stage = fields.Selection(
        [
            ("new", "New"),
            ("progress", "In Progress"),
            ("solved", "Solved"),
            ("confirmed", "Confirmed by Customer"),
        ],
        compute="_compute_stage",
        store=True,
        group_expand=True,
        help="In progress from our first answer on; confirmed when the customer is"
        " satisfied with the solution.",
    )
    date_answered = fields.Datetime(
        "First Answer",
        readonly=True,
        copy=False,
        tracking=True,
        help="When the customer heard from us for the first time.",
    )
    satisfaction = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(2, 1),
        help="How satisfied the customer is with the solution, from 1 to 5; 0: not rated.",
    )
    reopen_count = fields.Integer(
        "Times Reopened",
        readonly=True,
        copy=False,
        help="How often the solution did not satisfy the customer.",
    )

    @api.depends("state", "date_answered", "satisfaction")
    def _compute_stage(self):
        for complaint in self:
            if complaint.state == "solved":
                complaint.stage = "confirmed" if complaint.satisfaction else "solved"
            else:
                complaint.stage = "progress" if complaint.date_answered else "new"

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Average the satisfaction of those who rated."""
        if aggregate_spec != "satisfaction:avg":
            return super()._read_group_select(aggregate_spec, query)
        satisfaction = self._field_to_sql(self._table, "satisfaction", query)
        return SQL("AVG(NULLIF(%s, 0))", satisfaction)

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        before = {complaint: complaint.state for complaint in self}
        result = super().write(vals)
        changed = self.filtered(lambda complaint: complaint.state != before[complaint])
        changed.filtered(lambda complaint: complaint.state == "solved")._handle_solved()
        changed.filtered(lambda complaint: complaint.state == "open")._handle_reopened()
        return result

    def action_answer(self):
        """Note that the customer has got a first answer, by whatever way."""
        self.check_access("write")
        self._handle_answered()

    def _handle_answered(self):
        """Note when the customer heard from us first; only the first time counts."""
        # sudo: the user may change the complaint; when it was is the clock's to say
        unanswered = self.sudo().filtered(lambda complaint: not complaint.date_answered)
        unanswered.date_answered = fields.Datetime.now()

    def _handle_solved(self):
        """React to complaints that were solved just now: they have been answered."""
        self._handle_answered()

    def _handle_reopened(self):
        """Count that a solution was none, and forget how content the customer was."""
        # sudo: counted by the app alone, whoever reopens
        for complaint in self.sudo():
            complaint.write(
                {"reopen_count": complaint.reopen_count + 1, "satisfaction": 0}
            )

    def _message_post_after_hook(self, message, msg_vals):
        """Take what a colleague writes to the customer as our first answer."""
        result = super()._message_post_after_hook(message, msg_vals)
        for complaint in self:
            if not complaint.date_answered and complaint._is_answer(message):
                complaint._handle_answered()
        return result

    def _is_answer(self, message):
        """Return whether a message goes from one of us to somebody of the customer."""
        # sudo: who wrote it and who gets it, nothing of it is shown
        message = message.sudo()
        is_public = not message.is_internal and not message.subtype_id.internal
        if message.message_type not in ANSWERS or not is_public:
            return False
        people = message.partner_ids | message.notified_partner_ids
        customer = self.sudo().customer_id
        return not message.author_id.partner_share and any(
            person.commercial_partner_id == customer for person in people
        )
