from odoo import Command, api, fields, models
from odoo.fields import Domain

from .kam_person_profile import GROUNDS

REMOVALS = (Command.DELETE, Command.UNLINK, Command.CLEAR)


class KamStakeholder(models.Model):
    """The dates to remember on the dossier, for those who may see them."""

    _inherit = "kam.stakeholder"

    remembered_date_ids = fields.One2many(
        "kam.remembered.date",
        "stakeholder_id",
        string="Dates to Remember",
        groups="kam_management.group_kam_personal",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Write the dates last: they ask for the grounds on the same page."""
        name = "remembered_date_ids"
        dossiers = super().create(
            [{k: v for k, v in vals.items() if k != name} for vals in vals_list]
        )
        for dossier, vals in zip(dossiers, vals_list, strict=True):
            if vals.get(name):
                dossier[name] = vals[name]
        return dossiers

    def write(self, vals):
        """Write new dates last: they ask for the grounds on the same page.

        Dates go first that are removed: they ask for grounds no longer.
        """
        name = "remembered_date_ids"
        if name not in vals or len(vals) == 1:
            result = super().write(vals)
        else:
            commands = vals[name] or [Command.clear()]
            removals = [c for c in commands if c[0] in REMOVALS]
            super().write({name: removals})
            super().write({k: v for k, v in vals.items() if k != name})
            result = super().write({name: [c for c in commands if c not in removals]})
        if "partner_id" in vals and not self.env.su:
            # sudo: whether there are grounds for the other person's dates
            self.sudo().remembered_date_ids._check_grounds()
        return result

    def _get_personal_holders(self):
        """Return who looks after the person and may see personal facts."""
        self.ensure_one()
        allowed = self.env.ref("kam_management.group_kam_personal").all_user_ids
        account = self.account_id
        for user in self.user_id, account.manager_id, account.accountable_id:
            if user and user.active and user in allowed:
                return user
        return self.env["res.users"]

    def _merge_into(self, twin):
        self.remembered_date_ids.stakeholder_id = twin
        return super()._merge_into(twin)


class KamPersonProfile(models.Model):
    """The grounds on which dates are remembered."""

    _inherit = "kam.person.profile"

    def write(self, vals):
        """Keep the grounds as long as dates are remembered on them."""
        dates = self.env["kam.remembered.date"]
        if not {"partner_id", "company_id", *GROUNDS}.isdisjoint(vals):
            dates = self._get_remembered_dates()
        result = super().write(vals)
        dates._check_grounds()
        return result

    def unlink(self):
        """Without grounds no date is remembered any longer."""
        self._get_remembered_dates().unlink()
        return super().unlink()

    def _has_grounds(self):
        """Return whether it is known why, and how long, facts may be kept."""
        self.ensure_one()
        return bool(self.purpose and self.legal_basis and self.review_date)

    def _get_remembered_dates(self):
        """Return the dates that are remembered on the grounds of these profiles."""
        # sudo: also dates in dossiers of other teams need the grounds
        Dossier = self.env["kam.stakeholder"].sudo().with_context(active_test=False)
        dossiers = Dossier.search(
            Domain.OR(
                Domain("partner_id", "=", profile.partner_id.id)
                & Domain("company_id", "=", profile.company_id.id)
                for profile in self
            )
        )
        return dossiers.remembered_date_ids
