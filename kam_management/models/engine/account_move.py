from odoo import api, models

# Of these moves the sum was bought, or taken back.
SALES = ("out_invoice", "out_refund")
# What says whom an invoice concerns: who it did is reported as well.
CONCERNS = {
    "partner_id",
    "company_id",
    "move_type",
    "reversed_entry_id",
    "invoice_line_ids",
    "line_ids",
}
# What the figures of an account follow from beside: dates, and who sold.
FORCES = {
    *CONCERNS,
    "state",
    "currency_id",
    "invoice_date",
    "invoice_date_due",
    "invoice_user_id",
    "payment_state",
}
# What says how much of an order a line bills
BILLED_FIELDS = {"discount", "price_unit", "quantity", "sale_line_ids"}
# What says who owes how much by when, of an item that is booked
OWED_FIELDS = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "date_maturity",
    "debit",
    "partner_id",
}


class AccountMove(models.Model):
    """Invoices and credit notes report that their customer bought or took back.

    A draft counts as well where it bills orders: it says how much of what was credited
    is billed anew. Any other names a customer, who may have no account yet. What concerns
    an order is reported to the order's customer, too, and what reverses an invoice to
    that of the invoice.
    """

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._kam_filter_sales()._kam_report_news()
        return moves

    def write(self, vals):
        concerned = not FORCES.isdisjoint(vals)
        before = self._kam_filter_counting() if concerned else self.browse()
        if not CONCERNS.isdisjoint(vals):
            before._kam_report_news()
        result = super().write(vals)
        if concerned:
            (before | self._kam_filter_counting())._kam_report_news()
        if "partner_id" in vals:
            self._kam_filter_sales()._kam_report_news()
        if not {"state", "payment_state"}.isdisjoint(vals):
            # what says nothing of what was bought may say what is owed
            (self - self._kam_filter_sales()).line_ids._kam_report_owed()
        return result

    def unlink(self):
        self._kam_filter_counting()._kam_report_news()
        return super().unlink()

    def _kam_filter_sales(self):
        return self.filtered(lambda move: move.move_type in SALES)

    def _kam_filter_counting(self):
        """Return those of these that say what a customer bought."""
        # sudo: who writes invoices may see no orders; only whether there are is asked
        return self._kam_filter_sales().filtered(
            lambda move: (
                move.state == "posted"
                or move.state == "draft"
                and move.sudo().invoice_line_ids.sale_line_ids
            )
        )

    def _kam_report_news(self):
        if not self:
            return
        # sudo: the orders of colleagues are reported as well, and nothing else is read
        orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
        moves = self | self.sudo().reversed_entry_id
        self.env["kam.account.event"]._append(
            {(move.company_id, move.kam_customer_id) for move in moves}
            | {(order.company_id, order.kam_commercial_partner_id) for order in orders}
        )


class AccountMoveLine(models.Model):
    """What customers owe is news when it moves; what they pay is, too.

    An invoice that is booked reports it, and so does any other entry. Here is what is
    done to the items of one afterwards, by payments and statements mostly.
    """

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._kam_filter_booked()._kam_report_owed()
        if any("sale_line_ids" in vals for vals in vals_list):
            lines._kam_report_billed()
        return lines

    def write(self, vals):
        billed = not BILLED_FIELDS.isdisjoint(vals)
        if billed and "sale_line_ids" in vals:
            self._kam_report_billed()
        concerned = not OWED_FIELDS.isdisjoint(vals)
        booked = self._kam_filter_booked() if concerned else self.browse()
        if not {"partner_id", "account_id"}.isdisjoint(vals):
            booked._kam_report_owed()
        result = super().write(vals)
        booked._kam_report_owed()
        if billed:
            self._kam_report_billed()
        return result

    def unlink(self):
        self._kam_report_billed()
        self._kam_filter_booked()._kam_report_owed()
        return super().unlink()

    def _kam_report_billed(self):
        """Report whom those of these lines are of that bill, or billed, orders."""
        # sudo: whoever writes invoices reports whose they are, and reads nothing else
        lines = self.sudo().filtered(
            lambda line: (
                line.display_type == "product" and line.move_id.move_type in SALES
            )
        )
        lines.move_id._kam_filter_counting()._kam_report_news()

    def _kam_filter_booked(self):
        return self.filtered(lambda line: line.move_id.state == "posted")

    def _kam_report_owed(self):
        """Report the customers of those of these lines that say what somebody owes."""
        # sudo: whoever books payments reports whose they are, and reads nothing else
        lines = self.sudo().filtered(
            lambda line: line.account_type == "asset_receivable" and line.partner_id
        )
        self.env["kam.account.event"]._append(
            (line.company_id, line.partner_id.commercial_partner_id) for line in lines
        )


class AccountAccount(models.Model):
    """What counts as owed is worked out anew where another account says so."""

    _inherit = "account.account"

    def write(self, vals):
        before = self._kam_get_owed_by_trade()
        result = super().write(vals)
        if before != self._kam_get_owed_by_trade():
            self.env["res.company"]._wake_kam_refresh()
        return result

    def _kam_get_owed_by_trade(self):
        """Return those of these accounts that say what customers owe."""
        return self.filtered(
            lambda one: one.account_type == "asset_receivable" and not one.non_trade
        )


class AccountPartialReconcile(models.Model):
    """Payments report their customer when they are set against invoices, or taken off."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        (partials.debit_move_id + partials.credit_move_id)._kam_report_owed()
        return partials

    def unlink(self):
        lines = self.debit_move_id + self.credit_move_id
        result = super().unlink()
        lines.exists()._kam_report_owed()
        return result
