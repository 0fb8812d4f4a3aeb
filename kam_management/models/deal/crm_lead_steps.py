from odoo import api, fields, models
from odoo.exceptions import UserError

from ..account.crm_lead import CLOSING_FIELDS
from ..common.tasks import may_be_given
from .requirements import REQUIREMENTS

USER_GROUP = "kam_management.group_kam_user"


class CrmLead(models.Model):
    """The steps of a deal: those of its sales type, ticked off one by one.

    Steps become activities on request, and an activity that is done ticks off its step.
    What must be known for a step is said; where the company wants it, users of this app
    cannot go on without it.
    """

    _inherit = "crm.lead"

    kam_step_plan_id = fields.Many2one(
        "mail.activity.plan",
        "Sequence of Steps",
        compute="_compute_kam_step_plan_id",
        groups=USER_GROUP,
    )
    kam_done_step_ids = fields.Many2many(
        "mail.activity.plan.template",
        "kam_lead_done_step_rel",
        "lead_id",
        "step_id",
        "Steps Done",
        copy=False,
        domain="[('plan_id', '=', kam_step_plan_id)]",
        groups=USER_GROUP,
    )
    kam_step_progress = fields.Float(
        "Progress of Steps", compute="_compute_kam_steps", groups=USER_GROUP
    )
    kam_next_step_id = fields.Many2one(
        "mail.activity.plan.template",
        "Next Step of the Deal",
        compute="_compute_kam_steps",
        groups=USER_GROUP,
    )
    kam_next_need = fields.Char(
        "Needed Next",
        compute="_compute_kam_steps",
        groups=USER_GROUP,
        help="What must be known before the next step is done.",
    )
    kam_step_hint = fields.Char(compute="_compute_kam_steps", groups=USER_GROUP)

    @api.depends("kam_sales_type", "company_id", "team_id", "user_id")
    def _compute_kam_step_plan_id(self):
        """Find the steps of the company of the deal, else those of all companies."""
        plans = self._get_kam_step_plans()
        for lead in self:
            kind = lead.kam_sales_type
            own = plans.get((lead._get_kam_company(), kind)) if kind else None
            plan = own or plans.get((self.env["res.company"], kind))
            lead.kam_step_plan_id = plan if kind else False

    @api.depends(
        "kam_done_step_ids",
        "kam_step_plan_id",
        "won_status",
        "kam_need",
        "kam_stakeholder_ids.role_ids",
        "expected_revenue",
        "date_deadline",
        "order_ids.state",
    )
    def _compute_kam_steps(self):
        for lead in self:
            # sudo: the catalogue of the company, for whoever works on the deal
            steps = lead.kam_step_plan_id.sudo().template_ids
            done = steps & lead.kam_done_step_ids._origin
            left = steps - done
            lead.kam_step_progress = 100 * len(done) / len(steps) if steps else 0
            lead.kam_next_step_id = left[:1]
            is_open = lead.won_status == "pending"
            missing = lead._get_kam_missing(left[:1]) if is_open else []
            lead.kam_next_need = ", ".join(missing)
            lead.kam_step_hint = lead._tell_kam_missing(done, left)

    def write(self, vals):
        """Look at what must be known, where a user of this app moves a deal on."""
        is_moved = not CLOSING_FIELDS.isdisjoint(vals) or "kam_done_step_ids" in vals
        if not is_moved or not self._is_kam_led():
            return super().write(vals)
        before = {
            lead: (lead.kam_done_step_ids, lead.won_status, lead.stage_id.sequence)
            for lead in self
        }
        result = super().write(vals)
        for lead, (done, status, place) in before.items():
            is_won = lead.won_status == "won" != status
            is_on = lead.won_status == "pending" and lead.stage_id.sequence > place
            if is_won:
                lead._check_kam_steps(lead.kam_step_plan_id.sudo().template_ids)
            elif is_on:
                steps = lead.kam_step_plan_id.sudo().template_ids
                lead._check_kam_steps(steps & lead.kam_done_step_ids)
            elif ticked := lead.kam_done_step_ids - done:
                lead._check_kam_steps(ticked)
        return result

    def action_kam_plan_steps(self):
        """Open Odoo's dialog that shows who does which step by when, and plans them.

        :raise UserError: where there are none
        """
        self.ensure_one()
        self._check_kam_steps_left()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan Steps"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_id": self.id,
                "active_ids": self.ids,
                "default_plan_id": self.kam_step_plan_id.id,
            },
        }

    def _kam_plan_steps(self, start):
        """Plan the steps that are not done yet as activities, each with its owner.

        A step that is planned already is not planned again.

        :param date start: from which on they are due
        :raise UserError: where there are none
        """
        self._check_kam_steps_left()
        # sudo: nobody else says which step an activity is, whoever it is given to
        self.activity_ids.sudo().create(self._prepare_kam_steps(start))

    def _get_kam_steps_left(self):
        """Return the steps that are neither done nor planned."""
        # sudo: whoever they are given to
        planned = self.sudo().activity_ids.kam_step_id
        # sudo: the catalogue of the company, for whoever works on the deal
        steps = self.kam_step_plan_id.sudo().template_ids
        return steps - self.kam_done_step_ids - planned

    def _check_kam_steps_left(self):
        """Refuse to plan where no step is left, or there are none.

        :raise UserError: saying so
        """
        self.check_access("write")
        if self._get_kam_steps_left():
            return
        raise UserError(
            self.env._("All steps of “%(deal)s” are planned or done.", deal=self.name)
            if self.kam_step_plan_id
            else self.env._(
                "“%(deal)s” has no steps. Choose the sales type first.",
                deal=self.name,
            )
        )

    def _prepare_kam_steps(self, start):
        """Return the values of the activities that the steps left are planned as.

        :param date start: from which on they are due
        """
        return [
            self._prepare_kam_step(step, start) for step in self._get_kam_steps_left()
        ]

    def _prepare_kam_step(self, step, start):
        """Return the values of the activity that a step is planned as."""
        found = step._determine_responsible(self.env.user, self)
        people = (found["responsible"], self.user_id)
        owners = [user for user in people if user and may_be_given(user, self)]
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": step.activity_type_id.id,
            "summary": step.summary or step.activity_type_id.name,
            "note": step.note,
            "date_deadline": step._get_date_deadline(start),
            "user_id": (owners or [self.env.user])[0].id,
            "kam_step_id": step.id,
        }

    @api.model
    def _get_kam_step_plans(self):
        """Return {(company or none, sales type): the plan with its steps}."""
        # sudo: the catalogue of the company, for whoever works on the deal
        plans = self.env["mail.activity.plan"].sudo()
        found = plans.search([("kam_sales_type", "!=", False)])
        return {
            (plan.company_id.sudo(False), plan.kam_sales_type): plan.with_env(self.env)
            for plan in found
        }

    def _is_kam_led(self):
        """Return whether a user of this app works on these deals, and no job."""
        return not self.env.su and self.env.user.has_group(USER_GROUP)

    def _get_kam_missing(self, steps):
        """Return the labels of what must be known for some steps, and is not."""
        # sudo: whether it is known, whoever asks
        lead, labels = self.sudo(), steps.sudo()._fields
        return [
            labels[f"kam_needs_{code}"]._description_string(self.env)
            for code in steps._get_kam_needs()
            if not REQUIREMENTS[code](lead)
        ]

    def _tell_kam_missing(self, done, left):
        """Return what is missing for the steps that are done, False for nothing.

        A deal that is won has done all its steps, if it was led along them at all.
        """
        if self.type != "opportunity" or self.won_status == "lost" or not done:
            return False
        missing = self._get_kam_missing(
            done + left if self.won_status == "won" else done
        )
        return bool(missing) and self.env._(
            "Still missing for the steps of this deal: %(missing)s.",
            missing=", ".join(missing),
        )

    def _check_kam_steps(self, steps):
        """Say what is missing for some steps; refuse to go on if the company wants that.

        :raise UserError: naming it
        """
        missing = self._get_kam_missing(steps)
        if not missing:
            return
        message = self.env._(
            "“%(deal)s”, still missing: %(missing)s.",
            deal=self.name,
            missing=", ".join(missing),
        )
        # sudo: the settings of the company
        if self._get_kam_company().sudo().kam_require_steps:
            raise UserError(message)
        self.env.user._bus_send(
            "simple_notification", {"type": "warning", "message": message}
        )

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: what was done in the deals, whoever may see it
        if done := opportunities.sudo().kam_done_step_ids:
            self.sudo().kam_done_step_ids |= done
        return result
