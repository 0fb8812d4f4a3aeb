"""What tests of quotas need besides the common world."""

from datetime import date

from odoo import Command, fields
from odoo.tools import SQL

from .common import KamCommon

INDICATORS = (
    "kept",
    "won",
    "engaged",
    "revenue",
    "category_revenue",
    "category_units",
    "touches",
    "touch_quality",
)


class QuotaCommon(KamCommon):
    """Quotas in a few words."""

    @classmethod
    def _quota(cls, start, end, *lines, user=None, team=None, **values):
        """Return a running quota of a user, of a team, or of the company.

        :param lines: keys of indicators, or dicts of a line
        """
        lines = [
            line if isinstance(line, dict) else {"indicator": line} for line in lines
        ]
        return cls.env["kam.quota"].create(
            {
                "scope": "manager" if user else "team" if team else "company",
                "user_id": user and user.id,
                "team_id": team and team.id,
                "company_id": cls.company.id,
                "period": "free",
                "date_start": start,
                "date_end": end,
                "state": "running",
                "line_ids": [Command.create({"target": 10, **line}) for line in lines],
                **values,
            }
        )

    @classmethod
    def _led(cls, account, *changes):
        """Let an account have been led: (ISO date or None, user or None) in order."""
        cls.env["kam.account.term"].search([("account_id", "=", account.id)]).unlink()
        days = [fields.Date.to_date(day) for day, _user in changes]
        ends = [day and day.fromordinal(day.toordinal() - 1) for day in days[1:]]
        cls.env["kam.account.term"].create(
            [
                {
                    "account_id": account.id,
                    "user_id": user.id,
                    "date_start": day,
                    "date_end": end,
                }
                for (_iso, user), day, end in zip(
                    changes, days, [*ends, None], strict=True
                )
                if user
            ]
        )

    def _actual(self, quota, indicator):
        """Return the actual figure of a line after measuring."""
        quota._measure()
        line = quota.line_ids.filtered(lambda line: line.indicator == indicator)
        return line.actual

    def _records(self, figure, user=None):
        """Return the records that a figure opens."""
        Record = self.env["kam.measure.record"].with_user(user or self.env.user)
        context = {"kam_figure": [figure._name, figure.id]}
        return Record.with_context(**context).search([])

    def assertFactsAddUp(self, lines):
        """Assert that the records behind each figure make it up."""
        for line in lines:
            records = self._records(line)
            figure = sum(records.mapped("value"))
            averages = (
                "touch_quality",
                "followed_up",
                "pilots",
                "qualified",
                "loyalty",
            )
            if line.indicator in averages and records:
                figure /= sum(records.mapped("weight"))
            self.assertAlmostEqual(figure, line.actual, 4, line.indicator)


def insert(env, table, **values):
    """Insert a row by SQL, for speed, and return its id."""
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) VALUES (%s) RETURNING id",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
        )
    )
    return env.cr.fetchone()[0]


def day(text):
    return date.fromisoformat(text)
