from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import KamCommon

# Odoo writes a hundred rows a statement
# Odoo reads and writes a hundred at a time
FEW, MANY = 10, 90


@tagged("post_install", "-at_install")
class TestHandoverLog(KamCommon):
    """Many accounts get another manager as fast as a few, and each logs it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [
                {"name": f"No. {n}", "is_company": True, "company_id": cls.company.id}
                for n in range(MANY)
            ]
        )
        cls.other_company = cls._create_company("Other Company")
        cls.env["kam.engine"]._run({(cls.company.id, p.id) for p in partners})
        cls.accounts = cls.Account.search([("partner_id", "in", partners.ids)])
        cls.accounts.manager_id = cls.anna
        cls.cr.flush()

    def _hand_over(self, accounts, user):
        """Give accounts to a manager as their head does; return how many queries it took."""
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        # tests leave the log out unless they ask for it
        accounts = accounts.with_user(self.head).with_context(
            tracking_disable=False, mail_notrack=False
        )
        accounts.write({"manager_id": user.id})
        self.cr.flush()
        return self.cr.sql_log_count - before

    def _get_last_changes(self, account):
        message = account.message_ids.sorted("id")[-1]
        [change] = message.sudo().tracking_value_ids
        return (
            message.author_id,
            change.field_id.name,
            change.old_value_char,
            change.new_value_char,
        )

    def test_every_account_logs_who_led_it_and_who_does(self):
        expected = (self.head.partner_id, "manager_id", self.anna.name, self.boris.name)
        self._hand_over(self.accounts[0], self.boris)
        alone = self.accounts[0].message_ids.sorted("id")[-1]
        self.assertEqual(self._get_last_changes(self.accounts[0]), expected)
        counts = [len(account.message_ids) for account in self.accounts[1:]]
        self._hand_over(self.accounts[1:], self.boris)
        for account, count in zip(self.accounts[1:], counts, strict=True):
            self.assertEqual(len(account.message_ids), count + 1)
            self.assertEqual(self._get_last_changes(account), expected)
            # nothing about it tells how many there were
            message = account.message_ids.sorted("id")[-1]
            for name in ("subtype_id", "message_type", "body", "is_internal"):
                self.assertEqual(message[name], alone[name])

    def test_accounts_that_stay_log_nothing(self):
        self._hand_over(self.accounts[:FEW], self.boris)
        count = len(self.accounts[0].message_ids)
        self._hand_over(self.accounts, self.boris)
        self.assertEqual(len(self.accounts[0].message_ids), count)
        self.assertEqual(self._get_last_changes(self.accounts[-1])[3], self.boris.name)

    def test_accounts_of_several_managers_log_each_their_own(self):
        """What is said of many is written once and copied: not over what others say."""
        self.accounts[:FEW].manager_id = self.boris
        self.accounts[FEW : 2 * FEW].manager_id = False
        self._hand_over(self.accounts, self.head)
        for accounts, name in (
            (self.accounts[:FEW], self.boris.name),
            (self.accounts[FEW : 2 * FEW], False),
            (self.accounts[2 * FEW :], self.anna.name),
        ):
            for account in accounts:
                change = self._get_last_changes(account)
                self.assertEqual(change[1:], ("manager_id", name or "", self.head.name))

    def test_accounts_that_many_get_are_saved_with_who_and_when(self):
        self._hand_over(self.accounts, self.boris)
        self.env.invalidate_all()
        self.assertEqual(self.accounts.manager_id, self.boris)
        self.assertEqual(self.accounts.write_uid, self.head)
        self.assertEqual(len(set(self.accounts.mapped("write_date"))), 1)
        self.assertEqual(self.accounts.term_ids.filtered("date_end").user_id, self.anna)

    def test_one_account_of_another_company_among_many_is_refused(self):
        """The manager of many must be with the company of each."""
        partner = self._create_customer("Elsewhere")
        partner.company_id = False
        other = self.Account.create(
            {"partner_id": partner.id, "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            (self.accounts + other).manager_id = self.boris

    def test_what_somebody_says_about_a_change_is_logged(self):
        some = self.accounts[:2]
        some._track_set_log_message("Anna is on leave")
        self._hand_over(some, self.boris)
        for account in some:
            self.assertIn("on leave", account.message_ids.sorted("id")[-1].body)

    def test_many_take_as_many_queries_as_a_few(self):
        self._hand_over(self.accounts, self.boris)  # caches of the settings
        few = self._hand_over(self.accounts[:FEW], self.anna)
        self._hand_over(self.accounts[:FEW], self.boris)
        self.assertEqual(self._hand_over(self.accounts, self.anna), few)
