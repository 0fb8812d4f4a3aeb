from odoo import fields, models

from ..common import formats


class KamProposal(models.Model):
    """Complaints solved are part of what we have done; what is promised is expected."""

    _inherit = "kam.proposal"

    past_complaints = fields.Integer(
        "Complaints Solved", readonly=True, help="Within a year."
    )

    def _prepare_past(self):
        values = super()._prepare_past()
        account = self._get_account()
        solved = account and self.env["kam.complaint"].search_count(
            account._get_fact_domain("complaints_solved")
        )
        return {**values, "past_complaints": solved or 0}

    def _prepare_past_rows(self):
        rows = super()._prepare_past_rows()
        if self.past_complaints:
            count = formats.number(self.env, self.past_complaints, 0)
            rows.append((self.env._("Complaints and wishes solved in a year"), count))
        return rows

    def _prepare_promises(self):
        """Return the values of the expectations this proposal raises: what it argues with
        and the effects it reckons with.
        """
        names = [*self.argument_ids.mapped("name"), *self.effect_ids.mapped("name")]
        return [
            {"name": name, "origin": "promised"}
            for name in dict.fromkeys(filter(None, names))
        ]
