from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

# What two quotas must not have in common, with the types of their columns.
ROW = [
    ("company_id", "int"),
    ("scope", "varchar"),
    ("user_id", "int"),
    ("team_id", "int"),
    ("period", "varchar"),
    ("date_start", "date"),
    ("date_end", "date"),
]


class KamQuota(models.Model):
    """One quota of each kind of period at a time for each owner."""

    _inherit = "kam.quota"

    # two people who plan at the same time do not plan twice
    _owner_uniq = models.UniqueIndex(
        "(company_id, scope, COALESCE(user_id, 0), COALESCE(team_id, 0), period,"
        " date_start) WHERE active",
        "There is a quota for this period already. Open it, or choose another period.",
    )

    @api.constrains(
        "scope",
        "user_id",
        "team_id",
        "company_id",
        "period",
        "date_start",
        "date_end",
        "active",
    )
    def _check_overlap(self):
        """Refuse two quotas of the same kind for the same time and owner.

        A month and a year may overlap: they are levels of the same plan.
        """
        self._check_free(
            [
                (
                    quota.id,
                    quota.company_id.id,
                    quota.scope,
                    quota.user_id.id or None,
                    quota.team_id.id or None,
                    quota.period,
                    quota.date_start,
                    quota.date_end,
                )
                for quota in self
                if quota.active
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        # what is in the way is named below
        self.check_access("create")
        names = [name for name, _type in ROW]
        defaults = self.default_get([*names, "active"])
        vals_list = [self._complete_period(vals, defaults) for vals in vals_list]
        rows = [{**defaults, **vals} for vals in vals_list]
        # before the index refuses it in fewer words
        self._check_free(
            [
                (0, *(row.get(name) or None for name in names))
                for row in rows
                if row.get("active") and row.get("date_start") and row.get("date_end")
            ]
        )
        return super().create(vals_list)

    @api.model
    def _check_free(self, rows):
        """Refuse quotas where there is one of the same owner and kind already.

        :param list rows: tuples of an id (0 for a new quota) and the columns of ``ROW``
        :raise ValidationError: naming the quota that is there
        """
        if not rows:
            return
        self.flush_model()
        columns = [list(column) for column in zip(*rows, strict=True)]
        types = ["int", *(kind for _name, kind in ROW)]
        found = self.env.execute_query(
            SQL(
                """
                SELECT other.id
                  FROM unnest(%s)
                       q (id, company_id, scope, user_id, team_id, period, date_start,
                          date_end)
                  JOIN kam_quota other
                    ON other.id <> q.id AND other.active
                   AND other.company_id = q.company_id AND other.scope = q.scope
                   AND other.user_id IS NOT DISTINCT FROM q.user_id
                   AND other.team_id IS NOT DISTINCT FROM q.team_id
                   AND other.period = q.period
                   AND other.date_start <= q.date_end
                   AND other.date_end >= q.date_start
                 LIMIT 1
                """,
                SQL(", ").join(
                    SQL("%s::%s[]", column, SQL(kind))
                    for column, kind in zip(columns, types, strict=True)
                ),
            )
        )
        for [other] in found:
            other = self.browse(other)
            if not other.has_access("read"):
                raise ValidationError(
                    self.env._("There is a quota for this time already.")
                )
            raise ValidationError(
                self.env._(
                    "There is a quota for this time already: “%(other)s” (%(start)s –"
                    " %(end)s). Change that one, or choose another period.",
                    other=other.name,
                    start=format_date(self.env, other.date_start),
                    end=format_date(self.env, other.date_end),
                )
            )
