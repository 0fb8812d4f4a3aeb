from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import freeze_time, tagged
from odoo.tools.misc import file_path

from .term_common import TermCommon

SCRIPT = "kam_management/migrations/19.0.1.2.0/post-figures.py"


@tagged("post_install", "-at_install")
@freeze_time("2020-07-20 12:00:00")
class TestTermsMigration(TermCommon):
    """The version before credited the whole past to the present manager.

    Anna sold in March and April and Boris since, who leads the customer since ever as far
    as that version knew. Their quotas of March are closed, those of July run.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls._create_team("North", cls.anna + cls.boris)
        cls.account = cls._create_account(manager_id=cls.boris.id)
        customer = cls.account.partner_id
        for day, user in (
            ("2020-03-04", cls.anna),
            ("2020-04-04", cls.anna),
            ("2020-05-04", cls.boris),
            ("2020-07-04", cls.boris),
        ):
            cls._order(day, 100, customer, user_id=user.id)
        cls.env["kam.team.term"].search([]).unlink()
        cls.march, cls.july = (
            {
                user: cls._quota(first, last, "revenue", user=user, period="month")
                for user in (cls.anna, cls.boris)
            }
            for first, last in (
                ("2020-03-01", "2020-03-31"),
                ("2020-07-01", "2020-07-31"),
            )
        )
        for quota in cls.march.values():
            quota._measure()
            quota._freeze_facts()
            quota.state = "closed"

    def _migrate(self):
        spec = spec_from_file_location("post_terms", file_path(SCRIPT))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.1.0")
        self._measure()

    def _measure(self):
        sum(self.july.values(), self.env["kam.quota"])._measure()

    def _get_figures(self, quotas):
        """Return {user: (actual, correction)} of their quotas."""
        return {
            user: (quota.line_ids.actual, quota.line_ids.correction)
            for user, quota in quotas.items()
        }

    def test_past_is_found_and_closed_figures_stay(self):
        self._migrate()
        self.assertEqual(
            self._terms(self.account),
            [(self.anna, False, "2020-05-03"), (self.boris, "2020-05-04", False)],
        )
        self.assertEqual(
            self._get_figures(self.march), {self.anna: (0, 0), self.boris: (100, 0)}
        )

    def test_running_quotas_are_not_corrected_by_it(self):
        self._measure()
        before = self._get_figures(self.july)
        self.assertEqual(before, {self.anna: (0, 0), self.boris: (100, 0)})
        self._migrate()
        self.assertEqual(self._get_figures(self.july), before)

    def test_correction_there_was_is_the_same_afterwards(self):
        partner = self.account.partner_id
        self._invoice("2020-03-20", 30, partner, "out_refund")
        self._measure()
        before = self._get_figures(self.july)
        self.assertEqual(before, {self.anna: (0, 0), self.boris: (70, -30)})
        self._migrate()
        self.assertEqual(self._get_figures(self.july), before)

    def test_what_changes_later_corrects_whoever_led_it_then(self):
        self._migrate()
        self._invoice("2020-03-20", 30, self.account.partner_id, "out_refund")
        self._measure()
        self.assertEqual(
            self._get_figures(self.july), {self.anna: (-30, -30), self.boris: (100, 0)}
        )

    def test_period_closed_anew_corrects_nothing(self):
        self._migrate()
        march = self.march[self.boris]
        march.state = "running"
        march._measure()
        self.assertEqual(march.line_ids.actual, 0)
        march._freeze_facts()
        march.state = "closed"
        self._measure()
        self.assertEqual(
            self._get_figures(self.july), {self.anna: (0, 0), self.boris: (100, 0)}
        )

    def test_real_history_stays(self):
        other = self._create_account("Other", manager_id=self.boris.id)
        self._order("2020-03-04", 100, other.partner_id, user_id=self.anna.id)
        with freeze_time("2020-07-10"):
            other.manager_id = self.head
        before = self._terms(other)
        self.assertEqual(len(before), 2)
        self._migrate()
        self.assertEqual(self._terms(other), before)

    def test_present_members_of_teams_are_so_since_ever(self):
        self._migrate()
        self.assertEqual(self._teams(self.boris), [(self.north, False, False)])

    def test_migrating_again_changes_nothing(self):
        self._migrate()
        before = self._get_figures(self.july), self._terms(self.account)
        self._migrate()
        self.assertEqual(
            (self._get_figures(self.july), self._terms(self.account)), before
        )
