from datetime import date

from odoo import Command

from .common import KamCommon

# A month that is over on any day the tests are run.
START, END = date(2020, 3, 1), date(2020, 3, 31)


class QuotaProcessCommon(KamCommon):
    """Anna has a quota for March 2020, and the head of sales decides about it."""

    @classmethod
    def _quota(cls, targets=None, state="draft", **values):
        """Return a quota; its state is set without measuring.

        :param dict targets: {indicator: target}, by default one of won customers
        """
        targets = {"won": 10} if targets is None else targets
        quota = cls.env["kam.quota"].create(
            {
                "company_id": cls.company.id,
                "user_id": cls.anna.id
                if values.get("scope", "manager") == "manager"
                else False,
                "date_start": START,
                "line_ids": [
                    Command.create({"indicator": indicator, "target": target})
                    for indicator, target in targets.items()
                ],
                **values,
            }
        )
        quota.state = state
        return quota.with_user(cls.head)

    @classmethod
    def _stand(cls, line, standing, deviation=0):
        """Let a line stand as if it had been measured, and handle it."""
        line.sudo().write(
            {"standing": standing, "deviation": deviation, "expected": 10, "actual": 5}
        )
        line.quota_id._handle_measured()

    @classmethod
    def _decide(cls, decisions, **values):
        """Take a decision as the head of sales does."""
        decisions = decisions.with_user(cls.head)
        decisions.write(
            {
                "cause_id": cls.env.ref("kam_management.quota_cause_contacts").id,
                "decision": "Two more visits a week",
                "owner_id": cls.anna.id,
                "date_due": "2099-01-01",
                **values,
            }
        )
        decisions.action_decide()
        return decisions
