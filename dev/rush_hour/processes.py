"""Processes of their own, as Odoo's workers are, and what they write into the log."""

import logging
import os
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

from odoo.addons.base.models.ir_cron import IrCron


def say(text):
    """Tell the developer how far it is."""
    print(f"    {text}", file=sys.stderr, flush=True)


@contextmanager
def environment(database, user=SUPERUSER_ID):
    """Give an environment of a user in a transaction of its own, committed at the end."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, user, {})


class ErrorLines(logging.Handler):
    """Collects what is logged as an error, one line each, and keeps it off the screen."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines = []

    def emit(self, record):
        said = " ".join(record.getMessage().split())
        self.lines.append(f"{record.name}: {said[:100]} ... {said[-100:]}")


class Process:
    """A function in a process of its own; ``result`` waits for what it returns."""

    def __init__(self, function, *args):
        sql_db.close_all()  # a child opens connections of its own
        context = get_context("fork")
        self._results = context.SimpleQueue()
        self._process = context.Process(target=self._run, args=(function, args))
        self._process.start()

    def _run(self, function, args):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        errors = ErrorLines()
        logging.getLogger().handlers[:] = [errors]
        try:
            result = function(*args)
        except Exception:
            result = None
            errors.lines.append(traceback.format_exc())
        self._results.put((result, errors.lines))
        os._exit(0)

    def result(self):
        """Return what the function returned, and the errors it logged."""
        result = self._results.get()
        self._process.join()
        return result

    def kill_after(self, seconds):
        """Kill the process after some time.

        :return: whether it was still at work
        """
        self._process.join(seconds)
        at_work = self._process.exitcode is None
        if at_work:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.join()
        return at_work


def run_job(database, xmlid):
    """Run a job as Odoo's scheduler does, again as long as it is due within the hour.

    :return: the seconds that took
    """
    start = time.monotonic()
    for _run in range(100):
        with environment(database) as env:
            job = env.ref(xmlid)
            work = IrCron._acquire_one_job(env.cr, job.id, include_not_ready=True)
            env.registry["ir.cron"]._process_job(env.cr, work)
            env.cr.commit()
            soon = env.cr.now() + timedelta(hours=1)
            triggers = env["ir.cron.trigger"].search(
                [("cron_id", "=", job.id), ("call_at", "<=", soon)]
            )
            if not triggers:
                break
            triggers.unlink()
    return time.monotonic() - start
