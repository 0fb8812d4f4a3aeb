from freezegun import freeze_time

from odoo import Command

from .talk_common import TalkCommon

TODAY = "2026-06-15"  # a Monday


class MomentCommon(TalkCommon):
    """Orders of Eva's at an account of Anna's, and templates of the tests alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        cls.Moment = cls.env["kam.moment"]
        cls.Template = cls.env["kam.moment.template"]
        cls.Template.search([]).active = False
        cls.account.accountable_id = cls.head
        cls.eva.email = "eva@meyer.example"
        cls.company.resource_calendar_id.tz = "UTC"

    @classmethod
    def _template(cls, event="confirmed", **values):
        """Return a template of a moment, for all orders of this year."""
        return cls.Template.create(
            {
                "name": f"When {event}",
                "event": event,
                "summary": "call them",
                "date_start": "2026-01-01",
                **values,
            }
        )

    @classmethod
    def _draft(cls, *quantities, **values):
        """Return a quotation with a line for each quantity."""
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.eva.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": quantity,
                            "price_unit": 100,
                            "tax_ids": False,
                        }
                    )
                    for quantity in quantities or (10,)
                ],
                **values,
            }
        )

    @classmethod
    def _ordered(cls, *quantities, **values):
        """Return a confirmed order that the job has looked at."""
        order = cls._draft(*quantities, **values)
        order.action_confirm()
        cls._look(order)
        return order

    @classmethod
    def _look(cls, orders):
        """Do what the job does, for some orders alone."""
        cls.env.flush_all()
        cls.Moment._look_at(orders)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _bill(self, order):
        """Return the draft invoice of all that was ordered."""
        self._sale_journal()
        product = self.product.with_company(self.company)
        product.property_account_income_id = self._income_account()
        product.invoice_policy = "order"
        return order._create_invoices()

    def _deliver(self, order, *quantities):
        """Note what was delivered of the lines, and look at it."""
        for line, quantity in zip(order.order_line, quantities, strict=True):
            line.qty_delivered = quantity
        self._look(order)

    def _moments(self, order):
        """Return the moments of an order, oldest first."""
        return self.Moment.search([("order_id", "=", order.id)], order="id")

    def _states(self, order):
        return self._moments(order).mapped("state")

    def _done(self, moment, user=None, **values):
        """Talk from a moment, and save it."""
        action = moment.with_user(user or self.anna).action_log_touch()
        with self._open(action, user) as form:
            for name, value in values.items():
                setattr(form, name, value)
        form.record.action_save()
        return form.record
