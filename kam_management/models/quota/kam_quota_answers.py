from odoo import api, fields, models

from .kam_quota_measure import SUBJECT

UNDONE_STATES = ("open", "decided")


class KamQuota(models.Model):
    """Month, quarter and year are levels of one plan: what is decided counts for all."""

    _inherit = "kam.quota"

    answer_ids = fields.Many2many(
        "kam.quota.decision",
        compute="_compute_answer_ids",
        string="Decisions That Count Here",
    )
    open_decision_count = fields.Integer(compute="_compute_answer_ids")
    decision_count = fields.Integer(compute="_compute_answer_ids")

    @api.depends("state", "decision_ids.state", "line_ids.standing")
    def _compute_answer_ids(self):
        """Of what was decided for another period show what concerns a line behind."""
        behind = self.line_ids.filtered(
            lambda line: line.state != "draft" and line.standing == "behind"
        )
        decisions = behind._map_decisions()
        for quota in self:
            own = quota.decision_ids.filtered(lambda d: d.state != "dropped")
            answers = own.union(*(decisions[line] for line in quota.line_ids & behind))
            quota.answer_ids = answers
            quota.decision_count = len(answers)
            quota.open_decision_count = answers.mapped("state").count("open")

    def action_view_decisions(self):
        """Show the decisions that count for this quota."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decisions"),
            "res_model": "kam.quota.decision",
            "view_mode": "list,form",
            "domain": [("id", "in", self.answer_ids.ids)],
        }


class KamQuotaLine(models.Model):
    _inherit = "kam.quota.line"

    def _map_decisions(self):
        """Return {line: the decisions about its deviation}, without those dropped.

        Its own, and those of another period of the same owner and subject that overlaps
        with it, if they were open or carried out within this line's time. Those of
        archived quotas count nowhere else.
        """
        none = self.env["kam.quota.decision"]
        saved = self.filtered(lambda line: line._origin and line.date_start)
        found = none
        if saved:
            first, last = min(saved.mapped("date_start")), max(saved.mapped("date_end"))
            found = none.search_fetch(
                [
                    ("state", "!=", "dropped"),
                    ("company_id", "in", saved.company_id.ids),
                    "|",
                    ("quota_id.active", "=", True),
                    ("line_id", "in", saved.ids),
                    ("line_id.date_start", "<=", last),
                    ("line_id.date_end", ">=", first),
                ],
                ["line_id", "state", "date_due"],
            )
        by_subject = found.grouped(lambda decision: decision.line_id._get_subject())
        return {
            line: by_subject.get(line._get_subject(), none).filtered(
                line._is_answered_by
            )
            for line in self
        }

    def _is_answered_by(self, decision):
        """Return whether a decision about the same subject counts for this line."""
        self.ensure_one()
        if decision.line_id == self._origin:
            return True
        return decision.line_id._overlaps(self) and (
            decision.state in UNDONE_STATES or decision.date_due >= self.date_start
        )

    def _filter_unanswered(self):
        """Return those of these lines about which nothing is open or carried out."""
        decisions = self._map_decisions()
        return self.filtered(
            lambda line: not any(d.state in UNDONE_STATES for d in decisions[line])
        )

    def _filter_longest(self):
        """Return of lines of one owner and subject that overlap the longest alone."""
        chosen = []
        for lines in self.grouped(lambda line: line._get_subject()).values():
            mine = []
            for line in lines.sorted(lambda line: line.date_start - line.date_end):
                if not any(map(line._overlaps, mine)):
                    mine.append(line)
            chosen += mine
        return self.browse().concat(*chosen)

    def _get_subject(self):
        """Return what lines of month, quarter and year have in common."""
        return tuple(self[name] for name in SUBJECT)

    def _overlaps(self, other):
        return self.date_start <= other.date_end and other.date_start <= self.date_end
