from odoo import fields, models
from odoo.exceptions import UserError


class KamAccount(models.Model):
    """A customer who falls asleep opens a case, and closes it when they buy again."""

    _inherit = "kam.account"

    reactivation_ids = fields.One2many(
        "kam.reactivation", "account_id", "Reactivation Cases"
    )

    def _handle_transitions(self, steps):
        result = super()._handle_transitions(steps)
        cases = self.env["kam.reactivation"]
        accounts = steps.account_id
        cases._open_for(
            accounts.filtered(lambda one: one.level == "dormant"), "dormant"
        )
        cases._close_for(accounts.filtered(lambda one: one.level != "dormant"))
        return result

    def action_reactivate(self):
        """Open the case of a silent customer, a new one where there is none.

        :raise UserError: when the customer is not silent
        """
        self.ensure_one()
        self.check_access("write")
        if self.level != "dormant" and not self.is_at_risk:
            raise UserError(
                self.env._("%s is neither dormant nor at risk.", self.display_name)
            )
        case = self.reactivation_ids.filtered(
            lambda one: one.since == self.last_purchase_date
        )
        if not case:
            reason = "dormant" if self.level == "dormant" else "risk"
            # sudo: cases are opened by the app; the user may write the account
            case, account = case.sudo(), self.sudo()
            worth = case._get_worth(account).get(account, 0)
            segment = case._get_segments_before(account).get(account)
            values = self._prepare_reactivation(reason, segment, worth)
            case = case.create(values)
        return case.with_env(self.env).get_formview_action()

    def _prepare_reactivation(self, reason, segment, worth):
        """Return the values of a case of this customer.

        :param str segment: the one they were in while they bought
        :param float worth: what they bought in the last window
        """
        self.ensure_one()
        return {
            "account_id": self.id,
            "reason": reason,
            "since": self.last_purchase_date,
            "was_segment": segment,
            "was_key": self.is_key_account,
            "worth": worth,
        }

    def _filter_with_history(self):
        """Keep accounts with cases and references too: people work on them."""
        kept = self.filtered(lambda one: one.reactivation_ids or one.reference_ids)
        return super()._filter_with_history() | kept
