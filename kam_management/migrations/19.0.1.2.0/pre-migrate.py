from odoo.tools.sql import column_exists

from odoo.addons.kam_management.models.evidence.account_move import fill_billing


def migrate(cr, version):
    """Note set-wise which invoices bill orders, and drop what is not kept any more.

    Facts of quotas that run are read from now on, those of closed ones stay. A step can
    have been caused by a record of any model: its field is no choice any more, and Odoo
    cannot remove the choices of a field that has none.
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
    cr.execute(
        """
        WITH choice AS (
            DELETE FROM ir_model_fields_selection s USING ir_model_fields f
             WHERE f.id = s.field_id AND f.model = 'kam.level.transition'
               AND f.name = 'trigger_model'
            RETURNING s.id)
        DELETE FROM ir_model_data d USING choice
         WHERE d.model = 'ir.model.fields.selection' AND d.res_id = choice.id
        """
    )
