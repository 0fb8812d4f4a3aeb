from odoo import api, fields, models

# What decides when the person is due, or whether they are at all, and which of the
# decisive roles they play: a sponsor is one by attitude, too.
CADENCE_FIELDS = {
    "account_id",
    "partner_id",
    "role_ids",
    "active",
    "attitude",
    "influence",
}


class KamStakeholder(models.Model):
    """When the person was met last, and when he should be met again."""

    _inherit = "kam.stakeholder"

    last_touch_date = fields.Date("Last Touch", readonly=True)
    next_touch_date = fields.Date(
        "Next Touch",
        readonly=True,
        index="btree_not_null",
        help="The last touch with this person, or else the day the stakeholder was"
        " created, plus the shortest contact frequency of the buying roles.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = super().create(vals_list)
        dossiers._enqueue_accounts()
        return dossiers

    def write(self, vals):
        decisive = not CADENCE_FIELDS.isdisjoint(vals)
        if decisive:
            self._enqueue_accounts()
        result = super().write(vals)
        if decisive:
            self._enqueue_accounts()
        return result

    def unlink(self):
        self._enqueue_accounts()
        return super().unlink()

    def action_log_touch(self):
        """Open the Talk dialog for this person."""
        self.ensure_one()
        return self.env["kam.touch"]._prepare_talk_action(
            account_id=self.account_id.id, partner_ids=self.partner_id.ids
        )

    def _enqueue_accounts(self):
        """Report to the engine that the people of these accounts have changed."""
        # sudo: reads which customer to refresh, and nothing else
        self.sudo().account_id._enqueue()


class KamStakeholderRole(models.Model):
    """What a role asks for is worked out anew for all who may play it."""

    _inherit = "kam.stakeholder.role"

    def write(self, vals):
        result = super().write(vals)
        # coverage knows the roles by their codes
        if not {"touch_days", "code"}.isdisjoint(vals):
            self.env["res.company"]._wake_kam_refresh()
        return result

    def unlink(self):
        self.env["res.company"]._wake_kam_refresh()
        return super().unlink()
