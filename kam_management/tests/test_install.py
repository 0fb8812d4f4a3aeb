import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

STORY = Path(__file__).with_name("install_story.py")
# Seconds; the story takes about one minute.
PATIENCE = 600
EXPECTED = {
    "accounts": 1,
    "level": "active",
    "log": ["engaged", "new", "dormant", "active"],
    "purchases": 2,
    "touches": ["Price list"],
    "lead is linked": True,
    "orders without customer": 0,
}


@tagged("post_install", "-at_install")
class TestInstall(BaseCase):
    """Installed on a database that is in use, worked with, removed, installed again.

    All in a copy of the tests' database, which is dropped in the end. The story is told
    once, see install_story.py; the tests say how it should have gone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"kam_install_{os.getpid()}"
        cls.addClassCleanup(cls._drop_database)
        cls._copy_database()
        cls.found = cls._tell_story()

    @classmethod
    def _run(cls, *command, **options):
        """Run a program with the tests' database server; return what it prints."""
        done = subprocess.run(
            command,
            env=exec_pg_environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            **options,
        )
        if done.returncode:
            raise AssertionError(f"{command[0]} failed:\n{done.stderr[-5000:]}")
        return done.stdout

    @classmethod
    def _copy_database(cls):
        """Copy the tests' database, which is open: by a dump, not as a template."""
        source = get_db_name()
        filestore = Path(config.filestore(cls.database))
        dump = filestore.with_suffix(".dump")
        filestore.parent.mkdir(parents=True, exist_ok=True)
        cls.addClassCleanup(dump.unlink, missing_ok=True)
        cls._run(find_pg_tool("pg_dump"), "--format=custom", f"--file={dump}", source)
        cls._run(find_pg_tool("createdb"), "--template=template0", cls.database)
        cls._run(
            find_pg_tool("pg_restore"),
            "--no-owner",
            f"--dbname={cls.database}",
            str(dump),
        )
        if (original := Path(config.filestore(source))).is_dir():
            shutil.copytree(original, filestore, copy_function=os.link)

    @classmethod
    def _drop_database(cls):
        cls._run(find_pg_tool("dropdb"), "--if-exists", "--force", cls.database)
        shutil.rmtree(config.filestore(cls.database), ignore_errors=True)

    @classmethod
    def _tell_story(cls):
        options = [
            f"--addons-path={','.join(config['addons_path'])}",
            f"--data-dir={config['data_dir']}",
            "--log-level=warn",
        ]
        if config["config"] and Path(config["config"]).exists():
            options.append(f"--config={config['config']}")
        told = cls._run(sys.executable, str(STORY), cls.database, *options)
        return json.loads(told.splitlines()[-1])

    def test_past_is_evaluated_at_once(self):
        """Mailed 800 days ago, bought 700 and 30 days ago, by a contact at last."""
        self.assertEqual(self.found["installed"], EXPECTED)

    def test_no_step_is_worth_a_warning(self):
        self.assertEqual(self.found["complaints"], [])

    def test_removal_gives_the_schema_back_as_it_was(self):
        before, after = (set(self.found[at]["schema"]) for at in ("before", "removed"))
        self.assertEqual(after - before, set())
        self.assertEqual(before - after, set())

    def test_removal_leaves_no_entry_in_any_register(self):
        before, after = (self.found[at]["registers"] for at in ("before", "removed"))
        for table, rows in before.items():
            with self.subTest(table=table):
                self.assertEqual(after[table], rows)
        self.assertCountEqual(
            self.found["removed"]["parameters"], self.found["before"]["parameters"]
        )

    def test_removal_leaves_no_row_that_names_something_of_ours(self):
        self.assertEqual(self.found["before"]["traces"], [])
        self.assertEqual(self.found["removed"]["traces"], [])

    def test_removal_takes_nobodys_work_along(self):
        before, after = (self.found[at]["work"] for at in ("before", "removed"))
        for table, rows in before.items():
            with self.subTest(table=table):
                self.assertEqual(after[table], rows)

    def test_work_goes_on_after_the_removal(self):
        screens = self.found["removed"]["screens"]
        self.assertEqual({k: v for k, v in screens.items() if v != "fine"}, {})
        self.assertGreater(len(screens), 10)

    def test_it_can_come_back(self):
        self.assertEqual(self.found["again"], EXPECTED)
