from odoo.tests import Form, tagged

from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestHandoverProposed(HandoverCommon):
    """A large deal about to be won is proposed for a handover, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._deal(cls.seller)
        cls.deal.write({"kam_own_sales_type": "project", "probability": 80})

    def _propose(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("kam_management.ir_cron_propose_handovers")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        return self.deal.activity_ids

    def test_salesperson_is_asked_once(self):
        self.assertEqual(self._propose().user_id, self.seller)
        self.assertEqual(len(self._propose()), 1)

    def test_won_deal_is_proposed_too(self):
        self.deal.probability = 10
        self.assertFalse(self._propose())
        self.deal.action_set_won()
        self.assertTrue(self._propose())

    def test_small_deal_is_not(self):
        self.deal.kam_own_sales_type = "transactional"
        self.assertFalse(self._propose())

    def test_company_says_when(self):
        self.company.kam_handover_probability = 90
        self.assertFalse(self._propose())
        self.company.kam_handover_probability = 0
        self.deal.action_set_won()
        self.assertFalse(self._propose())

    def test_who_serves_the_customer_anyway_is_not_asked(self):
        self.deal.user_id = self.anna
        self.account.project_manager_id = self.boris
        self.assertFalse(self._propose())

    def test_handover_that_has_begun_is_not_proposed(self):
        self._hand_over(kind="deal", lead_id=self.deal.id)
        self.assertFalse(self._propose())

    def test_button_opens_one_with_what_is_known(self):
        action = self.deal.with_user(self.head).action_kam_hand_over()
        Handover = self.Handover.with_user(self.head)
        handover = Handover.with_context(**action["context"]).create({})
        self.assertEqual(handover.account_id, self.account)
        self.assertEqual(handover.user_id, self.seller)
        self.assertEqual(handover.manager_id, self.anna)
        action = self.deal.with_user(self.head).action_kam_hand_over()
        self.assertEqual(action["res_id"], handover.id)

    def test_salesperson_who_does_not_see_the_account_begins_it(self):
        self.deal.user_id = self.boris
        self.env.invalidate_all()
        self.assertFalse(self.account.with_user(self.boris).has_access("read"))
        action = self.deal.with_user(self.boris).action_kam_hand_over()
        handover = self.Handover.with_user(self.boris).browse(action["res_id"])
        with Form(handover) as form:
            form.reason = "Won"
        self.assertEqual((handover.user_id, handover.kind), (self.boris, "deal"))
        self.assertFalse(handover.manager_id)
        self.assertFalse(self.account.with_user(self.boris).has_access("read"))

    def test_salesperson_who_has_left_is_not_asked(self):
        self.seller.active = False
        self.assertFalse(self._propose())
