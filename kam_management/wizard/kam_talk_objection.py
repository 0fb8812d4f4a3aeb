from odoo import api, fields, models

from ..models.deal.kam_objection import WORKED
from .kam_talk import AS_USER

# Outcomes with which something was objected to, and what that is.
KINDS = {"objection": "objection", "refused": "refusal"}


class KamTalk(models.TransientModel):
    """What they objected to, with answers that worked elsewhere one click away."""

    _inherit = "kam.talk"

    objection_category_id = fields.Many2one("kam.objection.category", "Category")
    objection_categ_id = fields.Many2one(
        "product.category",
        "Products",
        compute="_compute_objection_categ_id",
        **AS_USER,
    )
    objection_answer = fields.Text("Our Answer")
    objection_worked = fields.Selection(WORKED, "Worked", default="open")
    objection_offers = fields.Json(
        "Answers That Worked",
        compute="_compute_objection_offers",
        help="Answers of colleagues to such people: {id, answer, why} each.",
    )

    @api.depends("order_id", "lead_id")
    def _compute_objection_categ_id(self):
        """Propose what the quotation is about, where that is one kind of products."""
        for talk in self:
            # sudo: the kinds of products in the deal one talks about
            orders = talk.order_id.sudo() or talk.lead_id.sudo().order_ids
            kinds = orders.order_line.product_id.categ_id
            talk.objection_categ_id = (
                talk.objection_categ_id or (len(kinds) == 1 and kinds) or False
            )

    @api.depends(
        "outcome",
        "objection_category_id",
        "objection_categ_id",
        "partner_ids",
        "account_id",
    )
    def _compute_objection_offers(self):
        for talk in self:
            talk.objection_offers = talk.outcome in KINDS and (
                self.env["kam.objection"]._find_answers(
                    talk.objection_category_id,
                    talk.company_id,
                    talk._get_objector(),
                    talk.objection_categ_id,
                )
            )

    @api.depends("objection_worked")
    def _compute_next_summary(self):
        return super()._compute_next_summary()

    def _get_proposal(self):
        summary, kind = super()._get_proposal()
        is_answered = self.outcome == "objection" and self.objection_worked == "yes"
        return (False if is_answered else summary), kind

    def _get_objector(self):
        """Return the dossier of whom one talks to, if the user sees it."""
        known = self.account_id.stakeholder_ids
        return known.filtered(lambda one: one.partner_id in self.partner_ids._origin)[
            :1
        ]

    def _log_complaint(self, people):
        result = super()._log_complaint(people)
        self._log_objection(people)
        return result

    def _log_objection(self, people):
        """Keep what they objected to, and what was answered.

        :param people: ``res.partner`` records one talked to, the first one said it
        """
        text = (self.objection or "").strip() or self.objection_category_id.name
        if not self.touch_id or self.outcome not in KINDS or not text:
            return
        worked = self.objection_worked or "open"
        if not (self.objection_answer or "").strip() and worked == "yes":
            worked = "open"
        self.env["kam.objection"].create(
            {
                "name": text,
                "kind": KINDS[self.outcome],
                "category_id": self.objection_category_id.id,
                "account_id": self.account_id.id,
                "lead_id": (self.lead_id or self.deal_id).id,
                "order_id": self.order_id.id,
                "partner_id": people[:1].id,
                "product_categ_id": self.objection_categ_id.id,
                "answer": self.objection_answer,
                "worked": worked,
            }
        )

    def _format_objection(self):
        """Return what was objected to as a line of what was said, False without any."""
        text = (self.objection or "").strip()
        if self.outcome == "refused" and text:
            return self.env._("Refusal: %(objection)s", objection=text)
        return super()._format_objection()
