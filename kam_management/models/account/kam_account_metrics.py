from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kam_level_mixin import LEVELS

# Everything the engine writes; the order is that of the columns of its result.
COMPUTED_FIELDS = (
    "level",
    "first_touch_date",
    "last_touch_date",
    "last_reached_date",
    "rhythm_days",
    "next_touch_date",
    "purchase_count",
    "first_purchase_date",
    "last_purchase_date",
    "expected_purchase_date",
    "window_purchase_count",
    "revenue",
    "revenue_previous",
    "average_purchase",
    "buyer_pattern",
    "segment",
    "share",
    "group_partner_id",
    "group_share",
    "evidence_hash",
)

# What else is known of an account that its next touch depends on.
CADENCE_FIELDS = ("touch_days", "is_key_account", "do_not_contact", "create_date")


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
        help="Potential: no contact yet. Engaged: contacted, never bought. New: bought,"
        " but not yet regularly. Active: buys regularly. Dormant: bought once upon a"
        " time, nothing within the window.",
    )
    level_date = fields.Date("In Level Since", readonly=True)
    transition_ids = fields.One2many(
        "kam.level.transition", "account_id", string="History of Levels"
    )

    # Touches
    first_touch_date = fields.Date("First Touch", readonly=True)
    last_touch_date = fields.Date("Last Touch", readonly=True)
    last_reached_date = fields.Date(
        "Last Talk",
        readonly=True,
        help="Last touch that reached somebody: no call that nobody answered, and nothing"
        " that went out to many.",
    )

    # Purchases of the whole history
    purchase_count = fields.Integer("Purchases", readonly=True)
    first_purchase_date = fields.Date("First Purchase", readonly=True)
    last_purchase_date = fields.Date("Last Purchase", readonly=True)
    expected_purchase_date = fields.Date(
        "Next Purchase Expected",
        readonly=True,
        help="Last purchase plus the average time between two purchases.",
    )

    # Purchases of the window
    window_purchase_count = fields.Integer("Purchases in Window", readonly=True)
    revenue = fields.Monetary(
        readonly=True,
        help="Untaxed revenue of the window, credit notes deducted.",
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
        help="Safe source of revenue: an active customer whose revenue has not fallen"
        " against the window before and whose next purchase is not overdue.",
    )
    evidence_hash = fields.Integer(
        readonly=True, groups=fields.NO_ACCESS, aggregator=None, copy=False
    )

    # Opening balance: purchases made in an older system
    opening_first_date = fields.Date(
        "Opening: First Purchase",
        help="First purchase recorded in the system before Odoo.",
    )
    opening_last_date = fields.Date(
        "Opening: Last Purchase",
        help="Last purchase recorded in the system before Odoo.",
    )
    opening_count = fields.Integer(
        "Opening: Purchases",
        aggregator=None,
        help="Number of purchases recorded in the system before Odoo. One counts on the"
        " first date, the others on the last.",
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

    def _get_computed_fields(self):
        """Return the names of the fields that only the engine writes."""
        return {*COMPUTED_FIELDS, "level_date", "transition_ids"}
