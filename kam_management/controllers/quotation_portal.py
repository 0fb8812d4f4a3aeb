"""Quotations in the customer portal: closed while their price waits for an approval."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class QuotationPortal(CustomerPortal):
    """The customer is told that the quotation is being revised, and no more."""

    @http.route()
    def portal_order_page(self, order_id, access_token=None, **kwargs):
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if order.with_user(request.env.user)._kam_is_hidden():
            return request.render(
                "kam_management.portal_order_being_revised",
                {**self._prepare_portal_layout_values(), "sale_order": order},
            )
        return super().portal_order_page(order_id, access_token=access_token, **kwargs)
