from odoo import api, models
from odoo.exceptions import UserError


class KamImport(models.AbstractModel):
    """External ids in a file: what rows call records that are there.

    An id that is taken stays with its record, whatever a file says: groups, companies
    and templates of the whole system are found by theirs.
    """

    _inherit = "kam.import"

    @api.model
    def _find_named(self, data_list):
        """Give each row the id of the record that its external id belongs to.

        :raise UserError: when it belongs to a record of another kind, or a new one to
            an app, which would delete the record when it is updated
        """
        named = [data for data in data_list if data.get("xml_id")]
        # sudo: what records are called outside; as Odoo does it
        rows = (
            self.env["ir.model.data"]
            .sudo()
            ._lookup_xmlids([data["xml_id"] for data in named], self)
        )
        taken = {f"{module}.{name}": row for _id, module, name, *row in rows}
        new = set()
        for data in named:
            model, number, _noupdate, found = taken.get(
                data["xml_id"], (self._name, None, None, None)
            )
            if model != self._name:
                raise UserError(
                    self.env._(
                        "The external id “%(name)s” belongs to a record of another"
                        " kind. Write another one, or leave the cell empty.",
                        name=data["xml_id"],
                    )
                )
            if found:
                data["values"]["id"] = number
            else:
                new.add(data["xml_id"])
        self._check_new_names(new)

    @api.model
    def _check_new_names(self, names):
        """Refuse external ids that look like those of an app, see ``_find_named``."""
        if not names or self.env.su:
            return
        prefixes = {name: name.split(".", 1)[0] for name in names}
        # sudo: whether there is such an app, whoever may read what is installed
        apps = self.env["ir.module.module"].sudo()
        found = set(
            apps.search([("name", "in", set(prefixes.values()))]).mapped("name")
        )
        for name in sorted(names):
            if (prefix := prefixes[name]) in found:
                raise UserError(
                    self.env._(
                        "The external id “%(name)s” would belong to the app “%(app)s”."
                        " Remove the part before the dot, and the dot itself.",
                        name=name,
                        app=prefix,
                    )
                )

    @api.model
    def _name_known(self, pairs):
        """Let records be called from now on what rows about them call them.

        :param list pairs: of a row as ``_load_records`` gets it, and its record
        :raise AccessError: when the user may not change such a record
        """
        named = [
            {"xml_id": data["xml_id"], "record": record}
            for data, record in pairs
            if data.get("xml_id")
        ]
        self.concat(*(data["record"] for data in named)).check_access("write")
        # sudo: the name of a record that the user may change; it is nobody else's, see
        # ``_find_named``
        self.env["ir.model.data"].sudo()._update_xmlids(named)
