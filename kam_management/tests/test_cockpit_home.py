from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestCockpitHome(KamCommon):
    """Who chooses so starts with My Day after login."""

    def _cockpit(self, user):
        return self.env["kam.cockpit"].with_user(user)

    def test_odoo_opens_as_usual_at_first(self):
        self.assertEqual(self._cockpit(self.anna).get_home(), {"is_home": False})

    def test_manager_makes_my_day_the_page_after_login(self):
        home = self._cockpit(self.anna).set_home(True)
        self.assertEqual(home, {"is_home": True})
        action = self.env.ref("kam_management.kam_cockpit_action_my_day")
        self.assertEqual(self.anna.action_id.id, action.id)
        self.assertFalse(self.boris.action_id)

    def test_unset_again_odoo_opens_as_usual(self):
        self._cockpit(self.anna).set_home(True)
        self.assertEqual(self._cockpit(self.anna).set_home(False), {"is_home": False})
        self.assertFalse(self.anna.action_id)

    def test_another_page_chosen_in_the_preferences_stays(self):
        other = self.env.ref("kam_management.kam_cockpit_action_portfolio")
        self.anna.action_id = other.id
        self._cockpit(self.anna).set_home(False)
        self.assertEqual(self.anna.action_id.id, other.id)

    def test_colleague_without_rights_to_the_app_is_refused(self):
        colleague = new_test_user(self.env, "kam_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._cockpit(colleague).set_home(True)
        self.assertFalse(colleague.action_id)
