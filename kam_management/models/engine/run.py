from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import count

from odoo.api import Environment
from odoo.tools import SQL

from .bulk import bulk_load

_numbers = count(1)


@dataclass
class Run:
    """One refresh on its way through the steps: what it is about, and what was found.

    Steps leave rows to each other in tables that are the run's own and go with it.
    """

    env: Environment
    rules: list  # of ``Rule``, all as of the same day
    customers: set | None  # of (company id, partner id) in question; None: all
    tells: bool = True  # steps of accounts are news, see ``_handle_transitions``
    number: int = field(default_factory=_numbers.__next__)
    names: list = field(default_factory=list)  # of the tables
    found: dict = field(default_factory=dict)  # what steps tell later ones
    # of (company id, partner id): who has news by this run itself, and is next
    news: set = field(default_factory=set)
    stack: ExitStack = field(default_factory=ExitStack)  # what is undone at the end

    @property
    def as_of(self) -> date:
        return self.rules[0].as_of

    @property
    def scoped(self) -> bool:
        return self.customers is not None

    @property
    def partners(self):
        """The query of the partners whose documents count; None: all."""
        return SQL("SELECT id FROM %s", self.table("member")) if self.scoped else None

    @cached_property
    def in_accounts(self):
        """Return the SQL that follows an account's id where it is in question.

        Few are named by their ids: then the planner knows, wherever it is asked.
        """
        if not self.scoped:
            return SQL("IS NOT NULL")
        query = "SELECT a.id FROM kam_account a WHERE %s"
        rows = self.execute(SQL(query, self.of_accounts())).fetchall()
        return SQL("IN %s", tuple(account for [account] in rows) or (0,))

    def of_accounts(self, alias="a"):
        """Return the SQL condition that an account is in question.

        :param str alias: of ``kam_account``
        """
        if not self.scoped:
            return SQL("TRUE")
        return SQL(
            "(%s, %s) IN (SELECT company_id, partner_id FROM %s)",
            SQL.identifier(alias, "company_id"),
            SQL.identifier(alias, "partner_id"),
            self.table("scope"),
        )

    def table(self, name) -> SQL:
        """Return a table of this run, as an identifier."""
        return SQL.identifier(f"kam_run_{self.number}_{name}")

    def keep(self, name, queries, analyze=()):
        """Keep the rows of some queries in a table of this run.

        :param str name: of the table, new or to be made anew
        :param queries: of the same columns
        :param analyze: names of the columns that the planner has to know
        """
        table = self.table(name)
        if name in self.names:
            self.execute(SQL("DROP TABLE %s", table))
        else:
            self.names.append(name)
        rows = SQL(" UNION ALL ").join(queries)
        self.execute(SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", table, rows))
        if analyze:
            columns = SQL(", ").join(map(SQL.identifier, analyze))
            self.execute(SQL("ANALYZE %s (%s)", table, columns))

    def count(self, name) -> int:
        """Return the number of rows in a table of this run."""
        return self.execute(
            SQL("SELECT count(*) FROM %s", self.table(name))
        ).fetchone()[0]

    def execute(self, statement: SQL):
        """Run a statement; return the cursor."""
        assert isinstance(statement, SQL)
        self.env.cr.execute(statement)
        return self.env.cr

    def load(self, table, rows):
        """Let many rows be written into a table of the database, see ``bulk_load``.

        :param str table: its name
        :param int rows: how many are to come
        """
        self.stack.enter_context(bulk_load(self.env.cr, table, rows))

    def finish(self):
        """Restore what was put aside, and let go of the tables."""
        self.stack.close()
        if self.names:
            tables = SQL(", ").join(map(self.table, self.names))
            self.execute(SQL("DROP TABLE %s", tables))
