from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import clock


class KamReference(models.Model):
    """Whether this is the moment to ask: who is content, and was not asked just now."""

    _inherit = "kam.reference"

    obstacles = fields.Text(
        compute="_compute_obstacles",
        help="What speaks against asking this customer now; empty: nothing.",
    )

    @api.depends("account_id", "partner_id", "date", "state")
    def _compute_obstacles(self):
        """Say what speaks against it, while it has not been asked for yet."""
        new = self.filtered(lambda one: one.account_id and not one._origin)
        reasons = new.account_id._get_reference_obstacles()
        for reference in self:
            found = []
            if reference in new:
                found = reasons[reference.account_id] + reference._find_asked_lately()
            reference.obstacles = "\n".join(found)

    def _check_may_be_asked(self):
        """Refuse to ask where something speaks against it, unless somebody says why.

        :raise UserError: saying what speaks against it
        """
        asked = self.filtered(lambda one: not (one.ask_anyway or "").strip())
        reasons = asked.account_id._get_reference_obstacles(but=self)
        for reference in asked:
            found = reasons[reference.account_id] + reference._find_asked_lately()
            if found:
                raise UserError(
                    self.env._(
                        "This is not the moment to ask %(customer)s:\n%(reasons)s\nEnter"
                        " the reason to ask anyway, such as that they offered it.",
                        customer=reference.customer_id.display_name,
                        reasons="\n".join(found),
                    )
                )

    def _find_asked_lately(self):
        """Return the sentence that this person was asked lately, in a list or none."""
        company = self.company_id or self.account_id.company_id
        # sudo: a setting, and what colleagues have asked for counts
        months = company.sudo().kam_reference_person_months
        since = clock.today() - relativedelta(months=months)
        asked = self.partner_id and self.sudo().search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("id", "not in", self.ids),
                ("date", ">", since),
            ],
            limit=1,
        )
        if not asked:
            return []
        return [
            self.env._(
                "%(person)s was asked less than %(months)s months ago.",
                person=self.partner_id.name,
                months=months,
            )
        ]
