from collections import Counter, defaultdict
from itertools import product

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common import clock
from ..evidence.customers import get_teams


class KamTeamTerm(models.Model):
    """From when to when somebody belonged to a sales team: in which their figures count.

    Nobody is in a team twice on a day; in several teams where Odoo allows it. A term
    without end is that of a present member.
    """

    _name = "kam.team.term"
    _description = "Sales Team Membership"
    _inherit = ["kam.guard", "kam.term.mixin"]
    _subject_name, _value_name = "user_id", "team_id"

    team_id = fields.Many2one(
        "crm.team", "Sales Team", required=True, index=True, ondelete="cascade"
    )
    # found by their beginnings
    user_id = fields.Many2one(string="Salesperson", index=False)
    company_id = fields.Many2one(related="team_id.company_id", store=True)

    _open_uniq = models.UniqueIndex(
        "(user_id, team_id) WHERE date_end IS NULL",
        "A person is a member of a team only once at a time.",
    )
    _start_uniq = models.UniqueIndex(
        "(user_id, team_id, COALESCE(date_start, '-infinity'::date))",
        "Two memberships of a person in a team cannot begin on the same day.",
    )

    @api.model
    def _get_members(self, team_ids, start, end):
        """Return who belonged to which team when, within some days.

        :param team_ids: ids of ``crm.team``
        :param date start: the first day in question
        :param date end: the last one
        :return: {team id: [(user id, first day, last day)]}, in order of time
        """
        # sudo: who measures a team has been asked whether they may see it
        terms = self.sudo().search_fetch(
            Domain("team_id", "in", list(filter(None, team_ids)))
            & (Domain("date_start", "=", False) | Domain("date_start", "<=", end))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", start)),
            ["team_id", "user_id", "date_start", "date_end"],
            order="date_start asc nulls first, id",
        )
        members = defaultdict(list)
        for term in terms:
            first, last = term.date_start or start, term.date_end or end
            members[term.team_id.id].append(
                (term.user_id.id, max(first, start), min(last, end))
            )
        return dict(members)

    @api.model
    def _get_shares(self, team_ids, periods):
        """Return for how much of some periods who belonged to which team.

        :param team_ids: ids of ``crm.team``
        :param periods: pairs of the first and the last day
        :return: {(team id, period): {user id: share of its days}}
        """
        if not periods:
            return {}
        starts, ends = zip(*periods, strict=True)
        members = self._get_members(team_ids, min(starts), max(ends))
        shares = {}
        for team, (start, end) in product(members, periods):
            days = Counter()
            for user, first, last in members[team]:
                days[user] += max((min(last, end) - max(first, start)).days + 1, 0)
            shares[team, (start, end)] = {
                user: count / ((end - start).days + 1)
                for user, count in days.items()
                if count
            }
        return shares

    @api.model
    def _refresh_terms(self, users=None, since_ever=False):
        """Write what has changed about who belongs to which team.

        :param users: ``res.users`` records; None for all
        :param bool since_ever: the first team of somebody is theirs since ever; else only
            that of somebody who is new here
        """
        self.env["crm.team.member"].flush_model()
        if users is None:
            member, scope = SQL("TRUE"), SQL("TRUE")
        else:
            ids = tuple(users.ids) or (0,)
            member, scope = SQL("m.user_id IN %s", ids), SQL("t.user_id IN %s", ids)
        current = SQL(
            """
            SELECT DISTINCT m.user_id, m.crm_team_id AS team_id, team.company_id,
                   u.create_date >= %s AS is_new
              FROM crm_team_member m
              JOIN crm_team team ON team.id = m.crm_team_id
              JOIN res_users u ON u.id = m.user_id
             WHERE m.active AND %s
            """,
            clock.today(),
            member,
        )
        self._follow(current, scope, since_ever)

    @api.model
    def _get_subject_fields(self):
        # sudo: a setting of Odoo's
        settings = self.env["ir.config_parameter"].sudo()
        if settings.get_param("sales_team.membership_multi"):
            return ("user_id", "team_id")
        return super()._get_subject_fields()

    def _is_current(self):
        self.ensure_one()
        # sudo: memberships are Odoo's, and not open to everybody who sees terms
        members = self.team_id.sudo().with_context(active_test=True)
        return not self.date_end and self.user_id in members.crm_team_member_ids.user_id

    def _get_current_error(self):
        return self.env._(
            "%(user)s is a member of %(team)s today. Change the sales team, and the"
            " membership ends by itself.",
            user=self.user_id.name,
            team=self.team_id.name,
        )

    def _get_not_current_error(self):
        return self.env._(
            "%(user)s is not a member of %(team)s today. Give the membership a last"
            " day, or change the sales team.",
            user=self.user_id.name,
            team=self.team_id.name,
        )

    # Found in the documents

    @api.model
    def _get_sold_sql(self):
        """Return the SQL of who sold as a member of which team: see ``smoothing``."""
        return SQL(
            """
            SELECT sale.user_id AS subject_id, team.id AS value_id, sale.date, sale.amount
              FROM (%s) sale
              JOIN (%s) document
                ON document.res_model = sale.res_model AND document.res_id = sale.res_id
              JOIN crm_team team ON team.id = document.team_id
            """,
            self._get_sales_sql(),
            get_teams(),
        )

    @api.model
    def _get_undated_sql(self):
        """Return the SQL of (subject_id, value_id): people whose past is not known.

        Those who are in one team at most, since ever as far as is known.
        """
        return SQL(
            """
            SELECT u.id AS subject_id, min(m.crm_team_id) AS value_id
              FROM res_users u
              LEFT JOIN crm_team_member m ON m.user_id = u.id AND m.active
             WHERE NOT EXISTS (
                SELECT FROM kam_team_term t
                 WHERE t.user_id = u.id
                   AND (t.date_start IS NOT NULL OR t.date_end IS NOT NULL))
             GROUP BY u.id
            HAVING count(DISTINCT m.crm_team_id) <= 1
            """
        )

    @api.model
    def _derive(self):
        """Read out of the documents who belonged to which team in the past.

        Only where no more is known than who is a member today; see ``smoothing``.
        """
        self._refresh_terms(since_ever=True)
        self._write_derived()


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env["kam.team.term"]._refresh_terms(members.user_id)
        return members

    def write(self, vals):
        if {"active", "user_id", "crm_team_id"}.isdisjoint(vals):
            return super().write(vals)
        before = self.user_id
        result = super().write(vals)
        self.env["kam.team.term"]._refresh_terms(before | self.user_id)
        return result

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self.env["kam.team.term"]._refresh_terms(users)
        return result
