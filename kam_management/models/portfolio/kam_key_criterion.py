from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare, plaintext2html

from ..account.kam_account_metrics import SHARE_DIGITS
from ..common import clock, formats

# A suggestion that was dismissed does not come back within this time.
DISMISSED_FOR = relativedelta(years=1)


class KamKeyCriterion(models.Model):
    """A reason for which a customer is a key account, measured where it can be."""

    _name = "kam.key.criterion"
    _description = "Key Account Criterion"
    _inherit = ["kam.guard"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    min_share = fields.Float(
        "Minimum Share of Revenue",
        digits=(5, 2),
        help="A customer who brings at least this much of all revenue, in percent, is"
        " suggested as a key account. 0: not measured.",
    )
    min_group_share = fields.Float(
        "Minimum Group Share",
        digits=(5, 2),
        help="A customer of a group that brings at least this much of all revenue, in"
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
            "share": self.env._("%(share)s of revenue, limit %(limit)s"),
            "group_share": self.env._(
                "the group brings %(share)s of revenue, limit %(limit)s"
            ),
        }
        return [
            (
                criterion,
                texts[name]
                % {
                    "share": formats.percent(self.env, 100 * account[name], 1),
                    "limit": formats.percent(self.env, criterion[limit], None),
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


class KamAccount(models.Model):
    """Who should be a key account: by the figures, or as a manager proposes.

    Looked up when asked for; nothing is stored, so that a refresh writes nothing more.
    """

    _inherit = "kam.account"

    is_key_suggested = fields.Boolean(
        "Suggested as Key Account",
        compute="_compute_key_suggestion",
        search="_search_is_key_suggested",
    )
    key_suggestion = fields.Char(
        "Reasons for the Suggestion",
        compute="_compute_key_suggestion",
        help="The criteria this customer meets by figures, and the reason given by the"
        " proposing manager.",
    )

    @api.depends(
        "is_key_account",
        "share",
        "group_share",
        "active",
        "nomination_ids.date_start",
        "nomination_ids.date_end",
    )
    def _compute_key_suggestion(self):
        """Give the reasons in words, with as many queries for one account as for many."""
        criteria = self.env["kam.key.criterion"].search(Domain.TRUE)
        dismissed = self._get_dismissed()
        for account in self:
            reasons = []
            if not account.is_key_account:
                proposal = account.nomination_id
                met = []
                if proposal or account not in dismissed and account.active:
                    met = criteria._get_met_reasons(account)
                if proposal:
                    told = [criterion for criterion, _why in met]
                    reasons.append(account._format_proposal(proposal, told))
                reasons += [f"{criterion.name}: {why}" for criterion, why in met]
            account.is_key_suggested = bool(reasons)
            account.key_suggestion = "; ".join(reasons)

    def _search_is_key_suggested(self, operator, value):
        if operator != "in":
            return NotImplemented
        proposed = Domain("nomination_ids", "any", [("state", "=", "proposed")])
        dismissed = Domain("nomination_ids", "any", self._get_dismissed_domain())
        met = self.env["kam.key.criterion"].search(Domain.TRUE)._get_met_domain()
        suggested = Domain("is_key_account", "=", False) & (
            proposed | met & ~dismissed & Domain("active", "=", True)
        )
        return suggested if True in value else ~suggested

    def _get_dismissed_domain(self):
        """Return the domain of the decisions that keep suggestions away."""
        since = clock.today() - DISMISSED_FOR
        return [("state", "=", "dismissed"), ("date_end", ">", since)]

    def _get_dismissed(self):
        """Return those of these accounts that are not to be suggested for now."""
        domain = Domain("account_id", "in", self.ids) & Domain(
            self._get_dismissed_domain()
        )
        return self.env["kam.key.nomination"].search(domain).account_id

    def _format_proposal(self, proposal, told):
        """Return in words who proposes the account, and why.

        :param list told: criteria whose figures are told anyway
        """
        untold = proposal.criterion_ids.filtered(lambda one: one not in told)
        reasons = [*untold.mapped("name"), proposal.reason]
        return self.env._(
            "%(who)s proposes: %(reasons)s",
            who=proposal.proposed_user_id.name or self.env._("Somebody"),
            reasons=", ".join(reasons),
        )

    def _propose(self, criteria, reason):
        """Propose this account to the head of sales, who gets an activity.

        :param criteria: ``kam.key.criterion`` records
        :param str reason: why, in words
        """
        self.ensure_one()
        # sudo: a manager proposes only; the dialog has checked that it is his account
        self.env["kam.key.nomination"].sudo().create(
            {
                "account_id": self.id,
                "criterion_ids": criteria.ids,
                "reason": reason,
                "proposed_user_id": self.env.user.id,
                "proposed_date": clock.today(),
            }
        )
        head = self._get_head()
        if head:
            self.activity_schedule(
                "kam_management.mail_activity_type_key_proposal",
                user_id=head.id,
                summary=self.env._("Should this be a key account?"),
                note=plaintext2html(reason),
            )

    def _close_key_proposals(self):
        """Remove the activities of proposals that have been decided upon."""
        # sudo: whoever of the heads decides, it was asked of one of them
        self.sudo().activity_unlink(["kam_management.mail_activity_type_key_proposal"])
