from odoo import api, fields, models
from odoo.fields import Domain

from ..common.clock import here

TODO = "mail.mail_activity_data_todo"


class KamHandover(models.Model):
    """How the customer takes it: irritation, and the risk that they leave us for it.

    Heads of sales are told at once.
    """

    _inherit = "kam.handover"

    irritation = fields.Selection(
        [("none", "None"), ("some", "Some"), ("strong", "Strong")],
        "Customer's Irritation",
        tracking=True,
        help="How far the change of people irritates the customer.",
    )
    risk = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        "Risk of Losing Them",
        tracking=True,
    )
    is_alarming = fields.Boolean(
        "At Risk", compute="_compute_is_alarming", search="_search_is_alarming"
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )

    @api.depends("irritation", "risk", "state")
    def _compute_is_alarming(self):
        for handover in self:
            handover.is_alarming = bool(
                handover.filtered_domain(self._get_alarming_domain())
            )

    def _search_is_alarming(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return self._get_alarming_domain()

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        for handover in self:
            handover.is_late = bool(handover.filtered_domain(self._get_late_domain()))

    def _search_is_late(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return self._get_late_domain()

    @api.model_create_multi
    def create(self, vals_list):
        handovers = super().create(vals_list)
        handovers._alarm()
        return handovers

    def write(self, vals):
        result = super().write(vals)
        if not {"irritation", "risk"}.isdisjoint(vals):
            self._alarm()
        return result

    def _get_alarming_domain(self):
        """Return the domain of the open handovers that may cost us the customer."""
        bad = Domain("irritation", "=", "strong") | Domain("risk", "=", "high")
        return self._get_open() & bad

    def _get_late_domain(self):
        return self._get_open() & Domain("date_due", "<", str(here(self)))

    def _alarm(self):
        """Give the heads of sales an activity for each handover that alarms, once; it
        goes when the alarm does.
        """
        # sudo: whoever sees the danger need not see the heads' activities
        handovers = self.sudo().with_context(mail_activity_quick_update=True)
        alarming = handovers.filtered_domain(self._get_alarming_domain())
        (handovers - alarming).activity_unlink([TODO])
        for handover in alarming:
            if handover.activity_search([TODO]):
                continue
            for head in handover.account_id._get_heads(handover.user_id):
                handover.activity_schedule(
                    TODO,
                    user_id=head.id,
                    summary=self.env._("Handover at risk: talk to the customer"),
                )
