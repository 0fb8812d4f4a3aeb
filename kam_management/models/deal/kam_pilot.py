from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.clock import here, today
from ..common.kam_merge import is_merging


class KamPilot(models.Model):
    """A pilot project in a deal: a small success that opens a department or branch.

    What comes of it is decided by buttons: a success opens one opportunity there, once.
    """

    _name = "kam.pilot"
    _description = "Pilot Project"
    _inherit = ["kam.guard", "kam.merge"]
    _order = "date_end desc, id desc"
    # what people write of it is of this customer
    _kam_owner = ("lead_id.kam_account_id", "account")

    name = fields.Char(
        "Goal", required=True, help="What the pilot is to show the customer."
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('type', '=', 'opportunity')]",
    )
    # Of the deal; nothing of it is stored, so that a lead has no work with it
    company_id = fields.Many2one(related="lead_id.company_id")
    account_id = fields.Many2one(related="lead_id.kam_account_id")
    user_id = fields.Many2one(related="lead_id.user_id", string="Salesperson")

    measure = fields.Char(
        "Measured By", help="The figure by which both sides see whether it is reached."
    )
    date_start = fields.Date("Start", required=True, default=here)
    date_end = fields.Date("End", required=True, index=True)
    unit_id = fields.Many2one(
        "kam.customer.unit",
        "Next Branch",
        index="btree_not_null",
        ondelete="set null",
        domain="[('account_id', '=', account_id)]",
        help="The branch or department where an opportunity is opened on success.",
    )
    state = fields.Selection(
        [("running", "Running"), ("success", "Success"), ("failed", "Failed")],
        "Status",
        required=True,
        default="running",
        readonly=True,
        copy=False,
    )
    result = fields.Text(copy=False, help="What was reached, by the measure agreed on.")
    date_closed = fields.Date("Evaluated On", readonly=True, copy=False)
    next_lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity Opened",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    is_opened = fields.Boolean(
        readonly=True,
        copy=False,
        help="An opportunity is opened once, whatever becomes of it.",
    )

    _check_dates = models.Constraint(
        "CHECK(date_end >= date_start)", "A pilot project cannot end before it starts."
    )

    @api.constrains("lead_id", "unit_id")
    def _check_unit(self):
        """Keep to branches and departments of the customer whose deal it is."""
        if is_merging(self.env):
            return
        # sudo: whose branch it is, whoever works on the deal
        for pilot in self.sudo():
            unit = pilot.unit_id
            if unit and unit.account_id != pilot.lead_id.kam_account_id:
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” is no branch or department of this customer.",
                        unit=unit.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        pilots = super().create(vals_list)
        # who runs a pilot changes the deal
        pilots.lead_id.check_access("write")
        return pilots

    def write(self, vals):
        moved = "lead_id" in vals and not is_merging(self.env)
        if moved and self.filtered(lambda one: one.lead_id.id != vals["lead_id"]):
            raise UserError(
                self.env._(
                    "A pilot project stays with its opportunity. Create a new one on the"
                    " other opportunity."
                )
            )
        return super().write(vals)

    def action_succeed(self):
        """Note that the goal was reached, and open what it is to open.

        :return: action that shows the new opportunity, if there is one
        :raise UserError: when nobody wrote down what was reached
        """
        self._close("success")
        for pilot in self.filtered(lambda one: one.unit_id and not one.is_opened):
            pilot._open_next()
        return len(self) == 1 and self.next_lead_id and self._prepare_next_action()

    def action_fail(self):
        """Note that the goal was not reached.

        :raise UserError: when nobody wrote down why
        """
        self._close("failed")

    def action_reopen(self):
        """Take it up again."""
        self.check_access("write")
        # sudo: the button decides
        self.sudo().write({"state": "running", "date_closed": False})

    def _close(self, state):
        self.check_access("write")
        for pilot in self:
            if not (pilot.result or "").strip():
                raise UserError(
                    self.env._(
                        "“%(pilot)s”: enter the result first. It is what the next"
                        " customer will ask for.",
                        pilot=pilot.name,
                    )
                )
        # sudo: the button decides
        self.sudo().write({"state": state, "date_closed": today()})

    def _open_next(self):
        """Open an opportunity in the branch or department, by the user's own rights."""
        lead = self.lead_id.create(self._prepare_next_lead())
        # sudo: where a lead comes from is found here, and typed in by nobody
        lead.sudo().kam_unit_id = self.unit_id
        self.sudo().write({"next_lead_id": lead.id, "is_opened": True})
        lead._message_log(
            body=self.env._(
                "Opened by the pilot project “%(pilot)s” in %(deal)s.",
                pilot=self.name,
                deal=self.lead_id.name,
            )
        )

    def _prepare_next_lead(self):
        """Return the values of the opportunity that a success opens."""
        lead, unit = self.lead_id, self.unit_id
        return {
            "type": "opportunity",
            "name": f"{lead.name} – {unit.name}",
            "partner_id": (unit.partner_id or lead.partner_id).id,
            "company_id": lead.company_id.id,
            "team_id": lead.team_id.id,
            "user_id": lead.user_id.id,
            "description": self.result,
            "kam_need": "yes",
        }

    def _prepare_next_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.next_lead_id.id,
            "views": [(False, "form")],
        }

    def _filter_changeable(self):
        """Whoever may change the deal may change its pilot."""
        # sudo: what the pilot is of, which the user sees
        writable = self.sudo().lead_id.with_env(self.env)._filtered_access("write")
        return self.filtered(lambda pilot: pilot.sudo().lead_id.id in writable.ids)

    @api.model
    def _get_checked_fields(self):
        """Leave the branch to the check that it is one of the customer."""
        return super()._get_checked_fields() | {"unit_id"}

    @api.model
    def _get_found_hint(self):
        return self.env._("Use the buttons of the pilot project.")


class CrmLead(models.Model):
    """A deal may begin with a pilot project."""

    _inherit = "crm.lead"

    kam_pilot_ids = fields.One2many(
        "kam.pilot", "lead_id", "Pilot Projects", groups="kam_management.group_kam_user"
    )
