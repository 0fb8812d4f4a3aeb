from odoo import api, fields, models
from odoo.fields import Domain

from ..account.kam_account_overview import Topic
from .kam_cadence import PERSONAL

# Conversations that are shown in full
SHOWN = 5


class KamAccount(models.Model):
    """What is known of the contact with a customer."""

    _inherit = "kam.account"

    def _get_open_facts(self):
        return {**super()._get_open_facts(), **self._get_touch_facts()}

    @api.model
    def _has_facts(self, values):
        return super()._has_facts(values) or bool(values["touches"]["count"])

    def _get_fact_action(self, fact, key):
        action, domain = super()._get_fact_action(fact, key)
        if fact == "touches" and key:
            domain &= Domain("channel", "=", key)
        return action, domain

    def _get_fact_records(self):
        mine = Domain("account_id", "=", self.id)
        unanswered = Domain([("direction", "=", "in"), ("answer_id", "=", False)])
        touches = "kam_management.kam_touch_action"
        return {
            **super()._get_fact_records(),
            "touches": (touches, mine & self._get_touches_of_year()),
            "unanswered": (touches, mine & unanswered),
            "answers": ("kam_management.kam_answer_action", mine),
        }

    def _get_touch_facts(self):
        """Return the touches of a year by channel, their quality and our reaction."""
        Touch = self.env["kam.touch"]
        channels = dict(Touch._fields["channel"]._description_selection(self.env))
        domain = self._get_fact_domain("touches")
        by_channel = Touch._read_group(
            domain, ["channel"], ["__count"], order="__count DESC"
        )
        [[count, quality, last]] = Touch._read_group(
            domain, [], ["__count", "quality:avg", "date:max"]
        )
        [[reaction]] = Touch._read_group(
            domain & Domain("answer_id", "!=", False), [], ["reaction_hours:avg"]
        )
        return {
            "touches": {
                "count": count,
                "quality": quality,
                "last": last and fields.Datetime.context_timestamp(self, last).date(),
                "channels": [
                    (key, channels[key], number) for key, number in by_channel
                ],
            },
            "reaction": reaction,
            "unanswered": Touch.search_count(self._get_fact_domain("unanswered")),
        }

    def _get_overview(self):
        """Add the last conversations, as they were noted."""
        return {**super()._get_overview(), "conversations": self._get_conversations()}

    def _get_conversations(self):
        """Return the last contacts, newest first, with what was said."""
        touches = self.env["kam.touch"].search(
            Domain("account_id", "=", self.id) & PERSONAL, limit=SHOWN
        )
        channels, outcomes = (
            dict(touches._fields[name]._description_selection(self.env))
            for name in ("channel", "outcome")
        )
        # what somebody may not read is not quoted
        messages = touches.message_id._filtered_access("read")
        return [
            {
                "id": touch.id,
                "date": fields.Datetime.context_timestamp(self, touch.date).date(),
                "channel": channels[touch.channel],
                "inbound": touch.direction == "in",
                # sudo: the people of a touch that the user sees
                "people": touch.sudo().partner_ids.mapped("name"),
                "user": touch.sudo().user_id.name,
                "summary": touch.summary or outcomes.get(touch.outcome),
                "text": touch.note or (touch.message_id & messages).preview,
            }
            for touch in touches
        ]

    def _get_topics(self, values):
        """Add what we were asked and have not answered."""
        topics = super()._get_topics(values)
        if values["unanswered"]:
            text = self.env._("We were asked something and have not answered yet.")
            topics.append(Topic(30, text, "unanswered"))
        return topics
