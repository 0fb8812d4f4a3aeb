from datetime import timedelta

from odoo import api, fields, models

from ..common import clock

# While a quotation can still be judged.
OPEN_STATES = ("draft", "sent")


class SaleOrder(models.Model):
    """A quotation may have a proposal, and is sent with a date until which it is valid."""

    _inherit = "sale.order"

    kam_proposal_ids = fields.One2many(
        "kam.proposal",
        "order_id",
        "Proposals",
        copy=False,
        groups="kam_management.group_kam_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if any(vals.get("state") == "sent" for vals in vals_list):
            orders.filtered(lambda order: order.state == "sent")._kam_set_validity()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sent":
            self._kam_set_validity()
        return result

    def copy(self, default=None):
        """Take the proposal along: a new version goes on with it."""
        copies = super().copy(default)
        # sudo: it goes with the quotation, whoever duplicates that
        for order, copied in zip(self.sudo(), copies, strict=True):
            for proposal in order.kam_proposal_ids:
                proposal.copy({"order_id": copied.id})
        return copies

    def unlink(self):
        # sudo: the quotation decides; lines and pictures go, too
        proposals = self.env["kam.proposal"].sudo()
        proposals.search([("order_id", "in", self.ids)]).unlink()
        return super().unlink()

    def action_quotation_send(self):
        # the quotation is printed before it is sent
        self._kam_set_validity()
        return super().action_quotation_send()

    def action_kam_proposal(self):
        """Open the proposal of this quotation, a new one where there is none.

        :return: action on ``kam.proposal``
        """
        self.ensure_one()
        Proposal = self.env["kam.proposal"]
        proposal = self.kam_proposal_ids or Proposal.create({"order_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proposal"),
            "res_model": "kam.proposal",
            "res_id": proposal.id,
            "views": [(False, "form")],
        }

    def _get_share_url(self, *args, **kwargs):
        # whoever gets the link reads the quotation
        self._kam_set_validity()
        return super()._get_share_url(*args, **kwargs)

    def _kam_set_validity(self):
        """Say until when the terms hold, where nothing does and the customer has an account.

        Odoo's own default comes first; ours is of the company the quotation is of.
        """
        open_ended = self.filtered(
            lambda order: order.state in OPEN_STATES and not order.validity_date
        )
        if not open_ended or self.env.cr.readonly:
            return
        # sudo: whether there is an account, and the date, whoever sends the quotation
        for order in open_ended.sudo()._get_kam_accounts():
            days = timedelta(days=order.company_id.kam_validity_days)
            order.validity_date = clock.here(order) + days

    def _get_kam_proposal_pages(self):
        """Return the pages of the proposal, for paper and portal; none without one.

        Of a quotation only: what was ordered is told by its lines.
        """
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return False
        # sudo: who reads the quotation reads the proposal that belongs to it
        proposal = self.sudo().kam_proposal_ids[:1]
        return proposal and proposal._render_pages()
