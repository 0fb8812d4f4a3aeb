from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..common import clock

SOLD_MONTHS = 24
MOST_CATEGORIES = 12


class KamAccount(models.Model):
    """White space: what each branch of the customer buys, and what it might."""

    _inherit = "kam.account"

    white_space_ids = fields.One2many("kam.white.space", "account_id")
    white_space_categ_ids = fields.Many2many(
        "product.category",
        string="Additional Categories",
        help="Product categories shown in the white space in addition to those we sell"
        " most of.",
    )

    @api.readonly
    def get_white_space(self):
        """Return the white space of this account, in one call of few queries.

        :return: ``{"units": [{id, name, kind}], "categories": [{id, name}], "cells":
            {"<unit id>-<category id>": {state, amount, competitor, note, space_id,
            lead_id}}, "currency_id", "months", "editable"}``; the head office has id 0.
            A state is bought, lead, competitor, no_need or unknown.
        """
        self.ensure_one()
        self.check_access("read")
        units = self.env["kam.customer.unit"].search_fetch(
            [("account_id", "=", self.id)], ["name", "kind", "partner_id"]
        )
        cells = {}
        for unit_id, categ_id, amount in self._get_bought(units):
            cells[unit_id, categ_id] = {"amount": amount}
        self._add_known(cells)
        for cell in cells.values():
            cell["state"] = self._get_cell_state(cell)
        return {
            "units": [
                {"id": 0, "name": self.env._("Head office"), "kind": "office"},
                *({"id": u.id, "name": u.name, "kind": u.kind} for u in units),
            ],
            "categories": self._get_white_space_categories(cells),
            "cells": {f"{unit}-{categ}": cell for (unit, categ), cell in cells.items()},
            "currency_id": self.currency_id.id,
            "months": self.company_id.kam_window_months,
            "editable": self.has_access("write"),
        }

    def mark_white_space(self, categ_id, unit_id=0, state="unknown", competitor=None):
        """Say why a branch does not buy something from us.

        :param int categ_id: ``product.category``
        :param int unit_id: ``kam.customer.unit`` of this account, 0 for the head office
        :param str state: unknown, competitor or no_need
        :param str competitor: from whom the branch buys
        :raise AccessError: when the user may not work on the account
        """
        space = self._get_white_space(categ_id, unit_id)
        space.write({"state": state, "competitor": competitor or False})
        return space.id

    def make_white_space_lead(self, categ_id, unit_id=0, plan_id=False):
        """Make an opportunity for a branch and product category, or open the one it has.

        :param int categ_id: ``product.category``
        :param int unit_id: ``kam.customer.unit`` of this account, 0 for the head office
        :param int plan_id: ``kam.plan`` of this account the lead belongs to
        :return: action on ``crm.lead``
        """
        space = self._get_white_space(categ_id, unit_id)
        # sudo: whether it is still open is no secret; opening it takes the right
        if space.sudo().lead_id.won_status != "pending":
            unit = space.unit_id
            plan = self._get_plan(plan_id)
            where = unit.name or self.display_name
            lead = self.env["crm.lead"].create(
                {
                    "name": f"{space.categ_id.name} – {where}",
                    "type": "opportunity",
                    "partner_id": (unit.partner_id or self.partner_id).id,
                    "company_id": self.company_id.id,
                    "user_id": (plan.user_id or self.manager_id or self.env.user).id,
                    "kam_plan_id": plan.id,
                }
            )
            # sudo: which branch it is for is found here, and typed in by nobody
            lead.sudo().kam_unit_id = unit
            space.lead_id = lead
        return self.env["kam.plan.need"]._prepare_lead_action(space.lead_id)

    def note_white_space_need(self, categ_id, plan_id, unit_id=0):
        """Open a new need of the plan for a branch and product category.

        :return: action on ``kam.plan.need``
        """
        space = self._get_white_space(categ_id, unit_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Need"),
            "res_model": "kam.plan.need",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_plan_id": self._get_plan(plan_id).id,
                "default_categ_id": space.categ_id.id,
                "default_unit_id": space.unit_id.id,
            },
        }

    def _get_white_space(self, categ_id, unit_id):
        """Return the line for a branch and category, made where there is none.

        :raise AccessError: when the user may not work on the account
        :raise ValidationError: when the branch is of another customer
        """
        self.ensure_one()
        self.check_access("write")
        key = {
            "account_id": self.id,
            "unit_id": unit_id or False,
            "categ_id": categ_id,
        }
        Space = self.env["kam.white.space"]
        space = Space.search([(name, "=", value) for name, value in key.items()])
        return space or Space.create(key)

    def _get_plan(self, plan_id):
        """Return the plan of this account with an id, if there is one.

        :raise ValidationError: when it is the plan of another customer
        """
        plan = self.env["kam.plan"].browse(plan_id or ())
        if plan and plan.account_id != self:
            raise ValidationError(
                self.env._("This is the plan of another customer. Reload the page.")
            )
        return plan

    def _get_bought(self, units):
        """Return [(unit id or 0, category id or 0, amount)] of the trailing window.

        As the accounts' revenue counts it; of companies below the customer only those
        that are branches here, and whose account the user may see.
        """
        family = self._get_family()
        mine = owners(family, {u.partner_id.id: u.id for u in reversed(units)})
        rule = self.company_id._get_kam_rule_today()
        Sale, domain = self._get_family_sales(family)
        rows = Sale._read_group(
            [*domain, ("date", ">", rule.window_start), ("date", "<=", rule.as_of)],
            ["account_id", "contact_id", "shipping_id", "categ_id"],
            ["amount:sum"],
        )
        bought = {}
        for account, contact, shipping, category, amount in rows:
            unit_id = mine.get(shipping.id) or mine.get(contact.id)
            if unit_id or account == self:
                key = unit_id or 0, category.id or 0
                bought[key] = bought.get(key, 0) + amount
        return [(*key, amount) for key, amount in bought.items() if amount]

    def _add_known(self, cells):
        """Add to the cells what is known of them: opportunity, competitor, no need."""
        spaces = self.env["kam.white.space"].search_fetch(
            [("account_id", "=", self.id)],
            ["unit_id", "categ_id", "state", "competitor", "note", "lead_id"],
        )
        # sudo: that there is an opportunity is no secret; opening it takes the right
        leads = spaces.sudo().lead_id
        pending = set(leads.filtered(lambda lead: lead.won_status == "pending").ids)
        for space in spaces:
            cell = cells.setdefault((space.unit_id.id or 0, space.categ_id.id), {})
            lead_id = space.sudo().lead_id.id
            cell.update(
                known=space.state,
                competitor=space.competitor or "",
                note=space.note or "",
                space_id=space.id,
                lead_id=lead_id if lead_id in pending else False,
            )

    @api.model
    def _get_cell_state(self, cell):
        """Return what a cell shows: what is bought before what might be."""
        if cell.get("amount", 0) > 0:
            return "bought"
        if cell.get("lead_id"):
            return "lead"
        return cell.get("known", "unknown")

    def _get_white_space_categories(self, cells):
        """Return the categories to show: best sold, chosen, bought or judged here."""
        best = self._get_best_sold(self.company_id.id, clock.today())
        here = [categ for _unit, categ in cells if categ]
        ids = dict.fromkeys([*best, *self.white_space_categ_ids.ids, *here])
        categories = self.env["product.category"].browse(ids)
        shown = [{"id": categ.id, "name": categ.name} for categ in categories.exists()]
        if any(not categ for _unit, categ in cells):
            shown.append({"id": 0, "name": self.env._("Without category")})
        return shown

    @api.model
    @tools.ormcache("company_id", "day")
    def _get_best_sold(self, company_id, day):
        """Return the ids of the categories a company sold most of in two years.

        Kept for the day: it looks at all sales of the company.
        """
        since = day - relativedelta(months=SOLD_MONTHS)
        # sudo: what sells best is no secret, and looked up once for everybody
        Sale = self.env["kam.sale"].sudo()
        groups = Sale._read_group(
            [("company_id", "=", company_id), ("date", ">=", since)],
            ["categ_id"],
            ["amount:sum"],
        )
        sold = [(amount, category.id) for category, amount in groups if category]
        best = sorted(
            (pair for pair in sold if pair[0] > 0), key=lambda p: (-p[0], p[1])
        )
        return tuple(category for _amount, category in best[:MOST_CATEGORIES])


def owners(family, units):
    """Return {partner id: unit id} by the nearest branch above each partner.

    :param dict family: {partner id: parent id or None}
    :param dict units: {partner id: unit id}

    >>> owners({1: None, 2: 1, 3: 2, 4: 1}, {2: 70})
    {2: 70, 3: 70}
    """
    result = {}
    for partner in family:
        above = partner
        while above and above not in units:
            above = family.get(above)
        if above:
            result[partner] = units[above]
    return result
