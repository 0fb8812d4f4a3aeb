from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.common.turns import take_turns


class KamNeedTransfer(models.TransientModel):
    """Offers what worked at one place of the customer to his other branches."""

    _name = "kam.need.transfer"
    _description = "Transfer to Other Branches"
    _inherit = ["kam.guard"]

    need_id = fields.Many2one("kam.plan.need", required=True, ondelete="cascade")
    account_id = fields.Many2one(related="need_id.account_id")
    done_unit_ids = fields.Many2many(
        "kam.customer.unit",
        string="Already Offered At",
        compute="_compute_done_unit_ids",
    )
    unit_ids = fields.Many2many(
        "kam.customer.unit",
        "kam_need_transfer_unit_rel",
        string="Branches",
        compute="_compute_unit_ids",
        store=True,
        readonly=False,
        domain="[('account_id', '=', account_id), ('id', 'not in', done_unit_ids)]",
    )

    @api.depends("need_id")
    def _compute_done_unit_ids(self):
        """Find where it is used, or has been offered, won or lost."""
        for wizard in self:
            # sudo: an offer of a colleague is not made a second time
            leads = wizard.need_id.sudo().transfer_lead_ids
            units = leads.kam_unit_id.with_env(self.env)
            wizard.done_unit_ids = units | wizard.need_id.unit_id

    @api.depends("need_id")
    def _compute_unit_ids(self):
        """Propose those with the same need, or else all that may have it."""
        for wizard in self:
            need = wizard.need_id
            wizard.unit_ids = need._find_wanting_units()[need] if need else False

    def action_apply(self):
        """Make one opportunity for each chosen branch, none twice.

        :return: action on the leads that were made
        :raise UserError: when there is nothing to do
        """
        self.ensure_one()
        need = self.need_id
        need.check_access("write")
        need._check_plan_open()
        need._check_delivered()
        take_turns(need)
        units = self.unit_ids.filtered(lambda unit: unit.account_id == need.account_id)
        units -= self.done_unit_ids
        if not units:
            raise UserError(
                self.env._(
                    "Choose at least one branch to which this has not been offered yet."
                )
            )
        leads = self.env["crm.lead"].create(
            [need._prepare_lead_values(unit) for unit in units]
        )
        for lead, unit in zip(leads, units, strict=True):
            # sudo: where a lead comes from is found here, and typed in by nobody
            lead.sudo().write({"kam_need_id": need.id, "kam_unit_id": unit.id})
            need._note_white_space(unit, lead)
        return need._prepare_lead_action(leads)
