from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .plan_content_common import PlanContentCommon


@tagged("post_install", "-at_install")
class TestPlanFunnel(PlanContentCommon):
    """The customer's own funnel: what he sells, stage by stage, and where we help."""

    def test_conversion_compares_with_the_stage_before(self):
        stages = self._stages(("Visits", 200), ("Talks", 0), ("Orders", 50))
        self.assertEqual(stages.mapped("conversion"), [0, 0, 0.25])
        stages[1].volume = 100
        self.assertEqual(stages.mapped("conversion"), [0, 0.5, 0.5])

    def test_order_of_stages_counts(self):
        visits, orders = self._stages(("Visits", 200), ("Orders", 50))
        self.assertFalse(orders.is_growing)
        orders.sequence = visits.sequence - 1
        self.assertTrue(visits.is_growing)
        self.assertFalse(orders.is_growing)

    def test_more_than_before_is_allowed_but_flagged(self):
        _visits, orders = self._stages(("Visits", 50), ("Orders", 60))
        self.assertTrue(orders.is_growing)
        self.assertIn("120\N{NO-BREAK SPACE}%", self.plan.funnel_picture)

    def test_negative_volume_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "negative"):
            self._stages(("Visits", -1))

    def test_picture_shows_our_help_and_nothing_harmful(self):
        self._stages(("<script>", 10))
        self.plan.stage_ids.help_text = "Training & more"
        self.assertIn("Training &amp; more", self.plan.funnel_picture)
        self.assertNotIn("<script>", self.plan.funnel_picture)
        self.assertFalse(self.other_plan.funnel_picture)

    def test_form_shows_conversion_before_it_is_saved(self):
        with Form(self.plan.with_user(self.anna)) as form:
            for name, volume in (("Visits", 200), ("Orders", 50)):
                with form.stage_ids.new() as stage:
                    stage.name, stage.volume = name, volume
                    stage.sequence = 10
        self.assertEqual(self.plan.stage_ids[1].conversion, 0.25)

    def test_next_plan_asks_for_the_volumes_anew(self):
        self._stages(("Visits", 200))
        [stage] = self.plan.copy().stage_ids
        self.assertEqual((stage.name, stage.volume), ("Visits", 0))

    def _stages(self, *stages):
        return self.env["kam.plan.stage"].create(
            [
                {
                    "plan_id": self.plan.id,
                    "sequence": number,
                    "name": name,
                    "volume": volume,
                }
                for number, (name, volume) in enumerate(stages)
            ]
        )
