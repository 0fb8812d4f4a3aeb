from odoo import api, models
from odoo.fields import Domain

from .moment_events import SOLVED


class KamMoment(models.Model):
    """The first complaint of a customer that was solved begins a moment, once."""

    _inherit = "kam.moment"

    @api.model
    def _look_at_complaints(self, since):
        """Bring the moments of first complaints up to date, of the customers of whom one
        has changed.

        :param datetime since: from then on
        """
        # sudo: a job of the app, for all companies
        Moment, Template = self.sudo(), self.env["kam.moment.template"].sudo()
        templates = Template.search([("event", "=", SOLVED)])
        Complaint = self.env["kam.complaint"].sudo()
        accounts = Complaint.search([("write_date", ">=", since)]).account_id
        # what became of a complaint that is gone is told by the moment
        gone = Domain("state", "=", "open") & Domain("complaint_id", "=", False)
        begun = Moment.search(
            Domain("event", "=", SOLVED)
            & (Domain("account_id", "in", accounts.ids) | gone)
        )
        standing = begun.filtered(lambda one: one._stands(None))
        (begun - standing).filtered(lambda one: one.state == "open")._call_off()
        standing.filtered(lambda one: one.state == "cancelled")._take_up()
        known = {(one.template_id, one.account_id) for one in begun}
        vals_list = []
        firsts = templates and self._find_first_solved(accounts)
        for account, (day, complaint) in (firsts or {}).items():
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
    def _find_first_solved(self, accounts):
        """Return {account: (day, complaint)} of what was solved first, of those of these
        customers that we turn to.
        """
        # sudo: a job of the app, for all companies
        Complaint = self.env["kam.complaint"].sudo()
        rows = Complaint._read_group(
            Domain("account_id", "in", accounts.ids)
            & Domain("kind", "!=", "wish")
            & Domain("state", "=", "solved"),
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
