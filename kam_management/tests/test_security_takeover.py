from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .stakeholder_common import StakeholderCommon

MERGE = "base.partner.merge.automatic.wizard"


@tagged("post_install", "-at_install")
class TestSecurityTakeover(StakeholderCommon):
    """Whoever may edit contacts takes over no customer that customers of colleagues.

    Anna leads Meyer, and a person who buys in their own name. Boris leads Rival. All are
    contacts of all companies of ours, so that any clerk may edit them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company("Other Company")
        cls.env.user.company_ids |= cls.other_company
        cls.order = cls._order("2020-05-01")
        cls.ines = cls.env["res.partner"].create({"name": "Ines"})
        cls._order("2020-05-02", partner=cls.ines)
        cls.own = cls._create_customer("Rival")
        cls.everyone = cls.customer + cls.own + cls.ines
        cls.everyone.company_id = False
        cls.mine = cls._account(cls.ines)
        cls.mine.manager_id = cls.anna
        cls.rival = cls._account(cls.own)
        cls.rival.manager_id = cls.boris
        cls.touch = cls._touch("2020-04-01")
        editor = cls.env.ref("base.group_partner_manager")
        foreign_head = cls._create_user(
            "foreign", "kam_management.group_kam_manager", cls.other_company
        )
        cls.takers = (
            cls.boris
            + cls.seller
            + foreign_head
            + cls._create_user("clerk", "base.group_partner_manager")
        )
        cls.takers.write({"group_ids": [Command.link(editor.id)]})

    def _merge(self, user, sources, target):
        companies = user.company_ids.ids
        env = self.env(user=user, context={"allowed_company_ids": companies})
        env[MERGE].create({})._merge((sources + target).ids, target.with_env(env))

    def _iterate_ways(self, user):
        """Yield (name, call) of the ways to make one customer part of another."""
        companies = user.company_ids.ids
        env = self.env(user=user, context={"allowed_company_ids": companies})
        meyer, own, ines = (one.with_env(env) for one in self.everyone)
        own_id = self.own.id
        yield (
            "department",
            lambda: meyer.write({"parent_id": own_id, "is_company": False}),
        )
        yield "person", lambda: ines.write({"parent_id": own_id})
        yield "child", lambda: own.write({"child_ids": [Command.link(ines.id)]})
        yield "entity", lambda: meyer.write({"commercial_partner_id": own_id})
        yield (
            "entity of a person",
            lambda: ines.write({"commercial_partner_id": own_id}),
        )
        yield "merge", lambda: self._merge(user, self.customer, self.own)
        yield "merge person", lambda: self._merge(user, self.ines, self.own)
        yield (
            "merge people",
            lambda: self._merge(
                user, self.ines, self._person("Eve", parent_id=own_id, company_id=False)
            ),
        )
        # and the other way round: what is one's own is no gift to a colleague's
        yield "merge into", lambda: self._merge(user, self.own, self.customer)
        yield (
            "department of",
            lambda: own.write({"parent_id": meyer.id, "is_company": False}),
        )

    def _iterate_refused(self, user):
        """Try each way as a user; yield after each that was refused."""
        # lines of a form are written as who has called
        caller = patch.object(self.env.transaction, "default_env", self.env(user=user))
        for way, take in self._iterate_ways(user):
            with (
                self.subTest(user=user.name, way=way),
                self.assertRaisesRegex(AccessError, "customers of colleagues"),
                self.cr.savepoint(),
                caller,
            ):
                take()
            self.env.invalidate_all()
            yield way

    def test_no_way_leads_to_a_customer_of_others(self):
        for user in self.takers:
            for _refused in self._iterate_refused(user):
                self.assertEqual(self.account.partner_id, self.customer)
                self.assertEqual(self.mine.partner_id, self.ines)
                self.assertEqual(self.rival.partner_id, self.own)
                self.assertEqual(self.touch.account_id, self.account)
                self.assertEqual(self.order.kam_commercial_partner_id, self.customer)

    def test_head_of_sales_and_who_answers_for_both_may(self):
        self.rival.accountable_id = self.anna
        for user in (self.anna, self.head):
            user.group_ids |= self.env.ref("base.group_partner_manager")
            with self.subTest(user=user.name), self.cr.savepoint() as savepoint:
                self._merge(user, self.customer, self.own)
                self.assertEqual(self.touch.account_id, self.rival)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_member_of_a_team_does_not_become_its_manager(self):
        """Boris took part with Meyer, and made them a department of his own customer."""
        clara = self._create_user("clara", "kam_management.group_kam_user")
        clara.group_ids |= self.env.ref("base.group_partner_manager")
        self.rival.accountable_id = clara
        self.account.member_ids = self.mine.member_ids = self.boris + clara
        roles = ("developer_id", "telemarketer_id", "project_manager_id")
        self.account.write(dict.fromkeys(roles, self.boris.id))
        for user in self.boris + clara:
            for _refused in self._iterate_refused(user):
                self.assertEqual(self.account.manager_id, self.anna)
                self.assertEqual(self.touch.account_id, self.account)

    def test_what_nobody_serves_becomes_part_of_any_customer(self):
        loose = self._create_customer("Loose Ends", company_id=False)
        gone = self._account(loose)
        self._merge(self.boris, loose, self.customer)
        self.assertFalse(gone.exists())
        self.assertEqual(self.account.manager_id, self.anna)

    def test_personal_facts_go_to_no_other_team_by_a_merge(self):
        """A clerk merged a person with one of another customer, whose team read it."""
        ada = self._dossier("Ada").partner_id
        eve = self._dossier(
            self._person("Eve", parent_id=self.own.id), account_id=self.rival.id
        ).partner_id
        profile = self._profile(ada)
        (ada + eve).company_id = False
        for user in self.takers:
            for source, target in ((ada, eve), (eve, ada)):
                with (
                    self.subTest(user=user.name, source=source.name),
                    self.assertRaisesRegex(AccessError, "Ask your head of sales"),
                    self.cr.savepoint(),
                ):
                    self._merge(user, source, target)
                self.env.invalidate_all()
        self.assertEqual(profile.partner_id, ada)
