from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .deal_common import DealCommon


@tagged("post_install", "-at_install")
class TestSalesType(DealCommon):
    """How a deal is sold is proposed from the customer, and may be changed."""

    def test_it_follows_the_customer_until_it_is_chosen(self):
        self.assertEqual(self.deal.kam_sales_type, "project")
        self.account.sales_type = "consultative"
        self.assertEqual(self.deal.kam_sales_type, "consultative")
        self.deal.kam_sales_type = "transactional"
        self.account.sales_type = "project"
        self.assertEqual(self.deal.kam_sales_type, "transactional")

    def test_deals_are_found_and_grouped_by_it(self):
        own = self._deal(kam_sales_type="consultative")
        nobody = self._deal(partner_id=False)
        mine = [("id", "in", (self.lead + own + nobody).ids)]
        Lead = self.env["crm.lead"].with_user(self.anna)
        for domain, found in (
            ([("kam_sales_type", "=", "project")], self.lead),
            ([("kam_sales_type", "!=", "project")], own + nobody),
            ([("kam_sales_type", "in", ("consultative", False))], own + nobody),
            ([("kam_sales_type", "=", False)], nobody),
        ):
            self.assertEqual(Lead.search(mine + domain), found, domain)
        self.assertEqual(
            dict(Lead._read_group(mine, ["kam_sales_type"], ["__count"])),
            {"consultative": 1, "project": 1, False: 1},
        )

    def test_what_a_merged_deal_says_is_kept(self):
        other = self._deal(kam_sales_type="consultative", kam_need="yes")
        (self.lead + other).merge_opportunity(auto_unlink=True)
        left = (self.lead + other).exists()
        self.assertEqual((left.kam_sales_type, left.kam_need), ("consultative", "yes"))

    def test_a_colleague_may_copy_the_deal(self):
        self.lead.user_id = self.seller
        self.lead.kam_sales_type = "consultative"
        self.assertTrue(self.lead.with_user(self.seller).copy())


@tagged("post_install", "-at_install")
class TestDealSteps(DealCommon):
    """The steps of a deal are those of its sales type."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meet, cls.offer = cls.plan.template_ids

    def _plan(self, deal, **values):
        """Plan the steps of a deal as Anna does; return the dialog."""
        context = deal.action_kam_plan_steps()["context"]
        Dialog = self.env["mail.activity.schedule"].with_user(self.anna)
        dialog = Dialog.with_context(**context).create(values)
        dialog.action_schedule_plan()
        return dialog

    def test_who_does_what_by_when_is_shown_first(self):
        context = self.deal.action_kam_plan_steps()["context"]
        Dialog = self.env["mail.activity.schedule"].with_user(self.anna)
        self.deal.kam_done_step_ids = self.meet
        dialog = Dialog.with_context(**context).create({"plan_date": "2026-02-02"})
        self.assertFalse(self.deal.activity_ids)
        [line] = dialog.plan_schedule_line_ids
        self.assertEqual(line.line_description, "Offer")
        self.assertEqual(line.responsible_user_id, self.anna)
        self.assertFalse(dialog.has_warning)
        self.deal.date_deadline = "2026-02-01"
        dialog.invalidate_recordset()
        self.assertIn("after the expected closing", dialog.warning)
        self.assertIn("Offer", dialog.warning)
        dialog.action_schedule_plan()
        self.assertRecordValues(
            self.deal.activity_ids,
            [{"date_deadline": line.line_date_deadline, "kam_step_id": self.offer.id}],
        )

    def test_steps_are_ticked_off_one_by_one(self):
        self.assertEqual(self.deal.kam_next_step_id, self.meet)
        self.assertEqual(self.deal.kam_step_progress, 0)
        self.deal.kam_done_step_ids = self.meet
        self.assertEqual(self.deal.kam_next_step_id, self.offer)
        self.assertEqual(self.deal.kam_step_progress, 50)

    def test_steps_of_the_company_come_before_those_of_all(self):
        common = self._steps_of("consultative", Any={})
        common.company_id = False
        self.deal.kam_sales_type = "consultative"
        self.assertEqual(self.deal.kam_step_plan_id, common)
        own = self._steps_of("consultative", Own={})
        self.deal.invalidate_recordset()
        self.assertEqual(self.deal.kam_step_plan_id, own)

    def test_a_sales_type_has_one_sequence(self):
        with self.assertRaisesRegex(ValidationError, "Steps, project"):
            self._steps_of("project", Twice={})

    def test_steps_become_activities_that_tick_them_off(self):
        self._plan(self.deal)
        activities = self.deal.activity_ids.sorted("id")
        self.assertEqual(activities.mapped("summary"), ["Meet", "Offer"])
        self.assertEqual(activities.user_id, self.anna)
        with self.assertRaisesRegex(UserError, "planned or done"):
            self.deal.action_kam_plan_steps()
        activities[0].action_feedback()
        self.assertEqual(self.deal.kam_done_step_ids, self.meet)

    def test_a_step_done_is_not_planned_again(self):
        self.deal.kam_done_step_ids = self.meet
        self._plan(self.deal)
        self.assertEqual(self.deal.activity_ids.kam_step_id, self.offer)

    def test_steps_of_a_closed_deal_are_called_off(self):
        for close in ("action_set_lost", "action_set_won"):
            deal = self._deal().with_user(self.anna)
            self._plan(deal)
            self.assertEqual(len(deal.activity_ids.kam_step_id), 2)
            getattr(deal, close)()
            left = self.env["mail.activity"].search(
                [("res_model", "=", "crm.lead"), ("res_id", "=", deal.id)]
            )
            self.assertFalse(left, close)
            self.assertTrue(
                any("Called off" in (m.body or "") for m in deal.message_ids)
            )

    def test_a_deal_without_steps_says_what_to_do(self):
        deal = self._deal(partner_id=False).with_user(self.anna)
        with self.assertRaisesRegex(UserError, "Choose the sales type"):
            deal.action_kam_plan_steps()

    # What must be known

    def test_what_is_missing_is_said(self):
        self.assertEqual(self.deal.kam_next_need, "Customer's Need")
        self.assertFalse(self.deal.kam_step_hint)
        self.deal.kam_done_step_ids = self.meet
        self.assertFalse(self.deal.kam_next_need)
        self.assertIn("missing for the steps of this deal: C", self.deal.kam_step_hint)
        self.deal.kam_need = "yes"
        self.assertFalse(self.deal.kam_step_hint)

    def test_a_deal_won_without_steps_is_left_alone(self):
        self.lead.action_set_won()
        self.assertFalse(self.deal.kam_step_hint)
        self.assertFalse(self.deal.kam_next_need)

    def test_each_requirement_is_seen(self):
        needs = ("need", "decider", "revenue", "date", "quotation")
        for name in needs:
            self.meet[f"kam_needs_{name}"] = True
        self.assertEqual(len(self.lead._get_kam_missing(self.meet)), len(needs))
        eva = self._dossier("Eva", "decides")
        self.lead.write(
            {
                "kam_need": "yes",
                "kam_stakeholder_ids": eva.ids,
                "expected_revenue": 5,
                "date_deadline": "2026-03-01",
            }
        )
        self.assertEqual(self.lead._get_kam_missing(self.meet), ["Quotation Sent"])
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "opportunity_id": self.lead.id}
        )
        order.state = "sent"
        self.assertFalse(self.lead._get_kam_missing(self.meet))

    def test_nobody_is_stopped_unless_the_company_wants_it(self):
        first, second, won = self._stages()
        self.deal.stage_id = first
        self.deal.kam_done_step_ids = self.meet
        self.deal.stage_id = second
        self.deal.stage_id = won
        self.assertIn("Customer's Need", self.deal.kam_step_hint)

    def test_managers_are_stopped_if_the_company_wants_it(self):
        first, second, won = self._stages()
        self.deal.stage_id = first
        self.company.kam_require_steps = True
        for values in (
            {"kam_done_step_ids": self.meet.ids},
            {"stage_id": won.id},
        ):
            with (
                self.assertRaisesRegex(UserError, "Customer's Need"),
                self.cr.savepoint(),
            ):
                self.deal.write(values)
        self.deal.stage_id = second  # nothing was done yet that asks for it
        self.lead.kam_done_step_ids = self.meet
        self.deal.stage_id = first  # back
        with self.assertRaisesRegex(UserError, "Customer's Need"), self.cr.savepoint():
            self.deal.stage_id = second
        self.deal.kam_need = "yes"
        self.deal.stage_id = won
        self.assertEqual(self.deal.won_status, "won")

    def test_an_activity_does_not_go_around_it(self):
        self._plan(self.deal)
        self.company.kam_require_steps = True
        activity = self.deal.activity_ids.filtered(lambda a: a.kam_step_id == self.meet)
        with self.assertRaisesRegex(UserError, "Customer's Need"):
            activity.action_feedback()

    # Whose deal an activity may tick off

    def _activity(self, record, user):
        """Return an activity of a user that is their step, as them."""
        activity = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "user_id": user.id,
                "kam_step_id": self.meet.id,
            }
        )
        return activity.with_user(user)

    def _create_twins(self):
        """Return a customer and a deal of one id."""
        next_id = "SELECT nextval('res_partner_id_seq'), nextval('crm_lead_id_seq')"
        self.cr.execute(next_id)
        last = [max(self.cr.fetchone())] * 2
        self.cr.execute(
            "SELECT setval('res_partner_id_seq', %s), setval('crm_lead_id_seq', %s)",
            last,
        )
        return self._create_customer("Twin"), self._deal(user_id=self.boris.id)

    def test_nobody_says_which_step_an_activity_is(self):
        values = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead.id,
        }
        mine = self.env["mail.activity"].with_user(self.anna)
        with self.assertRaises(AccessError):
            mine.create({**values, "kam_step_id": self.meet.id})
        activity = mine.with_context(default_kam_step_id=self.meet.id).create(values)
        self.assertFalse(activity.kam_step_id)
        with self.assertRaises(AccessError):
            activity.kam_step_id = self.meet

    def test_an_activity_elsewhere_ticks_off_no_deal_of_the_same_number(self):
        twin, deal = self._create_twins()
        self.assertEqual(twin.id, deal.id)
        self._activity(twin, self.anna).action_feedback()
        self.assertFalse(deal.kam_done_step_ids)
        self._activity(deal, self.anna).action_feedback()
        self.assertEqual(deal.kam_done_step_ids, self.meet)

    def test_who_does_not_see_a_deal_ticks_nothing_off(self):
        rival = self._create_customer("Rival")
        deal = self._deal(partner_id=rival.id, user_id=self.boris.id)
        self.assertFalse(deal.with_user(self.anna).has_access("read"))
        self._activity(deal, self.anna).action_feedback()
        self.assertFalse(deal.kam_done_step_ids)
        self._activity(deal, self.boris).action_feedback()
        self.assertEqual(deal.kam_done_step_ids, self.meet)

    def test_colleagues_are_never_stopped(self):
        self.company.kam_require_steps = True
        self.lead.user_id = self.seller
        self.lead.with_user(self.seller).action_set_won()
        self.assertEqual(self.lead.won_status, "won")
