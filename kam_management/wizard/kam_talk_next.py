from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.common import clock
from ..models.common.tasks import may_be_given
from .kam_talk import AS_USER


class KamTalk(models.TransientModel):
    """What comes next: what is to be done, until when, by whom; maybe nothing."""

    _inherit = "kam.talk"

    next_summary = fields.Char(
        "Next Step",
        compute="_compute_next_summary",
        **AS_USER,
        help="Leave it empty when nothing is to follow.",
    )
    next_type_id = fields.Many2one(
        "mail.activity.type",
        "Next Step As",
        compute="_compute_next_type_id",
        **AS_USER,
        domain=[("res_model", "=", False)],
    )
    next_date = fields.Date(
        "Due",
        compute="_compute_next_date",
        **AS_USER,
    )
    next_user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )

    @api.depends("activity_id", "order_id", "outcome")
    def _compute_next_summary(self):
        """Propose what usually follows; what the user typed in stays."""
        for talk in self:
            proposals = talk._get_proposals()
            known = {summary for summary, _type in proposals.values()}
            if not talk.next_summary or talk.next_summary in known:
                talk.next_summary = talk._get_proposal()[0]

    @api.depends("activity_id", "order_id", "outcome")
    def _compute_next_type_id(self):
        for talk in self:
            talk.next_type_id = talk._get_proposal()[1] or talk.next_type_id

    @api.depends("next_type_id")
    def _compute_next_date(self):
        """Propose the days that Odoo's settings give this type of activity.

        What would fall on a day without work is for the next one with.
        """
        for talk in self:
            kind = talk.next_type_id
            day = kind and kind._get_date_deadline()
            talk.next_date = day and talk.company_id._get_kam_working_day(
                day, user=talk.next_user_id
            )

    @api.depends("account_id", "lead_id", "next_summary", "next_type_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_kam_silence(self):
        return super()._compute_kam_silence()

    def _get_kam_records(self):
        """Ask before a contact is planned; what has been said has been said."""
        if not (self.next_summary and self.next_type_id.kam_channel):
            return None
        return self.account_id or self.lead_id

    def _get_proposal(self):
        """Return what is to follow: (summary, activity type), both may be empty."""
        proposals = self._get_proposals()
        return proposals.get(self.outcome) or proposals["origin"]

    def _get_proposals(self):
        """Return what may follow, by outcome, and from where the dialog was opened.

        :return: {outcome or "origin": (summary, activity type)}
        """

        def find(name):
            kind = self.env.ref(f"mail.mail_activity_data_{name}", False)
            return kind or self.env["mail.activity.type"]

        call, todo = find("call"), find("todo")
        chained = self.activity_id.activity_type_id
        following = chained.triggered_next_type_id | chained.suggested_next_type_ids
        origin = False, todo
        if following:
            origin = following[0].summary or following[0].name, following[0]
        elif self.order_id.state in ("draft", "sent"):
            words = self.env._("Ask for the answer to %s", self.order_id.name)
            origin = words, call
        return {
            "origin": origin,
            "not_reached": (self.env._("Call again"), call),
            "later": (self.env._("Call back"), call),
            "objection": (self.env._("Answer the objection"), todo),
            "refused": (False, todo),
        }

    def _plan_next(self, following):
        """Plan the next step: where the last one was, else on what it is about.

        :param following: activities that have just been planned by the last one
        :return: the activity, empty where nothing is to follow
        """
        summary = (self.next_summary or "").strip()
        if not summary:
            # sudo: planned a moment ago, by this dialog alone
            following.sudo().unlink()
            return self.env["mail.activity"]
        place = self._get_planned_on() if following else self._get_place()
        self._check_next(place)
        step = {
            "summary": summary,
            "date_deadline": self.next_date or clock.here(self),
            "user_id": (self.next_user_id or self.env.user).id,
        }
        if self.next_type_id:
            step["activity_type_id"] = self.next_type_id.id
        if following:
            following[0].write(step)
            return following[0]
        plan = self.activity_id.kam_plan_id
        if plan and plan.state != "closed":
            step["kam_plan_id"] = plan.id
            step["kam_goal_id"] = self.activity_id.kam_goal_id.id
            step["kam_barrier_id"] = self.activity_id.kam_barrier_id.id
        step["res_model_id"] = self.env["ir.model"]._get_id(place._name)
        return self.env["mail.activity"].create({**step, "res_id": place.id})

    def _get_place(self):
        """Return the record the next step is planned on.

        :raise AccessError: when the user may plan nothing there
        """
        place = (
            self._get_planned_on() or self.order_id or self.lead_id or self.account_id
        )
        if not place or not place.has_access("write"):
            raise AccessError(
                self.env._(
                    "You may not plan a next step on %(record)s. Leave “Next Step” empty,"
                    " or ask who is responsible for it.",
                    record=place.display_name or self.env._("this customer"),
                )
            )
        return place

    def _check_next(self, place):
        """Refuse a next step that nobody could do, or that is meant for other records.

        :param place: the record it is planned on
        :raise UserError: saying what to choose
        """
        user, kind = self.next_user_id or self.env.user, self.next_type_id
        if user != self.env.user and not may_be_given(user, place):
            raise UserError(
                self.env._(
                    "%(user)s does not see %(record)s, so they cannot do the next step."
                    " Choose somebody else, or add them to the team.",
                    user=user.name,
                    record=place.display_name,
                )
            )
        # sudo: what a type is for is no secret
        if kind.sudo().res_model not in (False, place._name):
            raise UserError(
                self.env._(
                    "“%(type)s” is not meant for this kind of record. Choose another type"
                    " of activity for the next step.",
                    type=kind.name,
                )
            )
