from bisect import bisect_right
from datetime import timedelta

from odoo import api, models

from ..common import clock, formats
from ..common.pictures.bars import bars

SHOWN_CATEGORIES = 8
QUARTERS = 12


class KamAccount(models.Model):
    """What Odoo knows of a customer: nobody types it in, every figure can be opened.

    Looked up when somebody looks, under the rights of who does. Rooms add their facts.
    """

    _inherit = "kam.account"

    def _get_facts(self):
        """Return what is known of the customer today, in a fixed number of queries.

        :return: dict, the values of the template ``account_facts``; rooms add theirs
        """
        self.ensure_one()
        values = {
            "account": self,
            "today": clock.today(),
            "here": clock.here(self),
            **self._get_formats(),
            **self._get_revenue_facts(),
            **self._get_open_facts(),
        }
        return {**values, "is_empty": not self._has_facts(values)}

    @api.model
    def _has_facts(self, values):
        """Return whether anything is known; rooms that add facts say so of theirs."""
        return bool(
            values["quarters"] or values["deals"]["count"] or values["overdue"]["count"]
        )

    # Revenue

    def _get_revenue_facts(self):
        """Return revenue by category, branch and quarter."""
        periods = self._get_revenue_periods()
        rows = self._get_revenue(periods)
        mine = [row for row in rows if row["partner_id"] == self.partner_id.id]
        columns = self._get_columns(mine, periods)
        return {
            "months": self.company_id.kam_window_months,
            "categories": self._get_category_facts(mine),
            "branches": self._get_branch_facts(rows),
            "quarters": bool(mine),
            "columns": columns,
            "trend": bars(self.env._("Revenue by quarter"), columns),
        }

    def _get_category_facts(self, rows):
        """Return what was bought of the largest categories, the others summed up."""
        sums = self._sum_up(rows, "categ_id")
        shown, rest = sums[:SHOWN_CATEGORIES], sums[SHOWN_CATEGORIES:]
        # sudo: the names of the categories of what the user may see
        categories = self.env["product.category"].sudo()
        categories = categories.browse([key for key, *_sums in shown if key])
        names = {category.id: category.display_name for category in categories}
        facts = [
            (key or 0, names.get(key, self.env._("Without a category")), now, before)
            for key, now, before in shown
        ]
        if rest:
            sums = (sum(now for _k, now, _b in rest), sum(b for _k, _now, b in rest))
            facts.append((None, self.env._("Other categories"), *sums))
        return facts

    def _get_branch_facts(self, rows):
        """Return what each company of the customer bought, when there are several."""
        sums = self._sum_up(rows, "partner_id")
        if not any(key != self.partner_id.id for key, *_sums in sums):
            return []
        # sudo: the names of the companies whose orders the user may see
        partners = self.env["res.partner"].sudo().browse([key for key, *_s in sums])
        names = {partner.id: partner.name for partner in partners}
        return [(key, names[key], now, before) for key, now, before in sums]

    @api.model
    def _sum_up(self, rows, name):
        """Return [(key, amount now, amount before)] of both windows, largest first."""
        sums = {}
        for row in rows:
            if row["period"]:
                pair = sums.setdefault(row[name], {"now": 0, "before": 0})
                pair[row["period"]] += row["amount"]
        return sorted(
            ((key, pair["now"], pair["before"]) for key, pair in sums.items()),
            key=lambda fact: (-fact[1], -fact[2]),
        )

    def _get_columns(self, rows, periods):
        """Return the columns of the picture: revenue quarter by quarter."""
        quarters = periods["quarters"]
        sums = [0.0] * len(quarters)
        starts = [start for start, _end in quarters]
        for row in rows:
            if row["date"] >= starts[0]:
                sums[bisect_right(starts, row["date"]) - 1] += row["amount"]
        labels = [
            self.company_id._get_kam_period_label("quarter", *quarter).split()
            for quarter in quarters
        ]
        return [
            (
                # the year stands where it begins
                f"{quarter}\n{year}" if quarter == "Q1" else quarter,
                amount,
                formats.short(self.env, amount) if amount else "",
                start.isoformat(),
            )
            for (quarter, year), amount, start in zip(labels, sums, starts, strict=True)
        ]

    # Deals and invoices

    def _get_open_facts(self):
        """Return what is open: deals and overdue invoices; other rooms add theirs."""
        [[count, expected, deadline]] = self.env["crm.lead"]._read_group(
            self._get_fact_domain("deals"),
            [],
            ["__count", "expected_revenue:sum", "date_deadline:min"],
        )
        deals = {"count": count, "expected": expected, "deadline": deadline}
        count, amount, due = self._get_overdue()
        days = (clock.today() - due).days if due else 0
        return {
            "deals": deals,
            "overdue": {"count": count, "amount": amount, "days": days},
        }

    # Formatting

    def _get_formats(self):
        """Return what templates write figures with: {name: function of a figure}.

        Plain functions, through which the customer's edition reaches no record.
        """
        env, currency = self.env, self.company_id.currency_id
        return {
            "money": lambda amount: formats.money(env, amount, currency),
            "change": lambda now, before: formats.change(env, now, before),
            "percent": lambda value: formats.percent(env, value),
            "ago": lambda days: formats.ago(env, days),
            "duration": lambda count, unit="day": formats.duration(env, count, unit),
        }

    def _get_revenue_periods(self):
        """Return the days around which revenue is compared, as a dict.

        ``today``; ``window``: the last day before the window, ``previous``: before the
        one before it, ``quarters``: those of the company's fiscal years as pairs of
        days, the running one last. Windows are those by which accounts are judged, and
        days are UTC days, wherever the user is.
        """
        today, company = clock.today(), self.company_id
        rule = company._get_kam_rule_today()
        quarters = [company._get_kam_period("quarter", today)]
        while len(quarters) < QUARTERS:
            day = quarters[0][0] - timedelta(days=1)
            quarters.insert(0, company._get_kam_period("quarter", day))
        return {
            "today": today,
            "window": rule.window_start,
            "previous": rule.previous_start,
            "quarters": quarters,
        }

    def _get_revenue(self, periods):
        """Return what the customer and its branches bought, by day.

        :param dict periods: see ``_get_revenue_periods``
        :return: list of dicts with ``account_id``, ``partner_id``, ``categ_id``,
            ``date``, ``period`` ("now", "before" or None) and ``amount``
        """
        self.ensure_one()
        since = min(periods["previous"] + timedelta(days=1), periods["quarters"][0][0])
        window, previous = periods["window"], periods["previous"]
        Sale, domain = self._get_family_sales()
        rows = Sale._read_group(
            [*domain, ("date", ">=", since), ("date", "<=", periods["today"])],
            ["account_id", "categ_id", "date:day"],
            ["amount:sum"],
        )
        return [
            {
                "account_id": account.id,
                # sudo: the customer of a sale the user may see
                "partner_id": account.sudo().partner_id.id,
                "categ_id": category.id,
                "date": day,
                "period": "now"
                if day > window
                else "before"
                if day > previous
                else None,
                "amount": amount,
            }
            for account, category, day, amount in rows
        ]
