from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamInterestGroup(models.Model):
    """People of one customer who want the same, whatever the org chart says."""

    _name = "kam.interest.group"
    _description = "Interest Group"
    _inherit = ["kam.account.part"]
    _order = "account_id, name, id"

    name = fields.Char(required=True)
    stakeholder_ids = fields.Many2many(
        "kam.stakeholder",
        string="Stakeholders",
        domain="[('account_id', '=', account_id)]",
    )
    interest = fields.Char("Common Interest")
    color = fields.Integer()

    @api.constrains("account_id", "stakeholder_ids")
    def _check_stakeholders(self):
        for group in self:
            if strangers := group.stakeholder_ids.filtered(
                lambda person, group=group: person.account_id != group.account_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(people)s: an interest group belongs to one account. Remove"
                        " them from %(group)s.",
                        people=", ".join(strangers.mapped("display_name")),
                        group=group.name,
                    )
                )
