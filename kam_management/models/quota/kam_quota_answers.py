from odoo import api, fields, models
from odoo.fields import Domain

from .kam_quota_measure import SUBJECT

UNDONE_STATES = ("open", "decided")


class KamQuota(models.Model):
    """Month, quarter and year are levels of one plan: what is decided counts for all."""

    _inherit = "kam.quota"

    answer_ids = fields.Many2many(
        "kam.quota.decision",
        compute="_compute_answer_ids",
        string="Related Decisions",
    )
    open_decision_count = fields.Integer(
        compute="_compute_answer_ids",
        help="Deviations to decide that are asked for this quota itself.",
    )
    asked_elsewhere = fields.Char(
        compute="_compute_answer_ids",
        help="The quotas of other periods that ask about what is behind here, too.",
    )
    decision_count = fields.Integer(compute="_compute_answer_ids")

    @api.depends("state", "decision_ids.state", "line_ids.standing")
    def _compute_answer_ids(self):
        """Of what was decided for another period show what concerns a line behind.

        What is open is counted where it is asked, and nowhere else.
        """
        behind = self.line_ids.filtered(
            lambda line: line.state != "draft" and line.standing == "behind"
        )
        decisions = behind._map_decisions()
        for quota in self:
            own = quota.decision_ids.filtered(lambda d: d.state != "dropped")
            answers = own.union(*(decisions[line] for line in quota.line_ids & behind))
            quota.answer_ids = answers.sorted()
            quota.decision_count = len(answers)
            waiting = answers.filtered_domain(answers._get_open_domain())
            if quota.state != "running":
                waiting = answers.browse()
            quota.open_decision_count = len(waiting & own)
            names = (waiting - own).quota_id.sorted("date_start").mapped("name")
            quota.asked_elsewhere = ", ".join(filter(None, names))

    def action_view_decisions(self):
        """Show the decisions that count for this quota."""
        domain = Domain("id", "in", self.answer_ids.ids)
        return self._prepare_decisions(self.env._("Decisions"), domain)

    def action_view_open_decisions(self):
        """Show the deviations to decide, as many as the quota says."""
        domain = Domain("quota_id", "in", self.ids)
        domain &= self.env["kam.quota.decision"]._get_open_domain()
        return self._prepare_decisions(self.env._("Deviations to Decide"), domain)

    def _prepare_decisions(self, title, domain):
        """Return the action that shows some decisions about this quota."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "kam.quota.decision",
            "view_mode": "list,form",
            "domain": list(domain),
        }


class KamQuotaLine(models.Model):
    """A decision is about one line, and answers all lines of its owner and subject."""

    _inherit = "kam.quota.line"

    def _map_decisions(self):
        """Return {line: the decisions about its deviation}, without those dropped.

        Its own, and those about the same owner and subject that were open or carried
        out within its time, or still are while its quota runs. What was decided about
        archived quotas counts nowhere else.
        """
        none = self.env["kam.quota.decision"]
        saved = self.filtered(lambda line: line._origin and line.date_start)
        by_subject = {}
        if saved:
            domain = Domain("company_id", "in", saved.company_id.ids)
            domain &= Domain("state", "!=", "dropped")
            domain &= Domain("quota_id.active", "=", True) | Domain(
                "line_id", "in", saved.ids
            )
            domain &= Domain("state", "in", UNDONE_STATES) | Domain(
                "date_due", ">=", min(saved.mapped("date_start"))
            )
            found = none.search_fetch(domain, ["line_id", "state", "date", "date_due"])
            by_subject = found.grouped(lambda decision: decision.line_id._get_subject())
        return {
            line: by_subject.get(line._get_subject(), none).filtered(
                line._is_answered_by
            )
            for line in self
        }

    def _is_answered_by(self, decision):
        """Return whether a decision about the same owner and subject counts here."""
        self.ensure_one()
        if decision.line_id == self._origin:
            return True
        if self.state == "running" and decision.state in UNDONE_STATES:
            return True
        return decision.date <= self.date_end and (
            decision.state == "open" or decision.date_due >= self.date_start
        )

    def _filter_unanswered(self):
        """Return those of these lines about which nothing is open or carried out."""
        decisions = self._map_decisions()
        return self.filtered(
            lambda line: not any(d.state in UNDONE_STATES for d in decisions[line])
        )

    def _filter_longest(self):
        """Return one line per owner and subject: of the longest period, the latest."""
        subjects = self.grouped(lambda line: line._get_subject()).values()
        return self.browse().concat(
            *(max(lines, key=lambda line: line._get_length()) for lines in subjects)
        )

    def _get_subject(self):
        """Return what lines of month, quarter and year have in common."""
        return tuple(self[name] for name in SUBJECT)

    def _get_length(self):
        return self.date_end - self.date_start, self.date_start, self.id
