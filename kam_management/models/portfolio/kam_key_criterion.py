from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import float_compare

from ..account.refresh_segments import SHARE_DIGITS


class KamKeyCriterion(models.Model):
    """A reason for which a customer is a key account, measured where it can be."""

    _name = "kam.key.criterion"
    _description = "Key Account Criterion"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    min_share = fields.Float(
        "Share of Revenue from",
        digits=(5, 2),
        help="A customer who brings at least this much of all revenue, in percent, is"
        " suggested as a key account. 0: not measured.",
    )
    min_group_share = fields.Float(
        "Group's Share from",
        digits=(5, 2),
        help="A customer whose group brings at least this much of all revenue, in"
        " percent, is suggested as a key account. 0: not measured.",
    )

    _check_shares = models.Constraint(
        "CHECK(COALESCE(min_share, 0) BETWEEN 0 AND 100"
        " AND COALESCE(min_group_share, 0) BETWEEN 0 AND 100)",
        "Shares of revenue: enter a percentage from 0 (not measured) to 100.",
    )

    def _get_met_domain(self):
        """Return the domain of the accounts that meet one of these criteria by figures.

        Who brings no revenue himself is not suggested for the revenue of his group.
        """
        return Domain("share", ">", 0) & Domain.OR(
            Domain(name, ">=", round(criterion[limit] / 100, SHARE_DIGITS))
            for criterion in self
            for name, limit in self._get_measures().items()
            if criterion[limit]
        )

    def _get_met_reasons(self, account):
        """Return [(criterion, why in words)] of these criteria that an account meets."""
        texts = {
            "share": self.env._("%(share)s %% of revenue, limit %(limit)s %%"),
            "group_share": self.env._(
                "the group brings %(share)s %% of revenue, limit %(limit)s %%"
            ),
        }
        return [
            (
                criterion,
                texts[name]
                % {
                    "share": f"{100 * account[name]:.1f}",
                    "limit": f"{criterion[limit]:g}",
                },
            )
            for criterion in self
            for name, limit in self._get_measures().items()
            if criterion[limit]
            and account.share > 0
            and float_compare(account[name], criterion[limit] / 100, SHARE_DIGITS) >= 0
        ]

    def _get_measures(self):
        """Return {share of an account: the field with its limit in percent}."""
        return {"share": "min_share", "group_share": "min_group_share"}
