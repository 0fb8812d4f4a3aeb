from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..account.kam_account_metrics import SEGMENTS
from ..account.kam_level_mixin import LEVELS
from ..common import clock
from ..evidence.contacts import CHANNELS


class KamCommunication(models.Model):
    """What customers are to hear from us, on a day or again and again: planned, done.

    Whom it is for is a simple choice; the accounts follow it as they change.
    """

    _name = "kam.communication"
    _description = "Planned Communication"
    _inherit = ["mail.thread", "kam.guard"]
    _order = "next_date, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=False,
        help="A mass mail with this text in its subject counts as done.",
    )
    channel = fields.Selection(CHANNELS, required=True, default="newsletter")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        required=True,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    active = fields.Boolean(default=True)

    # For whom
    target = fields.Selection(
        [
            ("key", "Key Accounts"),
            ("level", "Accounts of a Level"),
            ("segment", "Accounts of a Segment"),
            ("chosen", "Chosen Accounts"),
            ("all", "All Accounts"),
        ],
        string="Target Group",
        required=True,
        default="key",
    )
    level = fields.Selection(LEVELS)
    segment = fields.Selection(SEGMENTS)
    account_ids = fields.Many2many("kam.account", string="Accounts", check_company=True)

    # When
    start_date = fields.Date(
        "First Date", required=True, default=lambda self: clock.today()
    )
    repeat_unit = fields.Selection(
        [("once", "Once"), ("weeks", "Weeks"), ("months", "Months")],
        string="Repeat",
        required=True,
        default="months",
    )
    repeat_every = fields.Integer("Every", default=3, required=True)
    last_date = fields.Date("Last Done", tracking=True)
    next_date = fields.Date(
        "Due", compute="_compute_next_date", store=True, index="btree_not_null"
    )

    _check_rhythm = models.Constraint(
        "CHECK(repeat_unit = 'once' OR repeat_every BETWEEN 1 AND 120)",
        "Repeat a communication every 1 to 120 weeks or months.",
    )
    _check_start_date = models.Constraint(
        "CHECK(start_date >= '2000-01-01')",
        "Planned communication: the first time cannot be before the year 2000.",
    )
    # a word of every other subject would make touches of mass mails of other kinds
    _check_name = models.Constraint(
        "CHECK(char_length(trim(name)) >= 5)",
        "Give the planned communication a name of at least 5 characters: mass mails are"
        " recognized by it.",
    )

    @api.depends("start_date", "repeat_unit", "repeat_every", "last_date")
    def _compute_next_date(self):
        """Take the first day of the rhythm after it was last done."""
        for plan in self:
            plan.next_date = plan._get_due_date(plan.last_date)

    def unlink(self):
        """Report whose touches are what went out to many no more."""
        # sudo: reads which customers to refresh, and nothing else
        touches = self.env["kam.touch"].sudo().with_context(active_test=False)
        touches.search([("communication_id", "in", self.ids)])._enqueue()
        return super().unlink()

    @api.constrains("target", "level", "segment", "account_ids")
    def _check_target(self):
        for plan in self:
            if plan.target == "level" and not plan.level:
                raise ValidationError(
                    self.env._("Choose the level of the target group.")
                )
            if plan.target == "segment" and not plan.segment:
                raise ValidationError(
                    self.env._("Choose the segment of the target group.")
                )
            if plan.target == "chosen" and not plan.account_ids:
                raise ValidationError(self.env._("Choose at least one account."))

    def _get_due_date(self, done):
        """Return the first due date after a day; none when there is no next time.

        :param done: day it was done, or False when it never was
        """
        self.ensure_one()
        if not self.start_date or not done or done < self.start_date:
            return self.start_date
        return self._get_turn(done)[1]

    def _get_period_start(self):
        """Return since when a touch counts for the present turn: when it was last due.

        Before the first time that is the day of the first time.
        """
        self.ensure_one()
        today = clock.today()
        if not self.start_date or self.start_date > today:
            return self.start_date
        return self._get_turn(today)[0]

    def _get_turn(self, day):
        """Return the last due date up to a day, not before the first, and the next one."""
        if self.repeat_unit == "once" or self.repeat_every < 1:
            return self.start_date, False
        if self.repeat_unit == "weeks":
            passed = (day - self.start_date).days // 7
        else:
            since = relativedelta(day, self.start_date)
            passed = since.years * 12 + since.months
        times = max(passed // self.repeat_every, 0)
        # counted from the first time: the last day of a month stays the last one
        due, following, later = (
            self.start_date
            + relativedelta(**{self.repeat_unit: turn * self.repeat_every})
            for turn in (times, times + 1, times + 2)
        )
        return (following, later) if following <= day else (due, following)
