"""Two at once write the same row: PostgreSQL refuses one, who then tries again."""

import logging
import sys
import threading
from contextlib import contextmanager

from odoo.exceptions import ConcurrencyError
from odoo.service import model as service

CONFLICTS = (*service.PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


def retrying(func, env):
    """Do as Odoo's function of this name: what comes right in the end is no error.

    :param func: called without arguments, again after a conflict
    :param env: the environment whose transaction it works in, committed at the end
    :return: what ``func`` returns
    :raise Exception: what it raised in the last attempt
    """
    with quiet_conflicts():
        return service.retrying(func, env)


@contextmanager
def quiet_conflicts():
    """Keep conflicts of this thread out of the log: the caller answers them."""
    thread = threading.get_ident()

    def is_news(_record):
        conflict = isinstance(sys.exc_info()[1], CONFLICTS)
        return not conflict or threading.get_ident() != thread

    logger = logging.getLogger("odoo.sql_db")
    logger.addFilter(is_news)
    try:
        yield
    finally:
        logger.removeFilter(is_news)
