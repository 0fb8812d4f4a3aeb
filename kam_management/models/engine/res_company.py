from odoo import api, models

from ..common import clock


class ResCompany(models.Model):
    """When the settings of a company change, what follows from them is worked out anew."""

    _inherit = "res.company"

    def write(self, vals):
        before = [company._get_kam_settings() for company in self]
        result = super().write(vals)
        if before != [company._get_kam_settings() for company in self]:
            self._wake_kam_refresh()
        return result

    def _get_kam_rule(self):
        """Return what this company judges accounts by; the room of accounts knows.

        :return: (months of the window, purchases that make an active customer, basis,
            percentages of revenue at which segments end), see ``Rule``
        """
        raise NotImplementedError

    def _get_kam_rule_today(self):
        """Return the ``Rule`` by which this company judges its accounts today (UTC)."""
        self.ensure_one()
        [rule] = self.env["kam.engine"]._get_rules(clock.today(), self)
        return rule

    def _get_kam_settings(self):
        """Return what the figures of this company's accounts depend on, as a tuple.

        Each room adds its own.
        """
        return self._get_kam_rule()

    @api.model
    def _wake_kam_refresh(self):
        """Have all levels recomputed soon, in the background."""
        self.env["kam.account.event"]._request_all()
        cron = self.env.ref("kam_management.ir_cron_refresh", raise_if_not_found=False)
        if cron:
            # sudo: levels follow the settings, whoever was allowed to change them
            cron.sudo()._trigger()


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_kam_refresh(self):
        """Recompute all levels now instead of tonight; it goes on in the background."""
        self.check_access("write")
        self.company_id._wake_kam_refresh()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Levels and metrics are being recomputed."),
                "type": "info",
            },
        }
