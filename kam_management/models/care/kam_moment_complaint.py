from odoo import api, models
from odoo.fields import Domain

from .moment_events import SOLVED


class KamMoment(models.Model):
    """The first complaint of a customer that was solved begins a moment, once."""

    _inherit = "kam.moment"

    @api.model
    def _look_at_complaints(self):
        """Bring the moments of first complaints up to date."""
        # sudo: a job of the app, for all companies
        Moment, Template = self.sudo(), self.env["kam.moment.template"].sudo()
        templates = Template.search([("event", "=", SOLVED)])
        begun = Moment.search([("event", "=", SOLVED)])
        standing = begun.filtered(lambda one: one._stands(None))
        (begun - standing).filtered(lambda one: one.state == "open")._call_off()
        standing.filtered(lambda one: one.state == "cancelled")._take_up()
        known = {(one.template_id, one.account_id) for one in begun}
        vals_list = []
        for account, (day, complaint) in self._find_first_solved(templates).items():
            for template in templates:
                if (
                    day >= template.date_start
                    and (template, account) not in known
                    and template._fits(account, complaint.order_id)
                ):
                    values = self._prepare_values(template, account, complaint.order_id)
                    vals_list.append({**values, "complaint_id": complaint.id})
        Moment._start(vals_list)

    @api.model
    def _find_first_solved(self, templates):
        """Return {account: (day, complaint)} of what was solved first, of customers we
        turn to.

        :param templates: of moments; none: there is nothing to look for
        """
        if not templates:
            return {}
        # sudo: a job of the app, for all companies
        Complaint = self.env["kam.complaint"].sudo()
        rows = Complaint._read_group(
            Domain("kind", "!=", "wish") & Domain("state", "=", "solved"),
            ["account_id"],
            ["date_solved:array_agg", "id:array_agg"],
        )
        firsts = {
            account: min(zip(days, ids, strict=True)) for account, days, ids in rows
        }
        # of one recordset, so that they are read at once
        Complaint = Complaint.browse(number for _day, number in firsts.values())
        return {
            account: (day, complaint)
            for (account, (day, _id)), complaint in zip(
                firsts.items(), Complaint, strict=True
            )
            if self._is_served(account)
        }
