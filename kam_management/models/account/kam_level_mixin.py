from odoo import models
from odoo.tools import SQL

LEVELS = [
    ("potential", "Potential"),
    ("engaged", "Engaged"),
    ("new", "New"),
    ("active", "Active"),
    ("dormant", "Dormant"),
]


class KamLevelMixin(models.AbstractModel):
    """Sort and group by level in the order of the ladder, not of the alphabet."""

    _name = "kam.level.mixin"
    _description = "Levels in the Order of the Ladder"
    _level_fields = ("level",)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name not in self._level_fields:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        level = self._field_to_sql(alias, field_name, query)
        return SQL("%s %s %s", self._get_level_rank_sql(level), direction, nulls)

    def _read_group_orderby(self, order, groupby_terms, query):
        terms = {
            spec: self._get_level_rank_sql(term) if spec in self._level_fields else term
            for spec, term in groupby_terms.items()
        }
        orderby = super()._read_group_orderby(order, terms, query)
        # ordering by a many2one may extend the term it is grouped by
        groupby_terms.update(
            (spec, term)
            for spec, term in terms.items()
            if spec not in self._level_fields
        )
        return orderby

    def _get_level_rank_sql(self, level):
        """Return the SQL of the place of a level on the ladder, from 1; dormant is last.

        :param SQL level: an expression that yields a level
        """
        return SQL(
            "array_position(%s, %s::text)", [key for key, _label in LEVELS], level
        )
