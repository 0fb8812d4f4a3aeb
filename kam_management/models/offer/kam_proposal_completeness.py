from odoo import api, fields, models


class KamProposal(models.Model):
    """What the people who judge a quotation still miss in its proposal."""

    _inherit = "kam.proposal"

    completeness = fields.Integer(
        compute="_compute_completeness",
        help="The share of what this audience asks for that is there, in percent.",
    )
    hint = fields.Text(
        compute="_compute_completeness", help="What is still missing. Never printed."
    )

    @api.depends(
        "order_id",
        "validity_date",
        "argument_ids.style",
        "argument_ids.text",
        "criterion_ids.name",
        "criterion_ids.answer",
        "effect_ids.difference",
        "reference_ids.text",
        "member_ids.user_id",
        "exclusivity",
    )
    @api.depends_context("uid", "lang")
    def _compute_completeness(self):
        for proposal in self:
            parts = proposal._get_completeness_parts()
            missing = [text for text, is_done in parts if not is_done]
            done = len(parts) - len(missing)
            proposal.completeness = round(100 * done / len(parts))
            proposal.hint = "\n".join(missing)

    def _get_completeness_parts(self):
        """Return [(what to do, is it done?)]: for everybody, and for each judge."""
        self.ensure_one()
        judged = self._get_styles()
        parts = [
            (
                self.env._("Set until when the terms are guaranteed."),
                self.validity_date,
            ),
            (self._get_argument_hint(), self.argument_ids),
            (self.env._("Name our team."), self.member_ids),
            (
                self.env._(
                    "Nobody is known who judges it: choose the decision-making team of"
                    " the opportunity, and the decision style of each stakeholder."
                ),
                judged,
            ),
        ]
        parts += [
            (
                self.env._("“%s” has no answer yet.", line.name or ""),
                (line.answer or "").strip(),
            )
            for line in self.criterion_ids
        ]
        return parts + [self._get_style_part(style) for style in judged]

    def _get_argument_hint(self):
        """Return what to do where nothing speaks for us yet."""
        if self.env["kam.argument"].search_count([], limit=1):
            return self.env._("Add what speaks for us: arguments.")
        return self.env._(
            "The library of arguments is empty: a head of sales adds some under"
            " Configuration, Arguments."
        )

    def _get_style_part(self, style):
        """Return what those who decide in one way ask for, and whether it is there."""
        judges = self.judge_ids.filtered(lambda one: one.argument_style == style)
        who = ", ".join(judges.mapped("display_name"))
        technical = "technical" in self.argument_ids.mapped("style")
        return {
            "status": (
                self.env._(
                    "Judged by status (%s): say what only they get (exclusivity).", who
                ),
                (self.exclusivity or "").strip(),
            ),
            "people": (
                self.env._("Judged by people (%s): no reference yet.", who),
                self.reference_ids,
            ),
            "figures": (
                self.env._("Judged by figures (%s): no economic effect yet.", who),
                self.effect_total > 0,
            ),
            "technical": (
                self.env._(
                    "Judged by proof (%s): no technical argument or criterion yet.", who
                ),
                self.criterion_ids or technical,
            ),
        }[style]
