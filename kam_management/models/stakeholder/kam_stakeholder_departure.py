from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..common import clock
from ..common.kam_merge import first


class KamStakeholder(models.Model):
    """A person leaves; his dossier stays, and his place is filled or shown as a gap."""

    _inherit = "kam.stakeholder"

    left_date = fields.Date("Departed On", readonly=True, merge=first)
    successor_id = fields.Many2one(
        "kam.stakeholder",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The person who took over the buying roles.",
        merge=first,
    )
    is_unreplaced = fields.Boolean(
        "Departed, No Successor",
        compute="_compute_is_unreplaced",
        search="_search_is_unreplaced",
        help="The person's buying roles have not been taken over yet.",
    )

    @api.depends("left_date", "successor_id", "role_ids")
    def _compute_is_unreplaced(self):
        for dossier in self:
            dossier.is_unreplaced = bool(
                dossier.left_date and not dossier.successor_id and dossier.role_ids
            )

    def _search_is_unreplaced(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain(
            [
                ("left_date", "!=", False),
                ("successor_id", "=", False),
                ("role_ids", "!=", False),
            ]
        )
        return domain if True in value else ~domain

    def action_unarchive(self):
        """Bring people back to the team: they have not left after all."""
        self.check_access("write")
        result = super().action_unarchive()
        # sudo: that he is back is not typed in, it follows from this button
        self.sudo().write({"left_date": False, "successor_id": False})
        return result

    def action_leave(self):
        """Ask when he left and who takes over; also to name the successor later."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Departure"),
            "res_model": "kam.stakeholder.departure",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_stakeholder_id": self.id,
                "default_date": self.left_date or clock.here(self),
            },
        }

    def action_add_to_new_account(self):
        """Keep a dossier on this person where he works now."""
        return self.partner_id.action_kam_add_to_dossiers()

    def action_view_org_chart(self):
        """Open the org chart this person is part of."""
        return self.account_id.action_view_org_chart()

    def _prepare_merge_values(self, survivor):
        """Who is still there in one of the dossiers has not left."""
        values = super()._prepare_merge_values(survivor)
        if any((self + survivor).mapped("active")):
            values.update(left_date=False, successor_id=False)
        return values

    def _leave(self, date, successor=None):
        """Put this dossier away.

        :param date date: the last day
        :param successor: the ``kam.stakeholder`` who takes over, if known
        """
        self.ensure_one()
        self.active = False
        # sudo: when he left is never typed in, it follows from this button
        self.sudo().left_date = date
        if successor:
            self._hand_over_to(successor)

    def _hand_over_to(self, successor):
        """Give roles, holder, reporting line and subordinates to a successor.

        A successor who was the boss keeps his own boss.
        """
        values = {
            "role_ids": [fields.Command.link(role.id) for role in self.role_ids],
            "group_ids": [fields.Command.link(group.id) for group in self.group_ids],
            "org_level": successor.org_level or self.org_level,
            "user_id": self.user_id.id or successor.user_id.id,
        }
        if not self._is_below(successor):
            values["parent_id"] = self.parent_id.id
        successor.write(values)
        # those who report to him include people who left before
        reports = self.with_context(active_test=False).child_ids - successor
        reports.write({"parent_id": successor.id})
        self.parent_id = False
        # sudo: who took over is never typed in, it follows from this button
        self.sudo().successor_id = successor


class KamStakeholderDeparture(models.TransientModel):
    """Who left, when, and who takes over."""

    _name = "kam.stakeholder.departure"
    _description = "Record Departure"
    _inherit = ["kam.guard"]

    stakeholder_id = fields.Many2one(
        "kam.stakeholder", required=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="stakeholder_id.account_id")
    customer_id = fields.Many2one(related="account_id.partner_id")
    leaver_id = fields.Many2one(
        related="stakeholder_id.partner_id", string="Departed Person"
    )
    date = fields.Date(
        "Departed On",
        required=True,
        default=lambda self: clock.here(self),
    )
    successor_id = fields.Many2one(
        "res.partner",
        domain="[('is_company', '=', False), ('id', '!=', leaver_id)]",
        help="Takes over the buying roles, the position and the relationship owner."
        " Leave it empty while nobody is named: the account shows the gap.",
    )

    def action_apply(self):
        """Put the dossier away and hand over to the successor's, made where missing.

        :raise ValidationError: on a date in the future or a person who succeeds himself
        """
        self.ensure_one()
        dossier = self.stakeholder_id
        if self.date > clock.here(self):
            raise ValidationError(
                self.env._(
                    "The date is in the future. Enter it when the person has left; until"
                    " then, plan an activity."
                )
            )
        if self.successor_id and self.successor_id == dossier.partner_id:
            raise ValidationError(
                self.env._("A person cannot succeed themselves. Choose another person.")
            )
        dossier._leave(self.date, self.successor_id and self._get_successor_dossier())
        return {"type": "ir.actions.act_window_close"}

    def _get_successor_dossier(self):
        """Return the dossier of the successor in this account, brought back if need be."""
        Dossier = self.env["kam.stakeholder"].with_context(active_test=False)
        found = Dossier.search(
            [
                ("account_id", "=", self.account_id.id),
                ("partner_id", "=", self.successor_id.id),
            ]
        )
        if found and not found.active:
            found.action_unarchive()
        return found or Dossier.create(
            {"account_id": self.account_id.id, "partner_id": self.successor_id.id}
        )
