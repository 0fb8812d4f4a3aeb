from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Whole numbers up to this one are exact in a browser.
LARGEST = 2**53 - 1


class KamRecord(models.AbstractModel):
    """A row that stands for a record of any model: named, and a click away."""

    _name = "kam.record"
    _description = "Reference to a Record"

    res_model = fields.Char("Kind of Record", readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", readonly=True, aggregator=None
    )
    source = fields.Char(
        compute="_compute_source", compute_sudo=True, help="The counted record."
    )

    @api.depends("res_model", "res_id")
    def _compute_source(self):
        """Name the records, a kind of them at a time; one may be gone by now."""
        self.source = False
        for model, rows in self.grouped("res_model").items():
            if model not in self.env:
                continue
            records = self.env[model].browse(rows.mapped("res_id")).exists()
            kind = self.env["ir.model"]._get(model).name
            names = {record.id: _get_label(record) or kind for record in records}
            for row in rows:
                row.source = names.get(row.res_id, self.env._("Deleted"))

    def action_open_record(self):
        """Open what was counted.

        :raise AccessError: when the user may not read it
        :raise UserError: when it has been deleted since
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        if not record.exists():
            raise UserError(
                self.env._("This record was deleted after it had been counted.")
            )
        record.check_access("read")
        # a figure has no page of its own
        opener = getattr(record, "action_open_facts", record.get_formview_action)
        return opener()

    @api.model
    def _get_id_sql(self, *columns):
        """Return the SQL of a number that is this row's, whatever else is looked up.

        The rows of such a model are found by a query that the context is part of, so
        they have no number of their own; two that are alike in all columns are counted.

        :param columns: names of the columns that tell rows of the query apart
        """
        names = SQL(", ").join(map(SQL.identifier, columns))
        return SQL(
            """hashtextextended(concat_ws('|', %s, row_number() OVER (PARTITION BY %s)),
                                0) & %s""",
            names,
            names,
            LARGEST,
        )


def _get_label(record):
    """Return how a record is called as the source of a figure."""
    get_label = getattr(record, "_get_source_label", None)
    return get_label() if get_label else record.display_name
