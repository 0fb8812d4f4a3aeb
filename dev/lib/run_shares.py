"""Runs the tests in several processes at once, each on a database of its own.

    python run_shares.py LOGS DATABASE... -- PYTEST [ARGUMENT]...

While they run, one sees file by file how far each is; in the end what each reports. All
that a process prints is kept in the folder LOGS.
"""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

# The headings of pytest's report, after the tests
REPORT = re.compile(r"=+ (?!test session starts).+ =+$")
BEGUN = time.monotonic()


class Share(Thread):
    """A process that runs tests, and the thread that reads what it prints."""

    def __init__(self, number, command, log):
        super().__init__()
        self.number, self.log, self.report = number, log, []
        # Of Ctrl-C it hears from us alone, and once.
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.start()

    def run(self):
        with self.log.open("w") as log:
            for line in self.process.stdout:
                log.write(line)
                log.flush()
                if self.report or REPORT.match(line):
                    self.report.append(line)
                elif line.strip():
                    self._say(line)
        self.process.wait()
        self._say("done\n")

    def _say(self, line):
        spent = time.strftime("%M:%S", time.gmtime(time.monotonic() - BEGUN))
        sys.stdout.write(f"[{self.number}  {spent}] {line}")
        sys.stdout.flush()

    def interrupt(self):
        """Let it end at once, and tidy up what it has begun."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)

    def kill(self):
        """End it and what it has started, should it still be there."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def main():
    logs, *arguments = sys.argv[1:]
    databases = arguments[: arguments.index("--")]
    command = arguments[len(databases) + 1 :]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with TemporaryDirectory(prefix="kam-share-") as folder:
        shares = [
            Share(
                number,
                [*command, f"--share={folder}", f"--odoo-database={database}"],
                Path(logs, f"test-{number}.log"),
            )
            for number, database in enumerate(databases, 1)
        ]
        try:
            wait(shares)
        finally:
            for share in shares:
                share.kill()
    for share in shares:
        print(f"\nProcess {share.number}, in full: {os.path.relpath(share.log)}")
        print("".join(share.report), end="", flush=True)
    return max(share.process.returncode % 256 for share in shares)


def wait(shares):
    """Return when all have ended, by themselves or because we are to."""
    try:
        for share in shares:
            share.join()
    except KeyboardInterrupt:
        for share in shares:
            share.interrupt()
        for share in shares:
            share.join()


if __name__ == "__main__":
    sys.exit(main())
