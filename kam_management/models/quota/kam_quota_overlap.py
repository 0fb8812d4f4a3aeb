from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..common import formats

# What two quotas must have in common to be in each other's way, beside their days.
OWNER = ("company_id", "scope", "user_id", "team_id", "period")


class KamQuota(models.Model):
    """One quota of each kind of period at a time for each owner."""

    _inherit = "kam.quota"

    # two people who plan at the same time do not plan twice
    _owner_uniq = models.UniqueIndex(
        "(company_id, scope, COALESCE(user_id, 0), COALESCE(team_id, 0), period,"
        " date_start) WHERE active",
        "There is already a quota for this period. Open it, or choose another period.",
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
                {
                    "id": quota.id,
                    "owner": quota._get_owner_key(),
                    "days": (quota.date_start, quota.date_end),
                }
                for quota in self
                if quota.active
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        # what is in the way is named below
        self.check_access("create")
        defaults = self.default_get([*OWNER, "date_start", "date_end", "active"])
        vals_list = [self._complete_period(vals, defaults) for vals in vals_list]
        rows = [{**defaults, **vals} for vals in vals_list]
        # before the index refuses it in fewer words
        self._check_free(
            [
                {
                    "id": False,
                    "owner": tuple(row.get(name) or False for name in OWNER),
                    "days": tuple(map(fields.Date.to_date, days)),
                }
                for row in rows
                for days in [(row.get("date_start"), row.get("date_end"))]
                if row.get("active") and all(days)
            ]
        )
        return super().create(vals_list)

    @api.model
    def _check_free(self, rows):
        """Refuse quotas where there is one of the same owner and kind already.

        :param list rows: dicts with id (False for a new quota), owner (see
            ``_get_owner_key``) and days (the first and the last)
        :raise ValidationError: naming the quota that is there
        """
        if not rows:
            return
        starts, ends = zip(*(row["days"] for row in rows), strict=True)
        owners = zip(*(row["owner"] for row in rows), strict=True)
        # sudo: a quota is in the way, seen or not
        others = self.sudo().search(
            Domain("active", "=", True)
            & Domain("date_start", "<=", max(ends))
            & Domain("date_end", ">=", min(starts))
            & Domain.AND(
                Domain(name, "in", set(values))
                for name, values in zip(OWNER, owners, strict=True)
            )
        )
        by_owner = others.grouped(lambda quota: quota._get_owner_key())
        for row in rows:
            start, end = row["days"]
            for other in by_owner.get(row["owner"], ()):
                if other.id != row["id"] and (
                    other.date_start <= end and other.date_end >= start
                ):
                    raise ValidationError(other.sudo(False)._get_taken_words())

    def _get_owner_key(self):
        """Return the values of ``OWNER`` as they are written."""
        return tuple(
            self._fields[name].convert_to_write(self[name], self) or False
            for name in OWNER
        )

    def _get_taken_words(self):
        """Return that this quota is in the way, naming it to who may see it."""
        if not self.has_access("read"):
            return self.env._("There is already a quota for this period.")
        return self.env._(
            "There is already a quota for this period: “%(other)s” (%(span)s). Change"
            " that one, or choose another period.",
            other=self.name,
            span=formats.span(self.env, self.date_start, self.date_end),
        )
