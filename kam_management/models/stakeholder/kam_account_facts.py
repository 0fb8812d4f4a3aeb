from odoo import models

from ..account.kam_account_overview import Topic
from ..common import clock, formats
from .kam_account_coverage import COVERED_ROLES

SHOWN = 6


class KamAccount(models.Model):
    """Who decides at a customer, as one reads it before a conversation."""

    _inherit = "kam.account"

    def _get_overview(self):
        """Add who decides, the most influential first."""
        return {**super()._get_overview(), "people": self._get_people_facts()}

    def _get_people_facts(self):
        """Return what to know of each person before one talks to them."""
        dossiers = self.env["kam.stakeholder"].search(
            [("account_id", "=", self.id)], limit=SHOWN
        )
        labels = {
            name: dict(dossiers._fields[name]._description_selection(self.env))
            for name in ("influence", "attitude", "argument_style")
        }
        today = clock.today()
        # sudo: of the dossiers that the user sees
        people = dossiers.sudo()
        return [
            {
                "id": person.id,
                "name": person.partner_id.name or person.display_name,
                "function": person.function,
                "phone": person.phone,
                "email": person.email,
                "roles": person.role_ids.mapped("name"),
                "influence": int(person.influence),
                "attitude": person.attitude,
                "style": labels["argument_style"].get(person.argument_style),
                "attitude_label": labels["attitude"].get(person.attitude),
                "days": person.last_touch_date
                and (today - person.last_touch_date).days,
            }
            for person in people
        ]

    def _get_topics(self, values):
        """Add the roles whose player we do not know, or have not met lately."""
        coverage = self._get_coverage()[self.id]
        names = self._get_covered_role_names()
        # sudo: the days are those of the company the account is of
        limit = self.sudo().company_id.kam_coverage_days
        days = formats.duration(self.env, limit)
        topics = []
        for code in COVERED_ROLES:
            if code not in coverage["known"]:
                text = self.env._(
                    "%(role)s not known. Ask who it is.", role=names[code]
                )
            elif code not in coverage["met"]:
                text = self.env._(
                    "%(role)s not met in %(days)s. Arrange a meeting.",
                    role=names[code],
                    days=days,
                )
            else:
                continue
            topics.append(Topic(70, text))
        return super()._get_topics(values) + topics
