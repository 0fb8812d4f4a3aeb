"""One refresh: the rules it judges by, the tables it works in, and loading in bulk."""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import count

from dateutil.relativedelta import relativedelta

from odoo.api import Environment
from odoo.tools import SQL

from ..evidence.look import Look, after

# Below this, dropping and making indexes anew costs more than it saves.
BULK_ROWS = 2_000
_numbers = count(1)


@dataclass(frozen=True)
class Rule:
    """What accounts are judged by as of a day, for the companies that share it."""

    company_ids: tuple
    months: int  # the window
    minimum: int  # purchases that make an active customer
    basis: str  # what counts as sold, see ``kam.evidence``
    segments: tuple  # percent of revenue up to which a customer is A, and B
    digits: int  # decimal places of the currency
    as_of: date

    @property
    def window_start(self) -> date:
        """The last day before the window; who bought last by then is dormant."""
        return self.as_of - relativedelta(months=self.months)

    @property
    def previous_start(self) -> date:
        """The last day before the window before."""
        return self.as_of - relativedelta(months=2 * self.months)

    @property
    def key(self) -> int:
        """A number that differs between rules under which a history reads differently."""
        bases = {"order": 0, "invoice": 1, "both": 2}
        return 4 * (self.months * 1_000_000 + self.minimum) + bases[self.basis]

    def look(self, since=None, partners=None) -> Look:
        """Return where to look for what was sold up to the rule's day."""
        return Look(
            self.company_ids, self.basis, self.digits, self.as_of, since, partners
        )


@dataclass(frozen=True)
class Turn:
    """The days from the one that figures are of to the one they are to be of."""

    since: date
    rules: list  # of ``Rule``, all as of the same day

    @property
    def until(self) -> date:
        return self.rules[0].as_of

    def came(self, moment) -> SQL:
        """Return the SQL condition that a moment, or a date, has come since.

        :param SQL moment: an expression that yields a timestamp or a date
        """
        return SQL(
            "%(moment)s >= %(first)s AND %(moment)s < %(end)s",
            moment=moment,
            first=after(self.since),
            end=after(self.until),
        )

    def get_looks(self) -> list:
        """Return where the sales are that came, or left one of the windows.

        :return: list of ``Look``
        """
        looks = []
        for rule in self.rules:
            then = replace(rule, as_of=self.since)
            for last, until in (
                (then.as_of, rule.as_of),
                (then.window_start, rule.window_start),
                (then.previous_start, rule.previous_start),
            ):
                if last < until:
                    look = rule.look(since=last + timedelta(days=1))
                    looks.append(look._replace(until=until))
        return looks


@dataclass
class Run:
    """One refresh on its way through the steps: what it is about, and what was found.

    Steps leave rows to each other in tables that are the run's own and go with it.
    """

    env: Environment
    rules: list  # of ``Rule``, all as of the same day
    customers: set | None  # of (company id, partner id) in question; None: all
    tells: bool = True  # steps of accounts are news, see ``_handle_transitions``
    # so are those of customers who have no account yet: else they are found, not new
    of_news: bool = True
    proves: bool = False  # nothing should differ: what does is a fault
    number: int = field(default_factory=_numbers.__next__)
    tables: dict = field(default_factory=dict)  # {name: number of rows}
    queries: dict = field(default_factory=dict)  # {name: SQL}, see ``look_up``
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
        """Return a table of this run, to be read from under an alias."""
        if name in self.queries:
            return SQL("(%s)", self.queries[name])
        return SQL.identifier(f"kam_run_{self.number}_{name}")

    def look_up(self, name, query):
        """Let a query of few rows be read in place of a table: nothing is kept of it."""
        self.queries[name] = query

    def keep(self, name, queries, analyze=()):
        """Keep the rows of some queries in a table of this run.

        :param str name: of the table, new or to be made anew
        :param queries: of the same columns
        :param analyze: names of the columns that the planner has to know
        """
        table = self.table(name)
        if name in self.tables:
            self.execute(SQL("DROP TABLE %s", table))
        rows = SQL(" UNION ALL ").join(queries)
        create = SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", table, rows)
        self.tables[name] = self.execute(create).rowcount
        if analyze:
            columns = SQL(", ").join(map(SQL.identifier, analyze))
            self.execute(SQL("ANALYZE %s (%s)", table, columns))

    def execute(self, statement: SQL):
        """Run a statement; return the cursor."""
        assert isinstance(statement, SQL)
        self.env.cr.execute(statement)
        return self.env.cr

    @contextmanager
    def planned_well(self):
        """Let a statement of many joins and layers be planned well.

        For few customers PostgreSQL would plan longer than it works: fewer are joined at
        once then; the queries that are joined are of fewer tables than that, so each
        keeps the best order. For all it would remember what a layer yields, by the
        figures of each account, though hardly two accounts have the same.
        """
        setting = SQL("join_collapse_limit" if self.scoped else "enable_memoize")
        self.execute(SQL("SET LOCAL %s = %s", setting, 6 if self.scoped else "off"))
        yield
        self.execute(SQL("SET LOCAL %s TO DEFAULT", setting))

    def begins(self, table):
        """Return whether the table of this name has no rows in the database yet."""
        return not _has_rows(self.env.cr, table)

    def load(self, table, rows):
        """Let many rows be written into a table of the database, see ``bulk_load``.

        :param str table: its name
        :param int rows: how many are to come
        """
        self.stack.enter_context(bulk_load(self.env.cr, table, rows))

    def finish(self):
        """Restore what was put aside, and let go of the tables."""
        self.stack.close()
        if self.tables:
            tables = SQL(", ").join(map(self.table, self.tables))
            self.execute(SQL("DROP TABLE %s", tables))


@contextmanager
def bulk_load(cr, table, rows):
    """Load many rows into a table at a fraction of the time.

    A foreign key is checked and an index is kept row by row; done once for all rows
    after loading, that is several times as fast. So both are dropped here and restored
    at the end, in the same transaction: nobody ever sees the table without them. Does
    nothing where the rows to come are few, or where the table has rows already: then
    people work with it, and dropping a key locks the tables it points to. The primary
    key stays.

    :param cr: database cursor
    :param str table: name of the table
    :param int rows: how many rows will be inserted
    """
    if rows < BULK_ROWS or _has_rows(cr, table):
        yield
        return
    constraints, indexes = _get_foreign_keys(cr, table), _get_indexes(cr, table)
    for name, _definition in constraints:
        cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
    for name, _definition, _comment in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for name, definition, comment in indexes:
        cr.execute(SQL(definition.replace("%", "%%")))
        # Odoo keeps the definition of an index in its comment
        cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), comment))
    for name, definition in constraints:
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s",
                SQL.identifier(table),
                SQL.identifier(name),
                SQL(definition),
            )
        )


def _has_rows(cr, table):
    cr.execute(SQL("SELECT EXISTS (SELECT FROM %s)", SQL.identifier(table)))
    return cr.fetchone()[0]


def _get_foreign_keys(cr, table):
    """Return the (name, definition) of the foreign keys of a table."""
    cr.execute(
        """
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE conrelid = %s::regclass AND contype = 'f'
        """,
        [table],
    )
    return cr.fetchall()


def _get_indexes(cr, table):
    """Return the (name, definition, comment) of the indexes of a table."""
    cr.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid),
               obj_description(indexrelid, 'pg_class')
          FROM pg_index
         WHERE indrelid = %s::regclass AND NOT indisprimary
        """,
        [table],
    )
    return cr.fetchall()
