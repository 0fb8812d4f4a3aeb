from markupsafe import Markup

from odoo import api, models


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
        if activities := self._find_activities(leaver):
            activities.with_context(
                mail_activity_quick_update=True
            ).user_id = self.manager_id

    def _find_activities(self, user):
        """Return what a user has to do on the records of these accounts.

        What is planned on a contact stays as long as the user leads another account of
        the same customer, with another company of ours: it may be about that one.

        :return: ``mail.activity``, by ``sudo``
        """
        # sudo: whoever passes on an account passes on what is to be done about it, also
        # on records that they do not see
        accounts, finders = self.sudo(), self._get_activity_records()
        activities = accounts.env["mail.activity"].search(
            [
                ("active", "=", True),
                ("user_id", "=", user.id),
                ("res_model", "in", list(finders)),
            ]
        )
        found = activities.browse()
        for model, some in activities.grouped("res_model").items():
            records = accounts.env[model].browse(set(some.mapped("res_id"))).exists()
            owners = {one.id: finders[model](one) for one in records}
            ids = {
                one
                for one, theirs in owners.items()
                if theirs & accounts
                and user not in theirs.filtered("active").manager_id
            }
            found |= some.filtered(lambda activity, ids=ids: activity.res_id in ids)
        return found

    def _get_activity_records(self):
        """Return the records on which somebody plans what to do about an account.

        :return: {model: function that finds the accounts of a record, by ``sudo``}; rooms
            add theirs
        """
        return {
            **self.env["mail.activity.plan.template"]._get_kam_plan_models(),
            "res.partner": lambda partner: (
                partner.with_context(
                    active_test=False
                ).commercial_partner_id.kam_account_ids
            ),
            "sale.order": lambda order: order.kam_account_id,
        }

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
                        "%(manager)s has left: accounts to reassign: %(count)s",
                        manager=leaver.name,
                        count=len(some),
                    ),
                    note=self._get_left_behind_note(),
                )

    @api.model
    def _get_left_behind_note(self):
        """Return what to do about the accounts of a leaver, with a link to them."""
        action = self.env.ref("kam_management.kam_account_action_left").path
        return Markup("<p>%s <a href='/odoo/%s'>%s</a></p>") % (
            self.env._(
                "Choose another manager for these accounts: open activities and"
                " complaints go with them."
            ),
            action,
            self.env._("Open Accounts"),
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
