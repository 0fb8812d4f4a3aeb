from datetime import timedelta

from odoo import api, models

from odoo.addons.base.models.ir_cron import CompletionStatus

RETRY_AFTER = timedelta(minutes=50)


class IrCron(models.Model):
    """What our jobs could not do at night does not wait for the next one."""

    _inherit = "ir.cron"

    @api.model
    def _update_failure_count(self, job, status):
        """Have a job of ours that failed run again within the hour.

        It also failed when the server was restarted in its midst three times.
        """
        result = super()._update_failure_count(job, status)
        cron = self.browse(job["id"])
        rare = job["interval_type"] != "minutes"
        if rare and status == CompletionStatus.FAILED and cron._is_kam_job():
            cron._trigger(at=self.env.cr.now() + RETRY_AFTER)
        return result

    def _is_kam_job(self):
        """Return whether this job came with the addon."""
        # sudo: whoever the job runs as, it may know what it is
        xmlid = self.sudo().get_external_id().get(self.id, "")
        return xmlid.startswith("kam_management.")
