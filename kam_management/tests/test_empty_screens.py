from lxml import html

from odoo.tests import tagged

from odoo.addons.kam_management.models.cockpit.kam_guard import NEXT_STEPS

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestEmptyScreens(KamCommon):
    """An empty screen says what will appear, and leads on by one button."""

    def _helps(self, user):
        """Return {menu: the help of its action, as the user gets it} of the app."""
        root = self.env.ref("kam_management.kam_management_menu_root")
        menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id)])
        helps = {}
        for menu in menus.with_user(user)._filter_visible_menus().sudo():
            action = menu.action
            if action and action._name == "ir.actions.act_window":
                # as the web client loads it
                [values] = action.read(["res_model", "target", "help"])
                if values["target"] == "new":
                    continue
                if values["res_model"].startswith("kam."):
                    helps[menu.name] = html.fromstring(values["help"] or "<p/>")
        return helps

    def test_every_screen_says_what_will_appear(self):
        for name, tree in self._helps(self.head).items():
            with self.subTest(screen=name):
                self.assertTrue(tree.xpath("//*[contains(@class, 'o_view_nocontent')]"))

    def test_the_button_leads_to_an_action_the_user_may_open(self):
        for user in self.head, self.anna:
            for name, tree in self._helps(user).items():
                for link in tree.xpath("//a[@type='action']"):
                    with self.subTest(user=user.name, screen=name):
                        self.assertTrue(link.text)
                        action = self.env.ref(link.get("name"))
                        model = self.env[action.res_model].with_user(user)
                        self.assertTrue(model.has_access("read"))

    def test_only_heads_are_led_to_the_planning_of_quotas(self):
        helps = [
            self.env["kam.quota"].with_user(user).get_empty_list_help("<p>None</p>")
            for user in (self.head, self.anna)
        ]
        self.assertIn("kam_quota_planning_action", helps[0])
        self.assertEqual(helps[1], "<p>None</p>")

    def test_every_screen_with_a_next_step_leads_on(self):
        for model in NEXT_STEPS:
            with self.subTest(model=model):
                Model = self.env[model].with_user(self.head)
                self.assertIn("<a", Model.get_empty_list_help("<p>None</p>"))

    def test_screens_of_others_stay_as_they_are(self):
        self.assertEqual(
            self.env["res.partner"].get_empty_list_help("<p>None</p>").count("<a"), 0
        )

    def test_who_is_not_of_the_app_is_led_nowhere(self):
        for model in "kam.account", "kam.touch":
            Model = self.env[model].with_user(self.seller)
            self.assertEqual(Model.get_empty_list_help("<p>None</p>"), "<p>None</p>")
