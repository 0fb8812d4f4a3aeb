from functools import partial

from odoo import api, models
from odoo.tools.image import image_data_uri

from ..models.common import clock, formats
from ..models.measure.indicator import AVERAGE

# Decisions that fit on the page; the newest ones.
MOST_DECISIONS = 6


class ReportQuota(models.AbstractModel):
    """A quota on one page: plan and fact, balance, decisions, signatures."""

    _name = "report.kam_management.report_quota"
    _description = "Quota Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what is printed of each quota.

        :raise AccessError: when the user may not read one of them
        """
        quotas = self.env["kam.quota"].browse(docids)
        quotas.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "kam.quota",
            "docs": quotas,
            "sheets": {
                quota.id: self._prepare_sheet(quota, head)
                for quota, head in quotas._get_accountable().items()
            },
            "today": clock.here(self),
        }

    @api.model
    def _prepare_sheet(self, quota, head):
        """Return what stands on the sheet beside the record itself.

        :param head: the head of sales who signs
        """
        # sudo: name, logo and head of the company are on everything it prints
        company = quota.company_id.sudo()
        decisions = quota.answer_ids
        return {
            "company": company.name,
            "logo": company.logo and image_data_uri(company.logo),
            "colour": company.primary_color or "#5c6bc0",
            "head": head.name,
            "decisions": decisions[:MOST_DECISIONS],
            "more": max(len(decisions) - MOST_DECISIONS, 0),
            "about": lambda decision: self._get_subject(quota, decision.line_id),
            "number": self._format,
            "percent": partial(formats.percent, self.env),
        }

    @api.model
    def _get_subject(self, quota, line):
        """Return what a decision is about, with the period when it is another one."""
        if line.quota_id == quota:
            return line.label
        return f"{line.label}, {line.quota_id._get_period_label()}"

    @api.model
    def _format(self, figure, line):
        """Return a figure as it is read: whole, but for averages."""
        averaged = line.indicator in self.env["kam.measure"]._find(kind=AVERAGE)
        return formats.number(self.env, figure, 2 if averaged else 0)
