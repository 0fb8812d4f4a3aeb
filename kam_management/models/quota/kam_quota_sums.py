from dataclasses import replace
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .frame import EVERYBODY, NOBODY, Calendar, Frame, table
from .kam_quota_indicators import AVERAGE, STATE

ROW_COLUMNS = (
    "key int, company_id int, user_id int, period_id int, categ_id int, buyer varchar"
)


class Question(NamedTuple):
    """Some figures asked for together: one statement per indicator answers them."""

    frame: Frame
    calendar: Calendar
    rows: dict  # {indicator: tuples of ROW_COLUMNS, one per member of a team}
    branches: list  # (category asked for, category in it)


class KamQuota(models.Model):
    """Figures of any scope and period, summed up from the facts of the indicators."""

    _inherit = "kam.quota"

    @api.model
    def _measure_periods(self, rows):
        """Return the figures of any scopes and periods, up to today.

        :param list rows: of dicts with key, company_id, scope, user_id, team_id,
            date_start, date_end, indicator, categ_id, buyer
        :return: {key: value}; 0 where there is nothing
        """
        numbered = [{**row, "key": place} for place, row in enumerate(rows)]
        sums, known = self._sum_rows(numbered), self._get_indicators()
        return {
            row["key"]: get_figure(known[row["indicator"]], sums.get(place))
            for place, row in enumerate(rows)
        }

    @api.model
    def _sum_rows(self, rows, outlook=False, account_ids=None):
        """Sum up the facts of some figures in one statement per indicator.

        :param list rows: as of ``_measure_periods``, with numbers as keys
        :param bool outlook: what is still to come, where an indicator knows it
        :param account_ids: only facts about these accounts; None for all
        :return: {key: (value, weight)}; a key without facts is missing
        """
        question = self._prepare_question(rows)
        if not question:
            return {}
        sums, known = {}, self._get_indicators()
        for key, lines in question.rows.items():
            indicator = known[key]
            if outlook and not indicator.outlook:
                continue
            query = self._get_sums_sql(indicator, question, lines, outlook, account_ids)
            for number, value, weight in self.env.execute_query(query):
                sums[number] = float(value or 0), float(weight or 0)
        return sums

    def _get_sums_sql(self, indicator, question, lines, outlook, account_ids):
        """Return the SQL of (key, value, weight): facts summed up, then shared out."""
        by_period = outlook or indicator.kind == STATE
        names = ["company_id", "user_id", "slot"]
        if indicator.by_product:
            names += ["categ_id", "buyer"]
        columns = SQL(", ").join(map(SQL.identifier, names))
        others = SQL(", ").join(
            SQL.identifier(name) for name in names if name != "user_id"
        )
        return SQL(
            """
            WITH %(tables)s,
            kam_sum AS MATERIALIZED (
                SELECT %(others)s,
                       CASE WHEN GROUPING(user_id) = 1 THEN %(everybody)s
                            ELSE COALESCE(user_id, %(nobody)s) END AS user_id,
                       sum(value) AS value, sum(weight) AS weight
                  FROM (%(facts)s) fact
                 GROUP BY %(sets)s
            )
            SELECT r.key, sum(f.value), sum(f.weight)
              FROM kam_row r
              %(slots)s
              JOIN kam_sum f ON f.company_id = r.company_id AND f.user_id = r.user_id
                           AND f.slot = %(slot)s %(product)s
             GROUP BY r.key
            """,
            tables=self._get_tables_sql(question, lines),
            others=others,
            everybody=EVERYBODY,
            nobody=NOBODY,
            facts=self._get_facts_sql(
                indicator, question, outlook, account_ids, account_ids is not None
            ),
            sets=SQL("GROUPING SETS ((%s), (%s))", columns, others)
            if question.frame.with_nobody
            else columns,
            slots=SQL()
            if by_period
            else SQL("JOIN kam_piece ON kam_piece.period_id = r.period_id"),
            slot=SQL("r.period_id") if by_period else SQL("kam_piece.piece"),
            product=PRODUCT if indicator.by_product else SQL(),
        )

    def _get_tables_sql(self, question, lines):
        """Return the SQL of the tables that a statement joins its facts with."""
        return SQL(", ").join(
            (
                question.calendar.get_tables(),
                table("kam_row", ROW_COLUMNS, lines),
                table("kam_branch", "categ_id int, part_id int", question.branches),
            )
        )

    def _get_facts_sql(
        self, indicator, question, outlook, account_ids=None, one_by_one=True
    ):
        """Return the SQL of the facts of an indicator, with the slot each falls in.

        That is the period itself of a state or outlook, else the piece of time.
        """
        source = indicator.outlook if outlook else indicator.facts
        frame = question.frame._replace(
            one_by_one=one_by_one, account_ids=tuple(account_ids or ())
        )
        facts = source(self, frame)
        if account_ids is not None:
            facts = SQL(
                "SELECT * FROM (%s) every WHERE account_id IN %s",
                facts,
                tuple(account_ids) or (0,),
            )
        if outlook or indicator.kind == STATE:
            return SQL("SELECT *, period_id AS slot FROM (%s) found", facts)
        piece = question.calendar.get_piece(SQL("found.date"))
        if indicator.by_product:
            return SQL(
                """
                SELECT found.company_id, found.date, found.user_id, found.account_id,
                       found.res_model, found.res_id, found.value, found.weight,
                       branch.categ_id, found.buyer, %s AS slot
                  FROM (%s) found
                  JOIN kam_branch branch ON branch.part_id = found.categ_id
                """,
                piece,
                facts,
            )
        return SQL("SELECT found.*, %s AS slot FROM (%s) found", piece, facts)

    # What is asked

    @api.model
    def _prepare_question(self, rows):
        """Return the ``Question`` for some rows, None when there are none to answer.

        Indicators that are no more in the catalogue have no figure.
        """
        self.env.flush_all()
        known = self._get_indicators()
        rows = [row for row in rows if row["indicator"] in known]
        if not rows:
            return None
        calendar = Calendar(fields.Date.today())
        members = self._get_members({row["team_id"] for row in rows})
        lines = {}
        for row in rows:
            period = calendar.get_id(
                row["company_id"], row["date_start"], row["date_end"]
            )
            for user in self._get_credited(row, members):
                lines.setdefault(row["indicator"], []).append(
                    (
                        row["key"],
                        row["company_id"],
                        user,
                        period,
                        row.get("categ_id") or None,
                        row.get("buyer") or "all",
                    )
                )
        branches = self._get_branches({row.get("categ_id") for row in rows})
        frame = self._prepare_frame(rows, calendar, branches)
        return Question(frame, calendar, lines, branches)

    def _prepare_frame(self, rows, calendar, branches):
        companies = {row["company_id"] for row in rows}
        start, end = calendar.span
        rules = [
            replace(rule, company_ids=mine)
            for rule in self.env["kam.account"]._get_rules(end)
            if (mine := tuple(c for c in rule.company_ids if c in companies))
        ]
        return Frame(
            rules=rules,
            company_ids=tuple(companies),
            start=start,
            end=end,
            today=calendar.today,
            categ_ids=tuple({part for _asked, part in branches}) or (0,),
            with_buyer=any((row.get("buyer") or "all") != "all" for row in rows),
            with_nobody=any(row["scope"] == "company" for row in rows),
            marks=calendar.get_marks(),
        )

    def _get_credited(self, row, members):
        """Return the ids of those whose facts count, or that of everybody."""
        if row["scope"] == "company":
            return [EVERYBODY]
        if row["scope"] == "team":
            return members.get(row["team_id"], [])
        return [row["user_id"]] if row["user_id"] else []

    @api.model
    def _get_members(self, team_ids):
        """Return {team id: ids of its present members}."""
        teams = tuple(filter(None, team_ids))
        if not teams:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT crm_team_id, array_agg(DISTINCT user_id) FROM crm_team_member
                 WHERE active AND crm_team_id IN %s GROUP BY crm_team_id
                """,
                teams,
            )
        )
        return dict(rows)

    @api.model
    def _get_branches(self, categ_ids):
        """Return [(category, itself or a category below it)]."""
        categories = tuple(filter(None, categ_ids))
        if not categories:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT c.id, part.id FROM product_category c
                  JOIN product_category part ON part.parent_path LIKE c.parent_path || %s
                 WHERE c.id IN %s
                """,
                "%",
                categories,
            )
        )


def get_figure(indicator, sums):
    """Return the figure that facts make up: their sum, or their average.

    :param indicator: a ``QuotaIndicator``
    :param sums: (value, weight) or None
    """
    value, weight = sums or (0.0, 0.0)
    if indicator.kind == AVERAGE:
        return value / weight if weight else 0.0
    return value


PRODUCT = SQL(
    """AND f.categ_id = r.categ_id
       AND (r.buyer = 'all' OR r.buyer = f.buyer)"""
)
