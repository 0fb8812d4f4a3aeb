from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, float_repr

from .kam_quota_indicators import AVERAGE, SUM
from .kam_quota_line import BUYERS

# What makes a line another line.
KEY_FIELDS = {"quota_id", "indicator", "categ_id", "buyer"}


class KamQuotaLine(models.Model):
    """The target of a line: agreed upon, changed by the head alone, and logged."""

    _name = "kam.quota.line"
    _inherit = ["kam.quota.line", "kam.guard"]

    label = fields.Char(
        "Target Of",
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
        indicators = dict(self.env["kam.quota"]._select_indicator())
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

        An average, such as the quality of touches, is averaged.
        """
        targets = self._get_managers_targets()
        averaged = self.env["kam.quota"]._get_averaged_indicators()
        for line in self:
            owners = targets.get(line._get_roll_key(), {})
            if line.scope == "team":
                members = line.team_id.member_ids.ids
                owners = {user: owners[user] for user in members if user in owners}
            elif line.scope != "company":
                owners = {}
            total = sum(owners.values())
            if line.indicator in averaged and owners:
                total /= len(owners)
            line.rolled_target = total

    @api.constrains("indicator", "categ_id", "buyer")
    def _check_category(self):
        """Want a category where products are counted, and there alone."""
        of_categories = self.env["kam.quota"]._get_category_indicators()
        for line in self:
            is_category = line.indicator in of_categories
            if is_category and not line.categ_id:
                raise ValidationError(
                    self.env._("“%s”: choose the product category.", line.label)
                )
            if not is_category and (line.categ_id or line.buyer != "all"):
                raise ValidationError(
                    self.env._(
                        "“%s”: a product category and the kind of customers belong to"
                        " targets of product categories alone.",
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
        if not {"target", *KEY_FIELDS}.isdisjoint(vals):
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
                        "“%(line)s” is measured already. Remove this line and add"
                        " another one.",
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
        words = {"line": self.label, "before": before, "after": after}
        for name in ("before", "after"):
            if words[name] is not None:
                words[name] = float_repr(words[name], 2).removesuffix(".00")
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
        dates = {(line.date_start, line.date_end) for line in rolled}
        companies = rolled.company_id
        if not self.env.su:
            # a client may name any company
            companies &= self.env.companies
        targets = defaultdict(dict)
        if not dates or not companies:
            return targets
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.company_id, l.date_start, l.date_end, l.indicator,
                       l.categ_id, l.buyer, l.user_id, l.target
                  FROM kam_quota_line l
                  JOIN kam_quota q ON q.id = l.quota_id AND q.active
                 WHERE l.scope = 'manager' AND l.company_id IN %s
                   AND (l.date_start, l.date_end) IN %s
                """,
                tuple(companies.ids),
                tuple(dates),
            )
        )
        for *key, user, target in rows:
            targets[tuple(key)][user] = target
        return targets


class KamQuota(models.Model):
    _inherit = "kam.quota"

    @api.model
    def _get_averaged_indicators(self):
        """Return the keys of indicators that are averages: they do not add up."""
        return self._find_indicators(lambda indicator: indicator.kind == AVERAGE)

    @api.model
    def _get_lasting_indicators(self):
        """Return the keys of states and averages: a year's target is each month's."""
        return self._find_indicators(lambda indicator: indicator.kind != SUM)

    @api.model
    def _get_category_indicators(self):
        """Return the keys of indicators of a product category."""
        return self._find_indicators(lambda indicator: indicator.by_product)

    @api.model
    def _find_indicators(self, condition):
        """Return the keys of the indicators that meet a condition."""
        return {
            key
            for key, indicator in self._get_indicators().items()
            if condition(indicator)
        }
