"""How jobs work: one thing after the other, and no more of the time than they may."""

import logging
from datetime import timedelta
from functools import partial

from odoo import fields

from .conflicts import retrying

_logger = logging.getLogger(__name__)


def do_each(env, things, do, failed):
    """Do something for one thing after the other, each committed by itself.

    What fails for one is logged and keeps no other from its turn. An interrupted job
    goes on with what is left to do when it runs again.

    :param things: list of whatever ``do`` takes; records have a name in the log
    :param do: function of one of them
    :param str failed: what to log of one that failed, with ``%s`` for its name
    """
    progress = env["ir.cron"]._commit_progress
    progress(remaining=len(things))
    for thing in things:
        name = thing
        try:
            # before: who failed cannot be asked any more
            name = getattr(thing, "display_name", thing)
            retrying(partial(do, thing), env)
        except Exception:
            env.cr.rollback()
            _logger.exception(failed, name)
        if not progress(1):
            break


def is_rested(seconds, since, load):
    """Return whether what some work took is a small part of the time since then.

    :param float seconds: how long it took the last time
    :param datetime since: when that was, UTC
    :param float load: the part of the time it may take, from 0 to 1
    """
    return since + timedelta(seconds=seconds / load) <= fields.Datetime.now()
