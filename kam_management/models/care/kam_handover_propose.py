from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock
from ..common.jobs import do_each

# A deal that was won so many days ago has been handed over, or will not be.
DAYS = 30
LARGE = ("project", "consultative")


class CrmLead(models.Model):
    """A large deal about to be won is proposed for a handover, once."""

    _inherit = "crm.lead"

    kam_handover_ids = fields.One2many(
        "kam.handover", "lead_id", "Handovers", groups="kam_management.group_kam_user"
    )
    kam_handover_date = fields.Date(
        "Handover Proposed",
        readonly=True,
        copy=False,
        groups="kam_management.group_kam_user",
        help="When the salesperson was asked to begin the handover.",
    )

    def action_kam_hand_over(self):
        """Open the handover of this deal, or a new one."""
        self.ensure_one()
        handovers = self.kam_handover_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Handover"),
            "res_model": "kam.handover",
            "views": [(False, "form")],
            "res_id": handovers[:1].id,
        }
        if handovers:
            return action
        account = self.kam_account_id
        values = {"kind": "deal", "account_id": account.id, "lead_id": self.id}
        if self.user_id == self.env.user and not account.has_access("read"):
            # sudo: who has won the deal begins it, also for a customer of colleagues
            handovers = handovers.sudo().create(values)
            return {**action, "res_id": handovers.id}
        if handovers._is_head_of_sales():
            # who takes over is for a head to say
            values["manager_id"] = account.manager_id.id
            values["project_manager_id"] = account.project_manager_id.id
        context = {f"default_{name}": value for name, value in values.items()}
        return {**action, "context": context}

    @api.model
    def _cron_propose_handovers(self):
        """Ask the salespeople of large deals about to be won to begin the handover."""
        # sudo: of all companies
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        leads = self.search(Domain.OR(map(self._get_kam_handover_domain, companies)))
        do_each(
            self.env,
            list(leads.filtered(lambda lead: lead._kam_needs_handover())),
            lambda lead: lead._propose_kam_handover(),
            "No handover was proposed for the deal %s",
        )

    @api.model
    def _get_kam_handover_domain(self, company):
        """Return the domain of a company's deals in their last stages, not proposed yet."""
        share = company.kam_handover_probability
        since = fields.Date.subtract(clock.today(), days=DAYS)
        last = Domain("won_status", "=", "pending") & Domain("probability", ">=", share)
        last |= Domain("won_status", "=", "won") & Domain(
            "date_closed", ">=", str(since)
        )
        if not share:
            return Domain.FALSE
        return (
            last
            & Domain("type", "=", "opportunity")
            & Domain("kam_handover_date", "=", False)
            & Domain("user_id.active", "=", True)
            & Domain("kam_account_id.company_id", "=", company.id)
            & Domain("kam_sales_type", "in", LARGE)
        )

    def _kam_needs_handover(self):
        """Return whether others deliver than who sells, and nobody has begun with it."""
        account = self.kam_account_id
        same = account.manager_id == self.user_id
        served = self.kam_sales_type == "consultative" or account.project_manager_id
        return not (same and served) and not self.kam_handover_ids

    def _propose_kam_handover(self):
        """Give the salesperson an activity to begin the handover."""
        self.kam_handover_date = clock.today()
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.user_id.id,
            summary=self.env._("Begin the handover to who serves the customer"),
            note=self.env._(
                "The deal is about to be won. Press “Hand Over”: the new ones are named,"
                " read the briefing and are introduced to the customer before you go."
            ),
        )
