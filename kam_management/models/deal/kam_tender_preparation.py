from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import formats
from ..common.clock import here, today
from ..common.names import list_names
from ..common.tasks import may_be_given
from ..measure.res_company import NEAR
from .mail_activity import BID_TYPE
from .schedule import settle, spread


class KamTender(models.Model):
    """The preparation: milestones planned back from the submission, as activities.

    Which, how long before and whose they are is a sequence of Odoo's (activity plan) for
    leads; the company names the usual one. A milestone keeps its distance to the
    submission: it moves with it.
    """

    _inherit = "kam.tender"

    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Preparation",
        compute="_compute_plan_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="set null",
        domain="[('res_model', '=', 'crm.lead')]",
        help="The sequence of milestones, planned back from the submission.",
    )
    milestone_ids = fields.One2many(
        "mail.activity",
        "kam_tender_id",
        "Milestones",
        context={"active_test": False},
        readonly=True,
    )
    milestone_count = fields.Integer("Milestones Planned", compute="_compute_progress")
    done_count = fields.Integer("Milestones Done", compute="_compute_progress")
    late_count = fields.Integer("Late Milestones", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress")

    @api.depends("lead_id")
    def _compute_plan_id(self):
        for tender in self:
            # sudo: the settings of the company
            company = tender.lead_id and tender.lead_id._get_kam_company()
            usual = company.sudo().kam_tender_plan_id or self.env.ref(
                "kam_management.plan_tender", raise_if_not_found=False
            )
            tender.plan_id = tender.plan_id or usual

    @api.depends("milestone_ids.active", "milestone_ids.date_deadline", "state")
    def _compute_progress(self):
        """Count the milestones of all these tenders in one query, whoever's they are."""
        now = here(self)
        counts = {}
        # sudo: how far the preparation is, whoever may open the activities
        rows = (
            self.env["mail.activity"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("kam_tender_id", "in", self.ids)],
                ["kam_tender_id", "active", "date_deadline:day"],
                ["__count"],
            )
        )
        for tender, is_open, day, count in rows:
            total, done, late = counts.get(tender.id, (0, 0, 0))
            is_late = is_open and day < now and tender.state == "preparing"
            counts[tender.id] = (
                total + count,
                done + count * (not is_open),
                late + count * bool(is_late),
            )
        for tender in self:
            total, done, late = counts.get(tender._origin.id, (0, 0, 0))
            tender.milestone_count, tender.done_count, tender.late_count = (
                total,
                done,
                late,
            )
            tender.progress = 100 * done / total if total else 0

    def action_plan_preparation(self):
        """Plan the milestones: activities on the lead, each with its owner.

        What is done already is not planned again. See ``spread`` for what is late.

        :raise UserError: when there is no sequence, or no day left, or some are planned
        """
        for tender in self:
            tender.check_access("write")
            tender._check_plannable()
            tender._plan_milestones()
            # sudo: the button says when preparation began
            tender.sudo().date_begun = tender.date_begun or today()

    def _check_plannable(self):
        self._check_open()
        self._check_in_preparation()
        if not self.plan_id.template_ids:
            raise UserError(
                self.env._(
                    "“%(tender)s”: choose a sequence of milestones first.",
                    tender=self.name,
                )
            )
        if self.date_submission < here(self):
            raise UserError(
                self.env._(
                    "The submission of “%(tender)s” has passed. Enter the day by which"
                    " the bid has to be there.",
                    tender=self.name,
                )
            )
        # sudo: whoever owns them
        planned = self.sudo().milestone_ids.filtered("active")
        if planned.filtered(lambda milestone: milestone.kam_tender_days >= 0):
            raise UserError(
                self.env._(
                    "The milestones of “%(tender)s” are planned already. Add what is"
                    " missing as an activity.",
                    tender=self.name,
                )
            )

    def _check_in_preparation(self):
        """Refuse what is for tenders that are not submitted yet.

        :raise UserError: saying how to take it up again
        """
        for tender in self.filtered("date_submitted"):
            raise UserError(
                self.env._(
                    "“%(tender)s” was submitted already. If it was not, choose “Not"
                    " Submitted Yet” first.",
                    tender=tender.name,
                )
            )

    def _check_open(self):
        """Refuse to work on what is over.

        :raise UserError: saying how to take it up again
        """
        for tender in self:
            if tender.state == "declined":
                raise UserError(
                    self.env._(
                        "“%(tender)s” was declined. Reopen the decision first.",
                        tender=tender.name,
                    )
                )
            if tender.state in ("won", "lost"):
                raise UserError(
                    self.env._(
                        "The deal of “%(tender)s” is closed. Restore the opportunity"
                        " first.",
                        tender=tender.name,
                    )
                )

    def _plan_milestones(self):
        """Plan the steps of the sequence that are not done yet, nor decided."""
        # sudo: whoever has done them
        done = self.sudo().milestone_ids.mapped("summary")
        decided = self.env.ref(BID_TYPE, raise_if_not_found=False) if self.bid else None
        steps = self.plan_id.template_ids.filtered(
            lambda step: step.summary not in done and step.activity_type_id != decided
        )
        days = [step._get_date_deadline(self.date_submission) for step in steps]
        milestones = self.env["mail.activity"].create(
            [
                self._prepare_milestone(step, day)
                for step, day in zip(steps, days, strict=True)
            ]
        )
        # sudo: the button makes them milestones
        for milestone, day in zip(milestones.sudo(), days, strict=True):
            milestone.kam_tender_id = self
            milestone.kam_tender_days = (self.date_submission - day).days
        self._place_milestones()

    def _prepare_milestone(self, step, day):
        """Return the values of an activity.

        :param step: ``mail.activity.plan.template``
        :param date day: when it is due if there is time enough
        """
        return {
            "res_model_id": self.env["ir.model"]._get_id(self.lead_id._name),
            "res_id": self.lead_id.id,
            "activity_type_id": step.activity_type_id.id,
            "summary": step.summary,
            "note": step.note,
            "date_deadline": day,
            "user_id": self._get_owner(step).id,
        }

    def _place_milestones(self):
        """Give the open milestones their days, see ``spread`` and ``settle``."""
        # sudo: those of colleagues as well
        milestones = self.sudo().milestone_ids.filtered("active")
        first, end = here(self), self.date_submission
        distances = milestones.mapped("kam_tender_days")
        days = [
            end - timedelta(days=distance)
            for distance in spread(distances, (end - first).days)
        ]
        worked = self._get_working_days(days)
        for milestone, distance, day in zip(milestones, distances, days, strict=True):
            day = settle(day, worked, first if distance >= 0 else end)
            if day != milestone.date_deadline:
                milestone.write({"date_deadline": day, "kam_tender_days": distance})

    def _get_working_days(self, days):
        """Return the days with work about some days, in order, as our company works."""
        if not days:
            return []
        company = self.sudo().lead_id._get_kam_company()
        return company._get_kam_working_days(min(days) - NEAR, max(days) + NEAR)

    def _get_owner(self, template):
        """Return who a step is for: who has the role, or else works on the deal."""
        found = template._determine_responsible(self.env.user, self.lead_id)
        for user in (found["responsible"], self.lead_id.user_id):
            if user and may_be_given(user, self.lead_id):
                return user
        return self.env.user

    def _handle_moved(self, before):
        """Let open milestones follow the submission, and tell their owners.

        :param dict before: {tender: its submission before}
        """
        for tender, old in before.items():
            # sudo: milestones of colleagues move as well
            milestones = tender.sudo().milestone_ids.filtered("active")
            if tender.date_submission == old or not milestones:
                continue
            tender._place_milestones()
            tender._tell_moved(old, milestones.user_id)

    def _tell_moved(self, old, owners):
        """Tell the owners of milestones that they have moved, on the lead they see."""
        # sudo: a message to colleagues about their own activities
        self.sudo().lead_id.message_post(
            body=self.env._(
                "The submission of “%(tender)s” has moved from %(old)s to %(new)s. Open"
                " milestones have moved with it.",
                tender=self.name,
                old=formats.day(self.env, old),
                new=formats.day(self.env, self.date_submission),
            ),
            partner_ids=(owners.partner_id - self.env.user.partner_id).ids,
            subtype_xmlid="mail.mt_note",
        )

    def _call_off(self, milestones, reason):
        """Remove milestones that are still open, and say so in the log of the lead.

        :param milestones: ``mail.activity`` of this tender, by ``sudo``
        :param str reason: why
        """
        milestones = milestones.filtered("active")
        if not milestones:
            return
        # sudo: milestones of colleagues as well
        self.sudo().lead_id._message_log(
            body=self.env._(
                "%(reason)s Called off: %(milestones)s",
                reason=reason,
                milestones=list_names(milestones),
            )
        )
        milestones.unlink()
