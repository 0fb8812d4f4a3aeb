"""Our views that extend our own stand on pages that have moved: while the update checks the
views below them, they are empty. The update fills them again, those too that were kept
from updates."""


def migrate(cr, version):
    cr.execute(
        """
        WITH ours AS (
            SELECT res_id AS id FROM ir_model_data
             WHERE model = 'ir.ui.view' AND module = 'kam_management'
        ), emptied AS (
            UPDATE ir_ui_view SET arch_db = '{"en_US": "<data/>"}'
             WHERE id IN (SELECT id FROM ours) AND inherit_id IN (SELECT id FROM ours)
               AND mode = 'extension'
            RETURNING id
        )
        UPDATE ir_model_data SET noupdate = FALSE
         WHERE model = 'ir.ui.view' AND module = 'kam_management' AND noupdate
           AND res_id IN (SELECT id FROM emptied)
        """
    )
