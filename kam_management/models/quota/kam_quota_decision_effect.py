from odoo import api, fields, models

from .kam_quota_deviation import CARRY_OUT_TYPE

# Percentage points by which a deviation must move to be called better or worse.
NOTICEABLE = 2


class KamQuotaDecision(models.Model):
    """When a decision is due, its effect is looked at and told."""

    _inherit = "kam.quota.decision"

    @api.model
    def _cron_check(self):
        """Look what came of the decisions that are due."""
        today = fields.Date.context_today(self)
        due = [("state", "=", "decided"), ("date_due", "<=", today)]
        decisions = self.search(due)
        self.env["ir.cron"]._commit_progress(remaining=len(decisions))
        for batch in (decisions[n : n + 100] for n in range(0, len(decisions), 100)):
            batch = batch.try_lock_for_update().filtered_domain(due)
            batch._check_effect()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    def _check_effect(self):
        """Compare the deviation with that of the decision, and tell who decided.

        A line that is still behind gets the next decision at once.
        """
        for decision in self:
            after = decision.line_id.deviation
            change = after - decision.deviation
            effect = "same"
            if abs(change) >= NOTICEABLE:
                effect = "better" if change > 0 else "worse"
            decision.write(
                {"state": "checked", "deviation_after": after, "effect": effect}
            )
            decision.activity_feedback(
                [CARRY_OUT_TYPE], feedback=self.env._("The decision was due.")
            )
            decision._tell_effect()
        self.quota_id._handle_measured()

    def _tell_effect(self):
        """Tell the head what came of his decision."""
        self.ensure_one()
        effects = dict(self._fields["effect"]._description_selection(self.env))
        heads = self.decided_by_id | self.accountable_id
        self.message_post(
            body=self.env._(
                "What came of it: %(effect)s. The deviation was %(before)s %%, now it is"
                " %(after)s %%.",
                effect=effects[self.effect].lower(),
                before=f"{self.deviation:+.0f}",
                after=f"{self.deviation_after:+.0f}",
            ),
            partner_ids=heads.partner_id.ids,
        )
