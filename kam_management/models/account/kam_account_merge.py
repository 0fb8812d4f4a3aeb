from odoo import Command, api, models


class KamAccount(models.Model):
    """Two customers turn out to be one: their accounts become one, nothing is lost.

    Roles and classification fill gaps, opening balances add up, and who loses their role
    stays in the team. The log is computed anew by the queue.
    """

    _inherit = "kam.account"

    @api.model
    def _move_to_partner(self, partners, target):
        """Move the accounts of some partners, with their orders, to another entity.

        In a company where the target has an account, the accounts become one; elsewhere
        an account changes its customer.

        :param partners: ``res.partner`` records whose accounts move
        :param target: the ``res.partner`` that is the customer from now on, maybe only
            by what follows
        """
        Account = self._for_merge()
        # quietly: to look at each for what it logs costs more than the move
        orders = Account.env["sale.order"].with_context(tracking_disable=True)
        orders.search(
            [("kam_commercial_partner_id", "in", partners.ids)]
        ).kam_commercial_partner_id = target
        Account.search([("partner_id", "in", (partners - target).ids)])._repoint(
            {"partner_id": target.id}
        )

    def _filter_with_history(self):
        """Return those of these accounts that hold more than a name."""
        return self.filtered_domain(
            ["|", ("level", "!=", "potential"), ("opening_count", ">", 0)]
        )

    @api.model
    def _merge_twins(self, twins):
        result = super()._merge_twins(twins)
        self.browse().union(*twins.values())._enqueue()
        return result

    def _prepare_merge_values(self, survivor):
        """Keep everybody in the team, whose role may be another's now."""
        values = super()._prepare_merge_values(survivor)
        team = self.team_user_ids | survivor.member_ids
        return {**values, "member_ids": [Command.set(team.ids)]}
