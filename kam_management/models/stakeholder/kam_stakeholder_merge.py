from odoo import api, fields, models

from ..context import MERGING

# What the surviving dossier takes over where it has nothing of its own.
INHERITED_FIELDS = (
    "attitude",
    "relation_current",
    "relation_wanted",
    "argument_style",
    "org_level",
    "user_id",
    "left_date",
    "successor_id",
)
TEXTS = ("goals", "interests")


class KamStakeholder(models.Model):
    """Two persons, or two accounts, turn out to be one: so do their dossiers."""

    _inherit = "kam.stakeholder"

    @api.model
    def _move_to_person(self, persons, target):
        """Give the dossiers of some persons to another one, with whom they are merged.

        :param persons: ``res.partner`` records that will be gone
        :param target: the ``res.partner`` that stays
        """
        # sudo: whoever may merge partners merges all that is kept on them
        Dossier = self.sudo().with_context(active_test=False)
        kept = Dossier.search([("partner_id", "=", target.id)]).grouped("account_id")
        for dossier in Dossier.search([("partner_id", "in", persons.ids)]):
            twin = kept.get(dossier.account_id)
            if twin:
                dossier._merge_into(twin)
            else:
                dossier.partner_id = target
                kept[dossier.account_id] = dossier

    def _move_to_account(self, survivor):
        """Move these dossiers to another account, with which theirs is merged."""
        twins = survivor.with_context(active_test=False).stakeholder_ids.grouped(
            "partner_id"
        )
        doubles = self.filtered(
            lambda dossier: dossier.partner_id and dossier.partner_id in twins
        )
        # together, so that nobody reports into another account
        (self - doubles).with_context(kam_merge=MERGING).write(
            {"account_id": survivor.id}
        )
        for dossier in doubles:
            dossier._merge_into(twins[dossier.partner_id])
        for dossier in (self - doubles).exists():
            if dossier.parent_id.account_id != dossier.account_id:
                dossier.parent_id = False

    def _merge_into(self, twin):
        """Make this dossier part of another one of the same person and remove it.

        Roles, groups and deals add up, gaps and texts are filled in, the history and
        the subordinates move. Who is still there in one of both has not left.
        """
        self.ensure_one()
        twin = twin.with_context(kam_merge=MERGING)
        self.history_ids.write({"stakeholder_id": twin.id})
        children = self.with_context(active_test=False, kam_merge=MERGING).child_ids
        boss = self.parent_id
        if twin._is_below(self):
            twin.parent_id = False
        (children - twin).write({"parent_id": twin.id})
        predecessors = self.with_context(active_test=False).search(
            [("successor_id", "=", self.id)]
        )
        (predecessors - twin).successor_id = twin
        self.env["crm.lead"].with_context(active_test=False, kam_merge=MERGING).search(
            [("kam_stakeholder_ids", "in", self.ids)]
        ).write({"kam_stakeholder_ids": [fields.Command.link(twin.id)]})
        self.env["kam.customer.goal"].search(
            [("stakeholder_id", "=", self.id)]
        ).stakeholder_id = twin
        for model in ("kam.plan.need", "kam.plan.expectation"):
            self.env[model].with_context(kam_merge=MERGING).search(
                [("stakeholder_id", "=", self.id)]
            ).stakeholder_id = twin
        values = self._prepare_merge_values(twin)
        self.unlink()
        twin.write(values)
        if boss and not twin.parent_id and boss != twin and not boss._is_below(twin):
            twin.parent_id = boss

    def _prepare_merge_values(self, twin):
        """Return what a twin takes over from this dossier."""
        values = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in INHERITED_FIELDS
            if self[name] and not twin[name]
        }
        if self.successor_id == twin:
            values.pop("successor_id", None)
        for name in TEXTS:
            texts = dict.fromkeys(filter(None, (twin[name], self[name])))
            values[name] = "\n".join(texts) or False
        values["influence"] = max(twin.influence, self.influence)
        values["role_ids"] = [fields.Command.link(role.id) for role in self.role_ids]
        values["group_ids"] = [fields.Command.link(g.id) for g in self.group_ids]
        if self.active or twin.active:
            values.update(active=True, left_date=False, successor_id=False)
        return values
