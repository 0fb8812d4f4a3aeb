"""Install on a database with years of data, uninstall without a trace."""

from odoo.tools.sql import column_exists


def pre_init_hook(env):
    """Fill the customer of existing orders set-wise instead of order by order."""
    if not column_exists(env.cr, "sale_order", "kam_commercial_partner_id"):
        env.cr.execute("ALTER TABLE sale_order ADD COLUMN kam_commercial_partner_id int4")
    env.cr.execute(
        """
        UPDATE sale_order o SET kam_commercial_partner_id = p.commercial_partner_id
          FROM res_partner p
         WHERE p.id = o.partner_id AND o.kam_commercial_partner_id IS NULL
        """
    )
    # leads are linked by the first refresh, not by computing lead by lead
    if not column_exists(env.cr, "crm_lead", "kam_account_id"):
        env.cr.execute("ALTER TABLE crm_lead ADD COLUMN kam_account_id int4")


def post_init_hook(env):
    """Evaluate the past at once: touches first, then levels, metrics and the log."""
    env["kam.touch"]._capture()
    env["kam.account"]._refresh()


def uninstall_hook(env):
    """Remove the bookmarks of the capture; everything else goes with its model."""
    env["ir.config_parameter"].search([("key", "=like", "kam_management.%")]).unlink()
