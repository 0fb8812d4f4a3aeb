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
        string="People",
        domain="[('account_id', '=', account_id)]",
    )
    interest = fields.Char("What They Want")
    color = fields.Integer()

    @api.constrains("account_id", "stakeholder_ids")
    def _check_stakeholders(self):
        for group in self:
            if strangers := group.stakeholder_ids.filtered(
                lambda person, group=group: person.account_id != group.account_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(people)s: a group is made of people of one account. Take"
                        " them out of %(group)s.",
                        people=", ".join(strangers.mapped("display_name")),
                        group=group.name,
                    )
                )
