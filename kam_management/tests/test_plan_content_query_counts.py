from odoo import Command
from odoo.tests import tagged

from .plan_content_common import PlanContentCommon
from .test_query_counts import QueryCounter

SIZES = (10, 50)


@tagged("post_install", "-at_install")
class TestPlanContentQueryCounts(QueryCounter, PlanContentCommon):
    """A plan with 50 lines asks the database as often as one with ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = cls.env["kam.plan"]
        for size in SIZES:
            account = cls._account(cls._create_customer(f"Customer with {size}"))
            account.manager_id = cls.anna
            cls.plans += cls._fill(cls._plan(account), size)

    @classmethod
    def _fill(cls, plan, size):
        """Fill a plan with so many lines of each kind."""
        account = plan.account_id
        people = cls.env["res.partner"].create(
            [
                {"name": f"Person {n}", "parent_id": account.partner_id.id}
                for n in range(size)
            ]
        )
        dossiers = cls.env["kam.stakeholder"].create(
            [{"account_id": account.id, "partner_id": p.id} for p in people]
        )
        units = cls.env["kam.customer.unit"].create(
            [
                {"account_id": account.id, "partner_id": p.id, "name": p.name}
                for p in people
            ]
        )
        categories = cls.env["product.category"].create(
            [{"name": f"Category {n}"} for n in range(size // 10)]
        )
        cls.env["kam.white.space"].create(
            [
                {
                    "account_id": account.id,
                    "unit_id": unit.id,
                    "categ_id": categories[n % len(categories)].id,
                    "state": "no_need",
                }
                for n, unit in enumerate(units)
            ]
        )
        lines = list(enumerate(dossiers))
        plan.write(
            {
                "need_ids": [
                    Command.create(
                        {
                            "name": f"Need {n}",
                            "stakeholder_id": d.id,
                            "unit_id": units[n].id,
                            "product_id": cls.product.id,
                        }
                    )
                    for n, d in lines
                ],
                "stage_ids": [
                    Command.create({"name": f"Stage {n}", "volume": n})
                    for n, _d in lines
                ],
                "expectation_ids": [
                    Command.create({"name": f"E {n}", "stakeholder_id": d.id})
                    for n, d in lines
                ],
                "barrier_ids": [
                    Command.create({"name": f"Barrier {n}", "kind": "data"})
                    for n, _d in lines
                ],
            }
        )
        for n in range(size):
            cls._activity(plan if n % 2 else account, kam_plan_id=plan.id)
        for need in plan.need_ids:
            need.action_make_lead()
        return plan

    def test_form_of_a_plan(self):
        counts = []
        for plan, size in zip(self.plans, SIZES, strict=True):

            def read(mine, size=size):
                [values] = mine.web_read(self._get_specification(mine, "form"))
                for name in ("need_ids", "action_ids", "lead_ids", "barrier_ids"):
                    self.assertEqual(len(values[name]), size, name)

            counts.append(self._count(read, plan))
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 67)

    def test_matrix_of_an_account(self):
        counts = [
            self._count(lambda mine: mine.get_white_space(), plan.account_id)
            for plan in self.plans
        ]
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 20)

    def test_cards_of_plans(self):
        one, both = (
            self._count(lambda mine: self._read_list(mine, "kanban"), plans)
            for plans in (self.plans[0], self.plans)
        )
        self.assertEqual(one, both)
