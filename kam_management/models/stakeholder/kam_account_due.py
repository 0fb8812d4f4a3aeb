from odoo import api, fields, models

from ..common import clock


class KamAccount(models.Model):
    """Whose turn it is: a contact is due with one person, others were met yesterday."""

    _inherit = "kam.account"

    next_touch_name = fields.Char(
        "Next Touch With",
        compute="_compute_next_touch_name",
        help="The stakeholder who is to be contacted by the date of the next touch.",
    )

    @api.depends("next_touch_date", "stakeholder_ids.next_touch_date")
    @api.depends_context("uid")
    def _compute_next_touch_name(self):
        people = self._get_next_people()
        for account in self:
            # sudo: of the dossier that the user sees
            person = people.get(account)
            account.next_touch_name = person and person.partner_id.sudo().name

    def _get_next_people(self):
        """Return {account: the stakeholder its next touch is due with}, in one query.

        Accounts whose next touch is with anybody are missing.
        """
        dossiers = self.env["kam.stakeholder"].search_fetch(
            [("account_id", "in", self.ids), ("next_touch_date", "!=", False)],
            ["account_id", "next_touch_date", "partner_id"],
            order="id",
        )
        people = {}
        for dossier in dossiers:
            account = dossier.account_id
            if dossier.next_touch_date == account.next_touch_date:
                people.setdefault(account, dossier)
        return people

    def _tell_touches(self):
        """Say beside the last touch with anybody who waits for one nevertheless."""
        words, age = super()._tell_touches()
        due = self.next_touch_date
        if not (self.next_touch_name and due and due < clock.today()):
            return words, age
        waits = self.env._("%(name)s is due", name=self.next_touch_name)
        return words, f"{age} · {waits}" if age else waits
