from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..common import formats
from ..measure.indicator import AVERAGE, QUOTA
from .kam_quota_line import BUYERS

# What makes a line another line.
KEY_FIELDS = {"quota_id", "indicator", "categ_id", "buyer"}


class KamQuotaLine(models.Model):
    """The target of a line: agreed upon, changed by the head alone, and logged."""

    _inherit = "kam.quota.line"

    label = fields.Char(
        "Indicator and Scope",
        compute="_compute_label",
        help="The indicator, with the category and the kind of customers.",
    )

    _key_uniq = models.UniqueIndex(
        "(quota_id, indicator, COALESCE(categ_id, 0), buyer)",
        "This indicator is in the quota already: change its target instead.",
    )
    _check_target = models.Constraint(
        # NaN is greater than any number
        "CHECK(target >= 0 AND target < 1e15)",
        "Enter a target of 0 or more, as a number.",
    )

    @api.depends("indicator", "categ_id", "buyer")
    def _compute_label(self):
        indicators = dict(self.env["kam.measure"]._select_indicators(QUOTA))
        buyers = dict(self._fields["buyer"]._description_selection(self.env))
        for line in self:
            # sudo: the name of a category of a line the user may see
            words = [indicators.get(line.indicator), line.sudo().categ_id.name]
            if line.buyer != BUYERS[0][0]:
                words.append(buyers.get(line.buyer))
            line.label = ", ".join(filter(None, words))

    @api.depends(
        "target", "scope", "indicator", "categ_id", "buyer", "date_start", "date_end"
    )
    def _compute_rolled_target(self):
        """Sum up the managers' targets for the same days: of the team, of the company.

        In a team each counts by the part of these days on which they were its member. An
        average, such as the quality of touches, is averaged.
        """
        targets = self._get_managers_targets()
        averaged = self.env["kam.measure"]._find(kind=AVERAGE)
        dated = self.filtered(lambda line: line.date_start and line.date_end)
        shares = self.env["kam.team.term"]._get_shares(
            dated.team_id.ids, {(line.date_start, line.date_end) for line in dated}
        )
        for line in self:
            found, members = targets.get(line._get_roll_key(), {}), None
            if line.scope == "team":
                team, days = line.team_id._origin.id, (line.date_start, line.date_end)
                members = shares.get((team, days), {})
            elif line.scope != "company":
                found = {}
            line.rolled_target = roll_up(found, members, line.indicator in averaged)

    @api.constrains("indicator", "categ_id", "buyer")
    def _check_category(self):
        """Want a category where products are counted, and there alone."""
        for line in self:
            if line.is_by_product and not line.categ_id:
                raise ValidationError(
                    self.env._("“%s”: choose the product category.", line.label)
                )
            if not line.is_by_product and (line.categ_id or line.buyer != "all"):
                raise ValidationError(
                    self.env._(
                        "“%s”: a product category and the kind of customers are only"
                        " for indicators by product category.",
                        line.label,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_changeable()
        for line in lines.filtered(lambda line: line.state == "running"):
            line._log_target(None, line.target)
        return lines

    def write(self, vals):
        if not self.env.su:
            self._check_key_kept(vals)
        if not {"target", "reported", *KEY_FIELDS}.isdisjoint(vals):
            self._check_changeable()
        before = {line: line.target for line in self} if "target" in vals else {}
        result = super().write(vals)
        if "quota_id" in vals:
            self._check_changeable()
        for line, target in before.items():
            if line.state == "running" and line.target != target:
                line._log_target(target, line.target)
        return result

    def unlink(self):
        # not left to the database: decisions that were taken are kept, see there
        self.decision_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_changeable()
        for line in self.filtered(lambda line: line.state == "running"):
            line._log_target(line.target, None)

    def _check_changeable(self):
        """Keep the targets of closed periods.

        :raise UserError: naming the quotas
        """
        closed = self.quota_id.filtered(lambda quota: quota.state == "closed")
        if closed and not self.env.su:
            raise UserError(
                self.env._(
                    "%(quotas)s: the period is closed, its targets stay as they were."
                    " The head of sales can reopen it.",
                    quotas=", ".join(closed.mapped("name")),
                )
            )

    def _check_key_kept(self, vals):
        """Refuse to make another line of one that is measured already.

        :raise UserError: saying what to do
        """
        names = KEY_FIELDS.intersection(vals)
        for line in self.filtered(
            lambda line: line.state not in (False, "draft") or line._is_decided_upon()
        ):
            now = line._convert_to_write({name: line[name] for name in names})
            if any((now[name] or False) != (vals[name] or False) for name in names):
                raise UserError(
                    self.env._(
                        "“%(line)s” has already been measured. Remove this line and"
                        " add another one.",
                        line=line.label,
                    )
                )

    def _is_decided_upon(self):
        """Return whether a decision was taken about this line: it stays about it."""
        # sudo: whoever asks may not see decisions
        states = set(self.sudo().decision_ids.mapped("state"))
        return bool(states & {"decided", "checked"})

    def _log_target(self, before, after):
        """Write a changed target into the log of the running quota.

        :param before: None for a line that was added
        :param after: None for a line that is removed
        """
        self.ensure_one()
        words = {"line": self.label}
        for name, target in (("before", before), ("after", after)):
            words[name] = target is not None and formats.number(self.env, target)
        if before is None:
            body = self.env._("Target added: %(line)s, %(after)s", **words)
        elif after is None:
            body = self.env._("Target removed: %(line)s, %(before)s", **words)
        else:
            body = self.env._("%(line)s: target %(before)s → %(after)s", **words)
        self.quota_id.message_post(body=body)

    def _get_roll_key(self):
        """Return what the lines of managers and of their team have in common."""
        return (
            self.company_id.id,
            self.date_start,
            self.date_end,
            self.indicator,
            self.categ_id.id or None,
            self.buyer,
        )

    def _get_managers_targets(self):
        """Return {what lines have in common: {id of the manager: target}}."""
        rolled = self.filtered(
            lambda line: (
                line.scope in ("team", "company")
                # a form in which a date is being retyped has none
                and line.company_id
                and line.date_start
                and line.date_end
            )
        )
        companies = rolled.company_id
        if not self.env.su:
            # a client may name any company
            companies &= self.env.companies
        # sudo: what colleagues are to reach adds up, whoever looks at the sum
        lines = self.sudo().search_fetch(
            Domain("scope", "=", "manager")
            & Domain("quota_id.active", "=", True)
            & Domain("company_id", "in", companies.ids)
            & Domain("indicator", "in", set(rolled.mapped("indicator")))
            & Domain.OR(
                Domain("date_start", "=", start) & Domain("date_end", "=", end)
                for start, end in {(line.date_start, line.date_end) for line in rolled}
            ),
            [*KEY_FIELDS, "company_id", "date_start", "date_end", "user_id", "target"],
        )
        targets = defaultdict(dict)
        for line in lines:
            targets[line._get_roll_key()][line.user_id.id] = line.target
        return targets


def roll_up(targets, shares, is_average):
    """Return what the targets of managers are together.

    :param dict targets: {user id: target}
    :param dict shares: {user id: how much of theirs counts}; None: all of everybody's
    :param bool is_average: of what is averaged instead of added up

    >>> roll_up({1: 90, 2: 30}, None, False)
    120
    >>> roll_up({1: 90, 2: 30}, {1: 0.5, 3: 1}, False)
    45.0
    >>> roll_up({1: 5, 2: 2}, {1: 0.5, 2: 1}, True)
    3.0
    >>> roll_up({1: 5}, {}, True)
    0
    """
    if shares is None:
        shares = dict.fromkeys(targets, 1)
    both = targets.keys() & shares.keys()
    total = sum(targets[user] * shares[user] for user in both)
    weight = sum(shares[user] for user in both)
    return total / weight if is_average and weight else total
