from odoo import Command
from odoo.tests import HttpCase, tagged

from ..models.common import clock
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestMomentTour(PlanCommon, HttpCase):
    """From the order to “you chose right”, to the delivery, to the rating."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kam.moment.template"].search([]).active = False
        cls.eva = cls._person("Eva", email="eva@meyer.example")
        cls.chosen, cls.kept = cls.env["kam.moment.template"].create(
            [
                {
                    "name": "You chose right",
                    "event": "confirmed",
                    "summary": "thank them",
                    "days_due": 0,
                    "talking_points": "<p>Name two of their reasons</p>",
                    "company_id": cls.company.id,
                },
                {
                    "name": "Promises kept",
                    "event": "delivered",
                    "summary": "ask them",
                    "days_due": 0,
                    "check_expectations": True,
                    "question": "How satisfied are you?",
                    "company_id": cls.company.id,
                },
            ]
        )
        today = clock.today()
        cls.plan = cls._plan(
            "running",
            date_start=today.replace(month=1, day=1),
            date_end=today.replace(month=12, day=31),
        )
        line = {"product_id": cls.product.id, "price_unit": 100, "tax_ids": False}
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.eva.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
                "order_line": [Command.create(line)],
            }
        )
        cls.env["kam.proposal"].create(
            {
                "order_id": cls.order.id,
                "argument_ids": [Command.create({"name": "Quiet as a library"})],
            }
        )

    def _look(self):
        self.env.invalidate_all()
        self.env["kam.moment"]._look_at(self.order)
        self.env.flush_all()

    def test_order_chosen_delivered_and_rated(self):
        url = f"/odoo/action-sale.action_orders/{self.order.id}"
        login = self.anna.login
        self.start_tour(url, "kam_moment_confirm_tour", login=login)
        self._look()
        self.start_tour("/odoo/key-account-day", "kam_moment_chosen_tour", login=login)
        self.order.order_line.qty_delivered = 1
        self._look()
        self.start_tour(url, "kam_moment_delivered_tour", login=login)
        self.env.invalidate_all()
        moments = self.order.kam_moment_ids
        self.assertEqual(moments.mapped("state"), ["done", "done"])
        self.assertEqual(self.plan.expectation_ids.perceived, 2)
        self.assertTrue(self.plan.expectation_ids.activity_id)
        asked = moments.filtered("date_asked").sudo()
        key = asked._get_rating_key()
        self.env.flush_all()
        asked.rating_apply(5, token=key)
        self.assertEqual(asked.satisfaction, 5)
