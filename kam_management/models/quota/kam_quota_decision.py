from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..common import clock
from ..common.strangers import is_ours
from .kam_quota_deviation import CARRY_OUT_TYPE, DAYS_TO_DECIDE, DECIDE_TYPE

STATES = [
    ("open", "To decide"),
    ("decided", "Decided"),
    ("checked", "Effect checked"),
    ("dropped", "No longer needed"),
]
EFFECTS = [("better", "Better"), ("same", "No change"), ("worse", "Worse")]
# What whoever carries a decision out may write about it.
OWNER_FIELDS = {"effect_note"}


class KamQuotaDecision(models.Model):
    """What is done about a figure that lies beyond the tolerance, and whether it helped."""

    _name = "kam.quota.decision"
    _description = "Management Decision"
    _inherit = ["mail.thread", "mail.activity.mixin", "kam.guard"]
    _order = "date desc, id desc"
    _check_company_auto = True

    line_id = fields.Many2one(
        "kam.quota.line", "Indicator", required=True, index=True, ondelete="cascade"
    )
    quota_id = fields.Many2one(related="line_id.quota_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    manager_id = fields.Many2one(
        related="quota_id.user_id", string="Manager", store=True, index=True
    )
    accountable_id = fields.Many2one(
        "res.users",
        "Head of Sales",
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    state = fields.Selection(
        STATES,
        "Status",
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        copy=False,
        group_expand=True,
    )
    date = fields.Date(
        "Opened On", required=True, readonly=True, default=lambda self: clock.today()
    )
    deviation = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Deviation from the expected figure in percent: when decided; until then,"
        " when opened.",
    )
    attainment = fields.Float(
        readonly=True, aggregator="avg", help="At the time of the decision, in percent."
    )
    cause_id = fields.Many2one("kam.quota.cause", ondelete="restrict", tracking=True)
    decision = fields.Text(tracking=True)
    owner_id = fields.Many2one(
        "res.users",
        "Responsible",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    date_due = fields.Date("Due", tracking=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    deviation_after = fields.Float(
        "Deviation on Due Date", readonly=True, aggregator="avg"
    )
    effect = fields.Selection(EFFECTS, readonly=True, tracking=True)
    effect_note = fields.Text("Outcome")
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_see_facts = fields.Boolean(compute="_compute_can_see_facts")

    # what is open or carried out
    _undone_uniq = models.UniqueIndex(
        "(line_id) WHERE state IN ('open', 'decided')",
        "There is already a decision about this deviation. Continue with that one.",
    )
    _due_idx = models.Index("(date_due) WHERE state = 'decided'")

    @api.depends("line_id.label", "quota_id.name")
    def _compute_display_name(self):
        for decision in self:
            # sudo: whoever carries it out sees what it is about
            decision.display_name = decision.sudo().line_id.display_name

    @api.depends_context("uid")
    def _compute_can_decide(self):
        self.can_decide = self.env.user.has_group("kam_management.group_kam_manager")

    @api.depends_context("uid")
    @api.depends("quota_id")
    def _compute_can_see_facts(self):
        """Who carries a decision out need not see the quota of his colleague."""
        readable = self.quota_id._filtered_access("read")
        for decision in self:
            decision.can_see_facts = decision.quota_id in readable

    @api.constrains("accountable_id", "company_id")
    def _check_accountable(self):
        """Let decide who may: a head of sales of the company.

        :raise ValidationError: naming anybody else
        """
        for decision in self:
            user = decision.accountable_id
            if user and not decision._is_of_group(user, "group_kam_manager"):
                raise ValidationError(
                    self.env._(
                        "%(user)s is not a head of sales of this company. Choose a"
                        " head of sales.",
                        user=user.sudo().name,
                    )
                )

    def write(self, vals):
        # before: what the user may not set is refused first
        self._check_guarded_fields(vals)
        self._check_undecided(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda decision: decision.state in ("decided", "checked")):
            raise UserError(
                self.env._(
                    "Quotas with decisions cannot be deleted. Archive the quota, or"
                    " set its target to 0."
                )
            )

    def action_open_line(self):
        """Open the facts behind the figure this is about."""
        self.ensure_one()
        self.check_access("read")
        return self.line_id.action_open_facts()

    @api.model
    def _get_open_domain(self):
        """Return the domain of the deviations to decide, wherever they are counted.

        Each waits in one quota, that of the longest period that is behind; so those of
        all quotas add up to those of the company.
        """
        return Domain("state", "=", "open")

    def _drop(self, reason):
        """Give up what nobody has to decide about any more.

        :param str reason: why, for the log
        """
        if not self:
            return
        # sudo: the app has opened these, and closes them
        decisions = self.sudo()
        decisions.write({"state": "dropped"})
        decisions.activity_unlink([DECIDE_TYPE])
        decisions._message_log_batch(dict.fromkeys(decisions.ids, reason))

    def _ask_to_decide(self):
        """Give the head of sales an activity for each of these decisions."""
        # hundreds may be opened in one night: one activity each, but no mail
        decisions = self.sudo().with_context(mail_activity_quick_update=True)
        deadline = clock.here(self) + timedelta(days=DAYS_TO_DECIDE)
        for head, theirs in decisions.grouped("accountable_id").items():
            if head:
                theirs.activity_schedule(
                    DECIDE_TYPE, date_deadline=deadline, user_id=head.id
                )

    def _ask_to_carry_out(self):
        """Tick off the requests to decide; the owners get an activity instead."""
        # sudo: it may be a colleague's request, or a colleague who is asked
        decisions = self.sudo()
        decisions.activity_feedback([DECIDE_TYPE], feedback=self.env._("Decided"))
        alike = decisions.grouped(lambda d: (d.owner_id, d.date_due, d.decision))
        for (owner, due, words), theirs in alike.items():
            theirs.activity_schedule(
                CARRY_OUT_TYPE,
                date_deadline=due,
                user_id=owner.id,
                note=plaintext2html(words),
            )

    def _check_head(self):
        self.check_access("write")
        if not self._is_head_of_sales():
            raise AccessError(self.env._("Only the head of sales decides."))

    @api.model
    def _get_head_fields(self):
        """Leave to whoever carries it out what came of it, and no more."""
        ours = {name for name, field in self._fields.items() if is_ours(field)}
        return ours - OWNER_FIELDS

    @api.model
    def _get_head_hint(self):
        return self.env._("You can enter the outcome.")

    def _check_undecided(self, vals):
        """Keep what was decided, and about what.

        :raise UserError: saying where to note what has changed since
        """
        decided = self._get_head_fields().intersection(vals)
        if self.env.su or not decided:
            return
        if "line_id" in decided or set(self.mapped("state")) - {"open"}:
            raise UserError(
                self.env._(
                    "A decision cannot be changed afterwards. Enter under “%(note)s”"
                    " what has changed since.",
                    note=self._fields["effect_note"]._description_string(self.env),
                )
            )

    def _is_of_group(self, user, group):
        """Return whether a colleague has a role in the company this is about.

        :param str group: XML id of a group of ours, such as ``group_kam_user``
        """
        # sudo: what he may do is asked, nothing of him is shown
        user = user.sudo()
        return (
            user.active
            and not user.share
            and user.has_group(f"kam_management.{group}")
            and self.company_id in user.company_ids
        )
