from odoo import api, fields, models
from odoo.exceptions import AccessError


def is_theirs(record, user):
    """Return whether what was said to a customer is a user's to change.

    Who led or logged it, who answers for its account, and the salesperson of its lead. A
    lead that nobody has is anybody's to take. So where there is an account, what was said
    there is for a salesperson of its team alone.

    :param record: a touch or what came up in one, by ``sudo``
    """
    account, lead = record.account_id, record.lead_id
    return (
        user in record.user_id | record.create_uid
        or (user in lead.user_id and user in (account.team_user_ids or user))
        or account._is_led_by(user)
        or not record.id
    )


class KamTouch(models.Model):
    """What users may do with touches: none of others' customers, none made up.

    The team of an account reads all its touches; each belongs to who had the contact.
    """

    _inherit = "kam.touch"

    can_edit = fields.Boolean(
        compute="_compute_can_edit", help="The user may change this touch."
    )

    @api.depends("user_id", "account_id", "lead_id")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        theirs = self._filter_changeable()
        for touch in self:
            touch.can_edit = touch in theirs

    @api.model_create_multi
    def create(self, vals_list):
        touches = super().create(vals_list)
        touches._check_owner_access()
        return touches

    def write(self, vals):
        result = super().write(vals)
        if not {"account_id", "lead_id"}.isdisjoint(vals):
            self._check_owner_access()
        return result

    def unlink(self):
        """Archive what was captured instead, as it would come back with the next capture."""
        kept = self._get_captured() if not self.env.su else self.browse()
        if kept:
            kept.check_access("unlink")
            kept.action_archive()
            kept._tell_archived()
        return super(KamTouch, self - kept).unlink()

    def _filter_changeable(self):
        """Return the touches of the user, see ``is_theirs``."""
        if self._is_head_of_sales():
            return self
        user = self.env.user
        # sudo: compares who did what, and shows nothing
        return self & self.sudo().filtered(lambda touch: is_theirs(touch, user))

    @api.model
    def _get_others_error(self):
        return AccessError(
            self.env._(
                "This touch can be changed by the person who handled it, the"
                " salesperson of its lead, the manager of the account and heads of"
                " sales. Ask one of them, or log a new touch."
            )
        )

    def _get_captured(self):
        """Return those of these touches whose source is there to be captured again."""
        return self.filtered(lambda touch: touch.message_id or touch.event_id)

    def _tell_archived(self):
        """Say to the user why these touches were archived, although he deleted them."""
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "message": self.env._(
                    "Touches archived instead of deleted: %(count)s. They come from a"
                    " mail, meeting or activity and would be recreated.",
                    count=len(self),
                ),
            },
        )

    @api.model
    def _get_checked_fields(self):
        """Leave the account and the lead to ``_check_owner_access``."""
        return super()._get_checked_fields() | {"account_id", "lead_id"}

    @api.model
    def _get_found_hint(self):
        return self.env._(
            "The company follows from the account or lead, the cost from the resources"
            " used; mail, meeting and answer are captured."
        )

    def _check_owner_access(self):
        """Refuse touches on accounts and leads their author may not read.

        A touch on one's lead belongs to the customer's account too, whoever leads that.

        :raise AccessError: naming what to do instead
        """
        if self.env.su:
            return
        # sudo: finds the accounts that were chosen, not given by the lead
        touches = self.sudo()
        chosen = touches.filtered(
            lambda touch: touch.account_id != touch.lead_id.kam_account_id
        )
        for owners in (touches.lead_id, chosen.account_id):
            if not owners.sudo(False).has_access("read"):
                raise AccessError(
                    self.env._(
                        "You have no access to the account or lead of this customer."
                        " Ask your head of sales to add you to the team."
                    )
                )
