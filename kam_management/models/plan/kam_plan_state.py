from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..common import clock

BATCH_SIZE = 100


class KamPlan(models.Model):
    """The way of a plan: drafted, submitted, approved, running, closed."""

    _inherit = "kam.plan"

    submit_user_id = fields.Many2one(
        "res.users", "Submitted By", readonly=True, copy=False
    )
    submit_date = fields.Date("Submitted On", readonly=True, copy=False)
    approve_user_id = fields.Many2one(
        "res.users", "Approved By", readonly=True, copy=False
    )
    approve_date = fields.Date("Approved On", readonly=True, copy=False)
    close_date = fields.Date("Closed On", readonly=True, copy=False)
    version = fields.Integer(
        default=1, readonly=True, copy=False, aggregator=None, tracking=True
    )

    def write(self, vals):
        """Keep what was agreed upon in sight, also while a new version is drafted.

        :raise AccessError: when somebody else than a head of sales archives or restores
            a plan that was approved
        """
        agreed = self.filtered(
            lambda plan: plan.version > 1 or plan.state not in ("draft", "submitted")
        )
        if "active" in vals and agreed and not self._is_head_of_sales():
            raise AccessError(
                self.env._(
                    "Only a head of sales archives and restores an approved plan."
                    " Close it when it is over, and discard a new version you do not"
                    " want."
                )
            )
        return super().write(vals)

    def action_submit(self):
        """Hand the plan to the head of sales.

        :raise UserError: when it is no draft, or lacks what is to be approved
        """
        self._check_step("draft")
        self._check_ready()
        self._set_state(
            "submitted",
            submit_user_id=self.env.user.id,
            submit_date=clock.today(),
        )
        self._ask_for_approval()

    def action_approve(self):
        """Approve the plan; it runs from its first day on.

        :raise AccessError: when the user is no head of sales, or submitted it himself
            where the settings do not allow that
        """
        self._check_step("submitted")
        self._check_head()
        for plan in self:
            plan._check_approver()
        self._set_state(
            "approved",
            approve_user_id=self.env.user.id,
            approve_date=clock.today(),
        )
        self._close_approval_requests()
        self._handle_approved()
        self._start_due()

    def action_back_to_draft(self):
        """Give a submitted plan back to be worked on."""
        self._check_step("submitted")
        self._set_state("draft", submit_user_id=False, submit_date=False)
        self._close_approval_requests()

    def action_close(self):
        """End the plan: what was reached stays as it is.

        :raise UserError: while actions are open
        """
        self._check_step("approved", "running")
        for plan in self:
            plan._check_closable()
        self._handle_closing()
        self._set_state("closed", close_date=clock.today())

    def action_reopen(self):
        """Go on with a closed plan.

        :raise AccessError: when the user is no head of sales
        """
        self._check_step("closed")
        self._check_head()
        self._set_state("running", close_date=False)

    @api.model
    def _get_in_force_domain(self):
        """Return the domain of the plans that are lived by.

        They run, or are revised: what was approved holds until the new version is. One
        that is revised before it began is not in force yet.
        """
        revised = Domain("version", ">", 1) & Domain(
            "state", "in", ["draft", "submitted"]
        )
        # a text, as clients are given this domain too
        today = fields.Date.to_string(clock.today())
        begun = Domain("date_start", "<=", today)
        return Domain("state", "=", "running") | revised & begun

    @api.model
    def _cron_start(self):
        """Have approved plans run from their first day on, batch by batch."""
        due = self._get_due_domain()
        plans = self.search(due)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(plans))
        for start in range(0, len(plans), BATCH_SIZE):
            batch = plans[start : start + BATCH_SIZE]
            # what somebody works on just now is begun in the next round
            batch = batch.try_lock_for_update().filtered_domain(due)
            batch._start_due()
            if not progress(len(batch)):
                break

    @api.model
    def _get_due_domain(self):
        """Return the domain of the approved plans whose time has come."""
        today = clock.today()
        return Domain("state", "=", "approved") & Domain("date_start", "<=", today)

    def _start_due(self):
        """Let those of these plans run that are due."""
        self.filtered_domain(self._get_due_domain())._set_state("running")

    def _set_state(self, state, **values):
        """Write the state, which follows from buttons alone, and what goes with it."""
        # sudo: nobody writes these by hand; the caller has checked who may
        if self:
            self.sudo().write({"state": state, **values})

    def _check_step(self, *states):
        """Check that the user may write these plans and that they are in a state.

        :raise UserError: naming the state a plan is in
        """
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for plan in self:
            if plan.state not in states:
                raise UserError(
                    self.env._(
                        "“%(plan)s” is %(state)s, so this is not possible. Leave it out, or"
                        " reload the page if you see another state.",
                        plan=plan.name,
                        state=labels[plan.state].lower(),
                    )
                )

    def _check_head(self):
        if not self.env.user.has_group("kam_management.group_kam_manager"):
            raise AccessError(
                self.env._("Only a head of sales approves and reopens plans.")
            )

    def _check_ready(self):
        """Refuse to submit plans that lack something; other facets say what."""

    def _check_approver(self):
        """Want four eyes on a plan, unless the company's settings do without.

        :raise AccessError: when the user submitted the plan himself
        """
        self.ensure_one()
        if self.submit_user_id == self.env.user and not (
            self.company_id.kam_plan_self_approval
        ):
            raise AccessError(
                self.env._(
                    "You submitted “%(plan)s” yourself, so another head of sales has"
                    " to approve it. The settings can allow the approval of own plans.",
                    plan=self.name,
                )
            )

    def _check_closable(self):
        """Refuse to close a plan that goes on; other facets of it say when it does.

        :raise UserError: saying why
        """

    def _handle_approved(self):
        """Do what follows from an approval; other facets of the plan add to it."""

    def _handle_closing(self):
        """Do what goes before closing; other facets of the plan add to it."""

    def _ask_for_approval(self):
        """Tell the head of sales who is accountable that a plan waits."""
        for plan in self.filtered("accountable_id"):
            plan.activity_schedule(
                "kam_management.mail_activity_type_approve",
                user_id=plan.accountable_id.id,
                summary=self.env._("Approve the service plan"),
            )

    def _close_approval_requests(self):
        # sudo: the request has done its work, whoever it was for
        self.sudo().activity_unlink(["kam_management.mail_activity_type_approve"])
