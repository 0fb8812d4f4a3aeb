from odoo.tests import freeze_time, tagged

from .plan_common import TODAY, PlanCommon
from .test_query_counts import QueryCounter

MOST_QUERIES = 60


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanQueryCounts(QueryCounter, PlanCommon):
    """Screens of plans ask the database as often for many lines as for few."""

    def _read_plan(self, plan):
        [values] = plan.web_read(self._get_specification(plan, "form"))
        self.assertTrue(values["goal_ids"])

    def test_form_of_a_plan_with_200_lines(self):
        counts = []
        for n, size in enumerate((5, 200)):
            account = self._account(self._create_customer(f"Customer {n}"))
            account.manager_id = self.anna
            goals = [self._free_goal(name=f"Goal {n}") for n in range(size)]
            plan = self._plan("running", goals=goals, account_id=account.id)
            for _time in range(3):
                self.env["kam.plan.review"].create({"plan_id": plan.id}).action_done()
            plan._start_new_version("To have one")
            counts.append(self._count(self._read_plan, plan))
        self.assertEqual(len(set(counts)), 1, counts)
        self.assertLessEqual(counts[0], MOST_QUERIES)

    def test_cards_and_list_of_plans(self):
        plans = self.env["kam.plan"]
        for n in range(30):
            account = self._account(self._create_customer(f"Customer {n}"))
            account.manager_id = self.anna
            plans |= self._plan("running", account_id=account.id)
        for view in ("kanban", "list"):
            counts = [
                self._count(lambda mine, v=view: self._read_list(mine, v), plans[:size])
                for size in (5, 30)
            ]
            self.assertEqual(len(set(counts)), 1, (view, counts))
