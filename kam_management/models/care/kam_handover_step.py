from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock
from ..common.jobs import do_each
from ..contact.kam_cadence import PERSONAL

# The steps of a handover, in their order.
CODES = [
    ("named", "Successors Named"),
    ("briefing", "Briefing Read"),
    ("meeting", "Joint Meeting Held"),
    ("introduced", "Introduced"),
    ("promises", "Open Promises Gone Through"),
    ("accepted", "Acknowledged by the Customer"),
    ("solo", "First Contact Without Predecessor"),
]
PLACES = {code: place for place, (code, _label) in enumerate(CODES)}
STAGES = [
    ("prepare", "Preparation"),
    ("introduce", "Introduction"),
    ("confirm", "Confirmation"),
    ("ready", "Ready to Complete"),
    ("done", "Completed"),
    ("cancelled", "Cancelled"),
]
# At which stage a handover is while a step is open.
STAGE_OF = {
    "named": "prepare",
    "briefing": "prepare",
    "meeting": "introduce",
    "introduced": "introduce",
    "promises": "introduce",
    "accepted": "confirm",
    "solo": "confirm",
}


class KamHandoverStep(models.Model):
    """Something that has to happen before a handover is completed.

    What Odoo's records tell ticks itself: a meeting, a contact; the rest is ticked off.
    """

    _name = "kam.handover.step"
    _description = "Handover Step"
    _inherit = ["kam.guard", "kam.merge"]
    _order = "place, id"

    # of two handovers that become one, the survivor keeps its own steps
    handover_id = fields.Many2one(
        "kam.handover",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        merge=False,
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    code = fields.Selection(CODES, "Step", required=True, readonly=True)
    place = fields.Integer(readonly=True)
    name = fields.Char(compute="_compute_name")
    stakeholder_id = fields.Many2one(
        "kam.stakeholder",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    is_done = fields.Boolean("Done")
    date_done = fields.Date("Done On", readonly=True)
    done_by_id = fields.Many2one(
        "res.users", "Ticked Off By", readonly=True, ondelete="set null"
    )
    note = fields.Char(help="Such as what was agreed, or who was there.")

    @api.depends("code", "stakeholder_id")
    def _compute_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for step in self:
            step.name = labels.get(step.code, "")
            if step.code == "introduced":
                # sudo: the name of who is to be met
                step.name = self.env._(
                    "Introduced to %(person)s",
                    person=step.stakeholder_id.sudo().display_name,
                )

    def write(self, vals):
        if "is_done" not in vals or self.env.su:
            return super().write(vals)
        self.handover_id._check_open()
        result = super().write(vals)
        # sudo: by whom and when is for the app to say
        self.sudo()._tick(vals["is_done"], self.env.user)
        return result

    def _filter_changeable(self):
        """Keep to the steps of handovers that the user works on."""
        mine = self.handover_id._filter_changeable()
        return self.filtered(lambda step: step.handover_id in mine)

    def _tick(self, is_done=True, user=None, note=None):
        """Say of these steps whether they are done.

        :param user: ``res.users`` who says so; None: Odoo's records do
        :param str note: what to add where nothing is noted
        """
        self.write(
            {
                "is_done": is_done,
                "date_done": is_done and clock.today(),
                "done_by_id": is_done and user and user.id,
            }
        )
        if note:
            self.filtered(lambda step: not step.note).note = note


class KamHandover(models.Model):
    """How far a handover has come: its steps, and what Odoo's records tell of them."""

    _inherit = "kam.handover"

    step_ids = fields.One2many("kam.handover.step", "handover_id", "Steps", copy=False)
    stage = fields.Selection(
        STAGES, compute="_compute_stage", store=True, group_expand=True, index=True
    )
    progress = fields.Float(
        compute="_compute_stage", store=True, help="The part of the steps that is done."
    )
    next_step = fields.Char(compute="_compute_next_step")

    @api.depends("state", "step_ids.is_done", "step_ids.code")
    def _compute_stage(self):
        for handover in self:
            steps = handover.step_ids
            left = steps.filtered(lambda step: not step.is_done).sorted("place")
            handover.progress = len(steps - left) / len(steps) if steps else 0
            handover.stage = (
                STAGE_OF[left[0].code]
                if left and handover.state == "open"
                else {"open": "ready"}.get(handover.state, handover.state)
            )

    @api.depends("state", "step_ids.is_done")
    def _compute_next_step(self):
        for handover in self:
            left = handover._get_steps_left()
            handover.next_step = left[:1].name if handover.state == "open" else ""

    def _get_steps_left(self):
        """Return what has to happen before this handover is completed."""
        return self.step_ids.filtered(lambda step: not step.is_done).sorted("place")

    def _get_promises(self):
        """Return what is planned about the customer, the most urgent first."""
        Activity = self.env["mail.activity"]
        return Activity.search(
            self.account_id._get_step_domain(), order="date_deadline, id", limit=20
        )

    def _set_up_steps(self):
        """Give each handover its steps, and tick off what is known already."""
        Step = self.env["kam.handover.step"]
        Step.create(
            [
                handover._prepare_step(code)
                for handover in self
                for code, _label in CODES
                if code != "introduced"
            ]
        )
        self._follow_facts()

    def _prepare_step(self, code, person=None):
        return {
            "handover_id": self.id,
            "code": code,
            "place": PLACES[code],
            "stakeholder_id": person and person.id,
        }

    @api.model
    def _cron_follow(self):
        """Tick off what has happened by now, in all open handovers."""
        # sudo: a job of the app, for all companies
        do_each(
            self.env,
            list(self.sudo().search(self._get_open())),
            lambda handover: handover._follow_facts(),
            "The steps of the handover %s were not ticked off",
        )

    def _follow_facts(self):
        """Tick off what Odoo's records tell of these handovers, in a few queries."""
        handovers = self.filtered(lambda one: one.state == "open")
        if not handovers:
            return
        handovers._follow_people()
        touches = self.env["kam.touch"].search(
            PERSONAL
            & Domain("account_id", "in", handovers.account_id.ids)
            & Domain("outcome", "not in", ["not_reached"])
            & Domain("date", ">=", str(min(handovers.mapped("date"))))
        )
        by_account = touches.grouped("account_id")
        for handover in handovers:
            mine = by_account.get(handover.account_id, touches.browse())
            handover._follow_touches(
                mine.filtered(lambda t, day=handover.date: t.date.date() >= day)
            )

    def _follow_people(self):
        """Have an introduction for each person who decides, and for nobody else."""
        team = self.env["kam.stakeholder"].search(
            [
                ("account_id", "in", self.account_id.ids),
                ("partner_id", "!=", False),
                ("partner_id.active", "=", True),
            ]
        )
        by_account = team.grouped("account_id")
        new, gone = [], self.env["kam.handover.step"]
        for handover in self:
            people = by_account.get(handover.account_id, team.browse())
            if chosen := handover.lead_id.kam_stakeholder_ids & people:
                people = chosen
            steps = handover.step_ids.filtered(lambda step: step.code == "introduced")
            known = steps.stakeholder_id
            new += [
                handover._prepare_step("introduced", person)
                for person in people - known
            ]
            gone |= steps.filtered(
                lambda step, people=people: (
                    not step.is_done and step.stakeholder_id not in people
                )
            )
        gone.unlink()
        self.env["kam.handover.step"].create(new)

    def _follow_touches(self, touches):
        """Tick off what the contacts since the beginning tell of this handover.

        :param touches: ``kam.touch``, with the customer
        """
        receivers = self._get_receivers()
        for step in self._get_steps_left():
            if step.code == "named":
                done = receivers
            elif step.code == "meeting":
                done = touches.filtered(
                    lambda t: t._was_with(receivers) and t._was_with(self.user_id)
                )
            elif step.code == "introduced":
                done = touches.filtered(
                    lambda t, person=step.stakeholder_id.partner_id: (
                        person in t.partner_ids | t.partner_id
                        and t._was_with(receivers)
                    )
                )
            elif step.code == "solo":
                done = self._find_solo(touches, receivers)
            else:
                continue
            if done:
                step._tick()

    def _find_solo(self, touches, receivers):
        """Return the contacts of who takes over alone, after a meeting with both."""
        met = self.step_ids.filtered(lambda step: step.code == "meeting").date_done
        if not met:
            return touches.browse()
        return touches.filtered(
            lambda t: (
                t.date.date() >= met
                and t._was_with(receivers)
                and not t._was_with(self.user_id)
            )
        )
