from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..common import clock

STATES = [
    ("proposed", "Proposed"),
    ("nominated", "Key Account"),
    ("ended", "Ended"),
    ("dismissed", "Dismissed"),
]


def get_nominated_sql(account, day):
    """Return the SQL condition that an account was a key account at the end of a day.

    :param SQL account: an expression that yields the id of an account
    :param date day: the day; on the day of the end it is none any more
    """
    return SQL(
        """EXISTS (
            SELECT FROM kam_key_nomination n
             WHERE n.account_id = %(account)s AND n.date_start <= %(day)s
               AND (n.date_end IS NULL OR n.date_end > %(day)s))""",
        account=account,
        day=day,
    )


class KamKeyNomination(models.Model):
    """Why a customer is, was, or should be a key account, and who said so when.

    A proposal becomes a nomination when the head of sales agrees, or is dismissed. What
    it is follows from its dates: proposed (none), nominated (a start), ended (both),
    dismissed (an end alone). ``kam.account.is_key_account`` follows the open nomination.
    """

    _name = "kam.key.nomination"
    _description = "Key Account Nomination"
    _inherit = ["kam.account.part"]
    _order = "date_start desc nulls first, id desc"
    _rec_name = "account_id"

    state = fields.Selection(STATES, "Status", compute="_compute_state", store=True)
    criterion_ids = fields.Many2many(
        "kam.key.criterion", string="Criteria", ondelete="restrict"
    )
    reason = fields.Text(required=True)
    proposed_user_id = fields.Many2one("res.users", "Proposed By", readonly=True)
    proposed_date = fields.Date("Proposed On", readonly=True)
    user_id = fields.Many2one("res.users", "Nominated By", readonly=True)
    date_start = fields.Date("From")
    date_end = fields.Date("Until", help="The first day after the nomination.")
    end_user_id = fields.Many2one("res.users", "Ended By", readonly=True)
    end_reason = fields.Text()

    _open_uniq = models.UniqueIndex(
        "(account_id) WHERE date_end IS NULL",
        "This customer is already nominated or proposed.",
    )
    _check_dates = models.Constraint(
        "CHECK(date_end >= date_start)",
        "A nomination cannot end before it begins.",
    )

    @api.depends("date_start", "date_end")
    def _compute_state(self):
        for nomination in self:
            started, ended = bool(nomination.date_start), bool(nomination.date_end)
            nomination.state = {
                (False, False): "proposed",
                (True, False): "nominated",
                (True, True): "ended",
                (False, True): "dismissed",
            }[started, ended]

    @api.constrains("account_id", "date_start", "date_end")
    def _check_order(self):
        """Refuse dates to come, and two nominations of an account at a time.

        Two customers that turn out to be one may have been key accounts both.
        """
        # whoever types a date in reads it off the own wall
        today = max(clock.today(), clock.here(self))
        others = self.search(
            [("account_id", "in", self.account_id.ids), ("date_start", "!=", False)]
        ).grouped("account_id")
        for nomination in self:
            dates = filter(None, (nomination.date_start, nomination.date_end))
            if max(dates, default=today) > today:
                raise ValidationError(
                    self.env._(
                        "A nomination cannot begin or end in the future. Check"
                        " the dates."
                    )
                )
            mine = others.get(nomination.account_id, self.browse()) - nomination
            if nomination.date_start and any(map(nomination._overlaps, mine)):
                raise ValidationError(
                    self.env._(
                        "%(account)s was already a key account at that time. Choose"
                        " other dates.",
                        account=nomination.account_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        nominations = super().create(vals_list)
        nominations._note_who()
        nominations.account_id._follow_nominations()
        return nominations

    def write(self, vals):
        accounts = self.account_id
        result = super().write(vals)
        self._note_who()
        if not {"account_id", "date_start", "date_end"}.isdisjoint(vals):
            (accounts | self.account_id)._follow_nominations()
        return result

    def unlink(self):
        accounts = self.account_id
        result = super().unlink()
        accounts._follow_nominations()
        return result

    def _note_who(self):
        """Note who has begun or ended these nominations without saying so."""
        if self.env.su:
            return
        # sudo: the user has been checked; who it was is noted by the app alone
        nominations = self.sudo()
        begun = nominations.filtered(lambda one: one.date_start and not one.user_id)
        ended = nominations.filtered(lambda one: one.date_end and not one.end_user_id)
        if begun:
            begun.user_id = self.env.user
        if ended:
            ended.end_user_id = self.env.user

    def _repoint(self, vals):
        """End what is open but for one: the survivor's own, a nomination first."""
        survivor = self.account_id.browse(vals["account_id"])
        opened = (survivor.nomination_ids + self).filtered(lambda n: not n.date_end)
        kept = opened.filtered("date_start")[:1] or opened[:1]
        (opened - kept)._end(
            self.env._("Merged with %(account)s.", account=survivor.display_name)
        )
        return super()._repoint(vals)

    def _overlaps(self, other):
        """Return whether two nominations share a day; both have begun."""
        return (not other.date_end or self.date_start < other.date_end) and (
            not self.date_end or other.date_start < self.date_end
        )

    def _end(self, reason, date=None):
        """End these nominations, or dismiss these proposals.

        :param str reason: why
        :param date date: the first day without; today by default
        """
        # sudo: the user has been checked; who ended it is noted by the app alone
        self.sudo().write(
            {
                "date_end": date or clock.today(),
                "end_reason": reason,
                "end_user_id": self.env.user.id,
            }
        )
