from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import formats
from ..common.clock import here, today
from ..common.names import list_names
from ..common.tasks import may_be_given


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
    hint = fields.Text(
        compute="_compute_hint", help="What the time that is left means."
    )

    @api.depends("company_id")
    def _compute_plan_id(self):
        for tender in self:
            # sudo: the settings of the company
            usual = tender.company_id.sudo().kam_tender_plan_id or self.env.ref(
                "kam_management.plan_tender", raise_if_not_found=False
            )
            tender.plan_id = tender.plan_id or usual

    @api.depends("milestone_ids.active", "milestone_ids.date_deadline")
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
            is_late = is_open and day and day < now
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

    @api.depends("date_submission", "plan_id", "state", "milestone_count")
    def _compute_hint(self):
        for tender in self:
            tender.hint = tender._tell_time()

    def action_plan_preparation(self):
        """Plan the milestones: activities on the lead, each with its owner.

        What should have begun by now is due today.

        :raise UserError: when there is no sequence, or no day left, or they are planned
        """
        for tender in self:
            tender.check_access("write")
            tender._check_plannable()
            for template in tender.plan_id.template_ids:
                tender._plan_milestone(template)
            # sudo: the button says when preparation began
            tender.sudo().date_begun = today()

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
        if self.sudo().milestone_ids:
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

    def _plan_milestone(self, template):
        """Plan one step of the sequence.

        :param template: ``mail.activity.plan.template``
        """
        day = template._get_date_deadline(self.date_submission)
        milestone = self.lead_id.activity_schedule(
            activity_type_id=template.activity_type_id.id,
            automated=False,
            summary=template.summary,
            note=template.note,
            date_deadline=max(day, here(self)),
            user_id=self._get_owner(template).id,
        )
        # sudo: the button makes it a milestone
        milestone.sudo().write(
            {
                "kam_tender_id": self.id,
                "kam_tender_days": (self.date_submission - day).days,
            }
        )

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
            milestones._follow_submission()
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

    def _tell_time(self):
        """Return what the time that is left means for the preparation, or False."""
        if self.state != "preparing" or not self.date_submission:
            return False
        now = here(self)
        if self.date_submission < now:
            return self.env._(
                "The submission has passed. Mark the bid as submitted, or enter the new"
                " day."
            )
        missed = [
            template
            for template in self.plan_id.template_ids
            if template._get_date_deadline(self.date_submission) < now
        ]
        if not missed or self.milestone_count:
            return self._tell_urgent()
        return self.env._(
            "It is late to begin: %(missed)s of %(all)s milestones should be done by now"
            " and would be due today. Begin with: %(first)s.",
            missed=len(missed),
            all=len(self.plan_id.template_ids),
            first=missed[0].summary or missed[0].activity_type_id.name,
        )

    def _tell_urgent(self):
        """Return what is to be done first where milestones are late, or False."""
        if not self.late_count:
            return False
        # sudo: what is late, whoever's it is
        open_ones = self.sudo().milestone_ids.filtered("active")
        first = open_ones.sorted(lambda one: (-one.kam_tender_days, one.id))[:1]
        return self.env._(
            "Milestones late: %(late)s. Begin with: %(first)s.",
            late=self.late_count,
            first=first.display_name,
        )
