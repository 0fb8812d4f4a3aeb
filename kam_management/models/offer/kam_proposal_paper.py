from odoo import api, fields, models
from odoo.tools import is_html_empty
from odoo.tools.image import image_data_uri

from ..common import formats
from .kam_proposal_effect import COST


class KamProposal(models.Model):
    """The pages the customer reads, alike on paper, in the portal and in the preview.

    The template gets no record, only what is listed here: what is not named cannot be
    printed. Nothing of who judges, of decision styles, weights and consents is among it.
    """

    _inherit = "kam.proposal"

    preview_html = fields.Html("Preview", compute="_compute_preview", sanitize=False)

    @api.depends(lambda self: self._get_paper_fields())
    def _compute_preview(self):
        for proposal in self:
            proposal.preview_html = bool(proposal.order_id) and proposal._render_pages()

    @api.model
    def _get_paper_fields(self):
        """Return the fields that the pages show, as for ``depends``."""
        lines = {
            "argument_ids": ("name", "text", "sequence"),
            "criterion_ids": ("name", "answer", "sequence"),
            "effect_ids": ("name", "kind", "difference", "note", "sequence"),
            "reference_ids": ("partner_id", "may_be_named", "name", "text", "sequence"),
            "member_ids": ("user_id", "position", "sequence"),
        }
        texts = ("foreword", "advantages", "uniqueness", "exclusivity", "past_note")
        return [
            *texts,
            "order_id",
            "validity_date",
            "past_shown",
            "past_date",
            "investment",
            *(f"{name}.{one}" for name, names in lines.items() for one in names),
        ]

    def _render_pages(self):
        """Return the pages as markup, in the language of the customer."""
        lang = self._get_lang()
        mine = self.with_context(lang=lang)
        return (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render("kam_management.proposal_pages", mine._prepare_document())
        )

    def _get_lang(self):
        """Return the language of whom the quotation is for."""
        # sudo: of the quotation whose proposal is shown
        return self.order_id.sudo().partner_id.lang or self.env.lang

    def _prepare_document(self):
        """Return all that the template gets of a proposal: texts and figures."""
        self.ensure_one()
        return {
            "foreword": self.foreword,
            "arguments": self._prepare_arguments(),
            "criteria": [
                {"name": line.name, "answer": line.answer}
                for line in self.criterion_ids.sorted("sequence")
                if (line.answer or "").strip()
            ],
            "effect": self._prepare_effect(),
            "past": self._prepare_past_part(),
            "references": [
                {"name": line._get_title(), "text": line._get_text()}
                for line in self.reference_ids.sorted("sequence")
            ],
            "advantages": self.advantages,
            "uniqueness": self.uniqueness,
            "exclusivity": self.exclusivity,
            "team": self._prepare_team(),
            "validity": formats.day(self.env, self.validity_date),
        }

    def _prepare_arguments(self):
        """Return titles and texts of the arguments."""
        return [
            {"name": line.name, "text": not is_html_empty(line.text) and line.text}
            for line in self.argument_ids.sorted("sequence")
        ]

    def _prepare_effect(self):
        """Return the table of the economic effect, none without figures."""
        if not self.effect_ids:
            return False

        def money(amount):
            return formats.money(self.env, amount, self.currency_id)

        total, months = self.effect_total, self.payback_months
        return {
            "rows": [
                {
                    "name": line.name,
                    "note": line.note,
                    "today": money(line.amount_today) if self._is_told(line) else "",
                    "with_us": money(line.amount_with_us),
                    "difference": money(line.difference),
                }
                for line in self.effect_ids.sorted("sequence")
            ],
            "total": money(total),
            "investment": money(self.investment_total),
            "payback": months and formats.duration(self.env, months, "month"),
        }

    @api.model
    def _is_told(self, line):
        """Return whether how it is today says anything: a gain may come from nothing."""
        return line.amount_today or line.kind == COST

    def _prepare_past_part(self):
        """Return what is printed of the past, none where there is nothing."""
        rows = self._prepare_past_rows() if self._has_past() else []
        if not rows and not self.past_note:
            return False
        return {
            "rows": rows,
            "note": self.past_note,
            "date": formats.day(self.env, self.past_date),
        }

    def _prepare_team(self):
        """Return who of us stands behind it, without those who have left."""
        cards = [
            line._prepare_card()
            for line in self.member_ids.sorted("sequence")
            # sudo: whether a colleague still works here
            if line.user_id.sudo().active
        ]
        for card in cards:
            card["photo"] = card["photo"] and image_data_uri(card["photo"])
        return cards
