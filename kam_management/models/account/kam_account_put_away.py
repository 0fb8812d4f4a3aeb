from odoo import models
from odoo.fields import Domain

from ..common.kam_guard import HEAD_GROUP
from .kam_account_roles import ROLE_FIELDS


class KamAccount(models.Model):
    """A customer archived by a colleague: who serves them is told.

    Whoever writes contacts archives them, and the account goes out of sight with them.
    """

    _inherit = "kam.account"

    def _tell_put_away(self):
        """Tell who answers for these accounts who archived the customers; or else heads of
        sales. Nobody needs to be told of what nobody serves, nor of what they did.
        """
        user = self.env.user
        accounts = self._filter_put_away_by(user)
        # the colleague gets no mail sent: they may lack an address, or rights to do so
        accounts = accounts.with_context(mail_activity_quick_update=True)
        for people, some in accounts.grouped(lambda a: a._get_guardians(user)).items():
            for one in people:
                some.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=one.id,
                    summary=self.env._(
                        "%(user)s archived the customer", user=user.name
                    ),
                    note=self.env._(
                        "The account is archived with the contact, and no list shows it"
                        " any more. Restore the contact if you still serve the customer."
                    ),
                )

    def _filter_put_away_by(self, user):
        """Return those of these accounts that others serve than a user who archives them.

        Most customers of a company are served by nobody: one look tells.
        """
        if user._is_superuser() or not self:
            return self.browse()
        served = Domain("is_key_account", "=", True)
        for name in ROLE_FIELDS:
            served |= Domain(name, "!=", False)
        theirs = Domain("id", "in", self.ids) & served
        if user.has_group(HEAD_GROUP):
            theirs &= Domain("company_id", "not in", user.company_ids.ids)
        accounts = self.with_context(active_test=False).search(theirs)
        return accounts.with_env(self.env).filtered(
            lambda account: not account._is_led_by(user)
        )

    def _get_guardians(self, user):
        """Return who looks after this account when a user has put it away."""
        leaders = (self.manager_id | self.accountable_id).filtered("active")
        return leaders or self._get_heads(user)
