from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .stakeholder_common import StakeholderCommon


@tagged("post_install", "-at_install")
class TestStakeholderContacts(StakeholderCommon):
    """Contacts of the customer who are nobody's dossier yet are offered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agnes, cls.bruno, cls.celia = (
            cls._person(name) for name in ("Agnes Alt", "Bruno Beck", "Celia Cramer")
        )
        cls._dossier(cls.celia)
        cls.mine = cls.account.with_user(cls.anna)

    def _dialog(self):
        action = self.mine.action_add_contacts()
        Dialog = self.env[action["res_model"]].with_user(self.anna)
        return Form(Dialog.with_context(**action["context"]))

    def test_who_is_not_among_the_people_is_counted(self):
        self.assertEqual(self.mine.new_contact_count, 2)
        self.assertEqual(
            self.mine._get_new_contacts(), {self.mine: self.agnes + self.bruno}
        )

    def test_addresses_companies_and_archived_contacts_are_not_offered(self):
        self._person("Ramp", type="delivery")
        self._person("Meyer Service", is_company=True)
        self.agnes.action_archive()
        self.assertEqual(self.mine._get_new_contacts(), {self.mine: self.bruno})

    def test_who_left_is_not_offered_again(self):
        self._dossier(self.bruno, active=False)
        self.assertEqual(self.mine._get_new_contacts(), {self.mine: self.agnes})

    def test_several_are_added_at_once_with_their_roles(self):
        dialog = self._dialog()
        self.assertEqual(len(dialog.line_ids), 2)
        with dialog.line_ids.edit(0) as line:
            self.assertEqual(line.partner_id, self.agnes)
            line.role_ids.add(self._role("decides"))
        with dialog.line_ids.edit(1) as line:
            line.is_chosen = True
        dialog.save().action_add()
        people = self.mine.stakeholder_ids
        self.assertEqual(people.partner_id, self.agnes + self.bruno + self.celia)
        added = people.filtered(lambda one: one.partner_id == self.agnes)
        self.assertEqual(added.role_ids, self._role("decides"))
        self.assertEqual(added.user_id, self.anna)
        self.assertEqual(self.mine.new_contact_count, 0)

    def test_contacts_are_offered_to_the_team_of_a_deal(self):
        deal = self.env["crm.lead"].create(
            {
                "name": "Air",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": self.anna.id,
            }
        )
        mine = deal.with_user(self.anna)
        action = mine.action_kam_add_contacts()
        Dialog = self.env[action["res_model"]].with_user(self.anna)
        dialog = Dialog.with_context(**action["context"]).create({})
        line = dialog.line_ids.filtered(lambda one: one.partner_id == self.agnes)
        line.role_ids = self._role("decides")
        dialog.action_add()
        self.assertEqual(deal.kam_stakeholder_ids.partner_id, self.agnes)
        (self.bruno + self.celia).action_archive()
        with self.assertRaisesRegex(UserError, "stakeholders already"):
            mine.action_kam_add_contacts()

    def test_nobody_chosen_is_said(self):
        with self.assertRaisesRegex(UserError, "Nobody is chosen"):
            self._dialog().save().action_add()
        self.assertEqual(len(self.mine.stakeholder_ids), 1)

    def test_nobody_adds_people_to_accounts_of_others(self):
        with self.assertRaises(AccessError):
            self.env["kam.stakeholder.add"].with_user(self.boris).create(
                {"account_id": self.account.id}
            )

    def test_no_stranger_is_added(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        dialog = self._dialog().save()
        dialog.line_ids[0].write({"partner_id": stranger.id, "is_chosen": True})
        with self.assertRaisesRegex(AccessError, "does not work for"):
            dialog.action_add()

    def test_many_accounts_take_no_more_queries_than_one(self):
        customers = [self._create_customer(f"Many {n}") for n in range(10)]
        accounts = self.Account.union(*map(self._account, customers))
        for customer in customers:
            self._person("Some Body", parent_id=customer.id)
        self.env.flush_all()
        counts = []
        for some in accounts[:1], accounts:
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(some.mapped("new_contact_count"), [1] * len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_who_searches_a_name_is_offered_the_contacts_of_that_name(self):
        Account = self.Account.with_user(self.anna)
        self.assertEqual(
            Account.get_contact_offers(["agnes", "celia"]),
            [
                {
                    "account_id": self.account.id,
                    "account": "Meyer Machines",
                    "contact_id": self.agnes.id,
                    "contact": "Agnes Alt",
                }
            ],
        )
        self.assertEqual(Account.get_contact_offers([]), [])
        self.assertEqual(Account.get_contact_offers(["", None, 5]), [])

    def test_contacts_of_customers_of_others_are_not_offered(self):
        Account = self.Account.with_user(self.boris)
        self.assertEqual(Account.get_contact_offers(["agnes"]), [])

    def test_who_was_searched_for_is_ticked(self):
        Dialog = self.env["kam.stakeholder.add"].with_user(self.anna)
        context = {
            "default_account_id": self.account.id,
            "kam_contact_id": self.bruno.id,
        }
        Form(Dialog.with_context(**context)).save().action_add()
        self.assertEqual(self.mine.stakeholder_ids.partner_id, self.bruno + self.celia)

    def test_two_clicks_add_everybody_once(self):
        """The second one broke a unique index."""
        dialog = self._dialog()
        with dialog.line_ids.edit(0) as line:
            line.is_chosen = True
        dialog = dialog.save()
        dialog.action_add()
        dialog.action_add()
        self.assertEqual(self.mine.stakeholder_ids.partner_id, self.agnes + self.celia)
