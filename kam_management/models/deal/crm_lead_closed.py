from odoo import models

from ..account.crm_lead import CLOSING_FIELDS


class CrmLead(models.Model):
    """A deal that is won or lost needs no preparation of its tender any more."""

    _inherit = "crm.lead"

    def write(self, vals):
        if CLOSING_FIELDS.isdisjoint(vals):
            return super().write(vals)
        milestones = self._get_kam_milestones()
        # a deal that is lost takes its activities along: what they were called is kept
        names = {lead: theirs.mapped("summary") for lead, theirs in milestones}
        result = super().write(vals)
        for lead, theirs in milestones:
            if lead.won_status in ("won", "lost"):
                lead._close_kam_tender(theirs.exists(), names[lead])
        return result

    def _get_kam_milestones(self):
        """Return [(open deal, its open milestones until the submission)], by ``sudo``."""
        # sudo: milestones of colleagues as well
        milestones = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("kam_tender_id.lead_id", "in", self.ids),
                    ("kam_tender_days", ">=", 0),
                ]
            )
        )
        found = milestones.grouped(lambda milestone: milestone.kam_tender_id.lead_id)
        return [
            (lead, theirs)
            for lead, theirs in found.items()
            if lead.won_status == "pending"
        ]

    def _close_kam_tender(self, milestones, names):
        """Remove what is left of a preparation, and say so in the log.

        Who reopens the deal may plan it anew.

        :param milestones: of this deal that are still there
        :param list names: of all that were called off
        """
        milestones.unlink()
        reason = self.env._("The deal was won.")
        if self.won_status == "lost":
            reason = self.env._("The deal was lost.")
        self._message_log(
            body=self.env._(
                "%(reason)s Called off: %(milestones)s",
                reason=reason,
                milestones=", ".join(filter(None, names)),
            )
        )
