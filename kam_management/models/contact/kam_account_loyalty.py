from odoo import api, fields, models

from ..common import formats

# What the engine writes.
LOYALTY_FIELDS = ("loyalty", "loyalty_count")


class KamAccount(models.Model):
    """Loyalty (R48): what the people of the customer answer when we ask them."""

    _inherit = "kam.account"

    loyalty = fields.Float(
        "Loyalty Index",
        readonly=True,
        digits=(3, 2),
        aggregator=None,
        help="From 1 to 5: the average of all ratings of the window, of surveys, reviews,"
        " complaints solved and key moments. Those of the older half of the window count"
        " half, and those of influential people count more. 0: no answer.",
    )
    loyalty_count = fields.Integer(
        "Answers", readonly=True, help="How many ratings the loyalty index rests on."
    )
    loyalty_trend = fields.Float(
        compute="_compute_loyalty_trend",
        digits=(3, 2),
        help="Change in the loyalty index within three months; 0 where it was not known.",
    )

    @api.depends("loyalty")
    def _compute_loyalty_trend(self):
        before = self.env["kam.engine"]._get_loyalty_before(self._origin)
        for account in self:
            then = before.get(account._origin.id)
            known = then and account.loyalty_count
            account.loyalty_trend = account.loyalty - then if known else 0

    def action_view_answers(self):
        """Open the answers that the loyalty index is made of."""
        action = self._prepare_records_action("kam_management.kam_answer_action")
        action["domain"] = [("account_id", "=", self.id)]
        return action

    def _get_computed_fields(self):
        return {*super()._get_computed_fields(), *LOYALTY_FIELDS}

    def _tell_satisfaction(self, stars, answers, answer_date):
        """Return the loyalty index, how many answers it rests on, and the last day."""
        index = formats.number(self.env, stars, 1)
        if answers == 1:
            words = self.env._("%(score)s of 5 in one answer", score=index)
        else:
            words = self.env._(
                "%(score)s of 5 in %(count)s answers", score=index, count=answers
            )
        day = formats.day(self.env, answer_date)
        return words, self.env._("last answer %(day)s", day=day)
