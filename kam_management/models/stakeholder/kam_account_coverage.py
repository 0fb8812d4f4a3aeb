from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..common import formats

# The roles somebody must play whom we know and have met lately.
COVERED_ROLES = ("decides", "sponsor", "uses")
ACCOUNT, NONE = SQL("d.account_id"), SQL()


class KamAccount(models.Model):
    """Coverage: are the people known, and met lately, without whom nothing is decided?

    Looked up when asked for, so that nothing is stored on the way of an order or mail.
    """

    _inherit = "kam.account"

    coverage_gap_count = fields.Integer(
        "Coverage Gaps",
        compute="_compute_coverage",
        help="Of the decision maker, the sponsor and the user-side contact: those not"
        " known or not met lately, and stakeholders who departed without a successor.",
    )
    has_coverage_gap = fields.Boolean(
        compute="_compute_coverage", search="_search_has_coverage_gap"
    )
    coverage_checklist = fields.Html(compute="_compute_coverage", sanitize=False)

    @api.depends(
        "stakeholder_ids.role_ids",
        "stakeholder_ids.attitude",
        "stakeholder_ids.partner_id",
        "stakeholder_ids.active",
        "stakeholder_ids.successor_id",
        "touch_ids.partner_ids",
        "touch_ids.outcome",
        "touch_ids.date",
        "company_id.kam_coverage_days",
    )
    def _compute_coverage(self):
        coverage = self._get_coverage()
        for account in self:
            row = coverage[account._origin.id]
            gaps = len(COVERED_ROLES) - len(row["met"]) + row["gone"]
            account.coverage_gap_count = gaps
            account.has_coverage_gap = bool(gaps)
            account.coverage_checklist = account._format_coverage(**row)

    def _search_has_coverage_gap(self, operator, value):
        if operator != "in":
            return NotImplemented
        covered = SQL(
            "(SELECT account_id FROM (%s) coverage WHERE cardinality(met) = %s AND gone = 0)",
            self._get_coverage_sql(SQL("IS NOT NULL")),
            len(COVERED_ROLES),
        )
        return [("id", "not in" if True in value else "in", covered)]

    def _filter_coverage_gaps(self):
        """Return those of these accounts with gaps in their coverage, in one query.

        Faster than to read ``has_coverage_gap``, which words the checklist too.
        """
        coverage = self._get_coverage()
        return self.filtered(
            lambda account: (
                coverage[account.id]["gone"]
                or len(coverage[account.id]["met"]) < len(COVERED_ROLES)
            )
        )

    def _get_coverage(self):
        """Return {account id: {known, met, gone}}; see ``_get_coverage_sql``.

        By the relation that the health of all accounts is worked out with.
        """
        coverage = defaultdict(lambda: {"known": [], "met": [], "gone": 0})
        if self.ids:
            query = SQL(
                "SELECT account_id, known, met, gone FROM (%s) coverage",
                self._get_coverage_sql(SQL("IN %s", tuple(self.ids))),
            )
            for row in self.env.execute_query_dict(query):
                coverage[row.pop("account_id")] = row
        return coverage

    def _get_coverage_sql(self, in_scope, owner=ACCOUNT, team=NONE):
        """Return SQL of (account_id, known, met, gone, is_tried) of accounts with dossiers.

        ``known`` and ``met`` are arrays of the covered roles' codes, ``gone`` counts
        who left without a successor. Met is who was touched within the company's days.
        ``is_tried``: somebody in a covered role was ever met, or left without a successor;
        before, what is written down of people says nothing of how well they are covered.

        :param SQL in_scope: what follows an account's id where the account counts;
            asked in each part, so that one account's form reads one account's touches
        :param SQL owner: the column that says whose people are looked at together
        :param SQL team: join of the dossiers ``d`` with the teams they are looked at in
        """
        for model, names in (
            ("kam.stakeholder", None),
            ("kam.stakeholder.role", ["code"]),
            ("kam.touch", ["account_id", "partner_ids", "outcome", "date", "active"]),
            ("res.company", ["kam_coverage_days"]),
        ):
            self.env[model].flush_model(names)
        return SQL(
            """
            WITH player AS (%(players)s),
            met AS (%(met)s),
            lonely AS (SELECT id FROM kam_stakeholder
                        WHERE left_date IS NOT NULL AND successor_id IS NULL)
            SELECT %(owner)s,
                   COALESCE(array_agg(DISTINCT p.code) FILTER (
                       WHERE d.active AND p.code IS NOT NULL), '{}') AS known,
                   COALESCE(array_agg(DISTINCT p.code) FILTER (
                       WHERE d.active AND p.code IS NOT NULL AND m.is_lately), '{}')
                       AS met,
                   COUNT(DISTINCT d.id) FILTER (
                       WHERE l.id IS NOT NULL AND EXISTS (
                           SELECT FROM kam_stakeholder_role_rel rel
                            WHERE rel.stakeholder_id = d.id)) AS gone,
                   bool_or(p.code IS NOT NULL AND (m.id IS NOT NULL OR l.id IS NOT NULL))
                       AS is_tried
              FROM kam_stakeholder d %(team)s
              LEFT JOIN player p ON p.id = d.id
              LEFT JOIN met m ON m.id = d.id
              LEFT JOIN lonely l ON l.id = d.id
             WHERE d.account_id %(in_scope)s
             GROUP BY %(owner)s
            """,
            owner=owner,
            team=team,
            in_scope=in_scope,
            players=self._get_players_sql(in_scope),
            met=self._get_met_sql(in_scope),
        )

    def _get_players_sql(self, in_scope):
        """Return SQL of (id, code): which dossiers play which of the covered roles.

        A sponsor is one by attitude too.
        """
        return SQL(
            """
            SELECT d.id, r.code
              FROM kam_stakeholder d
              JOIN kam_stakeholder_role_rel rel ON rel.stakeholder_id = d.id
              JOIN kam_stakeholder_role r ON r.id = rel.role_id
             WHERE r.code IN %(roles)s AND d.account_id %(in_scope)s
             UNION
            SELECT id, 'sponsor' FROM kam_stakeholder
             WHERE attitude = 'sponsor' AND account_id %(in_scope)s
            """,
            in_scope=in_scope,
            roles=COVERED_ROLES,
        )

    def _get_met_sql(self, in_scope):
        """Return SQL of (id, is_lately): which players were ever met, and if it counts."""
        return SQL(
            """
            SELECT d.id, max(t.date) >= %(now)s - make_interval(
                       days => min(c.kam_coverage_days)) AS is_lately
              FROM kam_stakeholder d
              JOIN kam_account a ON a.id = d.account_id
              JOIN res_company c ON c.id = a.company_id
              JOIN kam_touch_partner_rel rel ON rel.partner_id = d.partner_id
              JOIN kam_touch t ON t.id = rel.touch_id AND t.account_id = d.account_id
             WHERE d.account_id %(in_scope)s AND d.id IN (SELECT id FROM player)
               AND t.active AND t.outcome IS DISTINCT FROM 'not_reached'
             GROUP BY d.id
            """,
            in_scope=in_scope,
            now=fields.Datetime.now(),
        )

    def _tell_coverage(self, met):
        """Return how many of the covered roles were met, and within which time."""
        words = self.env._(
            "%(met)s of %(all)s roles met", met=len(met), all=len(COVERED_ROLES)
        )
        # sudo: the days are those of the company the account is of
        limit = self.sudo().company_id.kam_coverage_days
        days = formats.duration(self.env, limit)
        return words, self.env._("in the last %(days)s", days=days)

    @api.model
    def _get_covered_role_names(self):
        """Return {code: what somebody with this role is called here}."""
        return {
            "decides": self.env._("Decision maker"),
            "sponsor": self.env._("Sponsor"),
            "uses": self.env._("User"),
        }

    def _format_coverage(self, known, met, gone):
        """Return the checklist of one account as HTML.

        :param known: codes of the roles somebody plays
        :param met: codes of those roles whose player was met lately
        :param int gone: people who left without a successor
        """
        names = self._get_covered_role_names()
        lines = []
        for code in COVERED_ROLES:
            if code in met:
                state, text = "ok", self.env._("known and met")
            elif code in known:
                state = "late"
                days = formats.duration(self.env, self.company_id.kam_coverage_days)
                text = self.env._("not met in %(days)s: call them", days=days)
            else:
                state, text = "gap", self.env._("not known: find out who it is")
            lines.append((state, names[code], text))
        if gone:
            text = self.env._("%(count)s departed, no successor", count=gone)
            lines.append(("gap", self.env._("Missing successors"), text))
        icons = {
            "ok": "fa-check-circle text-success",
            "late": "fa-clock-o text-warning",
            "gap": "fa-exclamation-circle text-danger",
        }
        return Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(
            Markup('<li><i class="fa fa-fw %s me-1"></i><b>%s</b>: %s</li>')
            % (icons[state], name, text)
            for state, name, text in lines
        )
