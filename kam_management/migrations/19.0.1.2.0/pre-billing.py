from odoo.tools.sql import column_exists

from odoo.addons.kam_management.models.evidence.sale_order import fill_billing


def migrate(cr, version):
    """Note set-wise which invoices bill orders, and drop facts that were looked at.

    Facts of quotas that run are read from now on, those of closed ones stay.
    """
    if not column_exists(cr, "account_move", "kam_bills_orders"):
        cr.execute("ALTER TABLE account_move ADD COLUMN kam_bills_orders bool")
    fill_billing(cr)
    cr.execute(
        """
        DELETE FROM kam_quota_fact f USING kam_quota_line l
         WHERE l.id = f.line_id AND l.state <> 'closed'
        """
    )
