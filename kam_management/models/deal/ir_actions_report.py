from odoo import models


class IrActionsReport(models.Model):
    """A quotation on paper says until when its terms hold."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if res_ids and self._is_sale_order_report(report_ref):
            self.env["sale.order"].browse(res_ids)._kam_set_validity()
        return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
