from odoo import api, models
from odoo.tools import SQL

from ..engine.bulk import BULK_ROWS
from ..engine.kam_engine import Step
from .kam_engine_customers import NOW
from .layers import columns


class KamEngine(models.AbstractModel):
    """The figures of accounts, written where they differ."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(60, "_step_write")]

    @api.model
    def _step_write(self, run):
        """Write what is in ``change``: into new accounts, and into those that differ.

        The level that is news is left to ``_step_tell``.
        """
        missing = run.count("missing")
        run.load("kam_account", missing)
        names = self._get_figure_fields(run)
        self._insert_accounts(run, names)
        if missing > BULK_ROWS:
            run.execute(SQL("ANALYZE kam_account (id, company_id, partner_id)"))
        self._update_accounts(run, names)

    @api.model
    def _insert_accounts(self, run, names):
        statement = SQL(
            """
            INSERT INTO kam_account
                   (id, company_id, partner_id, active, manager_id, team_id, source_id,
                    create_uid, write_uid, create_date, write_date, level_date, %(names)s)
            SELECT c.account_id, c.company_id, c.partner_id, b.active, b.manager_id,
                   b.team_id, b.source_id, %(user)s, %(user)s, %(now)s, %(now)s,
                   step.date, %(figures)s
              FROM %(change)s c
              JOIN (%(beginnings)s) b
                ON b.company_id = c.company_id AND b.partner_id = c.partner_id
              LEFT JOIN %(step)s step ON step.account_id = c.account_id AND step.is_last
             WHERE c.missing
                ON CONFLICT DO NOTHING
            """,
            names=SQL(", ").join(map(SQL.identifier, names)),
            user=self.env.uid,
            now=NOW,
            figures=SQL(", ").join(
                SQL("CASE WHEN c.told THEN 'potential' ELSE c.level END")
                if name == "level"
                else SQL.identifier("c", name)
                for name in names
            ),
            change=run.table("change"),
            beginnings=self._get_beginnings_sql(run.table("missing")),
            step=run.table("step"),
        )
        run.execute(statement)

    @api.model
    def _update_accounts(self, run, names):
        level_date = SQL("CASE WHEN c.rebuild THEN step.date ELSE a.level_date END")
        new = SQL(", ").join(
            SQL("CASE WHEN c.told THEN a.level ELSE c.level END")
            if name == "level"
            else SQL.identifier("c", name)
            for name in names
        )
        statement = SQL(
            """
            UPDATE kam_account a
               SET (%(names)s, level_date, write_uid, write_date)
                   = ROW(%(new)s, %(level_date)s, %(user)s, %(now)s)
              FROM %(change)s c
              LEFT JOIN %(step)s step ON step.account_id = c.account_id AND step.is_last
             WHERE a.id = c.account_id AND NOT c.missing
               AND (%(stored)s, a.level_date) IS DISTINCT FROM (%(new)s, %(level_date)s)
            """,
            names=SQL(", ").join(map(SQL.identifier, names)),
            new=new,
            stored=columns("a", names),
            level_date=level_date,
            user=self.env.uid,
            now=NOW,
            change=run.table("change"),
            step=run.table("step"),
        )
        run.execute(statement)
