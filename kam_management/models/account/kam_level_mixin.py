from odoo import models
from odoo.tools import SQL

LEVELS = [
    ("potential", "Potential"),
    ("engaged", "Engaged"),
    ("new", "New"),
    ("active", "Active"),
    ("dormant", "Dormant"),
]
# Steps from never bought to bought, and first contacts: pairs of levels before and after
WON = ("potential", "engaged"), ("new", "active")
ENGAGED = ("potential",), ("engaged",)
REACTIVATED = ("dormant",), ("new", "active")


class KamLevelMixin(models.AbstractModel):
    """Sort and group by level in the order of the ladder, not of the alphabet."""

    _name = "kam.level.mixin"
    _description = "Ordered Relationship Levels"
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


def dormant_date(day, rule):
    """Return the SQL of the day on which a last purchase makes an account dormant.

    It is the first day D with purchase <= D - window. Adding months clamps to the end
    of a short month (31 August + 6 months = 28 February, less 6 months = 28 August);
    such a window is left on the day after.

    :param SQL day: a date expression, the last purchase
    """
    return SQL(
        """((%(day)s + %(window)s)::date
            + (((%(day)s + %(window)s)::date - %(window)s)::date < %(day)s)::int)""",
        day=day,
        window=SQL("INTERVAL %s", f"{rule.months} months"),
    )
