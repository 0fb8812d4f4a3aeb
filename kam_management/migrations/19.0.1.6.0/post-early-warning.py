from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Have the early warning worked out for all accounts, in the background."""
    api.Environment(cr, SUPERUSER_ID, {})["res.company"]._wake_kam_refresh()
