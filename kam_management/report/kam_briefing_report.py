from odoo import api, models


class ReportBriefing(models.AbstractModel):
    """One page to read before a conversation: what the overview of an account shows."""

    _name = "report.kam_management.report_briefing"
    _description = "Briefing"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the page of each account.

        :raise AccessError: when the user may not read one of them
        """
        accounts = self.env["kam.account"].browse(docids)
        accounts.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": accounts._name,
            "docs": [
                {
                    "id": account.id,
                    "html": self.env["ir.qweb"]._render(
                        "kam_management.briefing_page", account._get_page()
                    ),
                }
                for account in accounts
            ],
        }
