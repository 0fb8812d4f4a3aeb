from odoo import api, models
from odoo.exceptions import AccessError, ValidationError


class KamStakeholder(models.Model):
    """On whom one may keep a dossier."""

    _inherit = "kam.stakeholder"

    @api.constrains("partner_id")
    def _check_person(self):
        for dossier in self:
            if dossier.partner_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is a company, but stakeholders are persons. Choose"
                        " one of its contacts, or create one.",
                        name=dossier.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = super().create(vals_list)
        dossiers._check_named()
        dossiers._check_person_of_customer()
        return dossiers

    def write(self, vals):
        self._check_same_person(vals)
        result = super().write(vals)
        if "account_id" in vals:
            self._check_person_of_customer()
        if "partner_id" in vals:
            self._check_named()
        return result

    @api.model
    def _get_found_hint(self):
        return self.env._("Log a touch, or use the buttons of the stakeholder.")

    def _check_same_person(self, vals):
        """Keep a dossier with its person: another one's facts would be seen in it.

        :raise AccessError: when somebody else than a head of sales exchanges him
        """
        if "partner_id" not in vals or self._is_head_of_sales():
            return
        if any(dossier.partner_id.id != vals["partner_id"] for dossier in self):
            raise AccessError(
                self.env._(
                    "The person of a stakeholder cannot be changed. Create one for the"
                    " other person, or ask your head of sales to correct this one."
                )
            )

    def _check_person_of_customer(self):
        """Let teams keep dossiers on people of their own customer alone.

        A dossier opens what is known of the person beyond his job.

        :raise AccessError: when somebody else than a head of sales adds a stranger
        """
        if self._is_head_of_sales():
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
                self.env._("A stakeholder needs a person. Choose one.")
            )
