from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_tender import TODAY, TenderCommon


@tagged("post_install", "-at_install")
class TestRelevance(TenderCommon):
    """A closed deal comes again: its next opportunity is opened in time, once."""

    def _close(self, day, lead=None):
        lead = lead or self.lead
        lead.action_set_won()
        lead.kam_relevance_date = day
        return lead

    def _reopen(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("kam_management.ir_cron_reopen_deals").method_direct_trigger()
        self.env.invalidate_all()

    def test_it_is_opened_in_time(self):
        lead = self._close("2026-04-12")  # in 90 days
        lead.expected_revenue = 700
        self._reopen()
        following = lead.kam_next_lead_id
        self.assertEqual(following.kam_previous_lead_id, lead)
        self.assertEqual(following.partner_id, lead.partner_id)
        self.assertEqual(following.date_deadline, date(2026, 4, 12))
        self.assertEqual(following.expected_revenue, 700)
        self.assertEqual(following.type, "opportunity")
        self.assertEqual(following.won_status, "pending")

    def test_it_is_opened_once(self):
        lead = self._close("2026-02-01")
        self._reopen()
        following = lead.kam_next_lead_id
        self._reopen()
        self.assertEqual(lead.kam_next_lead_id, following)
        self.assertEqual(
            self.env["crm.lead"].search_count([("kam_previous_lead_id", "=", lead.id)]),
            1,
        )

    def test_it_is_opened_once_whatever_becomes_of_it(self):
        """Deleted, or merged into another deal, it was opened again and again."""
        lead, other = self._close("2026-02-01"), self._close("2026-02-01", self._deal())
        self._reopen()
        lead.kam_next_lead_id.unlink()
        kept = (self._deal() + other.kam_next_lead_id).merge_opportunity()
        self.assertEqual(other.kam_next_lead_id, kept)
        self._reopen()
        self.assertFalse(lead.kam_next_lead_id)
        self.assertEqual(other.kam_next_lead_id, kept)

    def test_merged_with_its_next_it_comes_again(self):
        lead = self.lead
        lead.kam_relevance_date = "2026-02-01"
        lead.action_set_lost()
        self._reopen()
        following = lead.kam_next_lead_id
        kept = (lead + following).merge_opportunity()
        self.assertFalse(kept.kam_next_lead_id)
        self.assertFalse(kept.kam_previous_lead_id)
        self.assertFalse(kept.kam_reopened_date)
        self.assertFalse(kept.kam_relevance_date, "it was for this deal")

    def test_who_has_left_the_company_is_not_given_it(self):
        lead = self._close(TODAY)
        self.account.manager_id = False
        other = self._create_company("Other Company")
        self.anna.write({"company_ids": [Command.set(other.ids)], "company_id": other})
        self._reopen()
        self.assertTrue(lead.kam_next_lead_id)
        self.assertFalse(lead.kam_next_lead_id.user_id)

    def test_not_yet(self):
        lead = self._close("2026-04-13")
        self._reopen()
        self.assertFalse(lead.kam_next_lead_id)
        self.company.kam_relevance_days = 91
        self._reopen()
        self.assertTrue(lead.kam_next_lead_id)

    def test_what_is_long_past_is_left_alone(self):
        lead = self._close("2025-06-01")
        self._reopen()
        self.assertFalse(lead.kam_next_lead_id)

    def test_an_open_deal_is_not_reopened(self):
        self.lead.kam_relevance_date = TODAY
        self._reopen()
        self.assertFalse(self.lead.kam_next_lead_id)

    def test_a_lost_deal_comes_again(self):
        self.lead.kam_relevance_date = TODAY
        self.lead.action_set_lost()
        self._reopen()
        self.assertTrue(self.lead.kam_next_lead_id.active)

    def test_it_goes_to_who_leads_the_customer_today(self):
        lead = self._close(TODAY)
        self.account.manager_id = self.boris
        self._reopen()
        self.assertEqual(lead.kam_next_lead_id.user_id, self.boris)

    def test_one_bad_deal_stops_no_other(self):
        bad, good = self._close(TODAY), self._close(TODAY, self._deal())
        prepare = type(bad)._prepare_kam_next_lead

        def fail(lead):
            if lead == bad:
                raise ValueError
            return prepare(lead)

        with (
            patch.object(type(bad), "_prepare_kam_next_lead", fail),
            mute_logger("odoo.addons.kam_management.models.common.jobs"),
        ):
            self._reopen()
        self.assertFalse(bad.kam_next_lead_id)
        self.assertTrue(good.kam_next_lead_id)

    # Proposed from what was sold

    def _sell(self, months):
        self.product.kam_lifetime_months = months
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "opportunity_id": self.lead.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )

    def test_the_lifetime_of_the_product_says_when(self):
        self._sell(12).action_confirm()
        self.assertFalse(self.lead.kam_relevance_date)
        self.lead.action_set_won()
        self.assertEqual(self.lead.kam_relevance_date, date(2027, 1, 12))

    def test_confirmed_after_the_deal_was_won(self):
        order = self._sell(12)
        self.lead.action_set_won()
        self.assertFalse(self.lead.kam_relevance_date)
        order.action_confirm()
        self.assertEqual(self.lead.kam_relevance_date, date(2027, 1, 12))

    def test_a_cancelled_order_takes_back_what_it_proposed(self):
        order = self._sell(12)
        order.action_confirm()
        self.lead.action_set_won()
        order.user_id = self.seller
        order.with_user(self.seller)._action_cancel()
        self.assertFalse(self.lead.kam_relevance_date)
        # what somebody typed in is theirs
        order.action_draft()
        order.action_confirm()
        self.lead.kam_relevance_date = "2027-06-01"
        order._action_cancel()
        self.assertEqual(self.lead.kam_relevance_date, date(2027, 6, 1))

    def test_what_was_typed_stays(self):
        self._sell(12).action_confirm()
        self.lead.kam_relevance_date = "2026-06-01"
        self.lead.action_set_won()
        self.assertEqual(self.lead.kam_relevance_date, date(2026, 6, 1))

    def test_won_after_it_was_lost(self):
        self._sell(12).action_confirm()
        self.lead.action_set_lost()
        self.lead.action_unarchive()
        self.lead.action_set_won()
        self.assertEqual(self.lead.kam_relevance_date, date(2027, 1, 12))

    def test_products_without_lifetime_propose_nothing(self):
        self._sell(0).action_confirm()
        self.lead.action_set_won()
        self.assertFalse(self.lead.kam_relevance_date)

    def test_a_colleague_without_our_groups_wins_and_confirms(self):
        order = self._sell(6).with_user(self.seller)
        self.lead.user_id = order.sudo().user_id = self.seller
        order.action_confirm()
        self.lead.with_user(self.seller).action_set_won()
        self.assertEqual(self.lead.kam_relevance_date, date(2026, 7, 12))

    def test_a_colleague_without_our_groups_duplicates_a_product(self):
        """What they may not read was copied, and the copy refused."""
        self.product.kam_lifetime_months = 6
        buyer = self._create_user("buyer", "product.group_product_manager")
        template = self.product.product_tmpl_id.with_user(buyer)
        self.assertTrue(template.copy())

    # Copied, merged, written

    def test_a_copy_does_not_come_again(self):
        lead = self._close(TODAY)
        self._reopen()
        copied = lead.copy()
        self.assertFalse(copied.kam_relevance_date)
        self.assertFalse(copied.kam_next_lead_id)

    def test_merged_deals_keep_the_day(self):
        other = self._deal(name="The same")
        other.kam_relevance_date = "2026-06-01"
        kept = (self.lead + other).merge_opportunity()
        self.assertEqual(kept.kam_relevance_date, date(2026, 6, 1))

    def test_links_are_not_typed(self):
        with self.assertRaises(AccessError):
            self.lead.with_user(self.anna).kam_next_lead_id = self._deal()

    def test_any_hour_of_the_day(self):
        lead = self._close("2026-04-12")
        with freeze_time("2026-01-12 23:59:00"):
            self._reopen()
        self.assertTrue(lead.kam_next_lead_id)
