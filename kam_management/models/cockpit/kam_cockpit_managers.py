from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common.sense import makes_sense


class KamCockpit(models.AbstractModel):
    """My managers: who reaches his quota, who needs help, what is to be decided.

    Everything is of the current company, whose calendar and currency the figures are in.
    """

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_managers_quotas(self, period="month", previous=False, team_id=False):
        """Return the quotas of the managers in a period.

        :param str period: month, quarter or year
        :param bool previous: the period before this one
        :param int team_id: a sales team: only its members
        :return: ``{date_start, date_end, currency_id, teams: [{id, name}], managers:
            [{id, name}], quotas}``, see ``_prepare_quotas``
        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        start, end, day = self._get_period(period, previous)
        company = self.env.company
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("scope", "=", "manager") & Domain("period", "=", period)
        domain &= Domain("state", "in", ["running", "closed"])
        domain &= Domain("date_start", "<=", str(day))
        domain &= Domain("date_end", ">=", str(day))
        if team_id:
            domain &= Domain("user_id", "in", self._get_members(team_id, start, end))
        quotas = self._prepare_quotas(domain)
        users = self.env["res.users"].browse({quota["user_id"] for quota in quotas})
        return {
            "date_start": str(start),
            "date_end": str(end),
            "currency_id": company.currency_id.id,
            "teams": self._get_teams(),
            "managers": self._prepare_users(users),
            "quotas": quotas,
        }

    @api.model
    @api.readonly
    def get_managers_cards(self, team_id=False, period="month", previous=False):
        """Return the cards of what waits for the head of sales.

        :param int team_id: a sales team: only what is about its members
        :param str period: those who were its members in it; month, quarter or year
        :param bool previous: in the period before this one
        :return: ``{"cards": [...]}``
        :raise AccessError: when the user is no head of sales
        """
        self._check_head()
        members = self._find_members(team_id, period, previous)
        return {
            "cards": [
                self._prepare_decisions_card(members),
                self._prepare_approvals_card(members),
                self._prepare_complaints_card(members),
                self._prepare_reactivations_card(members),
            ]
        }

    @api.model
    def _prepare_decisions_card(self, members):
        """Return the card of the decisions to take.

        :param members: ids of users: only what is about them; None: all
        """
        today = self._get_today()
        matter = self._get_matters()["kam.quota.decision"]

        def row(decision):
            return {
                "title": decision.quota_id.name or decision.display_name,
                "note": self._tell_deviation(decision),
                **self._prepare_since(decision.date, decision.date < today),
            }

        domain = matter.domain
        if members is not None:
            domain &= Domain("quota_id.user_id", "in", members)
        return self._prepare_card(
            "decisions",
            matter.title,
            "fa-gavel",
            "kam.quota.decision",
            domain,
            [("date", "<", str(today))],
            matter.order,
            row=row,
            empty={"text": self.env._("No deviations to decide.")},
        )

    @api.model
    def _prepare_approvals_card(self, members):
        """Return the card of the plans that wait for approval.

        :param members: ids of users: only their plans; None: all
        """
        today = self._get_today()
        matter = self._get_matters()["kam.plan"]

        def row(plan):
            return {
                "title": plan.name,
                "note": plan.user_id.name or "",
                **self._prepare_since(plan.submit_date, plan.submit_date < today),
            }

        domain = matter.domain
        if members is not None:
            domain &= Domain("user_id", "in", members)
        return self._prepare_card(
            "approvals",
            matter.title,
            "fa-check-square-o",
            "kam.plan",
            domain,
            [("submit_date", "<", str(today))],
            matter.order,
            row=row,
            empty={"text": self.env._("No plans to approve.")},
        )

    @api.model
    def _get_teams(self):
        """Return the sales teams to choose from, as [{id, name}]."""
        teams = self.env["crm.team"].search_fetch(
            [("company_id", "in", [False, self.env.company.id])], ["name"]
        )
        return [{"id": team.id, "name": team.name} for team in teams]

    @api.model
    def _find_members(self, team_id, period, previous):
        """Return the ids of the members a sales team had in a period; None: of all.

        :param str period: month, quarter or year
        :param bool previous: the one before this
        """
        if not team_id:
            return None
        start, end, _day = self._get_period(period, previous)
        return self._get_members(team_id, start, end)

    @api.model
    def _get_members(self, team_id, start, end):
        """Return the ids of those who were in a sales team within some days.

        :raise UserError: when that is no sales team
        """
        if not (makes_sense("many2one", team_id) and makes_sense("integer", team_id)):
            raise UserError(
                self.env._("There is no such sales team. Choose one of the list.")
            )
        members = self.env["kam.team.term"]._get_members([team_id], start, end)
        return list({user for user, *_days in members.get(team_id, ())})

    @api.model
    def _prepare_users(self, users):
        return [{"id": user.id, "name": user.name} for user in users]
