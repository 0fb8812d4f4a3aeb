from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

SCRIPT = "kam_management/migrations/19.0.1.7.0/post-dependency.py"


@tagged("post_install", "-at_install")
class TestDependencyMigration(TransactionCase):
    """Companies that never set a limit of dependency get the one new companies get."""

    def test_the_old_default_gives_way_and_nothing_else(self):
        limits = {"Old Default": 75, "Own Limit": 40, "Higher Limit": 75.5}
        companies = self.env["res.company"].create(
            [{"name": n, "kam_dependency_limit": lim} for n, lim in limits.items()]
        )
        spec = spec_from_file_location("dependency", file_path(SCRIPT))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.6.0")
        self.env.invalidate_all()
        self.assertEqual(companies.mapped("kam_dependency_limit"), [25, 40, 75.5])
        fresh = self.env["res.company"].create({"name": "Fresh"})
        self.assertEqual(fresh.kam_dependency_limit, 25)
