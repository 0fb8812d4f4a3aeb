from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common import clock


class KamQuota(models.Model):
    """Periods of the past: loaded with what was reached, and closed all at once."""

    _inherit = "kam.quota"

    has_remark = fields.Boolean(compute="_compute_has_remark")

    @api.depends("line_ids.remark")
    def _compute_has_remark(self):
        for quota in self:
            quota.has_remark = any(line.remark for line in quota.line_ids)

    def action_close_past(self):
        """Ask why, then close many periods without a decision about each deviation.

        :return: action on ``kam.quota.closing``
        """
        self._check_step("draft", "running")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close Past Periods"),
            "res_model": "kam.quota.closing",
            "view_mode": "form",
            "target": "new",
            "context": {"default_quota_ids": self.ids},
        }

    def _close_past(self, reason):
        """Close periods that are over, drafts included, and say in their logs why.

        Nobody is asked about deviations: what is open is dropped.

        :raise AccessError: when the user is no head of sales
        :raise UserError: when a period is not over, or has no targets
        """
        self._check_step("draft", "running")
        self._check_over()
        if empty := self.filtered(lambda quota: not quota.line_ids):
            raise UserError(
                self.env._(
                    "%(quotas)s: there are no targets. Add targets, or leave these"
                    " quotas out.",
                    quotas=", ".join(empty.mapped("name")),
                )
            )
        # measured as drafts: a running one would ask for decisions
        self._set_state("draft")
        self._measure()
        self._freeze_facts()
        self._set_state(
            "closed", closed_at=fields.Datetime.now(), closed_by_id=self.env.user.id
        )
        self._drop_open_decisions()
        body = self.env._(
            "Closed as a past period, without decisions: %(reason)s", reason=reason
        )
        self._message_log_batch(dict.fromkeys(self.ids, body))

    @api.model
    def _get_corrections(self, lines):
        """Let what was loaded be the record behind the figure of a line."""
        loaded = lines.filtered("reported")
        return super()._get_corrections(lines) + [
            (line, line._prepare_reported()) for line in loaded
        ]


class KamQuotaLine(models.Model):
    """What was reached before Odoo knew: it counts instead of what is measured."""

    _inherit = "kam.quota.line"

    reported = fields.Float(
        "Actual Before Odoo",
        copy=False,
        aggregator=None,
        help="The actual figure of a past period, from the system used before Odoo. It"
        " replaces what Odoo would measure. 0: measured by Odoo.",
    )

    remark = fields.Char(
        compute="_compute_remark", help="Why the figure of a closed period is 0."
    )

    _check_reported = models.Constraint(
        # NaN is greater than any number
        "CHECK(reported > -1e15 AND reported < 1e15)",
        "Enter the actual figure before Odoo as a number.",
    )

    @api.depends("quota_id.state", "actual", "reported", "fact_ids")
    def _compute_remark(self):
        """Tell a figure of 0 because nothing was recorded from one that was counted."""
        for line in self:
            is_empty = not (line.actual or line.reported or line.fact_ids)
            line.remark = (
                line.quota_id.state == "closed"
                and is_empty
                and self.env._("Nothing recorded")
            )

    @api.constrains("reported", "quota_id")
    def _check_reported_past(self):
        """Want reported figures for periods that are over alone."""
        today = clock.today()
        for line in self:
            if line.reported and line.quota_id.date_end >= today:
                raise ValidationError(
                    self.env._(
                        "“%(line)s”: the period is not over, so Odoo measures the"
                        " actual figure. Leave “Actual Before Odoo” empty.",
                        line=line.display_name,
                    )
                )

    def write(self, vals):
        if "reported" in vals and not self.env.su:
            self._check_reported_draft()
        return super().write(vals)

    def _check_reported_draft(self):
        """Keep reported figures of periods that are not drafts any more.

        :raise UserError: naming them
        """
        fixed = self.quota_id.filtered(lambda quota: quota.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%(quotas)s: figures from before Odoo can only be entered in drafts.",
                    quotas=", ".join(fixed.mapped("name")),
                )
            )

    def _prepare_reported(self):
        """Return the values of the fact that stands for what was reported."""
        self.ensure_one()
        return {
            "date": self.date_end,
            "value": self.reported,
            "weight": 1,
            "user_id": self.user_id.id,
            "res_model": self.quota_id._name,
            "res_id": self.quota_id.id,
        }

    def _get_records_sql(self):
        if self.state != "closed" and self.reported:
            return self._get_correction_sql(self._prepare_reported())
        return super()._get_records_sql()

    def _get_live_figure(self):
        return self.reported or super()._get_live_figure()
