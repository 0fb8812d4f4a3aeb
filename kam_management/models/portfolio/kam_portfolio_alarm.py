from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..common import clock, formats

KINDS = [
    ("key_low", "Key accounts bring too little"),
    ("key_high", "Key accounts bring too much"),
    ("account", "Dependency on one customer"),
    ("group", "Dependency on one group"),
]
ACTIVITY_TYPE = "kam_management.mail_activity_type_portfolio_alarm"


class KamPortfolioAlarm(models.Model):
    """A share of revenue crossed its limit: one alarm, until it is back within it."""

    _name = "kam.portfolio.alarm"
    _description = "Portfolio Alarm"
    _inherit = ["mail.thread", "mail.activity.mixin", "kam.guard"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, "Alarm", required=True, readonly=True)
    account_id = fields.Many2one(
        "kam.account", "Customer", readonly=True, check_company=True, index=True
    )
    group_partner_id = fields.Many2one("res.partner", "Group", readonly=True)
    share = fields.Float("Share at Start", digits=(5, 4), readonly=True)
    share_limit = fields.Float("Limit at Start", digits=(5, 4), readonly=True)
    user_id = fields.Many2one("res.users", "Notified", readonly=True)
    date = fields.Date("Since", required=True, readonly=True)
    date_end = fields.Date("Until", readonly=True)
    known_date = fields.Date("Acknowledged On", readonly=True, copy=False)
    known_user_id = fields.Many2one(
        "res.users", "Acknowledged By", readonly=True, copy=False
    )

    _open_uniq = models.UniqueIndex(
        "(company_id, kind) WHERE date_end IS NULL", "This alarm is already active."
    )

    @api.depends("kind", "share", "share_limit", "account_id", "group_partner_id")
    def _compute_display_name(self):
        for alarm in self:
            alarm.display_name = alarm._get_summary() if alarm.kind else False

    def action_acknowledge(self):
        """Take note: it stays on, and asks nobody for anything any more.

        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        alarms = self.filtered(lambda alarm: not (alarm.known_date or alarm.date_end))
        # sudo: the button says so; it may be a colleague's activity
        alarms = alarms.sudo()
        alarms.write({"known_date": clock.today(), "known_user_id": self.env.uid})
        alarms.activity_feedback([ACTIVITY_TYPE], feedback=self.env._("Acknowledged"))

    def _check_head(self):
        self.check_access("read")
        if not self.env.user.has_group("kam_management.group_kam_manager"):
            raise AccessError(
                self.env._("Only the head of sales acknowledges an alarm.")
            )

    @api.model
    def _get_waiting_domain(self):
        """Return the domain of the alarms that wait for a head of sales."""
        return Domain("date_end", "=", False) & Domain("known_date", "=", False)

    @api.model
    def _watch(self, company_ids):
        """Raise and lift the alarms of companies, by the figures of the running month.

        An alarm is raised once per crossing: it stays on, without further activities,
        until the share is back within its limit.

        :param company_ids: ids of our companies
        """
        date = clock.today()
        # sudo: the cron watches over all companies, whoever starts it
        Month = self.env["kam.portfolio.month"].sudo()
        months = Month.search(
            [("company_id", "in", list(company_ids)), ("date", ">=", date)]
        )
        alarms = self.sudo().search(
            [("company_id", "in", months.company_id.ids), *self._get_watched_domain()]
        )
        for month in months:
            raised = alarms.filtered(lambda a, m=month: a.company_id == m.company_id)
            crossed = self._get_crossed(month)
            raised.filtered(lambda alarm, on=crossed: alarm.kind not in on)._lift()
            for kind in crossed.keys() - set(raised.mapped("kind")):
                self.sudo().create(
                    {
                        "company_id": month.company_id.id,
                        "kind": kind,
                        "date": date,
                        **crossed[kind],
                    }
                )._tell()

    @api.model
    def _get_watched_domain(self):
        """Return the domain of the alarms that are on and that ``_watch`` may lift."""
        return [("date_end", "=", False)]

    @api.model
    def _get_crossed(self, month):
        """Return {kind: values of the alarm} of the limits a month is beyond.

        Before the first key account there is no band to leave.

        :param month: a ``kam.portfolio.month``
        """
        company = month.company_id
        if not month.revenue:
            return {}
        low, high, most = (limit / 100 for limit in company._get_kam_concentration())
        keys = self.env["kam.account"].search_count(
            [("company_id", "=", company.id), ("is_key_account", "=", True)], limit=1
        )
        account, group = month.largest_account_id, month.largest_group_id
        checks = {
            "key_low": (keys and month.key_share < low, month.key_share, low),
            "key_high": (keys and month.key_share > high, month.key_share, high),
            "account": (
                month.largest_account_share > most,
                month.largest_account_share,
                most,
            ),
            "group": (
                month.largest_group_share > most,
                month.largest_group_share,
                most,
            ),
        }
        about = {
            "account": {"account_id": account.id},
            "group": {"group_partner_id": group.id},
        }
        return {
            kind: {"share": share, "share_limit": limit, **about.get(kind, {})}
            for kind, (is_beyond, share, limit) in checks.items()
            if is_beyond
        }

    def _tell(self):
        """Give the head of sales an activity: who answers for the customer, if any.

        Of a group it is asked who answers for its largest customer; the share of key
        accounts is a matter of the company's head, see ``kam.account._get_head``.
        """
        self.ensure_one()
        account = self.account_id
        if self.group_partner_id:
            account = account.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("group_partner_id", "=", self.group_partner_id.id),
                ],
                order="revenue desc, id",
                limit=1,
            )
        head = (
            account._get_head()
            if account
            else account._get_company_head(self.company_id)
        )
        if not head:
            return
        self.user_id = head
        alarm = self.with_context(lang=head.lang)
        alarm.activity_schedule(
            ACTIVITY_TYPE, user_id=head.id, summary=alarm._get_summary()
        )

    def _get_summary(self):
        """Return the alarm in one line."""
        texts = {
            "key_low": self.env._(
                "Key accounts bring %(share)s of revenue, less than %(limit)s"
            ),
            "key_high": self.env._(
                "Key accounts bring %(share)s of revenue, more than %(limit)s"
            ),
            "account": self.env._(
                "%(name)s brings %(share)s of revenue, more than %(limit)s"
            ),
            "group": self.env._(
                "The group %(name)s brings %(share)s of revenue, more than %(limit)s"
            ),
        }
        return texts[self.kind] % {
            "name": (self.account_id or self.group_partner_id).display_name,
            "share": formats.percent(self.env, 100 * self.share, 1),
            "limit": formats.percent(self.env, 100 * self.share_limit, None),
        }

    def _lift(self):
        """End these alarms: the shares are back within their limits."""
        self.write({"date_end": clock.today()})
        self.activity_unlink([ACTIVITY_TYPE])
