from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..common.clock import today
from ..common.jobs import do_each
from ..common.kam_merge import is_merging
from .cycle import USUAL_DAYS, find_usual, propose_day

# Deals of so many years tell how long they take.
YEARS = 3
# So many deals are given a day at once.
BATCH = 1000
USER_GROUP = "kam_management.group_kam_user"


class CrmLead(models.Model):
    """When a deal is decided, by whom, and how sure that is.

    The day is Odoo's (``date_deadline``). Where nobody gave one, the app proposes a day
    beside it, from how long such deals have taken: colleagues see nothing of that.
    """

    _inherit = "crm.lead"

    kam_date_basis = fields.Selection(
        [
            ("guess", "Our Guess"),
            ("said", "Said by the Customer"),
            ("fixed", "Fixed in Their Process"),
        ],
        "Closing Date Based On",
        copy=False,
        groups=USER_GROUP,
        help="How sure the decision date is. In forecasts a guess counts for three"
        " quarters, a day proposed by the app for half.",
    )
    kam_decision_stakeholder_id = fields.Many2one(
        "kam.stakeholder",
        "Closing Depends On",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('account_id', '=', kam_account_id)]",
        groups=USER_GROUP,
        help="The stakeholder on whom the date depends.",
    )
    kam_proposed_date = fields.Date(
        "Proposed Closing",
        readonly=True,
        copy=False,
        groups=USER_GROUP,
        help="As long after the deal came up as deals of its kind usually take.",
    )

    @api.constrains("kam_decision_stakeholder_id")
    def _check_kam_decision_stakeholder(self):
        """Keep to people of the customer whose deal it is."""
        if is_merging(self.env):
            return
        # sudo: whose people they are, whoever works on the lead
        for lead in self.sudo():
            person = lead.kam_decision_stakeholder_id
            if person and person.account_id != lead.kam_account_id:
                raise ValidationError(
                    self.env._(
                        "Closing depends on: choose a stakeholder of the lead's own customer."
                    )
                )

    def action_kam_accept_date(self):
        """Take the day that is proposed, as our guess.

        :raise UserError: where there is none
        """
        for lead in self:
            lead.check_access("write")
            if not lead.kam_proposed_date:
                raise UserError(
                    self.env._(
                        "No decision date is proposed for “%(deal)s” yet: enter one.",
                        deal=lead.name,
                    )
                )
            lead.write(
                {"date_deadline": lead.kam_proposed_date, "kam_date_basis": "guess"}
            )

    @api.model
    def _cron_propose_dates(self):
        """Propose a decision date for each open opportunity without one."""
        leads = self.search(self._get_kam_undated_domain(), order="id")
        usual = self._get_kam_usual_days()
        batches = [leads.ids[at : at + BATCH] for at in range(0, len(leads), BATCH)]
        do_each(
            self.env,
            batches,
            lambda ids: self.browse(ids).exists()._propose_kam_dates(usual),
            "No decision dates were proposed for the deals %s",
        )

    @api.model
    def _get_kam_undated_domain(self):
        """Return the domain of the open opportunities of which no day is known."""
        return Domain(
            [
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
                ("date_deadline", "=", False),
                ("kam_proposed_date", "=", False),
            ]
        )

    @api.model
    def _get_kam_usual_days(self):
        """Return {(company id, sales type): days that deals take}.

        With None as the sales type: of all deals of the company.
        """
        since = fields.Date.subtract(today(), years=YEARS)
        groups = self._read_group(
            Domain("won_status", "=", "won") & Domain("date_closed", ">=", str(since)),
            ["company_id", "kam_sales_type"],
            ["day_close:array_agg"],
        )
        days = {}
        for company, sales_type, values in groups:
            values = [value for value in values if value is not None]
            for kind in {sales_type or None, None}:
                days.setdefault((company.id, kind), []).extend(values)
        return {key: find_usual(values) for key, values in days.items()}

    def _propose_kam_dates(self, usual):
        """Give these deals a proposed day.

        :param dict usual: see ``_get_kam_usual_days``
        """
        now, days = today(), {}
        for lead in self:
            company = lead.company_id.id
            taken = (
                usual.get((company, lead.kam_sales_type or None))
                or usual.get((company, None))
                or USUAL_DAYS
            )
            day = propose_day(lead.create_date.date(), taken, now)
            days.setdefault(day, []).append(lead.id)
        for day, ids in days.items():
            self.browse(ids).kam_proposed_date = day

    @api.model
    def _get_kam_overdue_domain(self, day):
        """Return the domain of the open deals that were to be decided before a day."""
        before = Domain("date_deadline", "<", str(day))
        before |= Domain("date_deadline", "=", False) & Domain(
            "kam_proposed_date", "<", str(day)
        )
        return (
            Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
            & before
        )

    def _kam_drop_strangers(self):
        """Take out who decides at the customer the lead was of before."""
        result = super()._kam_drop_strangers()
        for lead in self.filtered("kam_decision_stakeholder_id"):
            if lead.kam_decision_stakeholder_id.account_id != lead.kam_account_id:
                lead.kam_decision_stakeholder_id = False
        return result

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: who decides, whoever may see them
        self.sudo()._kam_drop_strangers()
        return result
