from odoo import api, models

# What of a line changes what was sold.
SOLD_FIELDS = {
    "discount",
    "order_id",
    "price_subtotal",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
}


class SaleOrder(models.Model):
    """Orders report that their customer bought, cancelled or asked."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._kam_report_news()
        return orders

    def write(self, vals):
        moved = not {"partner_id", "company_id"}.isdisjoint(vals)
        if moved:
            self._kam_report_news()
        result = super().write(vals)
        if moved or not {"state", "date_order"}.isdisjoint(vals):
            self._kam_report_news()
        elif "user_id" in vals:
            # who sold has the credit where nobody led the customer
            self.filtered(lambda order: order.state == "sale")._kam_report_news()
        return result

    def unlink(self):
        self._kam_report_news()
        self.order_line._kam_report_billed()
        return super().unlink()

    def _kam_report_news(self):
        self.env["kam.account.event"]._append(
            (order.company_id, order.kam_commercial_partner_id) for order in self
        )


class SaleOrderLine(models.Model):
    """Lines report their order's customer, by whatever way they are written."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._kam_report_news()
        if any("invoice_lines" in vals for vals in vals_list):
            lines._kam_report_billed()
        return lines

    def write(self, vals):
        concerned = not SOLD_FIELDS.isdisjoint(vals)
        if concerned and "order_id" in vals:
            self._kam_report_news()
        if "invoice_lines" in vals:
            self._kam_report_billed()
        result = super().write(vals)
        if concerned:
            self._kam_report_news()
        if "invoice_lines" in vals:
            self._kam_report_billed()
        return result

    def unlink(self):
        self._kam_report_news()
        self._kam_report_billed()
        return super().unlink()

    def _kam_report_billed(self):
        """Report whom these lines were billed to: maybe not who ordered."""
        # sudo: who works on orders may see no invoices, and reads none
        self.sudo().invoice_lines.move_id._kam_filter_counting()._kam_report_news()

    def _kam_report_news(self):
        """Report those of confirmed orders: nothing else was sold yet."""
        orders = self.order_id.filtered(lambda order: order.state == "sale")
        orders._kam_report_news()
