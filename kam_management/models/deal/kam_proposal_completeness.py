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
        _ = self.env._
        judged = self._get_styles()
        parts = [
            (_("Set until when the terms are guaranteed."), self.validity_date),
            (_("Add what speaks for us: arguments."), self.argument_ids),
            (_("Name our team."), self.member_ids),
            (
                _(
                    "Nobody is known who judges it: choose the decision-making team of"
                    " the opportunity, and the decision style of each stakeholder."
                ),
                judged,
            ),
        ]
        parts += [
            (_("“%s” has no answer yet.", line.name or ""), (line.answer or "").strip())
            for line in self.criterion_ids
        ]
        return parts + [self._get_style_part(style) for style in judged]

    def _get_style_part(self, style):
        """Return what those who decide in one way ask for, and whether it is there."""
        _ = self.env._
        judges = self.judge_ids.filtered(lambda one: one.argument_style == style)
        who = ", ".join(judges.mapped("display_name"))
        return {
            "status": (
                _("%s decides by status: say what only they get (exclusivity).", who),
                (self.exclusivity or "").strip(),
            ),
            "people": (
                _("%s decides by people: no reference yet.", who),
                self.reference_ids,
            ),
            "figures": (
                _("%s decides by figures: no economic effect yet.", who),
                self.effect_total > 0,
            ),
            "technical": (
                _("%s decides by proof: no technical argument or criterion yet.", who),
                self.criterion_ids or "technical" in self.argument_ids.mapped("style"),
            ),
        }[style]
