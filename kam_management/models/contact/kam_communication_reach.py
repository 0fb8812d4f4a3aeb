from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class KamCommunication(models.Model):
    """Which accounts a planned communication is for, and which of them it reached."""

    _inherit = "kam.communication"

    touch_ids = fields.One2many("kam.touch", "communication_id", string="Touches")
    account_count = fields.Integer(
        "Planned",
        compute="_compute_counts",
        help="Accounts this is for, without those that asked not to be contacted.",
    )
    reached_count = fields.Integer(
        "Reached",
        compute="_compute_counts",
        help="Accounts with a touch of this communication, or of its channel, since it was"
        " last due.",
    )
    progress = fields.Float(compute="_compute_counts")

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

    def _query_accounts(self, select, end):
        """Return rows of (plan id, *select) over the accounts these plans are for.

        :param SQL select: expressions of ``a`` (the account) and ``reached``
        :param SQL end: what follows the conditions
        """
        plans = self._origin.filtered("id")
        if not plans:
            return []
        self.env["kam.touch"].flush_model()
        self.env["kam.account"].flush_model()
        plans.flush_recordset()
        starts = SQL(", ").join(
            SQL("(%s, %s::date)", plan.id, plan._get_period_start()) for plan in plans
        )
        return self.env.execute_query(
            SQL(
                """
                WITH period (id, start) AS (VALUES %(starts)s)
                SELECT k.id, %(select)s
                  FROM period
                  JOIN kam_communication k ON k.id = period.id
                  JOIN kam_account a ON a.company_id = k.company_id AND %(meant)s
                  LEFT JOIN (%(touched)s) touched
                    ON touched.plan_id = k.id AND touched.account_id = a.id
                 CROSS JOIN LATERAL (
                    SELECT touched.plan_id IS NOT NULL AS reached
                  ) turn
                %(end)s
                """,
                starts=starts,
                select=select,
                meant=self._get_meant_sql(),
                touched=self._get_touched_sql(),
                end=end,
            )
        )

    def _get_meant_sql(self):
        """Return the SQL condition that the user sees account ``a`` and plan ``k`` is
        for it.

        Who asked not to be contacted is meant by no plan.
        """
        return SQL(
            """
            a.id IN (%s) AND a.do_not_contact IS NOT TRUE
            AND CASE k.target WHEN 'key' THEN a.is_key_account
                              WHEN 'level' THEN a.level = k.level
                              WHEN 'segment' THEN a.segment = k.segment
                              WHEN 'all' THEN TRUE
                              ELSE EXISTS (
                     SELECT FROM kam_account_kam_communication_rel chosen
                      WHERE chosen.kam_communication_id = k.id
                        AND chosen.kam_account_id = a.id) END
            """,
            self.env["kam.account"]._search([]).select(),
        )

    def _get_touched_sql(self):
        """Return the SQL of (plan_id, account_id) that were reached in ``period``.

        By a touch of the communication itself, or one of its channel and no other's.
        """
        return SQL(
            """
            SELECT period.id AS plan_id, t.account_id
              FROM period
              JOIN kam_touch t ON t.communication_id = period.id
             WHERE t.active AND t.direction = 'out' AND t.date >= period.start
             UNION
            SELECT k.id, t.account_id
              FROM period
              JOIN kam_communication k ON k.id = period.id
              JOIN kam_touch t ON t.channel = k.channel AND t.company_id = k.company_id
             WHERE t.active AND t.direction = 'out' AND t.date >= period.start
               AND t.communication_id IS NULL
            """
        )

    def _get_accounts(self, reached=None):
        """Return the accounts this plan is for, as far as the user sees them.

        :param bool reached: only those reached, or not reached, since it was last due
        """
        self.ensure_one()
        where = {None: SQL("TRUE"), True: SQL("reached"), False: SQL("NOT reached")}
        rows = self._query_accounts(SQL("a.id"), SQL("WHERE %s", where[reached]))
        return self.env["kam.account"].browse(account for _plan, account in rows)

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
