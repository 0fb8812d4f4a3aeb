import doctest
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from unittest import SkipTest

from odoo.tests import BaseCase, tagged

DEV = Path(__file__).resolve().parents[2] / "dev"


@tagged("post_install", "-at_install")
class TestBacktest(BaseCase):
    """What ``dev/backtest`` reads, and how it scores; the addon alone is without it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not (DEV / "foresight").exists():
            raise SkipTest("dev/foresight, which scores rankings, is not here")
        sys.path.insert(0, str(DEV))
        cls.addClassCleanup(sys.path.remove, str(DEV))
        cls.history = import_module("foresight.history")
        cls.scoring = import_module("foresight.scoring")

    def test_examples_hold(self):
        for module in self.history, self.scoring:
            failed, tried = doctest.testmod(module)
            self.assertTrue(tried)
            self.assertFalse(failed)

    def test_auc_is_the_share_of_pairs_in_the_right_order(self):
        scores = [5, 3, 3, 2, 2, 2, 1, 9]
        lost = [True, True, False, False, True, True, False, False]
        pairs = [
            (a > b) + (a == b) / 2
            for a, gone in zip(scores, lost, strict=True)
            for b, other in zip(scores, lost, strict=True)
            if gone and not other
        ]
        expected = sum(pairs) / len(pairs)
        self.assertAlmostEqual(self.scoring.auc(scores, lost), expected)

    def test_file_may_be_written_in_many_ways(self):
        for lines in (
            ["customer,date,amount", "A,2020-01-02,3.50"],
            ["Customer;Date;Amount", "A;2020-01-02;3.5"],
            ['"date","amount","country","customer"', '2020-01-02,"3.5",CH,"A"'],
            ["amount\tcustomer\tdate\n", "\n", " 3.5 \tA\t2020-01-02 08:15:00\n"],
        ):
            [sale] = self.history.read_rows(lines)
            self.assertEqual(
                (sale.customer, sale.day, float(sale.amount)),
                ("A", date(2020, 1, 2), 3.5),
            )

    def test_errors_say_where(self):
        for row, message in (
            (",2020-01-02,3", "Line 4: there is no customer"),
            ("A,02.01.2020,3", "Line 4: '02.01.2020' is no date"),
            ("A,2020-01-02,", "Line 4: '' is no amount"),
            ("A,2020-01-02,nan", "Line 4: 'nan' is no amount"),
            ("A", "Line 4: '' is no date"),
        ):
            lines = ["customer,date,amount", "A,2020-01-02,3", "", row]
            with self.assertRaisesRegex(self.history.HistoryError, message):
                list(self.history.read_rows(lines))
