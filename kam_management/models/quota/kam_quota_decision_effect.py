from odoo import api, models

from ..common import clock, formats
from .kam_quota_deviation import CARRY_OUT_TYPE

# Percentage points by which a deviation must move to be called better or worse.
NOTICEABLE = 2


class KamQuotaDecision(models.Model):
    """When a decision is due, its effect is looked at and told."""

    _inherit = "kam.quota.decision"

    @api.model
    def _cron_check(self):
        """Look what came of the decisions that are due."""
        today = clock.today()
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

        When the period of the line is over, that of the present one counts. What is
        still behind gets the next decision at once.
        """
        present = self.line_id._map_present()
        for decision in self:
            line = present[decision.line_id]
            change = line.deviation - decision.deviation
            effect = "same"
            if abs(change) >= NOTICEABLE:
                effect = "better" if change > 0 else "worse"
            decision.write(
                {
                    "state": "checked",
                    "deviation_after": line.deviation,
                    "effect": effect,
                }
            )
            decision.activity_feedback(
                [CARRY_OUT_TYPE], feedback=self.env._("The decision was due.")
            )
            decision._tell_effect(line)
        self.quota_id._handle_measured()

    def _tell_effect(self, line):
        """Tell the head what came of his decision.

        :param line: the ``kam.quota.line`` that was looked at
        """
        self.ensure_one()
        effects = dict(self._fields["effect"]._description_selection(self.env))
        heads = self.decided_by_id | self.accountable_id
        self.message_post(
            body=self.env._(
                "Effect: %(effect)s. The deviation was %(before)s and is now %(after)s"
                " (%(line)s).",
                effect=effects[self.effect].lower(),
                before=formats.percent(self.env, self.deviation, signed=True),
                after=formats.percent(self.env, self.deviation_after, signed=True),
                line=line.display_name,
            ),
            partner_ids=heads.partner_id.ids,
        )


class KamQuotaLine(models.Model):
    _inherit = "kam.quota.line"

    def _map_present(self):
        """Return {line: the line of the present period of its kind, itself if none}.

        A period that has just begun says nothing yet.
        """
        today = clock.today()
        lines = self.search(
            [
                ("state", "=", "running"),
                ("quota_id.active", "=", True),
                ("company_id", "in", self.company_id.ids),
                ("indicator", "in", self.mapped("indicator")),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )
        days = lines.quota_id._map_working_days()
        present = {
            (*line._get_subject(), line.period): line
            for line in lines
            if not line.quota_id._is_early(days)
        }
        return {
            line: present.get((*line._get_subject(), line.period), line)
            for line in self
        }
