from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..common import clock
from .periods import PERIODS, get_day_within

ROWS = 5
# So many records are found again faster by their ids than by what they are.
FEW = 1000


class KamCockpit(models.AbstractModel):
    """What the cockpit shows: cards with a figure, a few records and the way to all.

    Everything is read with the rights of who looks at it, in as many queries for one
    account as for all. What a card counts is what its list shows: both ask for the same
    domain.
    """

    _name = "kam.cockpit"
    _description = "Cockpit"

    @api.model
    def _get_today(self):
        """Return the day of all figures; see ``clock``."""
        return clock.today()

    @api.model
    def _get_period(self, period, previous=False):
        """Return the first and the last day of a period, and a day in it to ask for.

        :param str period: month, quarter or year
        :param bool previous: the one before this
        :raise UserError: on any other period
        """
        if period not in PERIODS:
            raise UserError(
                self.env._("There is no such period. Choose month, quarter or year.")
            )
        company = self.env.company
        day = get_day_within(company, period, previous, self._get_today())
        return (*company._get_kam_period(period, day), day)

    @api.model
    def _check_head(self):
        """Keep what compares colleagues to those who lead them.

        :raise AccessError: when the user is no head of sales
        """
        if not self._is_head():
            raise AccessError(
                self.env._(
                    "Only a head of sales can compare managers. Your own figures are"
                    " on “My Day”."
                )
            )

    @api.model
    def _is_head(self):
        return self.env.user.has_group("kam_management.group_kam_manager")

    # Cards

    @api.model
    def _prepare_card(self, key, title, icon, model, domain, late, order, **values):
        """Return a card: how many records there are, how many late, and the first ones.

        :param str model: of the records
        :param domain: of the records; late ones are those of ``late`` among them
        :param str order: the most urgent first
        :param values: ``row``, a function of a record that returns what its line shows;
            ``empty``, what to say for want of records; anything else as it is
        :return: dict with key, title, icon, count, late, rows, action, empty
        """
        row, domain = values.pop("row"), Domain(domain)
        # all at once: to count them is the same work as to find the first
        records = self.env[model].search(domain, order=order)
        found = Domain("id", "in", records.ids) if len(records) <= FEW else domain
        return {
            "key": key,
            "title": title,
            "icon": icon,
            "count": len(records),
            "late": self.env[model].search_count(found & Domain(late)),
            "rows": [self._prepare_row(record, row) for record in records[:ROWS]],
            "action": self._prepare_list(title, model, domain),
            **values,
        }

    @api.model
    def _prepare_row(self, record, row):
        """Return the line of a record; one that refuses takes no screen down.

        :param row: see ``_prepare_card``
        """
        values = {"model": record._name, "id": record.id, "button": None}
        try:
            return {**values, **row(record)}
        except UserError:
            # sudo: what the user may see by the rules, whatever it belongs to
            title = record.sudo().display_name
            return {
                **values,
                "title": title,
                "note": "",
                **self._prepare_since(None, False),
            }

    @api.model
    def _prepare_list(self, title, model, domain):
        """Return the action that opens the records of a domain."""
        kinds = ["list", "form"]
        if self._has_cards(model):
            kinds.insert(1, "kanban")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [[False, kind] for kind in kinds],
            "mobile_view_mode": "kanban",
            "domain": list(Domain(domain)),
            "context": {"create": False},
            "target": "current",
        }

    @api.model
    def _has_cards(self, model):
        """Return whether records of a model have cards, which read well on a phone."""
        return model in (
            "kam.account",
            "kam.touch",
            "kam.plan",
            "kam.complaint",
            "kam.handover",
            "kam.quota.decision",
            "sale.order",
            "mail.activity",
        )

    @api.model
    def _prepare_due(self, day):
        """Return the day a line is due, how many days until then, and if it is late."""
        days = (day - self._get_today()).days if day else 0
        return {"date": str(day or ""), "days": days, "late": days < 0, "is_due": True}

    @api.model
    def _prepare_since(self, day, late=True):
        """Return the day since when a line waits, as ``_prepare_due`` does."""
        return {**self._prepare_due(day), "late": late, "is_due": False}

    @api.model
    def _prepare_button(self, record, method, label, icon):
        """Return the button of a line: a method of a record that does it in one click.

        A button may have an ``action`` to open instead of a method.
        """
        return {
            "model": record._name,
            "id": record.id,
            "method": method,
            "label": label,
            "icon": icon,
        }
