from odoo.tests import tagged

from .common import KamCommon

# Odoo writes a hundred rows a statement
# Odoo reads and writes a hundred at a time
FEW, MANY = 10, 90


@tagged("post_install", "-at_install")
class TestArchiveMany(KamCommon):
    """A whole list of customers is archived: their accounts follow at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("clerk", "base.group_partner_manager")
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"No. {n}", "is_company": True, "company_id": cls.company.id}
                for n in range(MANY)
            ]
        )
        cls.env["kam.engine"]._run({(cls.company.id, p.id) for p in cls.partners})
        cls.accounts = cls.Account.search([("partner_id", "in", cls.partners.ids)])
        cls.cr.flush()

    def _follow(self, partners, active=False):
        """Let accounts follow customers who are archived; return the queries it took."""
        self.env.cr.execute(
            "UPDATE res_partner SET active = %s WHERE id = ANY(%s)",
            [active, partners.ids],
        )
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        # tests leave the log out unless they ask for it
        partners.with_user(self.clerk).with_context(
            tracking_disable=False, mail_notrack=False
        )._kam_follow_archival()
        self.cr.flush()
        return self.cr.sql_log_count - before

    def test_many_take_as_many_queries_as_a_few(self):
        self._follow(self.partners)  # caches of the settings
        self._follow(self.partners, active=True)
        few = self._follow(self.partners[:FEW])
        self._follow(self.partners[:FEW], active=True)
        self.assertEqual(self._follow(self.partners), few)
        self.assertFalse(any(self.accounts.mapped("active")))

    def test_accounts_log_nothing_as_nothing_logged_has_changed(self):
        before = self.accounts.message_ids
        self._follow(self.partners)
        self.env.invalidate_all()
        self.assertFalse(any(self.accounts.mapped("active")))
        self.assertEqual(self.accounts.message_ids, before)

    def test_only_who_serves_one_of_many_is_told(self):
        led, key, joined = self.accounts[:3]
        led.manager_id = self.anna
        joined.member_ids = self.boris
        self.env.cr.execute(
            "UPDATE kam_account SET is_key_account = TRUE WHERE id = %s", [key.id]
        )
        self._follow(self.partners)
        told = {
            activity.res_id: activity.user_id for activity in self.accounts.activity_ids
        }
        self.assertEqual(
            told, {led.id: self.anna, key.id: self.head, joined.id: self.head}
        )
