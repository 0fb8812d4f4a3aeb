from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from .common import KamCommon

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestCronFailures(KamCommon):
    """A night with restarts or faults costs a job an hour, not a day."""

    def test_each_job_that_failed_runs_again_within_the_hour(self):
        for cron in self._get_our_jobs():
            with self.subTest(job=cron.cron_name):
                self._fail(cron)
                self.assertLessEqual(self._get_next_run(cron), HOUR)

    def test_job_that_was_ended_three_times_runs_again_within_the_hour(self):
        """Odoo takes that for a time out, and leaves it for the next day."""
        cron = self.env.ref("kam_management.ir_cron_refresh")
        cron.nextcall = self.cr.now() - HOUR
        self.env["ir.cron.progress"].create(
            {"cron_id": cron.id, "timed_out_counter": 3, "done": 0}
        )
        self.env.flush_all()
        with (
            mute_logger("odoo.addons.base.models.ir_cron"),
            patch.object(IrCron, "_run_job", side_effect=AssertionError("timed out")),
        ):
            self.registry["ir.cron"]._process_job(
                self.cr, IrCron._acquire_one_job(self.cr, cron.id)
            )
        self.env.invalidate_all()
        self.assertGreater(cron.nextcall - fields.Datetime.now(), HOUR)
        self.assertLessEqual(self._get_next_run(cron), HOUR)

    def test_job_that_is_done_waits_for_the_next_day(self):
        cron = self.env.ref("kam_management.ir_cron_start_plans")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(self._get_triggers(cron))

    def test_jobs_of_others_stay_as_they_are(self):
        cron = self.env.ref("base.autovacuum_job")
        before = self._get_triggers(cron)
        self._fail(cron)
        self.assertEqual(self._get_triggers(cron), before)

    # Words

    def _get_our_jobs(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "kam_management"), ("model", "=", "ir.cron")]
        )
        jobs = self.env["ir.cron"].browse(data.mapped("res_id"))
        self.assertGreater(len(jobs), 8)
        return jobs

    def _fail(self, cron):
        """Let a job fail when its time has come."""
        failing = patch.object(
            type(self.env["ir.actions.server"]), "run", side_effect=ValueError("No")
        )
        with (
            failing,
            mute_logger("odoo.addons.base.models.ir_cron"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_triggers(self, cron):
        domain = [("cron_id", "=", cron.id), ("call_at", ">", self.cr.now())]
        return self.env["ir.cron.trigger"].search(domain)

    def _get_next_run(self, cron):
        """Return the time until a job is due, by its schedule or as it was woken."""
        times = [cron.nextcall, *self._get_triggers(cron).mapped("call_at")]
        return min(times) - fields.Datetime.now()
