from odoo import Command

from .stakeholder_common import StakeholderCommon


class ProposalCommon(StakeholderCommon):
    """A quotation of anna's for a customer of hers, and people who judge it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.quotation_validity_days = 0
        # what comes with the demo is no part of this world
        cls.env["kam.argument"].search([]).active = False
        cls.lead = cls._lead()
        cls.order = cls._quotation(opportunity_id=cls.lead.id)
        cls.buyer = cls._dossier("Eva Brunner", influence="3", argument_style="figures")
        cls.boss = cls._dossier("Beat Frei", influence="5", argument_style="status")

    @classmethod
    def _quotation(cls, amount=12000, **values):
        values = {"user_id": cls.anna.id, **values}
        line = {"product_id": cls.product.id, "price_unit": amount, "tax_ids": False}
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    @classmethod
    def _proposal(cls, order=None, user=None, **values):
        Proposal = cls.env["kam.proposal"].with_user(user or cls.anna)
        return Proposal.create({"order_id": (order or cls.order).id, **values})

    @classmethod
    def _argument(cls, name, style="figures", **values):
        text = f"<p>{name}, in words</p>"
        return cls.env["kam.argument"].create(
            {"name": name, "style": style, "text": text, **values}
        )

    def _pages(self, proposal):
        return str(proposal.preview_html)
