from markupsafe import Markup

from odoo import api, fields, models


class KamPlan(models.Model):
    """Completeness: which visible parts of a plan are filled in."""

    _inherit = "kam.plan"

    completeness = fields.Integer(
        compute="_compute_completeness",
        store=True,
        aggregator="avg",
        help="The share of the checklist that is filled in, in percent.",
    )
    completeness_checklist = fields.Html(
        compute="_compute_completeness_checklist", sanitize=False
    )

    @api.depends(lambda self: self._get_completeness_fields())
    def _compute_completeness(self):
        for plan in self:
            parts = plan._get_completeness_parts()
            done = sum(bool(is_done) for _label, is_done in parts)
            plan.completeness = round(100 * done / len(parts)) if parts else 0

    @api.depends(lambda self: self._get_completeness_fields())
    def _compute_completeness_checklist(self):
        for plan in self:
            plan.completeness_checklist = Markup(
                '<ul class="list-unstyled mb-0">%s</ul>'
            ) % Markup().join(
                Markup('<li><i class="fa fa-fw %s me-1"></i>%s</li>')
                % (
                    "fa-check-circle text-success"
                    if is_done
                    else "fa-circle-o text-muted",
                    label,
                )
                for label, is_done in plan._get_completeness_parts()
            )

    @api.model
    def _get_completeness_fields(self):
        """Return the fields that ``_get_completeness_parts`` reads, as for ``depends``."""
        return [
            "user_id",
            "strategy",
            "strategy_note",
            "wallet",
            "member_ids",
            "goal_ids.side",
            "goal_ids.target",
        ]

    def _get_completeness_parts(self):
        """Return the parts of this plan as a list of pairs (label, is it filled in?).

        Other facets add theirs, and the fields they read to
        ``_get_completeness_fields``.
        """
        self.ensure_one()
        sides = set(self.goal_ids.mapped("side"))
        return [
            (self.env._("Plan owner"), self.user_id),
            (self.env._("Leading strategy"), self.strategy),
            (self.env._("Strategy in words"), (self.strategy_note or "").strip()),
            (self.env._("Customer's total spend"), self.wallet),
            (self.env._("Team"), self.member_ids),
            (self.env._("Our goals"), "ours" in sides),
            (self.env._("Customer's goals"), "customer" in sides),
            (
                self.env._("A target for each goal"),
                self.goal_ids and all(goal.target for goal in self.goal_ids),
            ),
        ]
