from odoo import api, fields, models
from odoo.fields import Domain


class KamPlanExpectation(models.Model):
    """What a proposal promised is what the customer expects once they have ordered."""

    _inherit = "kam.plan.expectation"

    order_id = fields.Many2one(
        "sale.order",
        "Promised In",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The order with the proposal in which it was promised.",
    )

    @api.model
    def _take_promises(self, accounts):
        """Enter what the proposals of confirmed orders promised in the plans in force.

        Once for an order: what somebody changes or deletes there stays so.

        :param dict accounts: {order: its account}
        """
        ordered = self.env["sale.order"].union(
            *(order for order in accounts if order.state == "sale")
        )
        proposals = ordered.kam_proposal_ids
        if not proposals:
            return
        plans = self.env["kam.plan"].search(
            self.env["kam.plan"]._get_in_force_domain()
            & Domain("account_id", "in", [one.id for one in accounts.values()])
        )
        plan_of = {plan.account_id: plan for plan in plans}
        taken = self.search([("order_id", "in", ordered.ids)]).order_id
        self.create(
            [
                {"plan_id": plan.id, "order_id": order.id, **values}
                for proposal in proposals
                for order in proposal.order_id - taken
                if (plan := plan_of.get(accounts[order]))
                for values in proposal._prepare_promises()
            ]
        )

    @api.model
    def _get_asked_domain(self, order, account):
        """Return the domain of what to ask about when an order is talked of.

        :param order: ``sale.order``, maybe none
        """
        in_force = Domain("plan_id", "any", self.env["kam.plan"]._get_in_force_domain())
        return (
            in_force
            & Domain("account_id", "=", account.id)
            & Domain("state", "=", "open")
            & Domain("order_id", "in", [*order.ids, False])
        )

    def _note_perceived(self, perceived):
        """Note how much of it the customer perceives; a gap opens an action.

        Expectations that are exceeded or met need none.

        :param int perceived: from 1 to 5
        """
        self.perceived = perceived
        self.filtered(lambda line: line.gap > 0).action_plan_action()
