from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..common import clock


class KamCommunication(models.Model):
    """Which accounts a planned communication is for, and which of them it reached."""

    _inherit = "kam.communication"

    touch_ids = fields.One2many("kam.touch", "communication_id", string="Touches")
    account_count = fields.Integer(
        "Planned",
        compute="_compute_counts",
        help="Accounts in the target group, without those that asked not to be"
        " contacted.",
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
            plan.id: (planned, reached)
            for plan, planned, reached in self._read_reach(
                ["communication_id"], ["__count", "reached:sum"]
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
                        "%(plan)s has no account that you can see in its target group."
                        " Change the target group.",
                        plan=plan.name,
                    )
                )
            plan._log_touches(accounts)
            plan.last_date = clock.today()

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

    def _get_accounts(self, reached=None):
        """Return the accounts this plan is for, as far as the user sees them.

        :param bool reached: only those reached, or not reached, since it was last due
        """
        self.ensure_one()
        domain = (
            Domain.TRUE if reached is None else Domain("reached", "=", int(reached))
        )
        [[accounts]] = self._read_reach([], ["account_id:recordset"], domain)
        return accounts.sudo(False)

    def _read_reach(self, by, aggregates, domain=Domain.TRUE):
        """Group the rows of ``kam.communication.reach`` of these plans.

        Of the accounts that the user sees.
        """
        seen = self.env["kam.account"]._search([])
        # sudo: nobody reads these rows but here, of accounts the user may see
        return (
            self.env["kam.communication.reach"]
            .sudo()
            ._read_group(
                Domain("communication_id", "in", self.ids)
                & Domain("account_id", "in", seen)
                & domain,
                by,
                aggregates,
            )
        )

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
        Touch._capture_candidates(
            SQL(
                """
                SELECT a.company_id, a.partner_id, a.id AS account_id,
                       NULL::int AS lead_id, NULL::int AS contact_id,
                       %(user)s AS user_id, %(now)s::timestamp AS date,
                       NULL::float AS duration, k.channel, 'out' AS direction,
                       k.name AS summary, NULL::int AS message_id,
                       NULL::int AS event_id, NULL::int AS activity_id,
                       k.id AS communication_id
                  FROM kam_communication k CROSS JOIN kam_account a
                 WHERE k.id = %(plan)s AND a.id IN %(accounts)s
                """,
                user=self.env.uid,
                now=fields.Datetime.now(),
                plan=self.id,
                accounts=tuple(accounts.ids),
            )
        )
        accounts.invalidate_recordset()
        self.invalidate_recordset()


class KamCommunicationReach(models.Model):
    """Who a planned communication is for, and who has heard it: a row per account.

    Who asked not to be contacted is meant by no plan. Reached is who had a touch of the
    communication itself, or one of its channel and no other's, since it was last due.
    """

    _name = "kam.communication.reach"
    _description = "Reach of a Planned Communication"
    _auto = False
    _depends = {
        "kam.account": [
            "company_id",
            "do_not_contact",
            "is_key_account",
            "level",
            "segment",
        ],
        "kam.communication": [
            "account_ids",
            "channel",
            "company_id",
            "level",
            "segment",
            "target",
        ],
        "kam.touch": [
            "account_id",
            "active",
            "channel",
            "communication_id",
            "company_id",
            "date",
            "direction",
        ],
    }

    communication_id = fields.Many2one("kam.communication", readonly=True)
    account_id = fields.Many2one("kam.account", readonly=True)
    reached = fields.Integer(readonly=True, help="1 or 0.")

    @property
    def _table_query(self):
        # sudo: when each plan was last due is worked out in Python
        Plan = self.env["kam.communication"].sudo().with_context(active_test=False)
        plans = Plan.search_fetch([], ["start_date", "repeat_unit", "repeat_every"])
        return SQL(
            """
            WITH period AS NOT MATERIALIZED (
                SELECT * FROM unnest(%(plans)s::int[], %(starts)s::date[])
                           period (id, start)
            )
            SELECT (k.id::bigint << 32) + a.id AS id, k.id AS communication_id,
                   a.id AS account_id, (touched.plan_id IS NOT NULL)::int AS reached
              FROM period
              JOIN kam_communication k ON k.id = period.id
              JOIN kam_account a
                ON a.company_id = k.company_id AND a.do_not_contact IS NOT TRUE
               AND CASE k.target WHEN 'key' THEN a.is_key_account
                                 WHEN 'level' THEN a.level = k.level
                                 WHEN 'segment' THEN a.segment = k.segment
                                 WHEN 'all' THEN TRUE
                                 ELSE EXISTS (
                        SELECT FROM kam_account_kam_communication_rel chosen
                         WHERE chosen.kam_communication_id = k.id
                           AND chosen.kam_account_id = a.id) END
              LEFT JOIN (%(touched)s) touched
                ON touched.plan_id = k.id AND touched.account_id = a.id
            """,
            plans=plans.ids,
            starts=[plan._get_period_start() for plan in plans],
            touched=self._get_touched_sql(),
        )

    def _get_touched_sql(self):
        """Return the SQL of (plan_id, account_id) that were reached in ``period``."""
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
