import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from .kam_engine_log import SAME_STEP

_logger = logging.getLogger(__name__)

# When so many accounts have failed, what reacts is broken, and nobody else is tried.
FAULTS = 10


class KamEngine(models.AbstractModel):
    """New levels are told to who reacts to them: automations, and other code."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(90, "_step_tell")]

    @api.model
    def _step_tell(self, run):
        """Write the levels that are news by the ORM, and tell who reacts to steps.

        So automations and whoever extends ``write`` see the level change. What fails
        there is logged, and keeps nobody's level from being right, nor the others'
        from being told.
        """
        query = SQL(
            "SELECT account_id, level FROM %s WHERE told ORDER BY account_id",
            run.table("change"),
        )
        if not (levels := run.execute(query).fetchall()):
            return
        self.env.invalidate_all(flush=False)
        failed = {}  # {account id: what was raised}
        self._try_to_tell(run, levels, failed)
        if failed:
            _logger.error(
                "What reacts to the steps of accounts has failed for those with the ids %s",
                [*failed],
                exc_info=next(iter(failed.values())),
            )
            self._write_levels(run, [*failed])

    @api.model
    def _try_to_tell(self, run, levels, failed):
        """Tell some levels, where that fails those of each half of them.

        :param levels: list of (account id, level)
        :param failed: {account id: exception}, takes up the accounts that fail alone, and
            without exception those that were not tried any more
        """
        if len(failed) >= FAULTS:
            failed.update((account, None) for account, _level in levels)
            return
        try:
            with self.env.cr.savepoint():
                self._tell(run, levels)
                self.env.flush_all()
        except OperationalError:
            raise  # somebody else was faster: the whole refresh is tried again
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(levels) == 1:
                failed[levels[0][0]] = error
                return
            half = len(levels) // 2
            self._try_to_tell(run, levels[:half], failed)
            self._try_to_tell(run, levels[half:], failed)

    @api.model
    def _tell(self, run, levels):
        """Write new levels, and hand over the steps that led to them.

        :param levels: list of (account id, level it has now)
        """
        # sudo: the engine writes what follows from everybody's documents
        accounts = self.env["kam.account"].sudo()
        by_level = {}
        for account, level in levels:
            by_level.setdefault(level, []).append(account)
        for level, ids in by_level.items():
            accounts.browse(ids).exists().write({"level": level})
        statement = SQL(
            """
            SELECT t.id FROM kam_level_transition t
              JOIN %s s ON s.is_last AND %s
              JOIN %s c ON c.account_id = s.account_id AND c.told
             WHERE c.account_id = ANY(%s)
             ORDER BY t.date, t.id
            """,
            run.table("step"),
            SAME_STEP,
            run.table("change"),
            [account for account, _level in levels],
        )
        steps = run.execute(statement).fetchall()
        transitions = self.env["kam.level.transition"].sudo()
        accounts._handle_transitions(transitions.browse(step for [step] in steps))

    @api.model
    def _write_levels(self, run, account_ids):
        """Write the levels of accounts that are news, past the ORM."""
        statement = SQL(
            """
            UPDATE kam_account a SET level = c.level FROM %s c
             WHERE a.id = c.account_id AND c.told AND a.id = ANY(%s)
            """,
            run.table("change"),
            account_ids,
        )
        run.execute(statement)
