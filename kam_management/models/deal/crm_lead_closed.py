from odoo import models
from odoo.fields import Domain

from ..account.crm_lead import CLOSING_FIELDS


class CrmLead(models.Model):
    """A deal that is won or lost needs neither its steps nor a preparation any more."""

    _inherit = "crm.lead"

    def write(self, vals):
        if CLOSING_FIELDS.isdisjoint(vals) or not self._kam_may_close(vals):
            return super().write(vals)
        planned = self._get_kam_planned()
        # a deal that is lost takes its activities along: what they were called is kept
        names = {lead: theirs.mapped("summary") for lead, theirs in planned}
        result = super().write(vals)
        for lead, theirs in planned:
            if lead.won_status in ("won", "lost"):
                lead._call_off_kam_steps(theirs.exists(), names[lead])
        return result

    def _kam_may_close(self, vals):
        """Return whether values may win or lose a deal: most say how likely it is, only.

        It is won with a stage and all the probability, and lost where it is archived.
        """
        if not vals.get("active", True):
            return True
        if self.env["crm.stage"].browse(vals.get("stage_id") or ()).is_won:
            return True
        chance = vals.get("probability", 1)
        return chance == 100 or (not chance and not all(self.mapped("active")))

    def _get_kam_planned(self):
        """Return [(open deal, its open steps and milestones)], by ``sudo``."""
        # sudo: activities of colleagues as well
        activities = self.env["mail.activity"].sudo()
        planned = Domain("kam_step_id", "!=", False)
        planned |= Domain("kam_tender_id", "!=", False) & Domain(
            "kam_tender_days", ">=", 0
        )
        found = activities.search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & planned
        )
        of_deals = found.grouped("res_id")
        return [
            (lead, of_deals[lead.id])
            for lead in self
            if lead.id in of_deals and lead.won_status == "pending"
        ]

    def _call_off_kam_steps(self, planned, names):
        """Remove what is left to do, and say so in the log.

        Who reopens the deal may plan it anew.

        :param planned: activities of this deal that are still there
        :param list names: of all that were called off
        """
        planned.unlink()
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
