from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import clock
from ..common.kam_merge import first

FAULTS = [
    ("ours", "Ours"),
    ("theirs", "The Customer's"),
    ("neither", "Nobody's"),
]
# What a chance is worth in the order of the list, in percent.
CHANCES = {"low": 10, "medium": 30, "high": 60}
# Whom it is about, and what somebody has thought about by then
WORKED_FIELDS = {"fault", "cause"}


class KamReactivation(models.Model):
    """A valuable customer who fell silent, and how we try to win them back (R46).

    One case for each silence, which begins with the last purchase.
    """

    _name = "kam.reactivation"
    _description = "Reactivation"
    _inherit = ["kam.account.part", "mail.thread", "mail.activity.mixin"]
    _order = "expected desc, id desc"
    _rec_name = "account_id"
    _merge_key = ("account_id", "since")

    customer_id = fields.Many2one(related="account_id.partner_id")
    state = fields.Selection(
        [("open", "Open"), ("won", "Reactivated"), ("lost", "Given Up")],
        "Status",
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    reason = fields.Selection(
        [("dormant", "Dormant"), ("risk", "At Risk")],
        required=True,
        default="dormant",
        readonly=True,
        help="At risk: silent for longer than usual; dormant: nothing bought within the"
        " window.",
        merge=first,
    )
    since = fields.Date(
        "Silent Since", readonly=True, help="The day of the last purchase."
    )
    date = fields.Date(
        "Opened On", required=True, default=lambda self: clock.today(), readonly=True
    )
    date_closed = fields.Date("Closed On", readonly=True, copy=False)
    was_segment = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")], "Segment Before", readonly=True
    )
    was_key = fields.Boolean("Was Key Account", readonly=True, merge=any)

    # Who tries, and why it broke
    user_id = fields.Many2one(
        "res.users",
        "Who Tries",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
        help="Usually the key account manager; where it was our fault, who answers for the"
        " account. A developer wins them as a new deal.",
    )
    fault = fields.Selection(FAULTS, "Whose Fault", tracking=True)
    cause = fields.Text(help="Why they stopped buying.")
    outcome = fields.Text(
        tracking=True,
        help="What came of it, and why: what won them, or kept them away.",
    )
    is_worked = fields.Boolean(
        "Worked On",
        readonly=True,
        copy=False,
        help="Somebody found out why, or tried to talk to them, before it was closed.",
    )

    # What it is worth
    currency_id = fields.Many2one(related="company_id.currency_id")
    worth = fields.Monetary(
        readonly=True, help="What they bought in a window before they fell silent."
    )
    chance = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        compute="_compute_chance",
        store=True,
        readonly=False,
        help="How likely they come back. Proposed: higher while they are not dormant yet or"
        " it is nobody's fault, lower where it is ours or theirs.",
    )
    expected = fields.Monetary(
        "Expected Value",
        compute="_compute_expected",
        store=True,
        help="What they are worth, by the chance.",
    )
    revenue_after = fields.Monetary(
        "Revenue After",
        readonly=True,
        copy=False,
        help="What they bought since they came back, as of last night.",
    )

    _account_since_uniq = models.UniqueIndex(
        "(account_id, since)", "There is a case for this silence already."
    )

    @api.depends("account_id", "fault")
    def _compute_user_id(self):
        for case in self:
            account = case.account_id
            people = account.manager_id | account.accountable_id
            if case.fault == "ours":
                people = account.accountable_id | account.manager_id
            if case.state == "open" and (case.fault or not case.user_id):
                case.user_id = people[:1] or case.user_id

    @api.depends("reason", "fault")
    def _compute_chance(self):
        for case in self:
            known = {"ours": "low", "theirs": "low", "neither": "medium"}
            case.chance = known.get(case.fault, "medium")
            if case.reason == "risk":
                case.chance = "medium" if case.chance == "low" else "high"

    @api.depends("worth", "chance")
    def _compute_expected(self):
        for case in self:
            case.expected = case.worth * CHANCES.get(case.chance, 0) / 100

    def write(self, vals):
        result = super().write(vals)
        if any(vals.get(name) for name in WORKED_FIELDS):
            # sudo: that somebody works on it follows from what they write
            self.sudo().is_worked = True
        return result

    def action_give_up(self):
        """Close the case: they do not come back.

        :raise UserError: when nobody has said why
        """
        self.check_access("write")
        for case in self:
            if case.state != "open":
                raise UserError(self.env._("This case is closed. Reload the page."))
            if not (case.outcome or "").strip() or not case.fault:
                raise UserError(
                    self.env._(
                        "%(customer)s: enter whose fault it was and the outcome first."
                        " The next case is easier with it.",
                        customer=case.customer_id.display_name,
                    )
                )
        self._close("lost")

    def action_reopen(self):
        """Try again."""
        self.check_access("write")
        # sudo: the state is changed by the buttons and the app alone
        self.sudo().write({"state": "open", "date_closed": False})

    def _close(self, state, date=None):
        """Close these cases, and note whether somebody had worked on them.

        :param date date: the day of it; today by default
        """
        # sudo: what the app finds out, whoever closes
        for case in self.sudo():
            worked = case.is_worked or bool(case._get_attempts())
            case.write(
                {
                    "state": state,
                    "date_closed": date or clock.today(),
                    "is_worked": worked,
                }
            )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    @api.model
    def _get_found_hint(self):
        return self.env._("Cases open and close by themselves, or by their buttons.")
