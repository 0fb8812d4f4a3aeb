from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_list

from ..common import formats
from ..common.names import list_names

MOST = 5


class Tie(NamedTuple):
    """Something that ties a customer to us, as the records tell."""

    text: str
    fact: str | None = None  # whose records it opens, see ``action_open_fact``
    key: object = None


class KamPlanBarrier(models.Model):
    """What ties the customer to us, how strongly, and what we do to strengthen it."""

    _name = "kam.plan.barrier"
    _description = "Switching Barrier"
    _inherit = ["kam.plan.line"]

    name = fields.Char("Switching Barrier", required=True)
    kind = fields.Selection(
        [
            ("contract", "Contract"),
            ("integration", "Integration"),
            ("training", "Training"),
            ("data", "Data"),
            ("relations", "Relations"),
            ("cost", "Cost of Change"),
        ],
        required=True,
    )
    strength = fields.Integer(
        "Current Strength",
        aggregator="avg",
        help="0: no barrier. 5: leaving us would stop their operations.",
    )
    wanted = fields.Integer(
        aggregator="avg",
        help="How strong the barrier should become.",
        string="Target Strength",
    )
    note = fields.Char("Measures")
    action_ids = fields.One2many(
        "mail.activity",
        "kam_barrier_id",
        "Actions",
        context={"active_test": False},
        readonly=True,
        help="What is planned and was done to strengthen it.",
    )
    progress = fields.Char(
        compute="_compute_progress", help="What was done, and what is planned next."
    )

    _check_strength = models.Constraint(
        f"CHECK(strength BETWEEN 0 AND {MOST} AND wanted BETWEEN 0 AND {MOST})",
        f"Switching barrier: how strong it is goes from 0 to {MOST}.",
    )

    @api.depends("action_ids.active", "action_ids.summary", "action_ids.date_deadline")
    @api.depends_context("lang")
    def _compute_progress(self):
        for barrier in self:
            actions = barrier.action_ids
            done = actions.filtered(lambda action: not action.active)
            coming = (actions - done).sorted("date_deadline")[:1]
            parts = []
            if done:
                names = format_list(self.env, done[-MOST:].mapped("display_name"))
                parts.append(self.env._("Done: %s", names))
            if coming:
                parts.append(
                    self.env._(
                        "Next: %(what)s, %(day)s",
                        what=coming.display_name,
                        day=formats.day(self.env, coming.date_deadline, short=True),
                    )
                )
            barrier.progress = " · ".join(parts)

    def action_schedule(self):
        """Open Odoo's dialog that schedules an activity, for this barrier.

        :raise ValidationError: when the plan is closed
        """
        self.ensure_one()
        self._check_plan_open()
        action = self.plan_id.action_plan_action()
        action["context"]["kam_barrier_id"] = self.id
        return action


class KamPlan(models.Model):
    """What already ties the customer to us, as the records tell."""

    _inherit = "kam.plan"

    tie_note = fields.Html(compute="_compute_tie_note", sanitize=False)

    @api.depends("account_id")
    @api.depends_context("lang", "uid")
    def _compute_tie_note(self):
        for plan in self:
            ties = plan.account_id and plan._get_ties()
            plan.tie_note = bool(ties) and self.env["ir.qweb"]._render(
                "kam_management.plan_ties", {"ties": ties}
            )

    def _get_ties(self):
        """Return what strengthens the barriers, from what Odoo holds of the customer.

        :return: list of (title, list of ``Tie``), those without any left out
        """
        self.ensure_one()
        ties = [
            (self.env._("Services Used"), self._get_service_ties()),
            (self.env._("Solutions Delivered"), self._get_solution_ties()),
            (self.env._("People"), self._get_people_ties()),
            (self.env._("Joint Projects"), self._get_project_ties()),
        ]
        return [(title, lines) for title, lines in ties if lines]

    def _get_service_ties(self):
        """Return what kinds of goods and services they buy, the most first."""
        amounts = {}
        units = self.account_id.unit_ids
        for _unit, categ_id, amount in self.account_id._get_bought(units):
            amounts[categ_id] = amounts.get(categ_id, 0) + amount
        best = sorted((c for c in amounts if c and amounts[c] > 0), key=amounts.get)
        categories = self.env["product.category"].browse(reversed(best))
        return [
            Tie(
                self.env._(
                    "%(category)s: %(amount)s",
                    category=category.name,
                    amount=formats.money(
                        self.env, amounts[category.id], self.currency_id
                    ),
                ),
                "category",
                category.id,
            )
            for category in categories.exists()[:MOST]
        ]

    def _get_solution_ties(self):
        """Return the needs for which they have received something, with its value."""
        needs = self.env["kam.plan.need"].search(
            [("account_id", "=", self.account_id.id), ("state", "=", "delivered")],
            order="value desc, id",
        )
        return [
            Tie(
                self.env._(
                    "Solved: %(need)s, worth %(value)s a year to them",
                    need=need.name,
                    value=formats.money(self.env, need.value, need.currency_id),
                )
                if need.value
                else self.env._("Solved: %s", need.name)
            )
            for need in needs
        ]

    def _get_people_ties(self):
        """Return who of them is on our side, and who of us knows them."""
        people = self.stakeholder_ids
        friends = people.filtered(lambda one: one.attitude in ("supporter", "sponsor"))
        lines = []
        if friends:
            lines.append(Tie(self.env._("On our side: %s", list_names(friends))))
        # sudo: the names of colleagues
        if owners := people.sudo().user_id:
            names = format_list(self.env, owners.mapped("name"))
            lines.append(Tie(self.env._("Known by: %s", names)))
        return lines

    def _get_project_ties(self):
        """Return what we did together; rooms add theirs."""
        held = self.env["kam.plan.review"].search_count(
            [
                ("account_id", "=", self.account_id.id),
                ("state", "=", "done"),
                ("stakeholder_ids", "!=", False),
            ]
        )
        return [Tie(self.env._("Reviews held together: %s", held))] if held else []
