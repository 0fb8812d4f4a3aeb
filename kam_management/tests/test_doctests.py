import doctest
from importlib import import_module
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
PROMPT = ">>> "


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    """The examples in the docstrings are true, wherever in the addon one is written."""

    def test_every_example_in_the_addon_holds(self):
        for path in sorted(ADDON.rglob("*.py")):
            written = count_examples(path)
            if not written:
                continue
            with self.subTest(path.relative_to(ADDON).as_posix()):
                tried, failed, report = run_examples(get_module(path))
                self.assertFalse(failed, report)
                self.assertEqual(tried, written, "an example stands where none is run")


def count_examples(path):
    """Return how many examples a reader sees in a file, in a docstring or elsewhere."""
    lines = path.read_text().splitlines()
    return sum(line.lstrip().startswith(PROMPT) for line in lines)


def get_module(path):
    """Return the module of a file of the addon."""
    name = path.relative_to(ADDON).with_suffix("").as_posix().replace("/", ".")
    return import_module(f"odoo.addons.{ADDON.name}.{name.removesuffix('.__init__')}")


def run_examples(module):
    """Return how many examples of a module were tried, how many failed, and how."""
    runner, report = doctest.DocTestRunner(verbose=False), []
    for examples in doctest.DocTestFinder().find(module):
        runner.run(examples, out=report.append)
    return runner.tries, runner.failures, "".join(report)
