from datetime import datetime
from unittest.mock import patch

from odoo.tests import TransactionCase, freeze_time, tagged

from ..models.common.jobs import do_each, is_rested


@tagged("post_install", "-at_install")
class TestJobs(TransactionCase):
    """A job goes on after a failure, says how far it is, and rests."""

    def _do(self, things, do, left=1):
        """Let a job work; return what it has committed, with time for so many things."""
        seconds = iter([1.0, *[1.0] * left, *[0.0] * len(things)])
        reported = []

        def progress(_crons, done=0, remaining=None):
            reported.append((done, remaining))
            return next(seconds)

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", progress),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            do_each(self.env(cr=cr), things, do, "%s not done")
        return reported

    def test_what_fails_for_one_keeps_no_other_from_its_turn(self):
        companies = self.env["res.company"].create([{"name": n} for n in ("A1", "B1")])
        done = []

        def do(company):
            if company.name == "A1":
                raise ValueError("A1")
            done.append(company.name)

        with self.assertLogs("odoo.addons.kam_management", "ERROR") as logs:
            reported = self._do(list(companies), do, left=2)
        self.assertEqual(done, ["B1"])
        self.assertIn("A1 not done", logs.output[0])
        self.assertEqual(reported, [(0, 2), (1, None), (1, None)])

    def test_what_was_deleted_meanwhile_keeps_no_other_from_its_turn(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone.unlink()
        done = []
        with self.assertLogs("odoo.addons.kam_management", "ERROR"):
            self._do([gone, "b"], lambda thing: done.append(str(thing)), left=2)
        self.assertEqual(done, ["b"])

    def test_when_the_time_is_up_the_rest_waits(self):
        done = []
        self._do(["a", "b", "c"], done.append, left=1)
        self.assertEqual(done, ["a", "b"])

    def test_rest_is_a_multiple_of_the_work(self):
        since = datetime(2026, 5, 1, 12, 0, 0)
        for now, rested in (("12:01:39", False), ("12:01:40", True)):
            with freeze_time(f"2026-05-01 {now}"):
                self.assertEqual(is_rested(5, since, 0.05), rested)
