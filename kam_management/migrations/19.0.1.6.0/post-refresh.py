from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Work all accounts out anew, in the background: early warning, health in parts that
    are known, and who counts as late from the day the account was made."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._wake_kam_refresh()
    env.ref("kam_management.ir_cron_watch_silence")._trigger()
