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
        return lines

    def write(self, vals):
        concerned = not SOLD_FIELDS.isdisjoint(vals)
        if concerned and "order_id" in vals:
            self._kam_report_news()
        result = super().write(vals)
        if concerned:
            self._kam_report_news()
        return result

    def unlink(self):
        self._kam_report_news()
        return super().unlink()

    def _kam_report_news(self):
        """Report those of confirmed orders: nothing else was sold yet."""
        orders = self.order_id.filtered(lambda order: order.state == "sale")
        orders._kam_report_news()
