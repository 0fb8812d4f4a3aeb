from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .stakeholder_common import StakeholderCommon


@tagged("post_install", "-at_install")
class TestStakeholderMerge(StakeholderCommon):
    """Two persons or two customers turn out to be one; nothing typed in is lost."""

    def _merge(self, source, target):
        """Merge two contacts as Odoo's wizard does."""
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source + target).ids, target.with_env(self.env))
        self.env.invalidate_all()

    def test_dossiers_of_one_person_become_one(self):
        boss = self._dossier("Boss")
        old = self._dossier(
            "Ada B.", "pays", attitude="sceptic", goals="Save", parent_id=boss.id
        )
        kept = self._dossier(
            "Ada Brown", "uses", attitude="sponsor", goals="Grow", influence="3"
        )
        low = self._dossier("Low", parent_id=old.id)
        lead = self._lead()
        lead.kam_stakeholder_ids = old
        goal = self.env["kam.customer.goal"].create(
            {
                "name": "Cost",
                "account_id": self.account.id,
                "org_level": "1_top",
                "stakeholder_id": old.id,
            }
        )
        group = self.env["kam.interest.group"].create(
            {"name": "Savers", "account_id": self.account.id}
        )
        group.stakeholder_ids = old
        changes = old.history_ids + kept.history_ids
        self._merge(old.partner_id, kept.partner_id)
        self.assertFalse(old.exists())
        self.assertEqual(kept.role_ids, self._role("pays") + self._role("uses"))
        self.assertEqual(kept.attitude, "sponsor")
        self.assertEqual(kept.goals, "Grow\nSave")
        self.assertEqual(kept.parent_id, boss)
        self.assertEqual(low.parent_id, kept)
        self.assertEqual(lead.kam_stakeholder_ids, kept)
        self.assertEqual(goal.stakeholder_id, kept)
        self.assertEqual(group.stakeholder_ids, kept)
        self.assertLessEqual(changes, kept.history_ids)

    def test_merged_boss_and_subordinate_make_no_circle(self):
        top = self._dossier("Ada B.")
        middle = self._dossier("Bob", parent_id=top.id)
        low = self._dossier("Ada Brown", parent_id=middle.id)
        self._merge(top.partner_id, low.partner_id)
        self.assertFalse(low.parent_id)
        self.assertEqual(middle.parent_id, low)

    def test_dossier_of_the_merged_person_alone_follows_him(self):
        old, target = self._dossier("Ada B."), self._person("Ada Brown")
        self._merge(old.partner_id, target)
        self.assertEqual(old.partner_id, target)
        self.assertFalse(old.is_moved)

    def test_who_is_still_there_in_one_dossier_has_not_left(self):
        old, kept = self._dossier("Ada B.", "pays"), self._dossier("Ada Brown")
        kept._leave(date(2020, 1, 1))
        self._merge(old.partner_id, kept.partner_id)
        self.assertTrue(kept.active)
        self.assertFalse(kept.left_date)

    def test_personal_parts_add_up(self):
        old, kept = self._person("Ada B."), self._person("Ada Brown")
        first = self._profile(old, family="Two children")
        second = self._profile(kept, hobbies="Golf", purpose="Gifts")
        self._merge(old, kept)
        self.assertFalse(first.exists())
        self.assertEqual(
            (second.hobbies, second.family, second.purpose),
            ("Golf\nSailing", "Two children", "Gifts"),
        )

    def test_personal_part_of_the_merged_person_alone_follows_him(self):
        old, kept = self._person("Ada B."), self._person("Ada Brown")
        profile = self._profile(old)
        self._merge(old, kept)
        self.assertEqual(profile.partner_id, kept)

    def test_people_of_merged_customers_come_together(self):
        rival = self._create_customer("Meyer Machinery")
        other = self._account(rival)
        ada = self._dossier("Ada", "decides")
        bob = self._dossier("Bob", parent_id=ada.id)
        twin = self._dossier(ada.partner_id, "pays", account_id=other.id)
        eve = self._dossier(self._person("Eve"), account_id=other.id, parent_id=twin.id)
        group = self.env["kam.interest.group"].create(
            {
                "name": "Savers",
                "account_id": other.id,
                "stakeholder_ids": (twin + eve).ids,
            }
        )
        goal = self.env["kam.customer.goal"].create(
            {
                "name": "Cost",
                "account_id": other.id,
                "org_level": "1_top",
                "stakeholder_id": eve.id,
            }
        )
        lead = self._lead(partner_id=rival.id)
        lead.kam_stakeholder_ids = twin + eve
        self._merge(rival, self.customer)
        self.assertFalse(other.exists() or twin.exists())
        self.assertEqual(self.account.stakeholder_ids, ada + bob + eve)
        self.assertEqual(eve.parent_id, ada)
        self.assertEqual(ada.role_ids, self._role("decides") + self._role("pays"))
        self.assertEqual(group.account_id, self.account)
        self.assertEqual(group.stakeholder_ids, ada + eve)
        self.assertEqual(goal.account_id, self.account)
        self.assertEqual(lead.kam_stakeholder_ids, ada + eve)
        self.assertFalse((ada + bob + eve).filtered("is_moved"))

    def test_archived_dossiers_are_merged_too(self):
        rival = self._create_customer("Meyer Machinery")
        other = self._account(rival)
        gone = self._dossier(self._person("Eve"), "pays", account_id=other.id)
        gone._leave(date(2020, 1, 1))
        self._merge(rival, self.customer)
        self.assertEqual(gone.account_id, self.account)
        self.assertTrue(gone.is_unreplaced)

    def test_manager_merges_no_person_of_whom_others_keep_a_dossier(self):
        """Merging somebody with an own contact brought his dossier and facts along."""
        stranger = self._dossier(
            "Ada B.", account_id=self._account(self._create_customer("Rival")).id
        )
        mine = self._dossier("Ada Brown")
        for user in self.anna + self.head:
            user.group_ids += self.env.ref("base.group_partner_manager")
        self.env = self.env(user=self.anna)
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self._merge(stranger.partner_id, mine.partner_id)
        self.env = self.env(user=self.head)
        self._merge(stranger.partner_id, mine.partner_id)
        self.assertEqual(stranger.partner_id, mine.partner_id)

    def test_manager_merges_no_customer_whose_people_others_know(self):
        rival = self._create_customer("Rival")
        self._dossier("Ada B.", account_id=self._account(rival).id)
        double = self._create_customer("Double without anybody")
        self._account(double)
        self.anna.group_ids += self.env.ref("base.group_partner_manager")
        self.env = self.env(user=self.anna)
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self._merge(rival, self.customer)
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            rival.with_user(self.anna).write(
                {"is_company": False, "parent_id": self.customer.id}
            )
        self._merge(double, self.customer)
        self.assertFalse(double.exists())
