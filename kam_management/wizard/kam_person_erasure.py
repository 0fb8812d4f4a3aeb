from odoo import api, fields, models

# So many records of a kind are named, the others counted.
SHOWN = 5
# Not called by anything that tells them apart
UNNAMED = ("mail.message", "kam.stakeholder.history")


class KamPersonErasure(models.TransientModel):
    """Shows what goes when a person is erased, and what stays, before it is done.

    The list is looked up whenever the dialog is shown, and kept nowhere.
    """

    _name = "kam.person.erasure"
    _description = "Erasure of a Person"
    _inherit = ["kam.personal", "kam.guard"]

    partner_id = fields.Many2one(
        "res.partner", "Person", required=True, readonly=True, ondelete="cascade"
    )
    traces_html = fields.Html(
        "What Will Be Erased", compute="_compute_traces_html", sanitize=False
    )
    is_empty = fields.Boolean(compute="_compute_traces_html")

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_traces_html(self):
        for dialog in self:
            person = dialog.partner_id._origin
            parts = dialog._get_parts(person) if person else []
            dialog.is_empty = not parts
            dialog.traces_html = self.env["ir.qweb"]._render(
                "kam_management.person_erasure_traces", {"parts": parts}
            )

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs.partner_id._check_kam_erasable()
        return dialogs

    def action_erase(self):
        """Erase what was shown, and whatever was added meanwhile.

        :raise AccessError: when the user may not erase the person any more
        """
        self.ensure_one()
        person = self.partner_id
        person._check_kam_erasable()
        person._kam_erase_person()
        # nothing tells afterwards who was erased
        self.unlink()
        return {"type": "ir.actions.act_window_close"}

    def _get_parts(self, person):
        """Return what is deleted, and what goes on without the person.

        :return: list of (heading, kinds), see ``_get_kinds``; without what is empty
        :raise AccessError: when the user may not erase the person
        """
        person._check_kam_erasable()
        deleted, changes = person._kam_get_erasure()
        deleted = [record for records in deleted for record in records]
        parts = [
            (self.env._("Deleted"), self._get_kinds(deleted)),
            (
                self.env._("Kept, without personal data"),
                self._get_kinds(changes),
            ),
        ]
        return [(heading, kinds) for heading, kinds in parts if kinds]

    def _get_kinds(self, records):
        """Return the kinds of some records, the most first.

        :return: list of dicts: name, count, names of some the user may read, and how
            many there are beside these
        """
        kinds = {}
        for record in records:
            kinds.setdefault(record._name, []).append(record.id)
        found = []
        for model, ids in kinds.items():
            # back from superuser: named is what the user may read
            records = self.env[model].with_context(active_test=False).browse(ids)
            names = self._get_names(records)
            found.append(
                {
                    "name": self.env["ir.model"]._get(model).name,
                    "count": len(ids),
                    "names": names,
                    "others": len(ids) - len(names),
                }
            )
        return sorted(found, key=lambda kind: (-kind["count"], kind["name"]))

    @api.model
    def _get_names(self, records):
        """Return the names of the first of these records that the user may read."""
        if records._name in UNNAMED:
            return []
        readable = records._filtered_access("read").sorted("id")[:SHOWN]
        return [name for name in readable.mapped("display_name") if name]
