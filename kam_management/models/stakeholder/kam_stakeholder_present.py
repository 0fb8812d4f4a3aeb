from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.kam_guard import HEAD_GROUP

USER_GROUP = "kam_management.group_kam_user"
PERSONAL_GROUP = "kam_management.group_kam_personal"


class KamPersonal(models.AbstractModel):
    """Something personal: the right to it opens nothing by itself, only to a manager."""

    _name = "kam.personal"
    _description = "Personal Data of a Contact"

    def _check_access(self, operation):
        if not self.env.su and not self.env.user.has_group(USER_GROUP):
            return self, lambda: AccessError(
                self.env._(
                    "Personal data of customers is open to key account managers only."
                    " Ask your administrator."
                )
            )
        return super()._check_access(operation)

    @api.model
    def _get_permitted_users(self):
        """Return the users whom personal data may be shown to at all."""
        groups = self.env.ref(USER_GROUP), self.env.ref(PERSONAL_GROUP)
        return groups[0].all_user_ids & groups[1].all_user_ids


class KamStakeholder(models.Model):
    """A dossier opens the personal part while its person belongs to the customer.

    What is typed in elsewhere later is not for those who knew the person before, nor for
    who moved a person to an own customer for a moment.
    """

    _inherit = "kam.stakeholder"

    gone_date = fields.Datetime(
        "Works Elsewhere Since",
        readonly=True,
        help="Since then the personal data is not accessible here. When the person has"
        " come back, a head of sales archives and restores the stakeholder.",
    )
    is_present = fields.Boolean(
        "Personal Data Accessible",
        compute="_compute_is_present",
        search="_search_is_present",
        help="Not archived, and the person has belonged to this customer, or to the"
        " company they came from, ever since the stakeholder was created.",
    )

    @api.depends(
        "active",
        "gone_date",
        "employer_id",
        "account_id.partner_id",
        "partner_id.commercial_partner_id",
    )
    def _compute_is_present(self):
        for dossier in self:
            dossier.is_present = bool(
                dossier.active and not dossier.gone_date and dossier._works_here()
            )

    def _search_is_present(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(
            ["active", "gone_date", "partner_id", "employer_id", "account_id"]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["kam.account"].flush_model(["partner_id"])
        present = SQL(
            """(
            SELECT d.id FROM kam_stakeholder d
              JOIN kam_account a ON a.id = d.account_id
              JOIN res_partner p ON p.id = d.partner_id
             WHERE d.active AND d.gone_date IS NULL
               AND p.commercial_partner_id IN (a.partner_id, d.employer_id)
            )"""
        )
        return [("id", "in" if True in value else "not in", present)]

    def write(self, vals):
        """Take a head of sales who restores dossiers by their word: these people are back.

        Not where the app restores them together with a contact, nor where their person
        works for somebody else.
        """
        restored = self.browse()
        if vals.get("active") and not self.env.su:
            restored = self.filtered(lambda dossier: not dossier.active)
        result = super().write(vals)
        if restored and self.env.user.has_group(HEAD_GROUP):
            # sudo: that they are back is not typed in, the head says so by this
            back = restored.sudo().filtered(lambda one: one._works_here())
            back.filtered("gone_date").gone_date = False
        return result

    def _works_here(self):
        """Return whether the person belongs to this customer, or to the firm they came
        from, today.
        """
        works_for = self.partner_id.commercial_partner_id
        customers = self.account_id.partner_id + self.employer_id
        return bool(works_for) and works_for in customers

    def _check_present(self):
        """Refuse to type in facts where they would not be seen.

        :raise AccessError: saying what to do
        """
        if not self.is_present:
            raise AccessError(
                self.env._(
                    "%(person)s is no longer with this customer, or the stakeholder is"
                    " archived. Personal data is kept with the current stakeholder.",
                    person=self.display_name,
                )
            )

    def _note_gone(self):
        """Note since when those of these people work elsewhere who do so now."""
        for dossier in self.filtered(lambda one: one.partner_id and not one.gone_date):
            if not dossier._works_here():
                # the clock that says when facts were written
                dossier.gone_date = self.env.cr.now()

    def _knows(self, profile):
        """Return whether one of these dossiers is of who has known these facts.

        Its person has not left since, or the facts were there by then.
        """
        return any(
            not dossier.gone_date or dossier.gone_date >= profile.write_date
            for dossier in self
            if dossier.partner_id == profile.partner_id
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _kam_follow_commercial_entity(self):
        """Close the personal part of people to the teams of where they were."""
        result = super()._kam_follow_commercial_entity()
        # sudo: a dossier follows its person, whoever moves them; so do those below
        Dossier = self.env["kam.stakeholder"].sudo().with_context(active_test=False)
        below = Domain("partner_id", "child_of", self.ids)
        Dossier.search(below)._note_gone()
        return result
