from odoo import models
from odoo.fields import Domain

from ..account.kam_account_overview import Step, Topic
from ..common.names import list_names


class KamAccount(models.Model):
    """What was promised to a customer, and what its plan has to be done."""

    _inherit = "kam.account"

    def _get_steps(self):
        """Add what was promised; what has no day comes last."""
        promises = self.env["kam.plan.expectation"].search(
            [
                ("account_id", "=", self.id),
                ("plan_id", "=", self.plan_id.id),
                ("origin", "=", "promised"),
                ("state", "=", "open"),
            ]
        )
        planned = set(promises.activity_id.ids)
        steps = [
            step._replace(promised=step.id in planned) for step in super()._get_steps()
        ]
        steps += [
            Step(
                line.date_due,
                line.name,
                # sudo: who of us keeps it, of a promise the user sees
                line.sudo().user_id.name,
                line._name,
                line.id,
                promised=True,
            )
            for line in promises.filtered(lambda line: not line.activity_id)
        ]
        return sorted(steps, key=lambda step: (not step.date, step.date))

    def _get_step_domain(self):
        of_plan = Domain("kam_plan_id.account_id", "=", self.id)
        return super()._get_step_domain() | of_plan

    def _get_topics(self, values):
        """Add what was promised and is late, and a plan that nobody works by."""
        late = [
            step
            for step in values["steps"]
            if step.promised and step.date and step.date < values["here"]
        ]
        stale = [
            Topic(
                75,
                self.env._(
                    "Look at the plan together: %(why)s.", why=plan.stale_reason
                ),
            )
            for plan in self.plan_id.filtered("is_stale")
        ]
        return (
            super()._get_topics(values)
            + stale
            + self._get_success_topics()
            + [
                Topic(
                    10,
                    self.env._(
                        "Promised and late: %(what)s. Say by when it will be done.",
                        what=step.name,
                    ),
                )
                for step in late
            ]
        )

    def _get_success_topics(self):
        """Return which successes may be wanted at other branches and departments."""
        needs = self.env["kam.plan.need"].search(
            [("account_id", "=", self.id), ("state", "=", "delivered")],
            order="value desc, id",
        )
        wanting = needs.filtered("open_unit_ids")._find_wanting_units()
        return [
            Topic(
                65,
                self.env._(
                    "“%(need)s” works. Offer it to: %(branches)s.",
                    need=need.name,
                    branches=list_names(units),
                ),
            )
            for need, units in wanting.items()
        ]
