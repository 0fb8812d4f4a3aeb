from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..common.names import list_names
from .kam_person_profile import FACTS, GROUNDS, LEGAL_BASES

GROUP = "kam_management.group_kam_personal"


def _personal(field_class, *args, **kwargs):
    """Return a field of the dossier that shows one of the personal profile.

    Not stored, read and written with the user's own rights, closed to all others.
    """
    return field_class(
        *args,
        compute="_compute_personal",
        inverse="_inverse_personal",
        compute_sudo=False,
        groups=GROUP,
        **kwargs,
    )


class KamStakeholder(models.Model):
    """The personal part on the dossier, for those who may see it."""

    _inherit = "kam.stakeholder"

    hobbies = _personal(fields.Text)
    family = _personal(fields.Text)
    personal_values = _personal(fields.Text, "Values")
    preferences = _personal(
        fields.Text, help="Such as food, gifts, the time of day to call."
    )
    purpose = _personal(fields.Char, help="What we need these facts for.")
    legal_basis = _personal(
        fields.Selection,
        LEGAL_BASES,
        help="Article 6 of the GDPR: the legal basis on which these facts are kept.",
    )
    review_date = _personal(
        fields.Date,
        "Review By",
        help="Check by this date whether the facts are still needed. They are erased"
        " the day after, unless the date is moved.",
    )

    @api.depends("partner_id", "company_id", "is_present")
    @api.depends_context("uid")
    def _compute_personal(self):
        profiles = self._get_profiles()
        for dossier in self:
            profile = profiles.get((dossier.partner_id, dossier.company_id))
            for name in (*FACTS, *GROUNDS):
                dossier[name] = profile[name] if profile else False

    def _inverse_personal(self):
        typed = [
            (dossier, {name: dossier[name] for name in (*FACTS, *GROUNDS)})
            for dossier in self
        ]
        profiles = self._get_profiles()
        Profile = self.env["kam.person.profile"]
        for dossier, values in typed:
            profile = profiles.get((dossier.partner_id, dossier.company_id))
            if profile:
                changed = {k: v for k, v in values.items() if profile[k] != v}
                profile.write(changed)
            elif any(values.values()):
                dossier._check_present()
                Profile.create(
                    {
                        "partner_id": dossier.partner_id.id,
                        "company_id": dossier.company_id.id,
                        **values,
                    }
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Write the personal part last, as on a dossier that exists.

        The person may have a profile already, which counts where nothing is given.
        """
        personal = {*FACTS, *GROUNDS}
        dossiers = super().create(
            [{k: v for k, v in vals.items() if k not in personal} for vals in vals_list]
        )
        dossiers._check_person_not_guarded()
        for dossier, vals in zip(dossiers, vals_list, strict=True):
            if given := {k: v for k, v in vals.items() if k in personal}:
                dossier.write(given)
        return dossiers

    def write(self, vals):
        if written := [name for name in (*FACTS, *GROUNDS) if name in vals]:
            # while some are written, the others cannot be computed: do it before
            self.mapped(written[0])
        return super().write(vals)

    def action_print_person(self):
        """Print all that is on record about this person."""
        return self.partner_id.action_kam_print_person()

    def action_erase_person(self):
        """Show what would be erased of this person, see the partner's action."""
        return self.partner_id.action_kam_erase_person()

    def _check_person_not_guarded(self):
        """Keep new teams away from a person of whom others know personal facts.

        Whoever moves him to a customer of his own would bring these facts along.

        :raise AccessError: when somebody else than a head of sales adds one, who has not
            looked after the person since these facts are known
        """
        if self._is_head_of_sales():
            return
        # sudo: tells that there is a personal part, not what is in it
        guarded = self.env["kam.person.profile"].sudo()
        guarded = guarded.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        seen = self.with_context(active_test=False).search(
            [("partner_id", "in", guarded.partner_id.ids), ("id", "not in", self.ids)]
        )
        strangers = guarded.filtered(lambda profile: not seen._knows(profile))
        if strangers := strangers.partner_id:
            raise AccessError(
                self.env._(
                    "%(people)s: colleagues who were responsible before keep personal"
                    " data. Ask your head of sales to add this stakeholder.",
                    people=list_names(strangers),
                )
            )

    def _get_profiles(self):
        """Return {(person, company): profile} of those the user may read."""
        profiles = self.env["kam.person.profile"].search(
            [("partner_id", "in", self.partner_id.ids)]
        )
        return {
            (profile.partner_id, profile.company_id): profile for profile in profiles
        }
