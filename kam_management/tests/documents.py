"""Documents of the naive reading written into the database, by SQL for speed."""

from odoo.tools import SQL

from ..models.evidence.account_move import fill_billing
from .oracle_sales import CreditNote, Invoice, JointInvoice, Order


def insert(env, table, **values):
    """Insert a row by SQL, for speed, and return its id."""
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) VALUES (%s) RETURNING id",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
        )
    )
    return env.cr.fetchone()[0]


class Scribe:
    """Writes documents of one company of ours in its currency, or in half of it."""

    def __init__(self, case, products):
        self.env, self.company = case.env, case.company
        self.journal, self.account_id = case._sale_journal(), case._income_account().id
        self.products = products  # by category

    def tell(self, partners, stories):
        """Write the stories of some customers."""
        for place, story in enumerate(stories):
            for document in story:
                if isinstance(document, Order):
                    payer = partners[(place + document.payer) % len(partners)]
                    self.write_order(document, partners[place], payer)
                elif isinstance(document, Invoice):
                    self.write_invoice(document, partners[place])
                elif isinstance(document, JointInvoice):
                    self.write_joint_invoice(document, partners[place])
                elif isinstance(document, CreditNote):
                    lines = [(document.category, document.amount, None)]
                    self.write_move(partners[place], document.day, lines, "out_refund")
        fill_billing(self.env.cr)

    def write_order(self, order, partner, payer):
        """Write an order at the rate 2 with what was invoiced and credited of it.

        :return: the rows that bill it, see ``write_move``
        """
        order_id = insert(
            self.env,
            "sale_order",
            name="S",
            company_id=self.company.id,
            partner_id=partner.id,
            partner_invoice_id=payer.id,
            partner_shipping_id=partner.id,
            kam_commercial_partner_id=partner.id,
            state="sale" if order.confirmed else "cancel",
            date_order=f"{order.day} 23:59:59",
            currency_id=self.company.currency_id.id,
            currency_rate=2,
            amount_untaxed=2 * sum(line.ordered for line in order.lines),
        )
        billing, bill_ids = [], []
        for line in order.lines:
            line_id = self.write_order_line(order_id, line.category, line.ordered)
            billing.append((line.category, line.ordered, line_id))
            for day, amount, posted in line.invoiced:
                rows = [(line.category, amount, line_id)]
                move_id = self.write_move(
                    payer, day, rows, "out_invoice", posted=posted
                )
                bill_ids += [move_id] * posted
            for day, amount in line.credited:
                rows = [(line.category, amount, line_id)]
                self.write_move(payer, day, rows, "out_refund")
            if line.prepaid:
                paid_id = self.write_order_line(order_id, line.category, 0, True)
            for day, amount in line.prepaid:
                kind = "out_invoice" if amount > 0 else "out_refund"
                rows = [(line.category, abs(amount), paid_id)]
                self.write_move(payer, day, rows, kind, is_downpayment=True)
        for day, amount in order.goodwill if bill_ids else ():
            rows = [(order.lines[0].category, amount, None)]
            self.write_move(
                payer, day, rows, "out_refund", reversed_entry_id=bill_ids[0]
            )
        return billing

    def write_joint_invoice(self, invoice, partner):
        """Write an invoice of several orders, and the orders."""
        rows = []
        for order in invoice.orders:
            rows += self.write_order(order, partner, partner)
        if invoice.freight:
            rows.append((invoice.category(), invoice.freight, None))
        self.write_move(partner, invoice.day, rows, "out_invoice")

    def write_order_line(self, order_id, category, amount, is_downpayment=False):
        product = self.products[category]
        return insert(
            self.env,
            "sale_order_line",
            order_id=order_id,
            company_id=self.company.id,
            name="Line",
            product_id=product.id,
            product_uom_id=product.uom_id.id,
            product_uom_qty=0 if is_downpayment else 1,
            price_unit=2 * amount,
            price_subtotal=2 * amount,
            customer_lead=0,
            is_downpayment=is_downpayment,
        )

    def write_invoice(self, invoice, partner):
        """Write an invoice without an order, and the credit notes that reverse it."""
        rows = [(category, amount, None) for category, amount in invoice.lines]
        move_id = self.write_move(partner, invoice.day, rows, "out_invoice")
        for day, amount in invoice.reversed:
            rows = [(invoice.lines[0][0], amount, None)]
            self.write_move(partner, day, rows, "out_refund", reversed_entry_id=move_id)

    def write_move(
        self, partner, day, rows, kind, posted=True, is_downpayment=False, **values
    ):
        """Write an invoice or credit note: rows of (category, amount, order line)."""
        sign = 1 if kind == "out_invoice" else -1
        move_id = insert(
            self.env,
            "account_move",
            company_id=self.company.id,
            partner_id=partner.id,
            commercial_partner_id=partner.id,
            partner_shipping_id=partner.id,
            move_type=kind,
            state="posted" if posted else "draft",
            date=day,
            invoice_date=day,
            journal_id=self.journal.id,
            currency_id=self.company.currency_id.id,
            auto_post="no",
            amount_untaxed_signed=sign * sum(amount for _c, amount, _line in rows),
            **values,
        )
        for category, amount, line_id in rows:
            product = self.products[category]
            row_id = insert(
                self.env,
                "account_move_line",
                move_id=move_id,
                company_id=self.company.id,
                currency_id=self.env.ref("base.EUR").id,
                account_id=self.account_id,
                display_type="product",
                product_id=product.id,
                product_uom_id=product.uom_id.id,
                quantity=1,
                price_unit=amount,
                price_subtotal=amount,
                balance=-sign * amount,
                amount_currency=-sign * amount,
                is_downpayment=is_downpayment,
            )
            if line_id:
                self.env.cr.execute(
                    "INSERT INTO sale_order_line_invoice_rel VALUES (%s, %s)",
                    [row_id, line_id],
                )
        return move_id

    def forget(self, partners):
        """Remove all documents of some customers."""
        ids = tuple(partners.ids)
        for table, parent, column in (
            ("account_move_line", "account_move", "move_id"),
            ("sale_order_line", "sale_order", "order_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s IN (SELECT id FROM %s WHERE partner_id IN %s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    SQL.identifier(parent),
                    ids,
                )
            )
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE partner_id IN %s", SQL.identifier(parent), ids
                )
            )
        self.env.invalidate_all()
