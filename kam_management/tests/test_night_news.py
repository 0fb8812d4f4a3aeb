from datetime import date

from odoo import Command
from odoo.tests import tagged

from .news_common import NewsCommon
from .test_night import START


@tagged("post_install", "-at_install")
class TestNewsOfCustomers(NewsCommon):
    """Whoever becomes somebody else, or part of another group, is news to all of them."""

    def _merge(self, target, *others):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((target.union(*others)).ids, target)

    def _create_colleague(self):
        """Return a user who works here and once bought, what does not count."""
        person = self.env["res.partner"].create(
            {"name": "Pat", "email": "pat@x.example", "company_id": self.company.id}
        )
        self._order("2026-06-03", 500, partner=person)
        user = self._create_user("pat", "base.group_user")
        user.partner_id = person
        return user

    def test_new_subsidiary_that_never_bought_shows_its_group(self):
        self.assertNews(
            lambda: self._create_customer("Sub", parent_id=self.customer.id)
        )

    def test_prospect_goes_from_group_to_group(self):
        sub = self._create_customer("Sub", parent_id=self.customer.id)
        self.assertNews(lambda: sub.write({"parent_id": self.other.id}))
        self.assertEqual(
            self._account(sub).group_share, self._account(self.other).share
        )

    def test_company_in_the_midst_of_a_group_is_deleted(self):
        top = self._create_customer("Top")
        holding = self._create_customer("Holding", parent_id=top.id)
        self.other.parent_id = holding
        self.assertNews(holding.unlink)
        self.assertEqual(self._account(self.other).group_partner_id, self.other)

    def test_company_above_is_merged(self):
        holding, twin = map(self._create_customer, ("Holding", "Twin"))
        self.other.parent_id = twin
        self.assertNews(lambda: self._merge(holding, twin))
        self.assertEqual(self._account(self.other).group_partner_id, holding)

    def test_people_are_merged(self):
        bob = self._person("Bob")
        self.touch.partner_ids = bob
        self.assertNews(lambda: self._merge(bob, self.ada.partner_id))

    def test_our_company_takes_over_a_customer_and_lets_go_again(self):
        ours = self._create_company("Sister")
        self.assertNews(lambda: ours.write({"partner_id": self.other.id}))
        self.assertFalse(self._account(self.other).revenue)
        fresh = self._create_customer("Fresh")
        self.assertNews(lambda: ours.write({"partner_id": fresh.id}))
        self.assertEqual(self._account(self.other).revenue, 90_000)

    def test_customer_becomes_a_company_of_ours(self):
        self.assertNews(lambda: self._create_company("New", partner_id=self.other.id))

    def test_colleague_becomes_a_customer_of_the_portal(self):
        user, portal = self._create_colleague(), self.env.ref("base.group_portal")
        self.assertNews(lambda: user.write({"group_ids": [Command.set(portal.ids)]}))

    def test_group_of_colleagues_lets_go_of_one(self):
        user, group = self._create_colleague(), self.env.ref("base.group_user")
        self.assertNews(lambda: group.write({"user_ids": [Command.unlink(user.id)]}))
        self.assertTrue(user.share)

    def test_user_is_deleted(self):
        self.assertNews(self._create_colleague().unlink)

    def test_account_of_who_asked_for_a_quotation_is_deleted(self):
        person = self.env["res.partner"].create({"name": "Quoted"})
        self.env["sale.order"].create(
            {"partner_id": person.id, "company_id": self.company.id}
        )
        account = self._account(person)
        self._settle()
        account.unlink()
        self._pass(START)
        self.assertTrue(self.Account._get_for(self.company, person))
        self._prove(START)


@tagged("post_install", "-at_install")
class TestNewsOfContacts(NewsCommon):
    """Whatever is said of people and contacts, health and rhythm follow."""

    def _plan(self, start):
        """Return a plan that is revised, and was to begin on a day."""
        self.account.write({"manager_id": self.anna.id, "accountable_id": self.head.id})
        goal = {"name": "Stops", "unit": "a year", "target": 10}
        plan = self.env["kam.plan"].create(
            {
                "account_id": self.account.id,
                "date_start": start,
                "user_id": self.anna.id,
                "accountable_id": self.head.id,
                "strategy": "retain",
                "touch_days": 2,
                "goal_ids": [Command.create(goal)],
            }
        )
        plan.with_user(self.anna).action_submit()
        plan.with_user(self.head).action_approve()
        plan._start_new_version("Times have changed")
        return plan

    def test_somebody_becomes_a_sponsor(self):
        self.assertNews(lambda: self.ada.write({"attitude": "sponsor"}))

    def test_role_is_called_otherwise(self):
        role = self._role("decides")
        self.assertNews(lambda: role.write({"code": "decided"}))

    def test_role_is_deleted(self):
        self.assertNews(self._role("decides").unlink)

    def test_person_is_deleted(self):
        self.assertNews(self.ada.partner_id.unlink)

    def test_talk_was_a_newsletter(self):
        self.assertNews(lambda: self.touch.write({"channel": "newsletter"}))

    def test_mail_was_part_of_what_many_got(self):
        self.touch.channel = "email"
        many = self.env["kam.communication"].create(
            {"name": "Newsletter", "company_id": self.company.id}
        )
        self.assertNews(lambda: self.touch.write({"communication_id": many.id}))
        self.assertFalse(self.account.last_reached_date)
        self.assertNews(many.unlink)
        self.assertEqual(self.account.last_reached_date, date(2026, 6, 14))

    def test_survey_is_deleted(self):
        self._answer(1, "2026-06-10")
        surveys = self.env["kam.survey"].search([("account_id", "=", self.account.id)])
        self.assertNews(surveys.unlink)

    def test_last_complaint_of_all_is_deleted(self):
        """Without any, the health of nobody knows of complaints."""
        account = self._account(self.other)
        complaint = self._complain(account_id=account.id, user_id=self.env.uid)
        more = self._complain()
        self._settle()
        basis = self.account.health_basis
        self.assertNews(complaint.unlink)
        self.assertEqual(self.account.health_basis, basis)
        self.assertNews(more.unlink)
        self.assertLess(self.account.health_basis, basis)
        self.assertLess(account.health_basis, basis)

    def test_plan_that_is_revised_begins_later(self):
        plan = self._plan("2026-06-01")
        self.assertNews(lambda: plan.write({"date_start": "2026-08-01"}))
        self._settle(date(2026, 7, 31))
        self._pass(date(2026, 8, 1))
        self.assertEqual(self.account.rhythm_days, 2)
        self._prove(date(2026, 8, 1))

    def test_plan_that_is_revised_is_deleted(self):
        self.assertNews(self._plan("2026-06-01").sudo().unlink)

    def test_day_is_the_same_wherever_who_refreshes_lives(self):
        self._plan("2026-06-15")
        self._settle(date(2026, 6, 15))
        west = self.account.with_context(tz="America/Los_Angeles")
        with self._at(date(2026, 6, 15)):
            west.action_refresh()
        self.assertEqual(self.account.rhythm_days, 2)
        self._prove(date(2026, 6, 15))
