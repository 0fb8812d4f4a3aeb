from datetime import date

from odoo import Command

from .stakeholder_common import StakeholderCommon

START, TODAY, END = date(2020, 1, 1), date(2020, 7, 1), date(2020, 12, 31)


class PlanCommon(StakeholderCommon):
    """A plan that Anna carries out and the head of sales approves."""

    @classmethod
    def _plan(cls, state="draft", goals=None, **values):
        """Return a plan of the year 2020, taken as far as a state.

        :param goals: list of values, by default one goal of our own and words
        """
        goals = goals or [cls._free_goal()]
        plan = cls.env["kam.plan"].create(
            {
                "account_id": cls.account.id,
                "date_start": START,
                "user_id": cls.anna.id,
                "accountable_id": cls.head.id,
                "strategy": "retain",
                "goal_ids": [Command.create(goal) for goal in goals],
                **values,
            }
        )
        if state != "draft":
            plan.with_user(cls.anna).action_submit()
        if state not in ("draft", "submitted"):
            plan.with_user(cls.head).action_approve()
        if state == "closed":
            plan.with_user(cls.head).action_close()
        return plan

    @classmethod
    def _free_goal(cls, **values):
        """Return the values of a goal whose figures are typed in."""
        return {"name": "Stops", "unit": "a year", "target": 10, **values}

    @classmethod
    def _measured(cls, indicator, target=0, **values):
        """Return the values of a goal the app measures."""
        values = {"target_reason": "Enough for this year", **values}
        return {"indicator": indicator, "target": target, **values}
