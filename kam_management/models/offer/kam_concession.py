from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock
from .concessions import KINDS

# So long the job looks for the account of a customer that has none yet.
FRESH_DAYS = 3
REASONS = [
    ("competitor", "Competing Offer"),
    ("budget", "Customer's Budget"),
    ("volume", "Larger Order"),
    ("close", "Closing Sooner"),
    ("relation", "Relationship"),
    ("mistake", "Our Mistake"),
    ("other", "Other"),
]


class KamConcession(models.Model):
    """What was given away after a quotation was sent first, recorded by itself.

    Its value is below zero where something was taken back. People say why, and what was
    got for it.
    """

    _name = "kam.concession"
    _description = "Concession"
    _inherit = ["kam.quotation.part"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, index="btree_not_null"
    )
    date = fields.Date(required=True, readonly=True, index=True)
    days_to_quarter_end = fields.Integer(
        "Days to Quarter End",
        compute="_compute_days_to_quarter_end",
        store=True,
        precompute=True,
        aggregator="avg",
        help="From the day of the concession to the end of the quarter.",
    )

    # What
    kind = fields.Selection(KINDS, required=True, readonly=True)
    key = fields.Integer(
        "Line",
        readonly=True,
        aggregator=None,
        help="Number of the first version's line.",
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="set null")
    currency_id = fields.Many2one(related="order_id.currency_id")
    value = fields.Monetary(readonly=True, aggregator=None)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    value_company = fields.Monetary(
        "Value in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )

    # Why
    reason = fields.Selection(REASONS)
    in_return = fields.Char(
        "Got in Return", help="What the customer has given or promised for it."
    )
    note = fields.Text()

    @api.depends("date", "company_id")
    def _compute_days_to_quarter_end(self):
        for concession in self:
            day, company = concession.date, concession.company_id or self.env.company
            _start, end = company._get_kam_period("quarter", day)
            concession.days_to_quarter_end = (end - day).days

    @api.model
    def _complete(self):
        """Fill in whose customer it was, and the reason that was given for its approval.

        By a job, so that sending and confirming have no work with it; who has typed in a
        reason meanwhile keeps it.
        """
        recent = Domain("date", ">=", str(clock.today() - timedelta(days=FRESH_DAYS)))
        found = self.search(recent & Domain("account_id", "=", False), order="id")
        accounts = found.order_id._get_kam_accounts()
        for one in found:
            one.account_id = accounts.get(one.order_id, self.env["kam.account"]).id
            asked = one.order_id.kam_approval_ids[:1]
            one.reason = one.reason or asked.reason
            one.in_return = one.in_return or asked.in_return

    def _filter_changeable(self):
        """Whoever may change the quotation says why."""
        # sudo: what the concession is of, which the user sees
        writable = self.sudo().order_id.with_env(self.env)._filtered_access("write")
        return self.filtered(lambda one: one.sudo().order_id.id in writable.ids)

    @api.model
    def _get_found_hint(self):
        return self.env._("Concessions follow from the versions of the quotation.")

    @api.model
    def _get_unexplained_domain(self):
        """Return the domain of the concessions that nobody has given a reason for."""
        return Domain("reason", "=", False) & Domain("value_company", ">", 0)
