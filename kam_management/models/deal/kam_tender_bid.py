from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..common.clock import today


class KamTender(models.Model):
    """Bid or no bid: a decision of the head of sales, on record with its reasons."""

    _inherit = "kam.tender"

    bid = fields.Selection(
        [("yes", "Bid"), ("no", "No Bid")],
        "Decision",
        readonly=True,
        copy=False,
        tracking=True,
    )
    bid_reason = fields.Text(
        "Reasons",
        copy=False,
        help="Why we bid, or do not: odds, effort, what it opens.",
    )
    bid_user_id = fields.Many2one(
        "res.users", "Decided By", readonly=True, copy=False, ondelete="set null"
    )
    bid_date = fields.Date("Decided On", readonly=True, copy=False)

    @api.model
    def _get_undecided_domain(self):
        """Return the domain of the tenders in preparation that nobody decided to bid for."""
        return Domain("bid", "=", False) & Domain("state", "=", "preparing")

    def write(self, vals):
        if "bid_reason" in vals and not self._is_head_of_sales():
            if self.filtered("bid"):
                raise AccessError(
                    self.env._(
                        "The reasons of a decision are the head of sales' to change."
                    )
                )
        return super().write(vals)

    def action_bid(self):
        """Decide to bid.

        :raise AccessError: for anybody but a head of sales
        :raise UserError: without a reason
        """
        self._decide("yes")

    def action_no_bid(self):
        """Decide not to bid: what was planned is called off.

        :raise AccessError: for anybody but a head of sales
        :raise UserError: without a reason
        """
        self._decide("no")
        for tender in self:
            # sudo: milestones of colleagues as well
            milestones = tender.sudo().milestone_ids
            tender._call_off(milestones, self.env._("We do not bid."))

    def action_reopen_bid(self):
        """Take the decision back.

        :raise UserError: when the deal is closed
        """
        self._check_head()
        self.filtered(lambda tender: tender.bid != "no")._check_open()
        # sudo: the button decides
        self.sudo().write({"bid": False, "bid_user_id": False, "bid_date": False})

    def _decide(self, bid):
        self._check_head()
        self._check_open()
        for tender in self:
            if tender.bid:
                raise UserError(
                    self.env._(
                        "It is decided already whether to bid for “%(tender)s”. Reopen"
                        " the decision first.",
                        tender=tender.name,
                    )
                )
            if not (tender.bid_reason or "").strip():
                raise UserError(
                    self.env._(
                        "“%(tender)s”: enter the reasons first. They are what the next"
                        " tender learns from.",
                        tender=tender.name,
                    )
                )
        # sudo: the button decides
        self.sudo().write(
            {
                "bid": bid,
                "bid_user_id": self.env.uid,
                "bid_date": today(),
            }
        )
        for tender in self:
            # sudo: whoever was to remember it
            reminders = tender.sudo().milestone_ids.filtered("kam_is_bid")
            reminders.filtered("active").action_feedback(tender.bid_reason)

    def _check_head(self):
        self.check_access("write")
        if not self._is_head_of_sales():
            raise AccessError(
                self.env._("Only the head of sales decides whether to bid.")
            )
