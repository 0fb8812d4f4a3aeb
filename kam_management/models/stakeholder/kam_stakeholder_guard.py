from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ..context import without_defaults

# What follows from what is done, and is never typed in.
PROTECTED_FIELDS = {
    "company_id",
    "employer_id",
    "erased_date",
    "last_touch_date",
    "left_date",
    "next_touch_date",
    "successor_id",
}


class KamStakeholder(models.Model):
    """On whom one may keep a dossier, and what in it nobody types in."""

    _inherit = "kam.stakeholder"

    @api.constrains("partner_id")
    def _check_person(self):
        for dossier in self:
            if dossier.partner_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is a company. A dossier is kept on a person: choose"
                        " one of its contacts, or create one.",
                        name=dossier.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, PROTECTED_FIELDS)
        for vals in vals_list:
            self._check_protected_fields(vals)
        dossiers = super().create(vals_list)
        dossiers._check_named()
        dossiers._check_person_of_customer()
        return dossiers

    def write(self, vals):
        self._check_protected_fields(vals)
        self._check_same_person(vals)
        result = super().write(vals)
        if "account_id" in vals:
            # the rules were asked before: is the new account one of his, too?
            self.check_access("write")
            self._check_person_of_customer()
        if "partner_id" in vals:
            self._check_named()
        return result

    def _check_protected_fields(self, vals):
        """Protect what the app notes down by itself.

        :param dict vals: values given to create or write
        :raise AccessError: when the user sets one of these fields
        """
        if self.env.su:
            return
        if typed := sorted(PROTECTED_FIELDS.intersection(vals)):
            labels = [
                self._fields[name]._description_string(self.env) for name in typed
            ]
            raise AccessError(
                self.env._(
                    "%(fields)s: nobody types this in, it follows from what is done."
                    " Log a touch, or use the buttons of the dossier.",
                    fields=", ".join(labels),
                )
            )

    def _is_free_to_choose(self):
        """Return whether the user may keep a dossier on whomever he likes."""
        return self.env.su or self.env.user.has_group(
            "kam_management.group_kam_manager"
        )

    def _check_same_person(self, vals):
        """Keep a dossier with its person: another one's facts would be seen in it.

        :raise AccessError: when somebody else than a head of sales exchanges him
        """
        if "partner_id" not in vals or self._is_free_to_choose():
            return
        if any(dossier.partner_id.id != vals["partner_id"] for dossier in self):
            raise AccessError(
                self.env._(
                    "A dossier stays with its person. Create one for the other person,"
                    " or ask your head of sales to correct this one."
                )
            )

    def _check_person_of_customer(self):
        """Let teams keep dossiers on people of their own customer alone.

        A dossier opens what is known of the person beyond his job.

        :raise AccessError: when somebody else than a head of sales adds a stranger
        """
        if self._is_free_to_choose():
            return
        # sudo: compares who works for whom, and names nobody the user did not choose
        for dossier in self.sudo():
            employers = dossier.partner_id.commercial_partner_id + dossier.employer_id
            if dossier.account_id.partner_id not in employers:
                raise AccessError(
                    self.env._(
                        "%(person)s does not work for %(customer)s. Ask your head of"
                        " sales to add people from outside.",
                        person=dossier.partner_id.display_name,
                        customer=dossier.account_id.partner_id.display_name,
                    )
                )

    def _check_named(self):
        """Refuse dossiers of nobody: only a deleted person leaves one behind."""
        if not all(dossier.partner_id for dossier in self):
            raise ValidationError(
                self.env._("A dossier is kept on a person: choose whom.")
            )
