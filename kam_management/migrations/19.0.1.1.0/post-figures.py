from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Work out health and the months of the past at once, not in the next night."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for cron in ("ir_cron_refresh", "ir_cron_take_months"):
        env.ref(f"kam_management.{cron}")._trigger()
