from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..account.crm_lead import CLOSING_FIELDS
from ..common.clock import today
from ..common.jobs import do_each

# What was to be relevant so many days ago is still opened: a job may have rested.
FRESH_DAYS = 30
# A deal and the one that follows it know each other.
LINKS = (
    ("kam_next_lead_id", "kam_previous_lead_id"),
    ("kam_previous_lead_id", "kam_next_lead_id"),
)


class CrmLead(models.Model):
    """A deal that comes again: when the next one is due, a new opportunity is opened.

    The day is typed, or follows from how long what was sold lasts
    (``product.template.kam_lifetime_months``). Deals that were lost come again as well:
    whoever bought elsewhere buys anew one day.
    """

    _inherit = "crm.lead"

    kam_relevance_date = fields.Date(
        "Next Relevance",
        index="btree_not_null",
        copy=False,
        tracking=True,
        groups="kam_management.group_kam_user",
        help="When the customer decides on this need again, as a contract ends or a product"
        " has to be replaced. An opportunity is opened in time.",
    )
    kam_proposed_relevance_date = fields.Date(
        "Next Relevance by Orders",
        readonly=True,
        copy=False,
        groups="kam_management.group_kam_user",
        help="What was proposed by what was sold, until the order is cancelled.",
    )
    kam_next_lead_id = fields.Many2one(
        "crm.lead",
        "Next Opportunity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="kam_management.group_kam_user",
    )
    kam_previous_lead_id = fields.Many2one(
        "crm.lead",
        "Previous Deal",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="kam_management.group_kam_user",
    )

    kam_reopened_date = fields.Date(
        "Reopened On",
        readonly=True,
        copy=False,
        groups="kam_management.group_kam_user",
        help="A deal comes again once, whatever becomes of its next opportunity.",
    )

    def write(self, vals):
        others = self.browse()
        if not CLOSING_FIELDS.isdisjoint(vals):
            others = self.filtered(lambda lead: lead.won_status != "won")
        result = super().write(vals)
        won = others.filtered(lambda lead: lead.won_status == "won")
        # sudo: follows from what was sold, whoever wins the deal
        won.sudo()._propose_kam_relevance()
        return result

    @api.model
    def _cron_reopen(self):
        """Open an opportunity for each closed deal that becomes relevant again, once."""
        leads = self.with_context(active_test=False).search(
            self._get_kam_relevant_domain(), order="kam_relevance_date, id"
        )
        do_each(
            self.env,
            list(leads),
            type(self)._reopen_kam_deal,
            "No next opportunity was opened for “%s”",
        )

    @api.model
    def _get_kam_relevant_domain(self):
        """Return the domain of the closed deals for which an opportunity is to be opened.

        So many days before as the company says; what would be past for longer than that
        is left alone: nobody should be flooded when a date is typed for an old deal.
        """
        day = today()
        domains = []
        Company = self.env["res.company"]
        first = Company._get_kam_first_id()
        groups = Company._read_group([], ["kam_relevance_days"], ["id:array_agg"])
        for days, ids in groups:
            near = Domain("kam_relevance_date", "<=", str(day + timedelta(days=days)))
            past = timedelta(days=max(days, FRESH_DAYS))
            near &= Domain("kam_relevance_date", ">=", str(day - past))
            owner = Domain("company_id", "in", ids)
            if first in ids:
                owner |= Domain("company_id", "=", False)
            domains.append(owner & near)
        return (
            Domain("kam_reopened_date", "=", False)
            & Domain("won_status", "in", ("won", "lost"))
            & Domain.OR(domains)
        )

    def _reopen_kam_deal(self):
        """Open the next opportunity of these deals, see ``_prepare_kam_next_lead``.

        Another job may have done so meanwhile.
        """
        for lead in self.try_lock_for_update():
            if lead.kam_reopened_date:
                continue
            following = self.create(lead._prepare_kam_next_lead())
            lead.write({"kam_next_lead_id": following.id, "kam_reopened_date": today()})
            following._message_log(
                body=self.env._(
                    "Opened in time for %(date)s, as %(deal)s becomes relevant again.",
                    date=fields.Date.to_string(lead.kam_relevance_date),
                    deal=lead.name,
                )
            )

    def _prepare_kam_next_lead(self):
        """Return the values of the opportunity that follows this deal.

        It goes to who leads the customer today, else to the salesperson of before.
        """
        self.ensure_one()
        company = self._get_kam_company()
        people = (self.kam_account_id.manager_id | self.user_id).filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return {
            "type": "opportunity",
            "name": self.name,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "user_id": people[:1].id,
            "expected_revenue": self.expected_revenue,
            "date_deadline": self.kam_relevance_date,
            "kam_previous_lead_id": self.id,
        }

    def _propose_kam_relevance(self):
        """Let a deal that is won come again when what was sold is at its end."""
        for lead in self.filtered(lambda lead: not lead.kam_relevance_date):
            orders = lead.order_ids.filtered(lambda order: order.state == "sale")
            months = [
                months
                for months in orders.order_line.product_id.mapped("kam_lifetime_months")
                if months
            ]
            if months:
                day = fields.Date.add(today(), months=min(months))
                lead.write(
                    {"kam_relevance_date": day, "kam_proposed_relevance_date": day}
                )

    def _withdraw_kam_relevance(self):
        """Take back what a cancelled order proposed; what somebody typed in stays."""
        proposed = self.filtered(
            lambda lead: (
                lead.kam_proposed_relevance_date
                and lead.kam_relevance_date == lead.kam_proposed_relevance_date
                and not lead.kam_reopened_date
            )
        )
        proposed.write(
            {"kam_relevance_date": False, "kam_proposed_relevance_date": False}
        )
        # what else was sold may last, too
        proposed.filtered(
            lambda lead: lead.won_status == "won"
        )._propose_kam_relevance()

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: whoever merges deals, the one that is left comes again
        lead, merged = self.sudo(), opportunities.sudo()
        waiting = merged.filtered(lambda one: not one.kam_reopened_date)
        days = list(filter(None, waiting.mapped("kam_relevance_date")))
        lead.kam_relevance_date = lead.kam_relevance_date or min(days, default=False)
        for name, back in LINKS:
            if lead[name] in lead | merged:
                lead[name] = False
            pointing = merged[back] - lead - merged
            pointing.filtered(lambda one, n=name: one[n] in merged)[name] = lead
        return result
