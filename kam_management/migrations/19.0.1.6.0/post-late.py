from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Have accounts without a conversation count as late from the day they were made."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["kam.account"].search(
        [("last_reached_date", "=", False), ("rhythm_days", ">", 0)]
    )._enqueue()
