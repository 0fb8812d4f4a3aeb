from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestManagerLeft(KamCommon):
    """Who leaves does not keep customers: the head is told, and passes them on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.complaint = cls.env["kam.complaint"].create(
            {"name": "Noise", "account_id": cls.account.id, "user_id": cls.anna.id}
        )
        cls.call = cls.account.activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.anna.id
        )

    def _told(self, user):
        return self.env["mail.activity"].search(
            [
                ("user_id", "=", user.id),
                ("res_model", "=", "res.partner"),
                ("res_id", "=", self.anna.partner_id.id),
            ]
        )

    def test_heads_are_told_of_accounts_whose_manager_has_left(self):
        """The accounts stayed with them silently."""
        self.anna.active = False
        self.assertIn("still leads 1 accounts", self._told(self.head).summary)
        self.assertFalse(self._told(self.boris))

    def test_accountable_head_alone_is_told(self):
        other = self._create_user("other", "kam_management.group_kam_manager")
        self.account.accountable_id = other
        self.anna.active = False
        self.assertTrue(self._told(other))
        self.assertFalse(self._told(self.head))

    def test_who_leads_nobody_leaves_quietly(self):
        self.boris.active = False
        self.assertFalse(
            self.env["mail.activity"].search(
                [
                    ("res_id", "=", self.boris.partner_id.id),
                    ("res_model", "=", "res.partner"),
                ]
            )
        )

    def test_new_manager_takes_over_what_was_left_undone(self):
        self.anna.active = False
        left = self.Account.search([("manager_id.active", "=", False)])
        self.assertEqual(left, self.account)
        self.account.with_user(self.head).manager_id = self.boris
        self.assertEqual(self.complaint.user_id, self.boris)
        self.assertEqual(self.call.user_id, self.boris)
        self.assertFalse(self.Account.search([("manager_id.active", "=", False)]))

    def test_who_is_still_there_keeps_their_own(self):
        self.account.manager_id = self.boris
        self.assertEqual(self.complaint.user_id, self.anna)
        self.assertEqual(self.call.user_id, self.anna)
