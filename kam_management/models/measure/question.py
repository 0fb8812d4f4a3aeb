"""Some figures asked for together: one statement per indicator answers them."""

from dataclasses import dataclass

from odoo.tools import SQL

from ..common import clock
from ..evidence.look import get_members_sql
from .frame import EVERYBODY, Calendar, Frame, table

ROW_COLUMNS = (
    "key int, company_id int, owner_id int, period_id int, categ_id int, buyer varchar"
)


@dataclass
class Question:
    """Rows of figures whose facts are summed up by the same kind of owner."""

    frame: Frame
    calendar: Calendar
    rows: dict  # {indicator: tuples of ROW_COLUMNS, one per spell of a team's member}
    branches: list  # (category asked for, category in it)
    by_account: bool  # owners are accounts, else whom facts are credited to
    led_today: bool  # what is known of customers is credited to who leads them today

    @property
    def owner(self):
        """Return the SQL of the owner of a fact ``found``."""
        if self.by_account:
            return SQL("found.account_id")
        if self.led_today:
            return SQL(
                "CASE WHEN leader.id IS NULL THEN found.user_id ELSE leader.manager_id END"
            )
        return SQL("found.user_id")

    @property
    def leader(self):
        """Return the SQL that joins the account of a fact, where its owner asks for it."""
        if self.by_account or not self.led_today:
            return SQL()
        return SQL("LEFT JOIN kam_account leader ON leader.id = found.account_id")

    def get_tables(self, asked):
        """Return the SQL of the tables that a statement joins its facts with.

        :param list asked: tuples of ROW_COLUMNS
        """
        return SQL(", ").join(
            (
                self.calendar.get_tables(),
                table("kam_row", ROW_COLUMNS, asked),
                table("kam_branch", "categ_id int, part_id int", self.branches),
            )
        )


def ask(env, rows, led_today=False):
    """Return the questions that some rows make: one for accounts, one for all others.

    Indicators that are no more in the catalogue have no figure.

    :param list rows: see ``kam.measure._measure``
    :return: list of ``Question``
    """
    env.flush_all()
    known = env["kam.measure"]._get_indicators()
    rows = [row for row in rows if row["indicator"] in known]
    of_accounts = [row for row in rows if row["scope"] == "account"]
    others = [row for row in rows if row["scope"] != "account"]
    return [
        _prepare(env, some, by_account, led_today)
        for by_account, some in ((True, of_accounts), (False, others))
        if some
    ]


def _prepare(env, rows, by_account, led_today):
    """Return the ``Question`` that some rows make."""
    calendar = Calendar(clock.today())
    get_owners = _get_owners_of(env, rows)
    asked = {}
    for row in rows:
        for owner, days in get_owners(row):
            period = calendar.get_id(
                row["company_id"], row["date_start"], row["date_end"], days
            )
            asked.setdefault(row["indicator"], []).append(
                (
                    row["key"],
                    row["company_id"],
                    owner,
                    period,
                    row.get("categ_id") or None,
                    row.get("buyer") or "all",
                )
            )
    branches = _get_branches(env, {row.get("categ_id") for row in rows})
    if not asked:  # nobody is in the teams
        return Question(None, calendar, {}, branches, by_account, led_today)
    frame = _prepare_frame(env, rows, calendar, branches, led_today)
    return Question(frame, calendar, asked, branches, by_account, led_today)


def _prepare_frame(env, rows, calendar, branches, led_today):
    """Return the ``Frame`` in which the facts of some rows lie."""
    start, end = calendar.span
    companies = env["res.company"].browse({row["company_id"] for row in rows})
    accounts = tuple({row["account_id"] for row in rows if row["scope"] == "account"})
    partners = None
    if accounts:
        partners = get_members_sql(
            SQL("SELECT partner_id FROM kam_account WHERE id IN %s", accounts)
        )
    return Frame(
        rules=env["kam.engine"]._get_rules(end, companies),
        looks=env["kam.evidence"]._get_looks(end, companies, start, partners),
        company_ids=tuple(companies.ids),
        start=start,
        end=end,
        before=calendar.before,
        today=calendar.today,
        categ_ids=tuple({part for _asked, part in branches}) or (0,),
        with_buyer=any((row.get("buyer") or "all") != "all" for row in rows),
        # what nobody led then counts today for who leads it by now
        with_nobody=led_today or any(row["scope"] == "company" for row in rows),
        marks=calendar.get_marks(),
        account_ids=accounts,
    )


def _get_owners_of(env, rows):
    """Return a function of a row: whose facts count for it, and on which days.

    :return: function that returns [(owner, None or pair of days)]
    """
    teams = {row["team_id"] for row in rows if row["scope"] == "team"}
    members = {}
    if teams:
        members = env["kam.team.term"]._get_members(
            teams,
            min(row["date_start"] for row in rows),
            max(row["date_end"] for row in rows),
        )

    def get_owners(row):
        scope = row["scope"]
        if scope == "company":
            return [(EVERYBODY, None)]
        if scope == "team":
            return [
                (user, days)
                for user, first, last in members.get(row["team_id"], ())
                if (days := _cut(row, first, last))
            ]
        owner = row["account_id"] if scope == "account" else row["user_id"]
        return [(owner, None)] if owner else []

    return get_owners


def _cut(row, first, last):
    """Return the days of a row's period within others, None when there are none."""
    first, last = max(first, row["date_start"]), min(last, row["date_end"])
    return (first, last) if first <= last else None


def _get_branches(env, categ_ids):
    """Return [(category, itself or a category below it)]."""
    # sudo: which category is below which, whoever asks for a figure
    Category = env["product.category"].sudo()
    asked = Category.browse(filter(None, categ_ids))
    parts = Category.search([("id", "child_of", asked.ids)]) if asked else asked
    return [
        (category.id, part.id)
        for category in asked
        for part in parts
        if part.parent_path.startswith(category.parent_path)
    ]
