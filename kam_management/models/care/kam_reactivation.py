from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common import clock
from ..contact.kam_cadence import PERSONAL

FAULTS = [("ours", "Ours"), ("theirs", "Theirs"), ("neither", "Nobody's")]


class KamReactivation(models.Model):
    """A customer who stopped buying, or is about to: why, who tries, what came of it.

    The app opens one for each silence of a customer worth it, and notes that they
    bought again; that they are lost is for people to say.
    """

    _name = "kam.reactivation"
    _description = "Reactivation"
    _inherit = ["kam.account.part", "mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _rec_name = "account_id"
    _merge_key = ("account_id", "silent_since")

    account_id = fields.Many2one(string="Customer", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(related="account_id.manager_id")
    trigger = fields.Selection(
        [
            ("dormant", "Fell dormant"),
            ("risk", "Early warning"),
            ("manual", "Opened by hand"),
        ],
        "Opened Because",
        required=True,
        readonly=True,
        default="manual",
    )
    date_start = fields.Date(
        "Opened On",
        required=True,
        readonly=True,
        default=lambda self: clock.today(),
    )
    silent_since = fields.Date(
        "Last Purchase Before",
        required=True,
        readonly=True,
        help="The last purchase before the silence this is about.",
    )
    dormant_date = fields.Date("Dormant Since", readonly=True)
    worth = fields.Monetary(
        "Revenue at Stake",
        readonly=True,
        help="Untaxed revenue of the last window in which they bought, as of the day this"
        " was opened.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who tries to win them back: usually the key account manager, even where we"
        " were at fault, as they know the people.",
    )

    # Why
    fault = fields.Selection(
        FAULTS, tracking=True, help="Who caused that they stopped buying."
    )
    cause_id = fields.Many2one(
        "crm.lost.reason",
        ondelete="restrict",
        index="btree_not_null",
        help="Why they stopped buying.",
    )
    note = fields.Text("What Happened", help="In the customer's own words.")

    # What came of it
    state = fields.Selection(
        [("open", "Open"), ("won", "Reactivated"), ("lost", "Not Won Back")],
        "Status",
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        copy=False,
        group_expand=True,
    )
    date_end = fields.Date("Ended On", readonly=True, copy=False)
    lost_reason_id = fields.Many2one(
        "crm.lost.reason", "Reason", copy=False, ondelete="restrict", tracking=True
    )
    outcome = fields.Text(copy=False, help="What brought them back, or kept them away.")
    is_worked = fields.Boolean(
        "Worked On",
        readonly=True,
        copy=False,
        help="Somebody of us was in contact with them while it was open.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "New Deal",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="A new deal is the way where the developer begins anew.",
    )
    attempt_count = fields.Integer(
        "Attempts", compute="_compute_attempt_count", help="Contacts with them since."
    )
    overview_html = fields.Html(related="account_id.overview_html")

    _silence_uniq = models.UniqueIndex(
        "(account_id, silent_since)",
        "There is a reactivation for this silence of the customer already.",
    )
    _open_uniq = models.UniqueIndex(
        "(account_id) WHERE state = 'open'",
        "A reactivation of this customer is open already.",
    )

    @api.depends("date_start", "date_end", "account_id")
    def _compute_attempt_count(self):
        """Count the contacts while it was open, in one query for all."""
        touches = self.env["kam.touch"].search_fetch(
            PERSONAL
            & Domain("account_id", "in", self.account_id.ids)
            & Domain("date", ">=", min(self.mapped("date_start"), default=False)),
            ["account_id", "date"],
        )
        days = {}
        for touch in touches:
            days.setdefault(touch.account_id, []).append(touch.date.date())
        for case in self:
            end = case.date_end or clock.today()
            case.attempt_count = sum(
                case.date_start <= day <= end for day in days.get(case.account_id, ())
            )

    def action_lose(self):
        """Note that they do not come back, for now.

        :raise UserError: when nobody said why
        """
        self.check_access("write")
        for case in self:
            if not case.lost_reason_id:
                raise UserError(
                    self.env._(
                        "%(customer)s: choose the reason first. It is what the next"
                        " attempt begins with.",
                        customer=case.account_id.display_name,
                    )
                )
        self._end("lost")

    def action_reopen(self):
        """Try once more.

        :raise UserError: when they have bought again
        """
        self.check_access("write")
        if any(case._has_bought_again() for case in self):
            raise UserError(self.env._("They have bought again: there is no need to."))
        self._take_up()

    def action_plan_attempts(self):
        """Open Odoo's dialog that plans a sequence of attempts, on the account."""
        self.ensure_one()
        action = self.account_id.action_start_sequence()
        plan = self.env.ref("kam_management.plan_win_back", raise_if_not_found=False)
        if plan:
            action["context"]["default_plan_id"] = plan.id
        return action

    def action_talk(self):
        """Open the Talk dialog for the customer."""
        self.ensure_one()
        return self.account_id.action_log_touch()

    def action_make_lead(self):
        """Begin anew with a deal of the developer, or open the one there is.

        :return: action on ``crm.lead``, None where it is a colleague's deal
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: the button decides, and it may be the deal of a colleague
        case = self.sudo()
        if not case.lead_id:
            case.lead_id = case.env["crm.lead"].create(self._prepare_lead_values())
        if not self.lead_id._filtered_access("read"):
            return None
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }

    @api.readonly
    def action_open_fact(self, fact, key=None):
        """Open the records behind a figure; see ``action_open_fact`` of ``kam.account``."""
        self.ensure_one()
        self.check_access("read")
        return self.account_id.action_open_fact(fact, key)

    def _prepare_lead_values(self):
        account = self.account_id
        # sudo: who of us begins anew
        people = (account.sudo().developer_id, self.user_id, self.env.user)
        user = next(user for user in people if user.active)
        return {
            "name": self.env._("Reactivation: %s", account.display_name),
            "type": "opportunity",
            "partner_id": account.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": user.id,
            "expected_revenue": self.worth,
            "description": self.note,
        }

    def _has_bought_again(self):
        """Return whether the customer has bought since the silence this is about."""
        last = self.account_id.last_purchase_date
        return bool(last and last > self.silent_since)

    def _take_up(self):
        """Go on with what was closed."""
        # sudo: the app decides, or a button that has asked for the right
        self.sudo().write({"state": "open", "date_end": False})

    def _take_up_unfounded(self):
        """Go on with those who came back by an order that was cancelled since."""
        busy = self.account_id.reactivation_ids.filtered(
            lambda one: one.state == "open"
        )
        self.filtered(
            lambda case: (
                case.state == "won"
                and case.silent_since == case.account_id.last_purchase_date
                and case.account_id not in busy.account_id
            )
        )._take_up()

    def _end(self, state):
        """Close what is open, and keep whether somebody worked on it.

        :param str state: won or lost
        """
        cases = self.filtered(lambda case: case.state == "open")
        # sudo: the app decides, or a button that has asked for the right
        for is_worked, some in (
            cases.sudo().grouped(lambda case: bool(case.attempt_count)).items()
        ):
            some.write(
                {"state": state, "date_end": clock.today(), "is_worked": is_worked}
            )

    @api.model
    def _get_found_hint(self):
        return self.env._("Use the buttons of the reactivation.")
