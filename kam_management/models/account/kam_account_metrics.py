from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kam_level_mixin import LEVELS

SEGMENTS = [("a", "A"), ("b", "B"), ("c", "C")]
# Decimal places of stored shares: a hundredth of a percent. More would have every
# account written every night.
SHARE_DIGITS = 4


class KamAccount(models.Model):
    """Level and metrics: one row of figures per account, written by ``_refresh``."""

    _inherit = "kam.account"

    # Level
    level = fields.Selection(
        LEVELS,
        required=True,
        readonly=True,
        default="potential",
        group_expand=True,
        help="Potential: no contact yet. Engaged: contacted, never bought. New:"
        " bought, but not yet regularly. Active: buys regularly. Dormant: bought"
        " before, but nothing within the window.",
    )
    level_date = fields.Date("In Level Since", readonly=True)
    transition_ids = fields.One2many(
        "kam.level.transition",
        "account_id",
        string="Level History",
        readonly=True,
    )

    # Touches
    first_touch_date = fields.Date("First Touch", readonly=True)
    last_touch_date = fields.Date("Last Touch", readonly=True)
    last_reached_date = fields.Date(
        "Last Conversation",
        readonly=True,
        help="The last contact with a person. Unanswered calls and mailings to many do"
        " not count.",
    )

    # Purchases of the whole history
    purchase_count = fields.Integer("Purchases", readonly=True)
    first_purchase_date = fields.Date("First Purchase", readonly=True)
    last_purchase_date = fields.Date("Last Purchase", readonly=True)

    # Purchases of the window
    window_purchase_count = fields.Integer("Purchases in Window", readonly=True)
    revenue = fields.Monetary(
        "Trailing Revenue",
        readonly=True,
        help="Untaxed revenue of the last months, as many as the window in the settings"
        " has; credit notes deducted.",
    )
    revenue_previous = fields.Monetary(
        "Previous Revenue",
        readonly=True,
        help="Untaxed revenue of the window before, credit notes deducted.",
    )
    average_purchase = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help="Average untaxed amount of a purchase of the window.",
    )
    buyer_pattern = fields.Selection(
        [
            ("one_off", "One-off buyer"),
            ("repeat", "Repeat buyer"),
            ("safe", "Safe source of revenue"),
        ],
        readonly=True,
        help="Safe source of revenue: an active customer with stable or growing revenue"
        " that is not silent for longer than usual.",
    )
    evidence_hash = fields.Integer(
        readonly=True, groups=fields.NO_ACCESS, aggregator=None, copy=False
    )

    # Opening balance: purchases made in an older system
    opening_first_date = fields.Date(
        "Opening: First Purchase",
        merge=min,
        help="First purchase recorded in the system before Odoo.",
    )
    opening_last_date = fields.Date(
        "Opening: Last Purchase",
        merge=max,
        help="Last purchase recorded in the system before Odoo.",
    )
    opening_count = fields.Integer(
        "Opening: Purchases",
        aggregator=None,
        merge=sum,
        help="Number of purchases recorded in the system before Odoo. One counts on the"
        " first date, the others on the last.",
    )
    opening_revenue = fields.Monetary(
        "Opening: Revenue",
        aggregator=None,
        merge=sum,
        help="Untaxed revenue of the window that ended with the opening's last purchase;"
        " it counts on that day.",
    )
    opening_revenue_previous = fields.Monetary(
        "Opening: Previous Revenue",
        aggregator=None,
        merge=sum,
        help="Untaxed revenue of the window before; it counts a window earlier.",
    )
    segment = fields.Selection(
        SEGMENTS,
        readonly=True,
        index="btree_not_null",
        help="Customers in the order of their revenue: A while the customers before"
        " bring less than 80 % of all revenue, B while they bring less than 95 %, C the"
        " rest (the settings may say otherwise). Customers with the same revenue are in"
        " the same segment; who has bought, but not within the window, is C; who never"
        " bought has none.",
    )
    share = fields.Float(
        "Share of Revenue",
        digits=(5, SHARE_DIGITS),
        readonly=True,
        help="This customer's part of the revenue of all customers, within the window.",
    )
    group_partner_id = fields.Many2one(
        "res.partner",
        "Customer Group",
        readonly=True,
        index="btree_not_null",
        help="The topmost company this customer belongs to; it may be the customer itself.",
    )
    group_share = fields.Float(
        "Group's Share of Revenue",
        digits=(5, SHARE_DIGITS),
        readonly=True,
        aggregator=None,
        help="Part of the revenue that all customers of the same group bring together.",
    )

    _check_opening_count = models.Constraint(
        "CHECK(opening_count >= 0)",
        "The number of opening purchases cannot be negative.",
    )

    # few accounts have one; refreshing some must not look at all
    _opening_idx = models.Index("(company_id) WHERE opening_count > 0")

    @api.constrains("opening_first_date", "opening_last_date", "opening_count")
    def _check_opening(self):
        """Refuse opening balances that contradict themselves.

        - purchases need the date of the first and of the last one, and dates need a count;
        - the last purchase is not before the first;
        - one purchase has one date.
        """
        for account in self:
            first, last = account.opening_first_date, account.opening_last_date
            if not (first or last or account.opening_count):
                continue
            if not (first and last and account.opening_count):
                message = self.env._(
                    "Opening balance of %(account)s: enter the first purchase, the last"
                    " purchase and the number of purchases together.",
                    account=account.display_name,
                )
            elif last < first:
                message = self.env._(
                    "Opening balance of %(account)s: the last purchase cannot be before"
                    " the first.",
                    account=account.display_name,
                )
            elif account.opening_count == 1 and first != last:
                message = self.env._(
                    "Opening balance of %(account)s: a single purchase has one date."
                    " Enter the same date twice or the right number of purchases.",
                    account=account.display_name,
                )
            else:
                continue
            raise ValidationError(message)

    def _handle_transitions(self, steps):
        """React to steps of accounts to new levels; other code extends this.

        Called by the engine once what the steps follow from is written, for accounts
        whose level is another one than before: not for the past of customers whom a
        refresh of all finds, nor for a look at another day. What is raised here is
        logged, and takes back what was done here alone.

        :param steps: ``kam.level.transition`` records, by date
        """
