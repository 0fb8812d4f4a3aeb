from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..care.kam_account_reference import CONTENT
from ..common import formats
from .day import Reason
from .kam_cockpit_day import MOST

# A customer has so many days to answer, and a consent is renewed so many before its end.
ANSWER_DAYS, RENEWAL_DAYS = 14, 30
# So many customers are looked at, and offered, as worth asking.
MOST_LOOKED, MOST_OFFERED = 20, 3


class KamCockpit(models.AbstractModel):
    """My Day and My Managers: who could speak for us, and whom to win back."""

    _inherit = "kam.cockpit"

    @api.model
    def _get_reason_kinds(self):
        return [
            *super()._get_reason_kinds(),
            (self.env._("customers to win back"), self._find_reactivations),
            (self.env._("references"), self._find_references),
            (self.env._("references to ask for"), self._find_advocates),
            (self.env._("successes to transfer"), self._find_transfers),
        ]

    @api.model
    def _find_reactivations(self):
        """Return the silent customers that the user tries to win back."""
        today = self._get_today()
        cases = self.env["kam.reactivation"].search(
            [("state", "=", "open"), ("user_id", "=", self.env.uid)], limit=MOST
        )
        return [
            Reason(
                case,
                self.env._(
                    "Win back: silent since %(day)s",
                    day=formats.day(self.env, case.since),
                )
                if case.fault
                else self.env._("Win back: find out why they stopped buying"),
                max((today - case.date).days - 7, 0),
                case.account_id,
                button=self._prepare_open(case),
            )
            for case in cases
        ]

    @api.model
    def _find_references(self):
        """Return the references of the user that wait for an answer, or end soon."""
        today = self._get_today()
        waiting = Domain("state", "=", "asked")
        waiting &= Domain("date", "<=", today - timedelta(days=ANSWER_DAYS))
        ending = Domain("state", "=", "given")
        ending &= Domain("valid_until", ">=", today)
        ending &= Domain("valid_until", "<=", today + timedelta(days=RENEWAL_DAYS))
        references = self.env["kam.reference"].search(
            Domain("user_id", "=", self.env.uid) & (waiting | ending), limit=MOST
        )
        return [
            Reason(
                one,
                self.env._("Reference asked for: follow up")
                if one.state == "asked"
                else self._tell_due(self.env._("Consent ends"), one.valid_until),
                (today - one.date).days - ANSWER_DAYS if one.state == "asked" else 0,
                one.account_id,
                button=self._prepare_open(one),
            )
            for one in references
        ]

    @api.model
    def _find_advocates(self):
        """Return customers of the user who are content and have not been asked yet."""
        accounts = self.env["kam.account"].search(
            [
                ("manager_id", "=", self.env.uid),
                ("level", "in", ("new", "active")),
                ("loyalty", ">=", CONTENT),
                ("loyalty_count", ">", 0),
            ],
            order="loyalty desc, id",
            limit=MOST_LOOKED,
        )
        obstacles = accounts._get_reference_obstacles()
        ready = [account for account in accounts if not obstacles[account]]
        return [
            Reason(
                account,
                self.env._("Content: a good moment to ask for a reference"),
                account=account,
                button=self._prepare_button(
                    account,
                    "action_ask_reference",
                    self.env._("Ask"),
                    "fa-bullhorn",
                ),
            )
            for account in ready[:MOST_OFFERED]
        ]

    @api.model
    def _find_transfers(self):
        """Return what worked at one place of a customer and is offered at no other yet."""
        in_force = self.env["kam.plan"]._get_in_force_domain()
        mine = Domain("user_id", "=", self.env.uid)
        needs = self.env["kam.plan.need"].search(
            Domain("plan_id", "any", in_force & mine)
            & Domain("state", "=", "delivered")
            & Domain("transfer_lead_ids", "=", False)
            & Domain("account_id.unit_ids", "!=", False),
            limit=MOST_LOOKED,
        )
        return [
            Reason(
                need,
                self.env._(
                    "“%(need)s” works: offer it to %(places)s",
                    need=need.name,
                    places=", ".join(places[:MOST_OFFERED].mapped("name")),
                ),
                account=need.account_id,
                button=self._prepare_button(
                    need, "action_transfer", self.env._("Transfer"), "fa-share-alt"
                ),
            )
            for need in needs
            if (places := need._find_places_to_transfer())
        ]

    @api.model
    @api.readonly
    def get_managers_cards(self, team_id=False, period="month", previous=False):
        result = super().get_managers_cards(team_id, period, previous)
        members = self._find_members(team_id, period, previous)
        card = self._prepare_reactivation_card(members)
        return {**result, "cards": [*result["cards"], card]}

    @api.model
    def _prepare_reactivation_card(self, members):
        """Return the card of the silent customers that nobody has worked on yet.

        :param members: ids of users: only theirs; None: all
        """
        domain = Domain("company_id", "=", self.env.company.id)
        domain &= Domain("state", "=", "open") & Domain("is_worked", "=", False)
        if members is not None:
            domain &= Domain("user_id", "in", members)
        overdue = self._get_today() - timedelta(days=7)

        def row(case):
            return {
                "title": case.customer_id.display_name,
                "note": case.user_id.name or "",
                "amount": case.worth,
                "currency_id": case.currency_id.id,
            }

        return self._prepare_card(
            "reactivation",
            self.env._("Customers to Win Back"),
            "fa-undo",
            "kam.reactivation",
            domain,
            Domain("date", "<", overdue),
            "expected desc, id",
            row=row,
            empty={"text": self.env._("Every silent customer is being worked on.")},
        )
