from odoo import api, fields, models
from odoo.tools import SQL

ANSWERS = ("comment", "email_outgoing")
# Who rates a solution so much or less is not content.
UNSATISFIED = 2


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
                is_confirmed = complaint.satisfaction > UNSATISFIED
                complaint.stage = "confirmed" if is_confirmed else "solved"
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
        """Open the Talk dialog to log what was said: saved, it is the first answer."""
        self.ensure_one()
        self.check_access("write")
        return self.env["kam.touch"]._prepare_talk_action(
            account_id=self.account_id.id,
            complaint_id=self.id,
            partner_ids=self.partner_id.ids,
        )

    def action_reply(self):
        """Open a mail to who reported it: sent, it is the first answer."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reply"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self.partner_id.ids,
                "default_subject": self.name,
            },
        }

    def _handle_answered(self):
        """Note when the customer heard from us first; only the first time counts."""
        # sudo: the user may change the complaint; when it was is the clock's to say
        unanswered = self.sudo().filtered(lambda complaint: not complaint.date_answered)
        unanswered.date_answered = fields.Datetime.now()

    def _handle_solved(self):
        """React to complaints that were solved just now.

        They have been answered, and nobody has rated this solution yet.
        """
        self._handle_answered()
        # sudo: rated by the customer alone
        self.sudo().satisfaction = 0

    def _handle_reopened(self):
        """Count that a solution was none."""
        # sudo: counted by the app alone, whoever reopens
        for complaint in self.sudo():
            complaint.reopen_count += 1

    def _message_post_after_hook(self, message, msg_vals):
        """Take what a colleague writes to the customer as our first answer."""
        result = super()._message_post_after_hook(message, msg_vals)
        for complaint in self.filtered(lambda one: not one.date_answered):
            # sudo: followers get it in a moment; who they are is not shown
            followers = complaint.sudo().message_partner_ids
            if complaint._is_answer(message, followers):
                complaint._handle_answered()
        return result

    def _is_answer(self, message, followers=None):
        """Return whether a message goes from one of us to somebody of the customer.

        :param followers: who gets it besides those it has gone to, ``res.partner``
        """
        # sudo: who wrote it and who gets it, nothing of it is shown
        message = message.sudo()
        is_public = not message.is_internal and not message.subtype_id.internal
        if message.message_type not in ANSWERS or not is_public:
            return False
        people = message.partner_ids | message.notified_partner_ids
        people |= followers or people.browse()
        customer = self.sudo().customer_id
        return not message.author_id.partner_share and any(
            person.commercial_partner_id == customer for person in people
        )
