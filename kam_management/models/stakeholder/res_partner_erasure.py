from odoo import Command, models
from odoo.exceptions import AccessError, UserError

from ..common import clock
from ..common.names import list_names

# What a dossier keeps about a person, beside his place in the organisation.
PERSONAL_JUDGEMENT = (
    "influence",
    "attitude",
    "argument_style",
    "goals",
    "interests",
    "relation_current",
    "relation_wanted",
    "group_ids",
)
# Roles that say how he stands towards us, not what he does at the customer's.
JUDGING_ROLES = ("sponsor", "opponent")


class ResPartner(models.Model):
    """A person of the customer has the right to be forgotten."""

    _inherit = "res.partner"

    def unlink(self):
        self._kam_forget_persons()
        return super().unlink()

    def action_kam_erase_person(self):
        """Show what would be erased of this person, to be confirmed.

        :raise AccessError: see ``_check_kam_erasable``
        """
        self.ensure_one()
        self._check_kam_erasable()
        dialog = self.env["kam.person.erasure"].create({"partner_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Personal Data"),
            "res_model": dialog._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_kam_erasable(self):
        """Check that the user may erase what is known of these persons.

        :raise AccessError: without the right to personal data or to the person, or
            when others than the user's teams keep something about them
        """
        self._check_kam_personal()
        self._check_kam_all_seen()
        self.check_access("write")

    def _check_kam_all_seen(self):
        """Check that the user may have changed all that is kept about these persons.

        :raise AccessError: when other teams or companies keep something too
        """
        if self.env["kam.person.traces"]._has_hidden(self):
            raise AccessError(
                self.env._(
                    "Other teams or companies keep records of this person too. Ask your head"
                    " of sales to erase the personal data everywhere."
                )
            )

    def _kam_erase_person(self):
        """Remove facts, judgement, its history and what is written of these persons.

        Their places in org charts stay. As superuser in all records, for others in those
        that they may change, see ``Reach``.
        """
        for person in self:
            deleted, changes = person._kam_get_erasure()
            for records in deleted:
                records.unlink()
            for record, values in changes.items():
                # what is tracked would keep what is erased
                record.with_context(tracking_disable=True).write(values)
            dossiers = person._kam_get_dossiers()
            # that they are judged no longer is history, too
            dossiers.history_ids.unlink()
            dossiers.erased_date = clock.today()

    def _kam_get_erasure(self):
        """Return what goes when the user erases this person.

        :return: ([records to delete], {record: values to write}), as superuser
        """
        self.ensure_one()
        # sudo: nobody else keeps records of the person, see _check_kam_all_seen
        person = self.sudo()
        env = person.env
        profiles = env["kam.person.profile"].search([("partner_id", "=", self.id)])
        dossiers = person._kam_get_dossiers()
        deleted = [dossiers.remembered_date_ids, profiles, dossiers.history_ids]
        changes = self.env["kam.person.traces"]._find(self)
        person._kam_add_judgement(changes, dossiers)
        person._kam_add_notes(changes)
        person._kam_add_answers(changes)
        gone = {record for records in deleted for record in records}
        return deleted, {one: changes[one] for one in changes.keys() - gone}

    def _kam_get_dossiers(self):
        """Return all dossiers of these persons, as superuser."""
        # sudo: nobody else keeps records of the person, see _check_kam_all_seen
        Dossier = self.env["kam.stakeholder"].sudo().with_context(active_test=False)
        return Dossier.search([("partner_id", "in", self.ids)])

    def _kam_add_judgement(self, changes, dossiers):
        """Add to changes that dossiers judge their person no longer."""
        judging = self.env["kam.stakeholder.role"].with_context(active_test=False)
        judging = judging.search([("code", "in", JUDGING_ROLES)])
        for dossier in dossiers.filtered(lambda one: one._is_judged()):
            changes.setdefault(dossier, {}).update(
                dict.fromkeys(PERSONAL_JUDGEMENT, False),
                influence="0",
                role_ids=[Command.unlink(role.id) for role in judging],
            )

    def _kam_add_notes(self, changes):
        """Add to changes the notes of touches with this person, and nobody else."""
        Touch = self.env["kam.touch"].with_context(active_test=False)
        met = Touch.search([("partner_ids", "in", self.ids), ("note", "!=", False)])
        for touch in met:
            if touch.partner_id == self or touch.partner_ids == self:
                changes.setdefault(touch, {})["note"] = False

    def _kam_add_answers(self, changes):
        """Add to changes that answers are nobody's, and say nothing in words."""
        surveys = self.env["kam.survey"].search([("partner_id", "=", self.id)])
        for survey in surveys:
            changes.setdefault(survey, {})["partner_id"] = False
        ratings = self.env["rating.rating"].search(
            [
                ("res_model", "=", "kam.survey.answer"),
                ("res_id", "in", surveys.answer_ids.ids),
            ]
        )
        for rating in ratings:
            changes[rating] = {"feedback": False, "partner_id": False}
        for message in ratings.message_id:
            changes.setdefault(message, {})["body"] = False

    def _kam_forget_persons(self):
        """Let persons be deleted whose dossiers hold nothing about them any more.

        Odoo's privacy lookup deletes as superuser: then they are erased by the way, also
        where those who erased them before could not.

        :raise UserError: when somebody would be deleted together with what we know
        """
        # sudo: whoever may delete contacts learns why he may not delete this one
        profiles = self.env["kam.person.profile"].sudo()
        profiles = profiles.search([("partner_id", "in", self.ids)])
        dossiers = self._kam_get_dossiers()
        known = dossiers.filtered(lambda one: not one.erased_date).partner_id
        known |= profiles.partner_id
        if known and not self.env.su:
            raise UserError(
                self.env._(
                    "%(people)s: stakeholder records exist. Archive the contact, or"
                    " have the personal data erased first, then delete the contact.",
                    people=list_names(known),
                )
            )
        if self.env.su:
            (known | dossiers.partner_id)._kam_erase_person()


class KamStakeholder(models.Model):
    _inherit = "kam.stakeholder"

    def write(self, vals):
        """What is known again of somebody who was erased is to be erased again."""
        result = super().write(vals)
        if not {*PERSONAL_JUDGEMENT, "role_ids"}.isdisjoint(vals):
            # sudo: when he was erased is nothing users write
            erased = self.sudo().filtered("erased_date")
            erased.filtered(lambda dossier: dossier._is_judged()).erased_date = False
        return result

    def _is_judged(self):
        """Return whether the dossier says what we think of the person."""
        self.ensure_one()
        return (
            self.influence != "0"
            or any(self[name] for name in PERSONAL_JUDGEMENT if name != "influence")
            or not set(JUDGING_ROLES).isdisjoint(self.role_ids.mapped("code"))
        )
