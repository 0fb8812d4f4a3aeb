from odoo import api, models

from ..models.common import clock


class ReportPerson(models.AbstractModel):
    """All that is on record about a person, for himself: article 15 of the GDPR."""

    _name = "report.kam_management.report_person"
    _description = "Personal Data Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the user may see of each person, and how much he may not.

        :raise AccessError: without the right to personal data, on every way here
        """
        persons = self.env["res.partner"].browse(docids)
        persons._check_kam_personal()
        persons.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": persons,
            "printed": clock.here(self),
            "records": {person: self._get_records(person) for person in persons},
        }

    def _get_records(self, person):
        """Return {name: records} about one person."""
        records, hidden = {}, 0
        for name, model, link in (
            ("profiles", "kam.person.profile", "partner_id"),
            ("dates", "kam.remembered.date", "stakeholder_id.partner_id"),
            ("dossiers", "kam.stakeholder", "partner_id"),
            ("touches", "kam.touch", "partner_ids"),
            ("surveys", "kam.survey", "partner_id"),
            ("complaints", "kam.complaint", "partner_id"),
        ):
            domain = [(link, "=", person.id)]
            found = self.env[model].with_context(active_test=False).search(domain)
            records[name] = found
            # sudo: tells that there is more, not what
            hidden += found.sudo().search_count(domain) - len(found)
        return {**records, "hidden": hidden}
