from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common import clock, formats
from ..measure.indicator import AVERAGE
from ..measure.judgement import elapsed

DECIDE_TYPE = "kam_management.mail_activity_type_decide"
CARRY_OUT_TYPE = "kam_management.mail_activity_type_carry_out"
# Before this much of a period's working days is over, a deviation says little.
EARLY_SHARE = 0.2
# Days within which a deviation is to be decided upon.
DAYS_TO_DECIDE = 3


class KamQuota(models.Model):
    """A deviation beyond the tolerance is something somebody decides about."""

    _inherit = "kam.quota"

    def _handle_measured(self):
        """Open a decision for each deviation, drop those that are needed no more.

        - A line of a running quota that is behind (see ``_filter_deviating``) has a
          decision that is open or carried out. In the first fifth of the working days of
          a period none is opened: a deviation says little then.
        - The month, the quarter and the year of one owner ask once: the longest period
          that is behind, and while that is carried out nothing else is asked.
        - A line that is back on track needs no open decision any more; one that was
          decided is carried out and checked all the same.

        Safe to run twice: a second run finds nothing to do.
        """
        result = super()._handle_measured()
        # sudo: decisions are opened by the app, whoever has it measured
        running = self.sudo().filtered(
            lambda quota: quota.state == "running" and quota.active
        )
        running._drop_needless_decisions()
        deviating = (running | running._find_siblings())._find_deviating()
        deviating._filter_longest()._filter_unanswered()._open_decisions()
        return result

    def _find_siblings(self):
        """Return the running quotas of the same owners, of whatever period."""
        return self.search(Domain("state", "=", "running") & self._get_owners_domain())

    def _find_deviating(self):
        """Return the lines of these quotas about which somebody has to decide by now."""
        days = self._map_working_days()
        late = self.filtered(lambda quota: not quota._is_early(days))
        return (
            self.env["kam.quota.line"]
            .search(
                [("quota_id", "in", late.ids), ("standing", "=", "behind")], order="id"
            )
            ._filter_deviating()
        )

    def _is_early(self, working_days):
        """Return whether too little of the period is over to judge it.

        :param dict working_days: see ``_map_working_days``
        """
        self.ensure_one()
        today = clock.today()
        days = working_days[self.company_id.id]
        passed, total = elapsed(days, self.date_start, self.date_end, today)
        return passed < EARLY_SHARE * total

    def _drop_needless_decisions(self):
        """Drop what is open about lines that are back on track."""
        open_ = [("quota_id", "in", self.ids), ("state", "=", "open")]
        waiting = self.env["kam.quota.decision"].search(open_)
        needed = set(waiting.line_id._filter_deviating().ids)
        waiting.filtered(lambda decision: decision.line_id.id not in needed)._drop(
            self.env._("Back on track: no decision is needed any more.")
        )

    def _drop_open_decisions(self):
        """Drop what is open about quotas that run no more."""
        # sudo: decisions are opened and dropped by the app
        self.sudo().decision_ids.filtered(lambda d: d.state == "open")._drop(
            self.env._("The quota is no longer running: no decision is needed.")
        )

    def _check_decided(self):
        """Refuse to close periods with deviations that nobody has decided upon.

        :raise UserError: listing them
        """
        deviating = self.line_ids._filter_deviating()
        decisions = deviating._map_decisions()
        missing = []
        for line in deviating:
            states = set(decisions[line].mapped("state"))
            own = line.decision_ids.mapped("state")
            if not states & {"decided", "checked"} or "open" in own:
                deviation = formats.percent(self.env, line.deviation, signed=True)
                missing.append(f"{line.display_name}: {deviation}")
        if missing:
            raise UserError(
                self.env._(
                    "Decide about these deviations first, then close the period: see"
                    " Decisions, and use “Update Figures” to open missing ones."
                    " %(lines)s",
                    lines="\n".join(f"- {words}" for words in missing),
                )
            )

    def _get_accountable(self):
        """Return {quota: the head of sales who decides about it}.

        The leader of the team, for a manager that of his team; who made the quota; the
        first head of sales of the company. Each only when he is a head of sales.
        """
        # sudo: who leads whom, and who may decide
        quotas = self.sudo()
        group = self.env.ref("kam_management.group_kam_manager").sudo()
        heads = group.all_user_ids.filtered(lambda user: not user.share).sorted("id")
        members = self.env["crm.team.member"].sudo()
        teams = members.search([("user_id", "in", quotas.user_id.ids)])
        teams_of = teams.grouped("user_id")
        nobody = self.env["res.company"]  # the team is of any company
        accountable = {}
        for quota in quotas:
            mine = teams_of.get(quota.user_id, members).crm_team_id.filtered(
                lambda team, company=quota.company_id: (
                    team.company_id in (company, nobody)
                )
            )
            candidates = quota.team_id.user_id | mine.user_id | quota.create_uid
            allowed = heads.filtered(
                lambda user, company=quota.company_id: company in user.company_ids
            )
            people = [user for user in candidates if user in allowed]
            # the system's own user reads no mail
            robot = self.env.ref("base.user_root")
            people += list(allowed - robot)
            accountable[quota.with_env(self.env)] = (
                people[0] if people else robot.browse()
            )
        return accountable


class KamQuotaLine(models.Model):
    _inherit = "kam.quota.line"

    def _filter_deviating(self):
        """Return those of these lines that are so far behind that somebody has to decide.

        They are beyond the tolerance; and of what is counted in whole customers, touches
        or units at least one is missing by today: nobody wins half a customer.
        """
        counted = {
            key
            for key, indicator in self.env["kam.measure"]._get_indicators().items()
            if indicator.unit and indicator.kind != AVERAGE
        }
        return self.filtered(
            lambda line: (
                line.standing == "behind"
                and (line.indicator not in counted or line.expected - line.actual >= 1)
            )
        )

    def _open_decisions(self):
        """Ask the head of sales for a decision about each of these lines."""
        if not self:
            return
        accountable = self.quota_id._get_accountable()
        # sudo: decisions are opened by the app, whoever has it measured
        decisions = (
            self.env["kam.quota.decision"]
            .sudo()
            # hundreds may be opened in one night: their first page says it all
            .with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
            .create(
                [
                    {
                        "line_id": line.id,
                        "deviation": line.deviation,
                        "attainment": line.attainment,
                        "accountable_id": accountable[line.quota_id].id,
                    }
                    for line in self
                ]
            )
        )
        decisions._ask_to_decide()
