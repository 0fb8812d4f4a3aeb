"""Documents as people leave them, made with Odoo's own buttons."""

from datetime import datetime, time

from odoo import Command, fields

from .common import KamCommon


class SalesCommon(KamCommon):
    """Orders, bills, corrections and credit notes in a few words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journal = cls._sale_journal()
        journal.default_account_id = cls._income_account()
        cls.category = cls.env["product.category"].create({"name": "Machines"})
        cls.other_category = cls.env["product.category"].create({"name": "Parts"})
        cls.product.write({"invoice_policy": "order", "categ_id": cls.category.id})
        cls.part = cls.env["product.product"].create(
            {
                "name": "Filter",
                "type": "service",
                "invoice_policy": "order",
                "categ_id": cls.other_category.id,
                "taxes_id": False,
            }
        )
        cls.account = cls._account()
        cls.account.manager_id = cls.anna

    @classmethod
    def _sell(cls, day, *lines, partner=None, **values):
        """Return an order confirmed on a day: lines of (quantity, price[, product])."""
        order = cls._order(
            day,
            partner=partner,
            order_line=[
                Command.create(
                    {
                        "product_id": (product[0] if product else cls.product).id,
                        "product_uom_qty": quantity,
                        "price_unit": price,
                        "tax_ids": False,
                    }
                )
                for quantity, price, *product in lines
            ],
            **values,
        )
        return order

    @classmethod
    def _bill(cls, order, day, final=True, post=True):
        """Return the invoices Odoo makes of what is to be invoiced of an order."""
        moves = order.with_company(order.company_id)._create_invoices(final=final)
        moves.invoice_date = day
        if post:
            moves.action_post()
        return moves

    @classmethod
    def _down_payment(cls, order, day, amount):
        """Return a posted invoice of a down payment."""
        wizard = (
            cls.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": amount})
        )
        move = wizard._create_invoices(order)
        move.invoice_date = day
        move.action_post()
        return move

    @classmethod
    def _reverse(cls, move, day, modify=False):
        """Reverse an invoice by Odoo's own wizard.

        :return: the credit note, and the invoice made anew when ``modify``
        """
        wizard = (
            cls.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"date": day, "journal_id": move.journal_id.id})
        )
        wizard.reverse_moves(is_modify=modify)
        notes = wizard.new_move_ids.filtered(lambda m: m.move_type == "out_refund")
        if not modify:
            return notes
        return move.reversal_move_ids, wizard.new_move_ids - move.reversal_move_ids

    @classmethod
    def _credit(cls, move, day, quantity=None, price=None):
        """Return a posted credit note of part of an invoice, on its first line."""
        note = cls._reverse(move, day)
        first, *others = note.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        for line in others:
            line.unlink()
        if quantity is not None:
            first.quantity = quantity
        if price is not None:
            first.price_unit = price
        note.invoice_date = day
        note.action_post()
        return note

    @classmethod
    def _moment(cls, day):
        return datetime.combine(fields.Date.to_date(day), time(12))

    # What each room says

    def _sold(self, account=None):
        """Return what the account's sales add up to, as the list behind it shows."""
        account = account or self.account
        sales = self.env["kam.sale"].with_context(kam_account_ids=account.ids)
        self.env.invalidate_all()
        return sum(sales.search([("account_id", "=", account.id)]).mapped("amount"))

    def _measured(self, indicator, start, end, account=None, **values):
        """Return a figure of the account, of an indicator."""
        account = account or self.account
        row = {
            "key": 0,
            "company_id": account.company_id.id,
            "scope": "account",
            "account_id": account.id,
            "date_start": fields.Date.to_date(start),
            "date_end": fields.Date.to_date(end),
            "indicator": indicator,
            **values,
        }
        return self.env["kam.measure"]._measure([row])[0]

    def assertRevenue(self, expected, account=None, level=None, categories=None):
        """Assert the revenue of an account in all rooms that tell it.

        :param categories: what of it is of machines and parts, where that is not all
        """
        account = account or self.account
        self._refresh()
        self.assertAlmostEqual(account.revenue, expected, 2, "account")
        if level:
            self.assertEqual(account.level, level)
        today = fields.Date.today()
        year = fields.Date.subtract(today, years=1)
        found = {
            "goal": self._measured("revenue", year, today, account),
            "categories": sum(
                self._measured(
                    "category_revenue", year, today, account, categ_id=categ.id
                )
                for categ in (self.category, self.other_category)
            ),
            "records": self._sold(account),
            "white space": sum(
                cell.get("amount", 0)
                for cell in account.get_white_space()["cells"].values()
            ),
        }
        wanted = dict.fromkeys(found, expected)
        if categories is not None:
            wanted["categories"] = categories
        for name, figure in found.items():
            self.assertAlmostEqual(figure, wanted[name], 2, name)
