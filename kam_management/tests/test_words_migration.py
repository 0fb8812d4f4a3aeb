from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

SCRIPTS = "kam_management/migrations/19.0.1.6.0/"


@tagged("post_install", "-at_install")
class TestWordsMigration(TransactionCase):
    """What the app came with speaks its new words after an update, where nobody edited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env.ref("kam_management.plan_actions_retain")
        cls.template = cls.env.ref("kam_management.plan_template_retain")
        cls.mail = cls.env.ref("kam_management.mail_template_survey")

    def _migrate(self, name):
        spec = spec_from_file_location("words", file_path(f"{SCRIPTS}{name}.py"))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.5.0")
        self.env.invalidate_all()

    def test_rows_are_known_by_their_old_words(self):
        first, second = self.plan.template_ids[:2]
        first.summary = "Ask how satisfied he is, and with what he is not"
        second.summary = "Ask him"
        goal = self.template.goal_ids[0]
        goal.name = "He goes on buying"
        own = self.plan.copy().template_ids[0]
        own.summary = "Show what our work has brought him so far"
        self._migrate("post-words")
        self.assertEqual(
            first.summary, "Ask how satisfied they are, and what they miss"
        )
        self.assertEqual(second.summary, "Ask him")
        self.assertEqual(goal.name, "Categories bought again")
        self.assertEqual(own.summary, "Show what our work has brought him so far")

    def test_the_mail_of_a_survey_is_renewed_unless_it_was_edited(self):
        name, body = self.mail.name, self.mail.body_html
        old = {"name": "Two Questions", "body_html": "<p>Click a face for each</p>"}
        root, admin = self.env.ref("base.user_root"), self.env.ref("base.user_admin")
        self.mail.with_user(root).write(old)
        self._migrate("post-words")
        self.assertEqual((self.mail.name, self.mail.body_html), (name, body))
        self.mail.with_user(admin).write(old)
        self._migrate("post-words")
        self.assertEqual(self.mail.name, "Two Questions")

    def test_a_view_that_is_emptied_is_filled_again_by_the_update(self):
        """One that was kept from updates stayed empty."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "kam_management"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        extending = views.filtered(
            lambda view: view.mode == "extension" and view.inherit_id in views
        )
        self.assertTrue(extending)
        data.noupdate = True
        self._migrate("pre-views")
        kept = data.filtered("noupdate")
        self.assertEqual(set((data - kept).mapped("res_id")), set(extending.ids))
