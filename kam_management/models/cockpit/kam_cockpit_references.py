from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..care.kam_account_reference import CONTENT
from .day import Reason
from .kam_cockpit_day import MOST

# A customer has so many days to answer, and a consent is renewed so many before its end.
ANSWER_DAYS, RENEWAL_DAYS = 14, 30
# So many customers are looked at, and offered, as worth asking.
MOST_LOOKED, MOST_OFFERED = 20, 3


class KamCockpit(models.AbstractModel):
    """My Day: who could speak for us, and what worked and may be wanted elsewhere."""

    _inherit = "kam.cockpit"

    @api.model
    def _get_reason_kinds(self):
        return [
            *super()._get_reason_kinds(),
            (self.env._("references"), self._find_references),
            (self.env._("references to ask for"), self._find_advocates),
            (self.env._("successes to transfer"), self._find_transfers),
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
            Domain("user_id", "in", self._get_people()) & (waiting | ending), limit=MOST
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
                ("manager_id", "in", self._get_people()),
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
        mine = Domain("user_id", "in", self._get_people())
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
            for need, places in needs._find_wanting_units().items()
            if places
        ]
