from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import clock, formats

# What makes a decision.
NEEDED_FIELDS = ("cause_id", "decision", "owner_id")
# So long after a decision its effect is looked at, unless another day is named.
EFFECT_DAYS = 14


class KamQuotaDecision(models.Model):
    """Deciding: about one deviation or several at once, when all that is needed is there."""

    _inherit = "kam.quota.decision"

    proposed_due = fields.Char(
        "Proposed Due Date",
        compute="_compute_proposed_due",
        help="The due date when none is entered: a working day in two weeks.",
    )

    @api.depends("company_id", "state")
    @api.depends_context("lang", "tz")
    def _compute_proposed_due(self):
        waiting = self.filtered(lambda decision: decision.state == "open")
        (self - waiting).proposed_due = False
        for company, decisions in waiting.grouped("company_id").items():
            day = self._get_proposed_due(company)
            decisions.proposed_due = formats.day(self.env, day, short=True)

    @api.model
    def _get_proposed_due(self, company):
        """Return the day on which the effect of what is decided today is looked at.

        :param company: one of our companies, whose working days count
        """
        day = clock.here(self) + timedelta(days=EFFECT_DAYS)
        # without one on a form that is being filled in
        return (company or self.env.company)._get_kam_working_day(day)

    def action_decide(self):
        """Take the decisions that were typed in; who carries them out is asked to.

        Where nobody else is named, that is the manager whose figure it is about; where
        no day is, a working day in two weeks.

        :raise AccessError: when the user is no head of sales
        :raise UserError: saying what is missing
        """
        self._check_head()
        self._give_to_managers()
        self._give_dates()
        for decision in self:
            decision._check_decidable()
        for decision in self:
            # sudo: the state follows from this button alone
            decision.sudo().write(
                {
                    "state": "decided",
                    "deviation": decision.line_id.deviation,
                    "attainment": decision.line_id.attainment,
                    "decided_by_id": self.env.user.id,
                }
            )
        self._ask_to_carry_out()

    def action_decide_many(self):
        """Decide about all of these at once, after asking for what a row does not say.

        Those decided already are left alone.

        :return: nothing, or action on ``kam.quota.deciding``
        :raise AccessError: when the user is no head of sales
        :raise UserError: when all are decided already
        """
        self._check_head()
        waiting = self.filtered(lambda decision: decision.state == "open")
        if not waiting:
            self._check_open()
        if all(not decision._get_missing() for decision in waiting):
            waiting.action_decide()
            return None
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide"),
            "res_model": "kam.quota.deciding",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_decision_ids": waiting.ids},
        }

    def _give_to_managers(self):
        """Let what nobody was named for be carried out by the manager concerned."""
        free = self.filtered(lambda decision: not decision.owner_id)
        for manager, theirs in free.grouped("manager_id").items():
            if manager:
                theirs.owner_id = manager

    def _give_dates(self):
        """Let the effect of what has no due date be looked at on the proposed day."""
        timeless = self.filtered(lambda decision: not decision.date_due)
        for company, theirs in timeless.grouped("company_id").items():
            theirs.date_due = self._get_proposed_due(company)

    def _check_decidable(self):
        """Refuse what is no decision yet.

        :raise UserError: saying what is missing
        """
        self.ensure_one()
        self._check_open()
        self._check_complete()
        self._check_owner()

    def _check_open(self):
        """Refuse to decide twice.

        :raise UserError: naming the first decision that is no longer open
        """
        for decision in self.filtered(lambda decision: decision.state != "open"):
            raise UserError(
                self.env._(
                    "“%(decision)s” is already decided or no longer needed. Reload the"
                    " page.",
                    decision=decision.display_name,
                )
            )

    def _get_missing(self):
        """Return the names of the fields to fill in; the manager is the owner."""
        self.ensure_one()
        return [
            name
            for name in NEEDED_FIELDS
            if not str(self[name] or "").strip()
            and not (name == "owner_id" and self.manager_id)
        ]

    def _check_complete(self):
        missing = [
            self._fields[name]._description_string(self.env)
            for name in self._get_missing()
        ]
        if missing:
            raise UserError(
                self.env._(
                    "“%(decision)s”: fill in %(fields)s, then decide.",
                    decision=self.display_name,
                    fields=", ".join(missing),
                )
            )
        if self.date_due < clock.here(self):
            raise UserError(
                self.env._(
                    "The due date is in the past. Choose the day on which the effect"
                    " will be visible."
                )
            )

    def _check_owner(self):
        owner = self.owner_id
        if not self._is_of_group(owner, "group_kam_user"):
            raise UserError(
                self.env._(
                    "%(user)s has no access to this decision. Choose a key account"
                    " manager of this company.",
                    user=owner.sudo().name,
                )
            )
