from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields

from .stakeholder_common import StakeholderCommon

TODAY = "2026-01-12"


class DealCommon(StakeholderCommon):
    """A deal of anna's at her customer, who buys by projects, of two steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        # when records are created, too
        cls.startClassPatcher(patch.object(cls.env.cr, "now", fields.Datetime.now))
        cls.env["mail.activity.plan"].search(
            [("kam_sales_type", "!=", False)]
        ).active = False
        cls.plan = cls._steps_of("project", Meet={"kam_needs_need": True}, Offer={})
        cls.account.write({"manager_id": cls.anna.id, "sales_type": "project"})
        cls.lead = cls._deal()
        cls.deal = cls.lead.with_user(cls.anna)

    @classmethod
    def _steps_of(cls, sales_type, **steps):
        """Return the sequence of a sales type, from what its steps ask for by their names."""
        return cls.env["mail.activity.plan"].create(
            {
                "name": f"Steps, {sales_type}",
                "res_model": "crm.lead",
                "company_id": cls.company.id,
                "kam_sales_type": sales_type,
                "template_ids": [
                    Command.create(
                        {"summary": name, "responsible_type": "kam_manager", **needs}
                    )
                    for name, needs in steps.items()
                ],
            }
        )

    @classmethod
    def _deal(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Air for the new plant",
                "type": "opportunity",
                "partner_id": cls.account.partner_id.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
                **values,
            }
        )

    @classmethod
    def _stages(cls):
        """Return three stages, the last one of deals that are won."""
        return cls.env["crm.stage"].create(
            [
                {"name": "First", "sequence": 501},
                {"name": "Second", "sequence": 502},
                {"name": "Done", "sequence": 503, "is_won": True},
            ]
        )
