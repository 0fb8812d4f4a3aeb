from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..stakeholder.kam_account_coverage import COVERED_ROLES


class CrmLead(models.Model):
    """Coverage of a deal: are those known and met who decide on it?

    As of the account, but of the people of this deal alone.
    """

    _inherit = "crm.lead"

    kam_coverage_gap_count = fields.Integer(
        "Coverage Gaps",
        compute="_compute_kam_coverage",
        groups="kam_management.group_kam_user",
        help="Of the decision maker, the sponsor and the user-side contact of this deal:"
        " those not known or not met lately, and those who departed without a successor.",
    )
    kam_coverage_checklist = fields.Html(
        "Coverage",
        compute="_compute_kam_coverage",
        sanitize=False,
        groups="kam_management.group_kam_user",
    )

    @api.depends(
        "kam_account_id",
        "kam_stakeholder_ids.role_ids",
        "kam_stakeholder_ids.attitude",
        "kam_stakeholder_ids.active",
        "kam_stakeholder_ids.successor_id",
    )
    def _compute_kam_coverage(self):
        coverage = self._get_kam_coverage()
        nobody = {"known": [], "met": [], "gone": 0}
        for lead in self:
            row = coverage.get(lead._origin.id, nobody)
            # sudo: how well the deal is covered, for who sees the deal
            account = lead.sudo().kam_account_id
            lead.kam_coverage_gap_count = (
                len(COVERED_ROLES) - len(row["met"]) + row["gone"] if account else 0
            )
            if not account:
                lead.kam_coverage_checklist = False
            elif row is nobody:
                lead.kam_coverage_checklist = Markup("<p>%s</p>") % self.env._(
                    "Choose who decides under “Decision-Making Team”: the app says whom"
                    " you have not met yet."
                )
            else:
                lead.kam_coverage_checklist = account._format_coverage(**row)

    def _get_kam_coverage(self):
        """Return {lead id: {known, met, gone}} of the leads with a team, in one query."""
        # sudo: how well the deals are covered, for who sees them
        accounts = self.sudo().kam_account_id
        ids = tuple(self._origin.ids)
        if not accounts or not ids:
            return {}
        self.flush_model(["kam_stakeholder_ids"])
        coverage = accounts._get_coverage_sql(
            SQL("IN %s", tuple(accounts.ids)),
            owner=SQL("team.lead_id"),
            team=SQL(
                """JOIN kam_lead_stakeholder_rel team
                     ON team.stakeholder_id = d.id AND team.lead_id IN %s""",
                ids,
            ),
        )
        rows = self.env.execute_query_dict(
            SQL("SELECT lead_id, known, met, gone FROM (%s) coverage", coverage)
        )
        return {row.pop("lead_id"): row for row in rows}
