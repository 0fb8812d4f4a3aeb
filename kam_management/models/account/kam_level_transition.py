from odoo import fields, models
from odoo.exceptions import MissingError

from .kam_level_mixin import LEVELS


class KamLevelTransition(models.Model):
    """One step of an account from a level to another, on one day.

    The log follows from the dated purchases and touches, so it also exists for the
    time before the app was installed; ``kam.account._refresh`` keeps it.
    """

    _name = "kam.level.transition"
    _description = "Level Transition"
    _inherit = ["kam.level.mixin", "kam.guard", "kam.merge"]
    _level_fields = ("from_level", "to_level")
    _order = "date desc, id desc"
    _rec_name = "to_level"
    # Rows are computed in bulk; who wrote them says nothing.
    _log_access = False

    account_id = fields.Many2one(
        "kam.account",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
        merge=False,
    )
    company_id = fields.Many2one(related="account_id.company_id")
    manager_id = fields.Many2one(
        related="account_id.manager_id", string="Key Account Manager"
    )
    date = fields.Date(required=True, readonly=True, index=True)
    from_level = fields.Selection(LEVELS, required=True, readonly=True)
    to_level = fields.Selection(LEVELS, required=True, readonly=True)
    days = fields.Integer(
        "Days in Previous Level",
        readonly=True,
        aggregator="avg",
        help="Days spent in the previous level; for the first step counted from the"
        " creation of the customer, empty when the history is older than that.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Credited To",
        readonly=True,
        index="btree_not_null",
        help="The key account manager on that day; without one, the person"
        " behind the sale or contact that triggered the change.",
    )
    trigger_model = fields.Char(readonly=True)
    trigger_id = fields.Many2oneReference(
        model_field="trigger_model", readonly=True, aggregator=None
    )

    # A plain unique index: at most one transition per account and day.
    _account_date_uniq = models.UniqueIndex(
        "(account_id, date)", "An account changes its level at most once a day."
    )

    def action_open_trigger(self):
        """Open the order, invoice or touch that caused this step.

        :raise AccessError: when the user may not read it
        :raise MissingError: when it is gone and the log not yet computed anew
        """
        self.ensure_one()
        if self.trigger_model not in self.env:
            return False
        document = self.env[self.trigger_model].browse(self.trigger_id)
        if not document.exists():
            raise MissingError(
                self.env._(
                    "The record that triggered this change was deleted. The level"
                    " history will be up to date in a minute or two."
                )
            )
        document.check_access("read")
        return document.get_formview_action()
