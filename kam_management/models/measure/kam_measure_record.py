from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common import formats
from .frame import EVERYBODY, NOBODY
from .kam_measure_sums import get_slots
from .question import ask

# What tells a record from others
RECORD = ("figure_id", "res_model", "res_id", "account_id", "user_id", "date", "value")


class KamMeasure(models.AbstractModel):
    """The records behind figures, by the same facts."""

    _inherit = "kam.measure"

    @api.model
    def _get_records_sql(self, rows):
        """Return the SQL of the records that figures are made of; they add up to them.

        Columns: key (of the row), company_id, date, account_id, user_id, value, weight,
        res_model, res_id.

        :param list rows: as of ``_measure``, with numbers as keys
        :return: SQL, None where there is nothing to ask for
        """
        known = self._get_indicators()
        queries = [
            self._get_records_of_sql(known[key], question, asked)
            for question in ask(self.env, rows)
            for key, asked in question.rows.items()
        ]
        if not queries:
            return None
        return SQL(" UNION ALL ").join(SQL("SELECT * FROM (%s) q", q) for q in queries)

    @api.model
    def _get_records_of_sql(self, indicator, question, asked):
        """Return the SQL of the records of one indicator; see ``_get_records_sql``."""
        # a fact counts for whom it is credited to, and for the company
        counts_for = SQL("ARRAY[COALESCE(fact.owner_id, %s)]", NOBODY)
        if question.frame.with_nobody:
            counts_for = SQL("%s || %s", counts_for, EVERYBODY)
        return SQL(
            """
            WITH %(tables)s
            SELECT r.key, f.company_id, f.date, f.account_id, f.user_id,
                   f.value::float8 AS value, f.weight::float8 AS weight,
                   f.res_model::varchar AS res_model, f.res_id
              FROM kam_row r
              %(slots)s
              JOIN (
                SELECT fact.*, counted.for_id
                  FROM (%(facts)s) fact
                 CROSS JOIN unnest(%(counts_for)s) counted (for_id)
              ) f ON f.company_id = r.company_id AND f.for_id = r.owner_id
                 AND f.slot = %(slot)s %(product)s
            """,
            tables=question.get_tables(asked),
            facts=self._get_facts_sql(indicator, question, outlook=False),
            counts_for=counts_for,
            **get_slots(indicator),
        )


class KamMeasureRecord(models.Model):
    """A record behind a figure; together they add up to it. Read, never written.

    Which figure is asked for stands in the context, as ``kam_figure``: model and id. Who
    may read the figure may see what it is made of.
    """

    _name = "kam.measure.record"
    _description = "Source Record of a Figure"
    _inherit = ["kam.record"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "source"

    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    account_id = fields.Many2one("kam.account", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Credited To", readonly=True)
    value = fields.Float(readonly=True)
    weight = fields.Float(
        "Share",
        readonly=True,
        aggregator=None,
        help="The part of the period in which the customer was assigned to the person"
        " credited.",
    )

    @property
    def _table_query(self):
        figure = self._get_figure()
        query = figure and figure._get_records_sql()
        return SQL(
            """
            SELECT %s AS id, * FROM (
                SELECT %s AS figure_id, company_id, date, account_id, user_id, value,
                       weight, res_model, res_id
                  FROM (%s) counted
            ) record
            """,
            self._get_id_sql(*RECORD),
            f"{figure._name},{figure.id}" if figure else "",
            query or NOTHING,
        )

    @api.model
    def _get_figure(self):
        """Return the figure that is asked for, a ``kam.figure`` the user may read.

        :raise AccessError: when the user may not read it
        """
        match self.env.context.get("kam_figure"):
            case [str(model), int(number)]:
                Figure = self.env.get(model)
            case _:
                return None
        kind = self.env.registry["kam.figure"]
        if not isinstance(Figure, kind) or Figure._abstract:
            return None
        figure = Figure.browse(number).exists()
        figure.check_access("read")
        # sudo: the records are counted by the app, whoever may open which of them
        return figure.sudo()


NOTHING = SQL(
    """SELECT NULL::int AS company_id, NULL::date AS date, NULL::int AS account_id,
              NULL::int AS user_id, NULL::float8 AS value, NULL::float8 AS weight,
              NULL::varchar AS res_model, NULL::int AS res_id WHERE FALSE"""
)


class KamFigure(models.AbstractModel):
    """A record whose figure is measured, and opens what it is made of."""

    _name = "kam.figure"
    _description = "Measured Figure"

    def action_open_facts(self):
        """Open the records that this figure is made of, as a list with its sum.

        Nothing is written: they are read anew, and so is the figure in the title; a
        closed period shows what it was closed with.

        :return: window action on ``kam.measure.record``
        :raise UserError: when nothing of the app measures this any more
        """
        self.ensure_one()
        self.check_access("read")
        indicator = self.env["kam.measure"]._get_indicators().get(self.indicator)
        if not indicator:
            raise UserError(
                self.env._(
                    "The app that measures this is no longer installed. Remove the"
                    " line."
                )
            )
        xmlid = f"kam_management.kam_measure_record_action_{indicator.kind}"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {
            **action,
            # the list itself sums up one page at a time; what is long is cut at its end
            # sudo: figures are the app's own; whose this is was asked above
            "display_name": f"{self.sudo()._tell_figure()} = {self.display_name}",
            "domain": [],
            "context": {"kam_figure": [self._name, self.id]},
        }

    def _get_figure_row(self):
        """Return what this figure asks for, as a row of ``kam.measure._measure``."""
        raise NotImplementedError

    def _get_records_sql(self):
        """Return the SQL of the records behind this figure, see ``kam.measure``.

        :return: SQL, None when there are none
        """
        counted = self.env["kam.measure"]._get_records_sql(
            [{**self._get_figure_row(), "key": self.id}]
        )
        queries = [counted] if counted else []
        queries += map(self._get_correction_sql, self._get_corrections())
        return SQL(" UNION ALL ").join(queries) if queries else None

    def _get_corrections(self):
        """Return what counts in this figure beside the records of its time.

        :return: list of dicts with ``date``, ``user_id``, ``value``, and what they are
            found at: ``res_model`` and ``res_id``
        """
        return []

    def _get_correction_sql(self, vals):
        """Return the SQL of a correction as a record, see ``kam.measure``."""
        return SQL(
            """
            SELECT %s AS key, %s AS company_id, %s::date AS date, NULL::int AS account_id,
                   %s::int AS user_id, %s::float8 AS value, 1::float8 AS weight,
                   %s::varchar AS res_model, %s AS res_id
            """,
            self.id,
            self.company_id.id,
            vals["date"],
            vals["user_id"],
            vals["value"],
            vals["res_model"],
            vals["res_id"],
        )

    def _get_shown_figure(self):
        """Return the figure: as it is now, or what a closed period was closed with."""
        return self._get_live_figure()

    def _get_live_figure(self):
        """Return the figure as the records of now make it up."""
        row = {**self._get_figure_row(), "key": self.id}
        return self.env["kam.measure"]._measure([row]).get(self.id) or 0.0

    def _tell_figure(self):
        """Return the figure that the records of this one add up to, in words."""
        return self._format_figure(self._get_shown_figure())

    def _format_figure(self, figure):
        """Return a figure with its unit, such as “12.5 customers”."""
        self.ensure_one()
        return f"{formats.number(self.env, figure)} {self.unit or ''}".strip()
