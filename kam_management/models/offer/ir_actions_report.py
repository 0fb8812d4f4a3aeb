from odoo import models


class IrActionsReport(models.Model):
    """A quotation on paper says until when its terms hold, and what was approved."""

    _inherit = "ir.actions.report"

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        if res_ids and self._is_sale_order_report(report_ref):
            self.env["sale.order"].browse(res_ids)._kam_set_validity()
        return super()._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)

    def _get_rendering_context(self, report, docids, data):
        if docids and report.model == "sale.order":
            self.env["sale.order"].browse(docids)._kam_check_printed()
        return super()._get_rendering_context(report, docids, data)
