from odoo import api, fields, models


class KamAccount(models.Model):
    """The people who decide at the customer's."""

    _inherit = "kam.account"

    stakeholder_ids = fields.One2many("kam.stakeholder", "account_id", "Stakeholders")
    stakeholder_count = fields.Integer(compute="_compute_stakeholders")
    interest_group_ids = fields.One2many("kam.interest.group", "account_id")
    goal_ids = fields.One2many("kam.customer.goal", "account_id", "Goals")

    @api.depends("stakeholder_ids")
    def _compute_stakeholders(self):
        counts = dict(
            self.env["kam.stakeholder"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.stakeholder_count = counts.get(account, 0)

    def action_view_stakeholders(self):
        """Open the dossiers of this account."""
        return self._prepare_people_action("kam_management.kam_stakeholder_action")

    def action_view_org_chart(self):
        """Open the org chart of the customer."""
        return self._prepare_people_action(
            "kam_management.kam_stakeholder_action_chart"
        )

    @api.readonly
    def get_power_map(self):
        """Return what the power map shows of this account, in one call.

        :return: ``{"people": [{id, name, function, partner_id, influence, attitude}],
            "influences": [[value, label]], "attitudes": [[value, label]], "editable":
            whether the user may move people}``
        """
        self.ensure_one()
        self.check_access("read")
        Dossier = self.env["kam.stakeholder"]
        people = Dossier.search_read(
            [("account_id", "=", self.id)],
            ["display_name", "function", "partner_id", "influence", "attitude"],
        )
        options = {
            name: Dossier._fields[name]._description_selection(self.env)
            for name in ("influence", "attitude")
        }
        return {
            "people": [
                {
                    "id": person["id"],
                    "name": person["display_name"],
                    "function": person["function"] or "",
                    "partner_id": person["partner_id"] and person["partner_id"][0],
                    "influence": person["influence"],
                    "attitude": person["attitude"],
                }
                for person in people
            ],
            "influences": [pair for pair in options["influence"] if pair[0] != "0"],
            "attitudes": options["attitude"],
            "editable": Dossier.has_access("write"),
        }

    def _prepare_people_action(self, xmlid):
        """Return a window action on the dossiers of this account, ready to add one."""
        action = self._prepare_records_action(xmlid)
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {
            "default_account_id": self.id,
        }
        return action

    def _filter_with_history(self):
        """Keep accounts with dossiers too: somebody has typed them in."""
        known = self.env["kam.stakeholder"].with_context(active_test=False)
        known = known.search([("account_id", "in", self.ids)]).account_id
        return super()._filter_with_history() | known

    def _find_work(self, user):
        return [
            *super()._find_work(user),
            *self._search_work(self.env["kam.stakeholder"], user, []),
        ]
