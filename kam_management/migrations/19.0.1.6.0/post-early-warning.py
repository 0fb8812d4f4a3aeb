from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Have the early warning worked out for all accounts, in the background."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._wake_kam_refresh()
    env.ref("kam_management.ir_cron_watch_silence")._trigger()
