from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class KamHandover(models.Model):
    """Who takes over sees the account meanwhile; of one customer one handover is open."""

    _inherit = "kam.handover"

    @api.model
    def _check_none_open(self, vals_list):
        """Refuse a second handover of a customer at the same time.

        :raise UserError: naming the customers
        """
        ids = [vals.get("account_id") for vals in vals_list if vals.get("account_id")]
        # sudo: a running handover counts, seen or not
        running = self.sudo().search([("account_id", "in", ids), *self._get_open()])
        if running or len(ids) > len(set(ids)):
            names = running.account_id.mapped("display_name")
            raise UserError(
                self.env._(
                    "%(customers)s: being handed over already. Complete or cancel that"
                    " handover first.",
                    customers=", ".join(names),
                )
            )

    def _admit(self):
        """Let who takes over see the account, and only them."""
        for receivers, some in self.grouped(lambda one: one._get_receivers()).items():
            some.filtered(
                lambda one, wanted=receivers: one.admitted_ids - wanted
            )._dismiss(but=receivers)
            for user in receivers:
                new = some.filtered(
                    lambda one, user=user: user not in one.account_id.team_user_ids
                )
                new.account_id.member_ids = [Command.link(user.id)]
                new.admitted_ids = [Command.link(user.id)]

    def _dismiss(self, but=()):
        """Take out of the team who was let in for these handovers, some left aside.

        Who is a deputy meanwhile stays in it.
        """
        gone = self.admitted_ids.filtered(lambda user: user not in but)
        for user in gone:
            some = self.filtered(lambda one, user=user: user in one.admitted_ids)
            some.account_id.member_ids = [Command.unlink(user.id)]
            some.admitted_ids = [Command.unlink(user.id)]
        if gone:
            Deputy = self.env["kam.deputy"]
            running = Deputy._get_running() & Domain("deputy_id", "in", gone.ids)
            Deputy.search(running)._follow()

    def _get_key(self):
        """Let two open handovers of one customer become one."""
        return ("account_id",) if self.state == "open" else ()

    def _find_twin(self, vals):
        """Find the open handover of the customer that this one will be of."""
        account = vals.get("account_id", self.account_id.id)
        others = Domain("account_id", "=", account) & Domain("id", "!=", self.id)
        return self.search(others & self._get_open(), limit=1)
