from odoo import fields, models
from odoo.fields import Domain

from ..common import clock, formats


class KamProposal(models.Model):
    """What the customer and we have done together, as Odoo knows it on a day.

    Kept, so that what the customer was sent does not change; the day is printed.
    """

    _inherit = "kam.proposal"

    past_shown = fields.Boolean("Print Past Cooperation", default=True)
    past_note = fields.Text(
        "Projects", help="What we have done for the customer, in your words."
    )
    past_partner_id = fields.Many2one(
        "res.partner",
        "Figures Of",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The figures are of this customer, and not printed for another one.",
    )
    past_date = fields.Date("As Of", readonly=True)
    past_since = fields.Date("Customer Since", readonly=True)
    past_purchases = fields.Integer("Purchases", readonly=True)
    past_months = fields.Integer("Months of Revenue", readonly=True)
    past_revenue = fields.Monetary(
        "Revenue", currency_field="company_currency_id", readonly=True
    )
    past_projects = fields.Integer(
        "Projects Won", readonly=True, help="Opportunities won with this customer."
    )
    past_deliveries = fields.Integer(
        "Deliveries",
        readonly=True,
        help="Orders delivered that had a promised date, where Odoo knows of deliveries.",
    )
    past_on_time = fields.Float("On Time (%)", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    def action_update_past(self):
        """Take the figures of past cooperation of today."""
        self.check_access("write")
        self._note_past()

    def _note_past(self):
        """Note what the user sees of the past with the customer."""
        for proposal in self:
            values = proposal._prepare_past()
            # sudo: found out, typed in by nobody
            proposal.sudo().write(values)

    def _prepare_past(self):
        """Return the figures of the account as they are today; rooms add theirs.

        Nothing but the day where the user sees no account.
        """
        self.ensure_one()
        account = self._get_account()
        promised = self._get_deliveries(account)
        on_time = [done <= until for until, done in promised]
        projects = Domain("kam_account_id", "=", account.id)
        projects &= Domain("won_status", "=", "won")
        return {
            "past_date": clock.today(),
            "past_partner_id": account.partner_id.id,
            "past_since": account.first_purchase_date,
            "past_purchases": account.purchase_count,
            "past_months": account.company_id.kam_window_months,
            "past_revenue": account.revenue,
            "past_projects": self.env["crm.lead"].search_count(projects)
            if account
            else 0,
            "past_deliveries": len(promised),
            "past_on_time": 100 * sum(on_time) / len(on_time) if on_time else 0,
        }

    def _get_deliveries(self, account):
        """Return [(promised day, day of delivery)] of the customer's orders of the window.

        Only an app that delivers tells when an order was delivered (sale_stock).
        """
        Order = self.env["sale.order"]
        if not account or "effective_date" not in Order._fields:
            return []
        since = account.company_id._get_kam_rule_today().window_start
        orders = Order.search(
            [
                ("kam_commercial_partner_id", "=", account.partner_id.id),
                ("company_id", "=", account.company_id.id),
                ("state", "=", "sale"),
                ("date_order", ">", since),
                ("commitment_date", "!=", False),
                ("effective_date", "!=", False),
            ]
        )
        return [(o.commitment_date.date(), o.effective_date.date()) for o in orders]

    def _has_past(self):
        """Return whether there are figures of this very customer, to be printed."""
        return (
            self.past_shown
            and bool(self.past_purchases)
            and self.past_partner_id == self.customer_id
        )

    def _prepare_past_rows(self):
        """Return what is printed of the past as [(label, figure)]; rooms add theirs."""
        env = self.env
        rows = [
            (env._("Customer since"), formats.day(env, self.past_since)),
            (env._("Purchases"), formats.number(env, self.past_purchases, 0)),
        ]
        if self.past_revenue > 0:
            months = formats.duration(env, self.past_months, "month")
            # sudo: the currency of the company whose proposal is printed
            currency = self.sudo().company_currency_id
            money = formats.money(env, self.past_revenue, currency)
            rows.append((env._("Volume in %s", months), money))
        if self.past_projects:
            projects = formats.number(env, self.past_projects, 0)
            rows.append((env._("Projects together"), projects))
        if self.past_deliveries:
            rows.append(
                (env._("Delivered on time"), formats.percent(env, self.past_on_time))
            )
        return rows
