from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import float_compare

from ..common import clock

# From this loyalty on somebody is content enough to be asked.
CONTENT = 4
# So many of the last deliveries should have been on time.
LAST_DELIVERIES = 3


class KamAccount(models.Model):
    """References (R47): who of this customer speaks for us, and whether one may ask."""

    _inherit = "kam.account"

    reference_ids = fields.One2many("kam.reference", "account_id", "References")
    reference_count = fields.Integer(
        "References Given", compute="_compute_reference_count"
    )

    @api.depends("reference_ids.state")
    def _compute_reference_count(self):
        Reference = self.env["kam.reference"]
        domain = [("account_id", "in", self.ids), ("state", "=", "given")]
        counts = dict(Reference._read_group(domain, ["account_id"], ["__count"]))
        for account in self:
            account.reference_count = counts.get(account._origin, 0)

    def action_view_references(self):
        """Open the references of this account."""
        action = self._prepare_records_action("kam_management.kam_reference_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id}
        return action

    def action_ask_reference(self):
        """Open a new reference; it says whether this is the moment to ask."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for a Reference"),
            "res_model": "kam.reference",
            "views": [(False, "form")],
            "context": {"default_account_id": self.id},
        }

    def _get_reference_obstacles(self, but=None):
        """Return what speaks against asking these customers for a reference now.

        :param but: ``kam.reference`` records that do not count as asked
        :return: {account: list of sentences}
        """
        # sudo: documents of colleagues count, and nothing of them is shown
        accounts = self.sudo()
        late = accounts._find_late_deliveries()
        asked = accounts._find_asked(but)
        found = {}
        for account in accounts:
            checks = [
                (
                    account.level not in ("new", "active"),
                    self.env._("They have not bought within the last months."),
                ),
                (
                    account.do_not_contact,
                    self.env._("They do not want to be contacted."),
                ),
                (
                    account in late,
                    self.env._("One of the last deliveries was not on time."),
                ),
                (
                    account.complaint_ids.filtered(
                        lambda one: one.state == "open" and one.kind != "wish"
                    ),
                    self.env._("A complaint is open."),
                ),
                (
                    not account.loyalty_count,
                    self.env._("They have not rated us yet. Send a survey first."),
                ),
                (
                    account.loyalty_count and account.loyalty < CONTENT,
                    self.env._("Their last ratings were not good enough."),
                ),
                (account in asked, self.env._("They were asked not long ago.")),
            ]
            found[account.with_env(self.env)] = [
                text for is_so, text in checks if is_so
            ]
        return found

    def _find_asked(self, but=None):
        """Return those of these accounts that were asked within the months of the company."""
        today = clock.today()
        references = self.env["kam.reference"].search(
            [
                ("account_id", "in", self.ids),
                ("id", "not in", but.ids if but else ()),
                ("date", ">", today - relativedelta(years=5)),
            ]
        )
        return references.filtered(
            lambda one: (
                one.date
                > today - relativedelta(months=one.company_id.kam_reference_months)
            )
        ).account_id

    def _find_late_deliveries(self):
        """Return those of these accounts for whom one of the last deliveries was late.

        By what the order promised: not all of it delivered by then, or, where Odoo's
        stock app says when it was, later.
        """
        now = fields.Datetime.now()
        Order = self.env["sale.order"]
        orders = Order.search(
            [
                ("kam_commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "sale"),
                ("commitment_date", "<", now),
                ("commitment_date", ">", now - relativedelta(years=1)),
            ],
            order="commitment_date desc",
        )
        late = self._find_late_orders(orders)
        is_late = self.browse()
        by_customer = orders.grouped(
            lambda o: (o.company_id, o.kam_commercial_partner_id)
        )
        for account in self:
            last = by_customer.get((account.company_id, account.partner_id), Order)
            if last[:LAST_DELIVERIES] & late:
                is_late |= account
        return is_late

    @api.model
    def _find_late_orders(self, orders):
        """Return those of these orders, promised by now, that were delivered late or not."""
        lines = self.env["sale.order.line"]._read_group(
            [
                ("order_id", "in", orders.ids),
                ("display_type", "=", False),
                ("product_id.type", "!=", "service"),
                ("is_downpayment", "=", False),
            ],
            ["order_id"],
            ["product_uom_qty:sum", "qty_delivered:sum"],
        )
        late = orders.browse()
        for order, ordered, delivered in lines:
            on = "effective_date" in order._fields and order["effective_date"]
            if (on and on > order.commitment_date) or float_compare(
                delivered, ordered, precision_digits=2
            ) < 0:
                late |= order
        return late
