from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCommon


class PartnerChangesCommon(KamCommon):
    """A second customer, and a second company of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company("Our Other Company")
        cls.env.user.company_ids |= cls.other_company
        cls.double = cls._create_customer("Meyer Machines Ltd")
        cls.clerk = cls._create_user("clerk", "base.group_partner_manager")

    @classmethod
    def _person(cls, name="Ines", **values):
        """Return a person; without ``parent_id`` a customer of his own."""
        return cls.env["res.partner"].create(
            {"name": name, "company_id": cls.company.id, **values}
        )

    @classmethod
    def _accounts(cls, partners):
        """Return all accounts of partners, whatever company and archived or not."""
        return cls.Account.with_context(active_test=False).search(
            [("partner_id", "in", partners.ids)]
        )

    @classmethod
    def _merge(cls, sources, target):
        """Merge partners into one and let the queue come by, as an hour later."""
        cls.env.flush_all()
        wizard = cls.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((sources + target).ids, target)
        cls._drain()


@tagged("post_install", "-at_install")
class TestPartnerMerge(PartnerChangesCommon):
    """Two customers turn out to be one: their accounts become one, nothing is lost."""

    def test_two_accounts_of_a_company_become_one(self):
        self._order("2020-05-01", 100)
        order = self._order("2020-07-01", 50, partner=self.double)
        account, gone = self._account(), self._account(self.double)
        self._merge(self.double, self.customer)
        self.assertFalse(gone.exists())
        self.assertEqual(self._accounts(self.customer), account)
        self.assertEqual(order.kam_account_id, account)
        self.assertEqual(account.purchase_count, 2)
        self.assertEqual(
            self._log(account)[:2],
            [("2020-05-01", "potential", "new"), ("2020-07-01", "new", "active")],
        )

    def test_account_moves_when_the_target_has_none(self):
        account = self._account(self.double)
        person = self._person()
        self._merge(self.double, person)
        self.assertEqual(account.partner_id, person)
        self.assertEqual(self._accounts(person), account)

    def test_accounts_of_two_companies_stay_apart(self):
        both = self.customer + self.double
        both.company_id = False
        for partner, company in (
            (self.customer, self.company),
            (self.double, self.company),
            (self.double, self.other_company),
        ):
            self._order("2020-05-01", partner=partner, company_id=company.id)
            self._account(partner, company)
        moved = self._account(self.double, self.other_company)
        moved.manager_id = False
        self._merge(self.double, self.customer)
        accounts = self._accounts(self.customer)
        ours = accounts.filtered(lambda a: a.company_id == self.company)
        self.assertEqual(ours.purchase_count, 2)
        theirs = accounts.filtered(lambda a: a.company_id == self.other_company)
        self.assertEqual((theirs, theirs.purchase_count), (moved, 1))

    def test_two_sources_with_accounts_meet_in_a_target_without(self):
        person = self._person()
        for partner in (self.customer, self.double):
            self._order("2020-05-01", partner=partner)
            self._account(partner)
        self._merge(self.customer + self.double, person)
        account = self._accounts(person)
        self.assertEqual(len(account), 1)
        self.assertEqual(account.purchase_count, 2)

    def test_person_merged_with_a_contact_brings_his_account_to_the_company(self):
        contact, person = self._person(parent_id=self.customer.id), self._person()
        self._order("2020-05-01", partner=person)
        account, gone = self._account(), self._account(person)
        self._merge(person, contact)
        self.assertFalse(gone.exists())
        self.assertEqual(self._accounts(contact + self.customer), account)
        self.assertEqual(account.purchase_count, 1)

    def test_company_merged_with_a_contact_makes_him_a_customer_of_his_own(self):
        """Odoo makes the contact a company, though below his former one."""
        contact = self._person(parent_id=self.customer.id)
        self._touch("2020-04-01", self.double)
        self._order("2020-05-01", partner=self.double)
        account, parents = self._account(self.double), self._account()
        self._merge(self.double, contact)
        self.assertEqual(contact.commercial_partner_id, contact)
        self.assertEqual(self._accounts(contact), account)
        self.assertEqual((account.level, parents.level), ("dormant", "potential"))

    def test_merged_contacts_leave_their_orders_with_their_companies(self):
        ines = self._person(parent_id=self.customer.id)
        twin = self._person(parent_id=self.double.id)
        self._order("2020-05-01", partner=ines)
        self._order("2020-06-01", partner=twin)
        accounts = self._account() + self._account(self.double)
        self._merge(ines, twin)
        self.assertEqual(accounts.mapped("purchase_count"), [1, 1])

    def test_account_of_a_company_the_target_is_not_of_moves_too(self):
        """Odoo merges such customers without a word; our check of companies refused."""
        self.double.company_id = False
        self._order("2020-05-01", partner=self.double, company_id=self.other_company.id)
        account = self._account(self.double, self.other_company)
        self._merge(self.double, self.customer)
        self.assertEqual(account.partner_id, self.customer)
        self.assertEqual(account.purchase_count, 1)

    def test_account_of_a_branch_is_up_to_date_as_well(self):
        branch = self._create_company("Branch", parent_id=self.company.id)
        self.env.user.company_ids |= branch
        (self.customer + self.double).company_id = False
        for partner in (self.customer, self.double):
            self._order("2020-05-01", partner=partner, company_id=branch.id)
        self._refresh()
        self._merge(self.double, self.customer)
        account = self._account(self.customer, branch)
        self.assertEqual(account.purchase_count, 2)

    def test_orders_of_a_person_without_account_count_at_once(self):
        person, twin = self._person(), self._person()
        self._order("2020-05-01", partner=person)
        self._order("2020-05-01", partner=twin)
        self._drain()
        self._account(twin).unlink()
        self._merge(twin, person)
        self.assertEqual(self._account(person).purchase_count, 2)

    def test_opening_balances_add_up(self):
        self._account().write(
            {
                "opening_first_date": "2015-01-01",
                "opening_last_date": "2016-01-01",
                "opening_count": 3,
            }
        )
        self._account(self.double).write(
            {
                "opening_first_date": "2014-01-01",
                "opening_last_date": "2015-06-01",
                "opening_count": 4,
            }
        )
        self._merge(self.double, self.customer)
        account = self._account()
        self.assertEqual(account.opening_count, 7)
        self.assertEqual(account.purchase_count, 7)
        self.assertEqual(account.first_purchase_date, date(2014, 1, 1))
        self.assertEqual(account.last_purchase_date, date(2016, 1, 1))

    def test_opening_balance_of_one_alone_is_kept(self):
        self._account(self.double).write(
            {
                "opening_first_date": "2014-01-01",
                "opening_last_date": "2014-01-01",
                "opening_count": 1,
            }
        )
        self._account()
        self._merge(self.double, self.customer)
        self.assertEqual(self._account().purchase_count, 1)

    def test_roles_fill_gaps_and_nobody_loses_sight_of_the_customer(self):
        self._account().write({"manager_id": self.anna.id, "developer_id": False})
        self._account(self.double).write(
            {
                "manager_id": self.boris.id,
                "developer_id": self.seller.id,
                "member_ids": [Command.link(self.head.id)],
                "sales_type": "project",
                "is_key_account": True,
            }
        )
        self._merge(self.double, self.customer)
        account = self._account()
        self.assertEqual(account.manager_id, self.anna)
        self.assertEqual(account.developer_id, self.seller)
        self.assertEqual(
            account.team_user_ids, self.anna + self.seller + self.head + self.boris
        )
        self.assertEqual(account.sales_type, "project")
        self.assertTrue(account.is_key_account)

    def test_touches_leads_and_chatter_move(self):
        touch = self._touch("2020-03-01", self.double)
        gone = self._account(self.double)
        lead = self.env["crm.lead"].create(
            {"name": "Compressors", "partner_id": self.double.id}
        )
        lead.action_set_won()
        self.env.flush_all()
        message = gone.message_post(body="Their boss likes tea")
        activity = gone.activity_schedule("mail.mail_activity_data_todo")
        paper = self.env["ir.attachment"].create(
            {"name": "map", "res_model": "kam.account", "res_id": gone.id}
        )
        account = self._account()
        self._merge(self.double, self.customer)
        self.assertEqual(touch.account_id, account)
        self.assertEqual(lead.kam_account_id, account)
        self.assertEqual(message.res_id, account.id)
        self.assertEqual(activity.res_id, account.id)
        self.assertEqual(paper.res_id, account.id)
        self.assertEqual(account.level, "engaged")

    def test_followers_of_both_follow_the_one_that_stays(self):
        """One who followed both made Odoo drop all followers of the merged account."""
        account, gone = self._account(), self._account(self.double)
        users = self.anna + self.boris
        gone.message_subscribe(users.partner_id.ids)
        account.message_subscribe(self.anna.partner_id.ids)
        self._merge(self.double, self.customer)
        self.assertLessEqual(users.partner_id, account.message_partner_ids)

    def test_meeting_with_all_of_them_is_one_touch(self):
        meeting = self.env["calendar.event"].create(
            {
                "name": "Fair",
                "start": "2020-03-01 12:00:00",
                "stop": "2020-03-01 13:00:00",
            }
        )
        third = self._create_customer("Meyer Group")
        for partner in (self.customer, self.double, third):
            self._touch("2020-03-01", partner).event_id = meeting
        self._merge(self.customer + self.double, third)
        self.assertEqual(len(self._account(third).touch_ids), 1)

    def test_archived_account_comes_back_when_merged_with_an_active_one(self):
        self._account().active = False
        self._account(self.double)
        self._merge(self.double, self.customer)
        self.assertTrue(self._accounts(self.customer).active)

    def test_user_without_rights_on_accounts_merges_partners(self):
        account = self._account()
        self._touch("2020-03-01", self.double)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.clerk)
        both = (self.customer + self.double).with_user(self.clerk)
        wizard.create({})._merge(both.ids, both[0])
        self._drain()
        self.assertEqual(self._accounts(self.customer), account)
        self.assertEqual(account.level, "engaged")

    def test_account_that_colleagues_serve_is_merged_away_by_who_may_write_it(self):
        self._account(self.double).manager_id = self.anna
        both = self.double + self.customer
        for user in self.clerk, self.boris:
            user.group_ids |= self.env.ref("base.group_partner_manager")
            wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                wizard.create({})._merge(both.ids, self.customer.with_user(user))
        self.assertTrue(self.double.exists())
        self.head.group_ids |= self.env.ref("base.group_partner_manager")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.head)
        wizard.create({})._merge(both.ids, self.customer.with_user(self.head))
        self.assertEqual(self._accounts(self.customer).manager_id, self.anna)


@tagged("post_install", "-at_install")
class TestPartnerReparenting(PartnerChangesCommon):
    """People change companies, companies change owners; closed history stays true."""

    def test_contact_who_changes_company_leaves_his_orders(self):
        contact = self._person(parent_id=self.customer.id)
        order = self._order("2020-05-01", partner=contact)
        invoice = self._invoice("2020-05-02", partner=contact)
        account, rival = self._account(), self._account(self.double)
        contact.parent_id = self.double
        self._drain()
        self._refresh()
        self.assertEqual((account.purchase_count, rival.purchase_count), (2, 0))
        self.assertEqual(order.kam_account_id, account)
        self.assertEqual(invoice.commercial_partner_id, self.customer)
        self._order("2020-06-01", partner=contact)
        self._drain()
        self.assertEqual((account.purchase_count, rival.purchase_count), (2, 1))

    def test_quotation_of_a_contact_goes_along_until_it_is_confirmed(self):
        contact = self._person(parent_id=self.customer.id)
        order = self.env["sale.order"].create({"partner_id": contact.id})
        self.env.flush_all()
        contact.parent_id = self.double
        self.assertEqual(order.kam_commercial_partner_id, self.double)
        order.action_confirm()
        contact.parent_id = self.customer
        self.assertEqual(order.kam_commercial_partner_id, self.double)

    def test_order_cancelled_after_the_contact_left_stays_where_it_was(self):
        """It moved to the new company, and the old one kept a purchase too many."""
        contact = self._person(parent_id=self.customer.id)
        order = self._order("2020-05-01", partner=contact)
        self._order("2020-06-01", partner=contact)
        account = self._account()
        contact.parent_id = self.double
        order._action_cancel()
        self._drain()
        self.assertEqual(order.kam_commercial_partner_id, self.customer)
        self.assertEqual(account.purchase_count, 1)

    def test_order_given_to_another_customer_moves_even_when_confirmed(self):
        order = self._order("2020-05-01")
        account, rival = self._account(), self._account(self.double)
        order.partner_id = self.double
        self._drain()
        self.assertEqual((account.purchase_count, rival.purchase_count), (0, 1))

    def test_person_put_under_a_company_brings_his_history(self):
        person = self._person()
        order = self._order("2020-05-01", partner=person)
        touch = self._touch("2020-04-01", person)
        account, gone = self._account(), self._account(person)
        person.parent_id = self.customer
        self._drain()
        self.assertFalse(gone.exists())
        self.assertEqual(touch.account_id, account)
        self.assertEqual(order.kam_account_id, account)
        self.assertEqual(
            self._log(account)[:2],
            [("2020-04-01", "potential", "engaged"), ("2020-05-01", "engaged", "new")],
        )

    def test_person_who_founds_a_company_keeps_his_account(self):
        person = self._person(company_name="Ines Inc")
        self._order("2020-05-01", partner=person)
        account = self._account(person)
        person.create_company()
        self._drain()
        self.assertEqual(account.partner_id.name, "Ines Inc")
        self.assertEqual(account.purchase_count, 1)
        accounts = self._accounts(person + person.parent_id)
        self.assertEqual(accounts.filtered("purchase_count"), account)

    def test_company_put_under_a_holding_stays_its_own_account(self):
        self._order("2020-05-01", partner=self.double)
        account, holding = self._account(self.double), self._account()
        self.double.parent_id = self.customer
        self._drain()
        self.assertEqual(account.partner_id, self.double)
        self.assertEqual((account.purchase_count, holding.purchase_count), (1, 0))

    def test_company_that_becomes_a_department_brings_its_history(self):
        self._order("2020-05-01", partner=self.double)
        account, gone = self._account(), self._account(self.double)
        self.double.write({"parent_id": self.customer.id, "is_company": False})
        self._drain()
        self.assertFalse(gone.exists())
        self.assertEqual(account.purchase_count, 1)

    def test_clerk_makes_a_company_a_department(self):
        """Odoo takes is_company out of the values on the way: it went unnoticed."""
        self._order("2020-05-01", partner=self.double)
        account, gone = self._account(), self._account(self.double)
        # nobody serves it, so it is anybody's to tidy up
        gone.manager_id = False
        self.double.parent_id = self.customer
        self.double.with_user(self.clerk).write({"is_company": False})
        self._drain()
        self.assertFalse(gone.exists())
        self.assertEqual(account.purchase_count, 1)

    def test_customer_that_colleagues_serve_stays_one_for_who_may_not_write_it(self):
        account = self._account(self.double)
        account.manager_id = self.anna
        change = {"parent_id": self.customer.id, "is_company": False}
        with self.assertRaisesRegex(AccessError, "Meyer Machines Ltd"):
            self.double.with_user(self.clerk).write(change)
        self.assertEqual(self._accounts(self.double), account)
        self.anna.group_ids |= self.env.ref("base.group_partner_manager")
        self.double.with_user(self.anna).write(change)
        self.assertEqual(self._accounts(self.customer).manager_id, self.anna)

    def test_commercial_entity_is_not_written_past_who_serves_the_customer(self):
        self._account(self.double).manager_id = self.anna
        with self.assertRaises(AccessError):
            self.double.with_user(self.clerk).write(
                {"commercial_partner_id": self.customer.id}
            )

    def test_contact_who_becomes_a_company_gets_an_account(self):
        contact = self._person(parent_id=self.customer.id)
        contact.with_user(self.clerk).write({"is_company": True})
        self._drain()
        self.assertEqual(self._accounts(contact).level, "potential")

    def test_contact_who_leaves_takes_his_open_leads_to_an_account_of_his_own(self):
        contact = self._person(parent_id=self.customer.id)
        lead = self.env["crm.lead"].create(
            {"name": "Compressors", "partner_id": contact.id}
        )
        self._drain()
        self.assertEqual(lead.kam_account_id, self._account())
        contact.parent_id = False
        self._drain()
        self.assertEqual(lead.kam_account_id.partner_id, contact)

    def test_customer_of_other_companies_is_put_under_one_of_ours_alone(self):
        person = self._person(company_id=False)
        self._order("2020-05-01", partner=person, company_id=self.other_company.id)
        account = self._account(person, self.other_company)
        person.parent_id = self.customer
        self._drain()
        self.assertEqual(account.partner_id, self.customer)
        self.assertEqual(account.purchase_count, 1)


@tagged("post_install", "-at_install")
class TestPartnerMarket(PartnerChangesCommon):
    """Who is a customer: created, archived and deleted partners."""

    def test_new_company_gets_an_account_from_the_queue(self):
        self.assertFalse(self._accounts(self.customer))
        self._drain()
        self.assertEqual(self._accounts(self.customer).company_id, self.company)
        self.assertEqual(self._accounts(self.customer).level, "potential")

    def test_company_for_all_of_us_gets_an_account_with_each(self):
        branch = self._create_company("Branch", parent_id=self.company.id)
        partner = self._create_customer("Everywhere Inc", company_id=False)
        self._drain()
        companies = self._accounts(partner).company_id
        self.assertLessEqual(self.company + self.other_company, companies)
        self.assertNotIn(branch, companies)

    def test_company_opened_to_all_of_us_gets_the_other_accounts(self):
        self._drain()
        self.customer.company_id = False
        self._drain()
        self.assertIn(self.other_company, self._accounts(self.customer).company_id)

    def test_person_without_evidence_gets_none(self):
        person = self._person()
        contact = self._person(parent_id=self.customer.id)
        self._drain()
        self._refresh()
        self.assertFalse(self._accounts(person + contact))

    def test_person_who_asks_for_a_quotation_gets_one(self):
        person = self._person()
        self.env["sale.order"].create({"partner_id": person.id})
        self._drain()
        self.assertEqual(self._accounts(person).level, "potential")

    def test_market_company_that_turns_out_a_vendor_loses_its_account(self):
        """It kept its account for good."""
        plain, known = (
            self._create_customer(name) for name in ("Steel Supplies", "Known Supplies")
        )
        self._refresh()
        self._touch("2020-03-10", partner=known)
        led = self._create_customer("To Be Won")
        asked = self._create_customer("Asked Us", supplier_rank=1)
        self.env["crm.lead"].create({"name": "Ask", "partner_id": asked.id})
        self._refresh()
        self._account(led).manager_id = self.anna
        (plain + known + led).supplier_rank = 1
        self._refresh()
        self.assertFalse(self._accounts(plain))
        for partner in (known, led, asked):
            self.assertTrue(self._accounts(partner), partner.name)
        self._order("2020-05-01", partner=plain)
        self._drain()
        self.assertEqual(self._accounts(plain).purchase_count, 1)

    def test_vendor_gets_none_until_he_buys(self):
        vendor = self._create_customer("Steel Supplies", supplier_rank=1)
        self._drain()
        self._refresh()
        self.assertFalse(self._accounts(vendor))
        self._order("2020-05-01", partner=vendor)
        self._drain()
        self.assertEqual(self._accounts(vendor).purchase_count, 1)

    def test_neither_our_companies_nor_our_colleagues_are_customers(self):
        ours = self.other_company.partner_id
        colleague = self.anna.partner_id
        for partner in (ours, colleague):
            self._order("2020-05-01", partner=partner)
        self._drain()
        self._refresh()
        self.assertFalse(self._accounts(ours + colleague))

    def test_customer_with_a_portal_login_is_one(self):
        person = self._person()
        self.env["res.users"].create(
            {
                "name": "Ines",
                "login": "kam_test_ines",
                "partner_id": person.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        self._order("2020-05-01", partner=person)
        self._drain()
        self.assertEqual(self._accounts(person).purchase_count, 1)

    def test_account_is_archived_and_restored_with_its_customer(self):
        self._order("2020-05-01")
        account = self._account()
        self.customer.with_user(self.clerk).action_archive()
        self.assertFalse(account.active)
        self._refresh(as_of="2020-06-01")
        self.assertEqual(account.level, "new")
        self.customer.action_unarchive()
        self.assertTrue(account.active)

    def _get_told(self, account):
        """Return who is told that the customer of an account was archived."""
        todos = account.activity_ids.filtered("summary")
        return todos.filtered(lambda a: "archived the customer" in a.summary).user_id

    def test_who_serves_a_customer_is_told_who_archived_it(self):
        """A colleague put away an account that only a head of sales may archive."""
        account = self._account()
        account.manager_id = self.anna
        self.clerk.email = False
        self.customer.with_user(self.clerk).action_archive()
        self.assertFalse(account.active)
        self.assertEqual(self._get_told(account), self.anna)
        self.assertIn(self.clerk.name, account.activity_ids.summary)
        groups = self.anna.with_user(self.anna)._get_activity_groups()
        self.assertIn("kam.account", [group["model"] for group in groups])

    def test_customer_that_is_not_archived_restores_no_account(self):
        """A list of contacts that names the active ones undid what a head had decided."""
        account = self._account()
        account.with_user(self.head).action_archive()
        self.customer.with_user(self.clerk).write({"active": True, "ref": "M1"})
        self.assertFalse(account.active)

    def test_heads_are_told_where_no_manager_is_left(self):
        account = self._account()
        account.member_ids = self.boris
        self.customer.with_user(self.boris).sudo().action_archive()
        self.assertEqual(self._get_told(account), self.head)

    def test_who_archives_their_own_customer_is_told_nothing(self):
        unserved = self._account(self.double)
        account = self._account()
        account.manager_id = self.anna
        for user in (self.anna, self.head):
            user.group_ids |= self.env.ref("base.group_partner_manager")
            partners = (self.customer + self.double).with_user(user)
            partners.action_archive()
            self.assertFalse(self._get_told(account + unserved))
            partners.action_unarchive()
        self.double.with_user(self.clerk).action_archive()
        self.assertFalse(self._get_told(unserved))

    def test_head_of_another_company_archives_nothing_unseen(self):
        account = self._account()
        account.write({"manager_id": self.anna.id, "accountable_id": self.boris.id})
        self.customer.company_id = False
        foreign = self._create_user(
            "foreign",
            "kam_management.group_kam_manager,base.group_partner_manager",
            self.other_company,
        )
        customer = self.customer.with_user(foreign)
        customer.with_context(
            allowed_company_ids=self.other_company.ids
        ).action_archive()
        self.assertEqual(self._get_told(account), self.anna + self.boris)

    def test_evidence_of_an_archived_customer_makes_an_archived_account(self):
        person = self._person()
        self._order("2020-05-01", partner=person)
        person.action_archive()
        self._drain()
        self.assertFalse(self._accounts(person).active)
        self.assertEqual(self._accounts(person).purchase_count, 1)

    def test_partner_without_history_is_deleted_with_his_account(self):
        account = self._account()
        account.manager_id = self.anna
        lead = self.env["crm.lead"].create(
            {"name": "Compressors", "partner_id": self.customer.id}
        )
        self.env.flush_all()
        self.customer.with_user(self.clerk).unlink()
        self.assertFalse(account.exists())
        self.assertTrue(lead.exists())

    def test_partner_with_history_is_not_deleted(self):
        self._touch("2020-03-01")
        self._refresh()
        with self.assertRaisesRegex(UserError, "Meyer Machines.*[Aa]rchive"):
            self.customer.unlink()

    def test_touch_the_queue_has_not_seen_yet_is_history_too(self):
        touch = self._touch("2020-03-01")
        with self.assertRaisesRegex(UserError, "Meyer Machines.*[Aa]rchive"):
            self.customer.unlink()
        self.assertTrue(touch.exists())

    def test_opening_balance_is_history_too(self):
        self._account().write(
            {
                "opening_first_date": "2014-01-01",
                "opening_last_date": "2014-01-01",
                "opening_count": 1,
            }
        )
        with self.assertRaisesRegex(UserError, "Meyer Machines.*[Aa]rchive"):
            self.customer.unlink()

    def test_contact_of_a_customer_with_history_is_deleted(self):
        contact = self._person(parent_id=self.customer.id)
        self._touch("2020-03-01", partner=None, partner_id=contact.id)
        contact.unlink()
        self.assertEqual(len(self._account().touch_ids), 1)
