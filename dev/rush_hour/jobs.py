"""Each job of the addon is killed in its midst, again and again, and then left to work."""

import random
from pathlib import Path

from .processes import Process, environment, run_job, say
from .state import read_state, tell_differences


def prepare(database):
    """Leave work for each job in a database with demo data.

    :return: list of what went wrong: nothing
    """
    with environment(database) as env:
        env.cr.execute((Path(__file__).parent / "spoil.sql").read_text())
        # nobody but us runs jobs here
        env.cr.execute("UPDATE ir_cron SET nextcall = nextcall + interval '1 year'")
    return []


def compare_killed(undisturbed, killed, times):
    """Run all jobs in two equal databases, in one of them killed many times before.

    :param str undisturbed: name of the database in which nobody is killed
    :param str killed: name of the other one
    :return: list of what went wrong
    """
    get_jobs(killed)  # loads what the processes have in common
    faults = []
    for job in get_jobs(undisturbed):
        seconds, errors = Process(run_job, undisturbed, job).result()
        faults += [f"{job}: {error}" for error in errors]
        tries = kill(killed, job, seconds or 1, times)
        _seconds, errors = Process(run_job, killed, job).result()
        # that is what Odoo calls it when a job was ended three times
        errors = [error for error in errors if "timed out" not in error]
        faults += [f"{job} after kills: {error}" for error in errors]
        say(f"{job}: {seconds or 0:.2f} s, killed {times} times in {tries}")
        faults += compare(undisturbed, killed, job)
    return faults


def kill(database, job, seconds, times):
    """Start a job and kill it after a part of the time it takes, many times.

    :return: how often it was started: before a kill it may be ready
    """
    tries = killed = 0
    while killed < times and tries < 5 * times:
        tries += 1
        moment = random.uniform(0, seconds)
        killed += Process(run_job, database, job).kill_after(moment)
    return tries


def get_jobs(database):
    """Return the external ids of the addon's jobs, the queue first, in their order."""
    with environment(database) as env:
        data = env["ir.model.data"].search(
            [("module", "=", "kam_management"), ("model", "=", "ir.cron")], order="id"
        )
        return data.mapped("complete_name")


def compare(undisturbed, killed, job):
    """Return in what the databases differ after a job, as lines."""
    states = []
    for database in (undisturbed, killed):
        with environment(database) as env:
            states.append(read_state(env))
    return [f"{job}: {line}" for line in tell_differences(*states)]
