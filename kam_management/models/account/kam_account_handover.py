from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

# Whoever takes over many records gets no message about each of them.
QUIETLY = {"mail_activity_quick_update": True, "mail_auto_subscribe_no_notify": True}


class Work(NamedTuple):
    """Records of one model that a colleague has in hand, and the field that says so."""

    name: str  # of the field
    records: dict  # {kam.account: records about it}, by ``sudo``

    def get_records(self):
        """Return these records, whatever account they are about."""
        return next(iter(self.records.values())).union(*self.records.values())

    def give_to(self, user):
        """Put these records into a colleague's hands, without a message about each."""
        value = user.partner_id if self.name == "partner_id" else user
        self.get_records().with_context(**QUIETLY)[self.name] = value


class KamAccount(models.Model):
    """What somebody has in hand about these accounts, and how it is passed on.

    The one place that knows what goes along when another one takes over. Of a manager
    who has left the head is told, and passes on what they led.
    """

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
        now.

        :param leaver: ``res.users``, archived
        """
        for work in self._find_work(leaver):
            work.give_to(self.manager_id)

    def _find_work(self, user):
        """Return what a user has in hand about these accounts; rooms add theirs.

        :return: list of ``Work``, none of it empty
        """
        # sudo: whoever passes on an account passes on the work on it, seen or not
        env = self.sudo().env
        return [
            *self._group_work("user_id", self._find_activities(user)),
            *self._search_work(
                env["crm.lead"],
                user,
                [("won_status", "=", "pending")],
                "kam_account_id",
            ),
            *self._group_work("user_id", self._find_quotations(user)),
        ]

    def _search_work(self, records, user, domain, link="account_id"):
        """Return the ``Work`` of a user on what is open about these accounts.

        :param records: of the model in question
        :param domain: of what is open
        :param str link: the field that says which account it is about
        """
        # sudo: as above
        found = records.sudo().search(
            Domain(link, "in", self.ids)
            & Domain("user_id", "=", user.id)
            & Domain(domain)
        )
        return self._group_work("user_id", found.grouped(link))

    @api.model
    def _group_work(self, name, records):
        """Return the ``Work`` that some records are: a list of one, or of none.

        :param str name: of the field that says in whose hands they are
        :param dict records: {account: records}
        """
        return [Work(name, records)] if records else []

    def _find_quotations(self, user):
        """Return the open quotations of a user to these accounts, by account."""
        accounts = self.sudo()
        quotations = accounts.env["sale.order"].search(
            [
                ("state", "in", ("draft", "sent")),
                ("user_id", "=", user.id),
                ("kam_commercial_partner_id", "in", accounts.partner_id.ids),
                ("company_id", "in", accounts.company_id.ids),
            ]
        )
        found = quotations.grouped("kam_account_id")
        return {account: found[account] for account in accounts if account in found}

    def _find_activities(self, user):
        """Return what a user has to do on the records of these accounts.

        What is planned on a contact stays as long as the user leads another account of
        the same customer, with another company of ours: it may be about that one.

        :return: {account: ``mail.activity``}, by ``sudo``
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
        found = {}
        for model, some in activities.grouped("res_model").items():
            records = accounts.env[model].browse(set(some.mapped("res_id"))).exists()
            owners = {one.id: finders[model](one) for one in records}
            for activity in some:
                theirs = owners.get(activity.res_id, accounts.browse())
                if user in (theirs.filtered("active") - accounts).manager_id:
                    continue
                for account in (theirs & accounts)[:1]:
                    found[account] = found.get(account, some.browse()) | activity
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
