from odoo import api, models
from odoo.fields import Domain


class KamAccount(models.Model):
    """A manager who has left: the head is told, and passes on what they led."""

    _inherit = "kam.account"

    def write(self, vals):
        leavers = {}
        if vals.get("manager_id"):
            # sudo: whether the former manager is still there, and nothing else
            leavers = self.sudo().grouped("manager_id")
        result = super().write(vals)
        for leaver, accounts in leavers.items():
            if leaver and not leaver.active:
                accounts._take_over_from(leaver)
        return result

    def _take_over_from(self, leaver):
        """Give what the former manager of these accounts left undone to the one there is
        now; rooms that know more of it add theirs.

        :param leaver: ``res.users``, archived
        """
        for account in self:
            theirs = Domain("user_id", "=", leaver.id) & (
                Domain("res_model", "=", self._name) & Domain("res_id", "=", account.id)
                | Domain("res_model", "=", "res.partner")
                & Domain("res_id", "=", account.partner_id.id)
            )
            self.env["mail.activity"].search(theirs).with_context(
                mail_activity_quick_update=True
            ).user_id = account.manager_id

    @api.model
    def _tell_left_behind(self, leaver):
        """Tell the heads of sales which accounts a user who has left still leads.

        :param leaver: ``res.users``, archived
        """
        # sudo: whoever archives a user need not see their accounts
        accounts = self.sudo().search([("manager_id", "=", leaver.id)])
        for heads, some in accounts.grouped(lambda a: a._get_heads(leaver)).items():
            for head in heads:
                leaver.sudo().partner_id.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=head.id,
                    summary=self.env._(
                        "%(manager)s has left and still leads %(count)s accounts",
                        manager=leaver.name,
                        count=len(some),
                    ),
                    note=self.env._(
                        "Filter the accounts by “Manager Has Left” and choose another"
                        " manager: open activities and complaints go with them."
                    ),
                )

    def _get_heads(self, leaver):
        """Return who is told of this account: the accountable one, else all heads of
        sales of its company.
        """
        accountable = self.accountable_id.filtered("active") - leaver
        if accountable:
            return accountable
        group = self.env.ref("kam_management.group_kam_manager")
        return group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        ).sorted("id")
