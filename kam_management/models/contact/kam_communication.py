from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..account.kam_level_mixin import LEVELS
from ..account.refresh_segments import SEGMENTS
from .kam_touch import CHANNELS


class KamCommunication(models.Model):
    """What customers are to hear from us, on a day or again and again: planned, done.

    Whom it is for is a simple choice; the accounts follow it as they change.
    """

    _name = "kam.communication"
    _description = "Planned Communication"
    _inherit = ["mail.thread"]
    _order = "next_date, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=False,
        help="A mass mail whose subject contains this counts as done.",
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
        string="For",
        required=True,
        default="key",
    )
    level = fields.Selection(LEVELS)
    segment = fields.Selection(SEGMENTS)
    account_ids = fields.Many2many("kam.account", string="Accounts", check_company=True)

    # When
    start_date = fields.Date(
        "First Time", required=True, default=lambda self: fields.Date.today()
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

    touch_ids = fields.One2many("kam.touch", "communication_id", string="Touches")
    account_count = fields.Integer("Planned", compute="_compute_counts")
    reached_count = fields.Integer(
        "Reached",
        compute="_compute_counts",
        help="Accounts with a touch of this communication, or of its channel, since it was"
        " last due.",
    )
    progress = fields.Float(compute="_compute_counts")

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
        today = fields.Date.today()
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

    @api.depends("target", "level", "segment", "account_ids", "channel", "start_date")
    @api.depends("repeat_unit", "repeat_every", "touch_ids", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        """Count the accounts the user sees, in one query however many plans there are."""
        counts = {
            plan_id: (planned, reached)
            for plan_id, planned, reached in self._query_accounts(
                SQL("count(*), count(*) FILTER (WHERE reached) "), SQL("GROUP BY k.id")
            )
        }
        for plan in self:
            planned, reached = counts.get(plan._origin.id, (0, 0))
            plan.account_count, plan.reached_count = planned, reached
            plan.progress = reached / planned if planned else 0

    def _query_accounts(self, select, end):
        """Return rows of (plan id, *select) over the accounts these plans are for.

        :param SQL select: expressions of ``a`` (the account) and ``reached``
        :param SQL end: what follows the conditions
        """
        plans = self._origin.filtered("id")
        if not plans:
            return []
        self.env["kam.touch"].flush_model()
        plans.flush_recordset()
        starts = SQL(", ").join(
            SQL("(%s, %s::date)", plan.id, plan._get_period_start()) for plan in plans
        )
        visible = self.env["kam.account"]._search([])
        return self.env.execute_query(
            SQL(
                """
                SELECT k.id, %(select)s
                  FROM kam_communication k
                  JOIN (VALUES %(starts)s) period (id, start) ON period.id = k.id
                  JOIN kam_account a ON a.company_id = k.company_id
                   AND a.id IN (%(visible)s)
                   AND CASE k.target WHEN 'key' THEN a.is_key_account
                                     WHEN 'level' THEN a.level = k.level
                                     WHEN 'segment' THEN a.segment = k.segment
                                     WHEN 'all' THEN TRUE
                                     ELSE EXISTS (
                            SELECT FROM kam_account_kam_communication_rel chosen
                             WHERE chosen.kam_communication_id = k.id
                               AND chosen.kam_account_id = a.id) END
                  LEFT JOIN (
                    SELECT k.id AS plan_id, t.account_id
                      FROM kam_communication k
                      JOIN (VALUES %(starts)s) period (id, start) ON period.id = k.id
                      JOIN kam_touch t ON t.communication_id = k.id
                     WHERE t.active AND t.direction = 'out' AND t.date >= period.start
                     UNION
                    SELECT k.id, t.account_id
                      FROM kam_communication k
                      JOIN (VALUES %(starts)s) period (id, start) ON period.id = k.id
                      JOIN kam_touch t ON t.channel = k.channel
                       AND t.company_id = k.company_id
                     WHERE t.active AND t.direction = 'out' AND t.date >= period.start
                       AND t.communication_id IS NULL
                  ) touched ON touched.plan_id = k.id AND touched.account_id = a.id
                 CROSS JOIN LATERAL (
                    SELECT touched.plan_id IS NOT NULL AS reached
                  ) turn
                %(end)s
                """,
                select=select,
                starts=starts,
                visible=visible.select(),
                end=end,
            )
        )

    def _get_accounts(self, reached=None):
        """Return the accounts this plan is for, as far as the user sees them.

        :param bool reached: only those reached, or not reached, since it was last due
        """
        self.ensure_one()
        where = {None: SQL("TRUE"), True: SQL("reached"), False: SQL("NOT reached")}
        rows = self._query_accounts(SQL("a.id"), SQL("WHERE %s", where[reached]))
        return self.env["kam.account"].browse(account for _plan, account in rows)

    @api.constrains("target", "level", "segment", "account_ids")
    def _check_target(self):
        for plan in self:
            if plan.target == "level" and not plan.level:
                raise ValidationError(
                    self.env._("Choose the level of the accounts this is for.")
                )
            if plan.target == "segment" and not plan.segment:
                raise ValidationError(
                    self.env._("Choose the segment of the accounts this is for.")
                )
            if plan.target == "chosen" and not plan.account_ids:
                raise ValidationError(
                    self.env._("Choose at least one account this is for.")
                )

    def action_done(self):
        """Log a touch with each account not reached yet, and plan the next time."""
        self.check_access("write")
        for plan in self:
            accounts = plan._get_accounts(reached=False)
            if not accounts and not plan.reached_count:
                raise UserError(
                    self.env._(
                        "%(plan)s is for no account that you see. Change whom it is for.",
                        plan=plan.name,
                    )
                )
            plan._log_touches(accounts)
            plan.last_date = fields.Date.today()

    def _log_touches(self, accounts):
        """Log this communication as done with the given accounts, now.

        :param accounts: those the user sees, as many as there are
        """
        self.ensure_one()
        Touch = self.env["kam.touch"]
        Touch.check_access("create")
        if not accounts:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH logged AS (
                    INSERT INTO kam_touch
                           (active, account_id, company_id, user_id, communication_id, date,
                            channel, direction, summary, create_uid, create_date,
                            write_uid, write_date)
                    SELECT TRUE, a.id, a.company_id, %(user)s, %(plan)s, %(now)s,
                           %(channel)s, 'out', %(summary)s, %(user)s, %(now)s,
                           %(user)s, %(now)s
                      FROM kam_account a WHERE a.id IN %(accounts)s
                    RETURNING account_id
                )
                INSERT INTO kam_account_event (company_id, partner_id)
                SELECT a.company_id, a.partner_id
                  FROM logged JOIN kam_account a ON a.id = logged.account_id
                """,
                user=self.env.uid,
                plan=self.id,
                now=fields.Datetime.now(),
                channel=self.channel,
                summary=self.name,
                accounts=tuple(accounts.ids),
            )
        )
        Touch.invalidate_model()
        accounts.invalidate_recordset()
        self.invalidate_recordset()

    def action_view_missing(self):
        """Open the accounts that have not heard this since it was last due."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_account_action"
        )
        accounts = self._get_accounts(reached=False)
        action.update(
            context={},
            display_name=self.env._("Not Reached: %(plan)s", plan=self.name),
            domain=[("id", "in", accounts.ids)],
            views=[(False, "list"), (False, "form")],
        )
        return action

    def action_view_touches(self):
        """Open the touches this communication left behind."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_touch_action"
        )
        action.update(
            context={
                "default_communication_id": self.id,
                "default_channel": self.channel,
            },
            domain=[("communication_id", "=", self.id)],
        )
        return action
