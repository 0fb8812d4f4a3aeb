from datetime import date, datetime

from odoo.tests import TransactionCase, freeze_time, tagged

from ..models.common import formats

NARROW, SPACE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
class TestFormats(TransactionCase):
    """Figures, amounts, shares and dates are written as the reader's language does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lang = cls.env["res.lang"]._activate_lang("fr_FR")
        lang.write({"thousands_sep": NARROW, "decimal_point": ","})
        cls.english = cls.env(context={"lang": "en_US"})
        cls.french = cls.env(context={"lang": "fr_FR"})
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.position = "after"

    def assertWritten(self, english, french, function, *args, **values):
        for env, expected in ((self.english, english), (self.french, french)):
            written = function(env, *args, **values).replace(SPACE, " ")
            self.assertEqual(written.replace(NARROW, " "), expected)

    def test_figure_has_the_separators_of_the_language(self):
        for english, french, value, digits in (
            ("1,234", "1 234", 1234, None),
            ("1,234.5", "1 234,5", 1234.5, None),
            ("0.25", "0,25", 0.251, None),
            ("3", "3", 0.1 + 0.2 + 2.7, None),
            ("12.5", "12,5", 12.46, 1),
            ("-1,235", "-1 235", -1234.5, 0),
            ("0", "0", -0.4, 0),
        ):
            with self.subTest(value=value, digits=digits):
                self.assertWritten(english, french, formats.number, value, digits)

    def test_sign_is_shown_of_what_is_not_rounded_to_nothing(self):
        for expected, value in (("+3", 2.6), ("-3", -2.6), ("0", 0.4), ("0", -0.4)):
            with self.subTest(value=value):
                written = formats.number(self.english, value, 0, signed=True)
                self.assertEqual(written, expected)

    def test_figure_in_a_picture_is_short(self):
        for english, french, value in (
            ("1,234,568", "1 234 568", 1234567.8),
            ("87.5", "87,5", 87.46),
            ("3", "3", 3.04),
            ("1,000", "1 000", 999.96),
        ):
            with self.subTest(value=value):
                self.assertWritten(english, french, formats.figure, value)

    def test_figure_over_a_bar_is_shorter_still(self):
        for english, french, value in (
            ("950", "950", 950),
            ("3.4k", "3,4k", 3400),
            ("12k", "12k", 12_340),
            ("-3.4M", "-3,4M", -3_400_000),
        ):
            with self.subTest(value=value):
                self.assertWritten(english, french, formats.short, value)

    def test_amount_stands_where_its_currency_wants_it(self):
        self.assertWritten("1,235 €", "1 235 €", formats.money, 1234.5, self.euro)
        self.euro.position = "before"
        self.assertWritten("€ 1,235", "€ 1 235", formats.money, 1234.5, self.euro)

    def test_percentage_and_change(self):
        self.assertWritten("12.5 %", "12,5 %", formats.percent, 12.46, 1)
        self.assertWritten("+25 %", "+25 %", formats.change, 125, 100)
        self.assertWritten("-50 %", "-50 %", formats.change, 50, 100)

    def test_times_have_the_plural_of_the_language(self):
        self.assertWritten("1 day", "1 jour", formats.duration, 1)
        self.assertWritten("45 days", "45 jours", formats.duration, 45)
        self.assertWritten("12 months", "12 mois", formats.duration, 12, "month")
        self.assertEqual(formats.ago(self.env, 0), "today")
        self.assertWritten("45 days ago", "il y a 45 jours", formats.ago, 45)

    def test_dates_are_those_of_the_language(self):
        self.assertWritten(
            "Mar 1 – 31, 2026",
            "1–31 mars 2026",
            formats.span,
            date(2026, 3, 1),
            date(2026, 3, 31),
        )

    def test_a_day_is_that_of_odoos_fields(self):
        self.assertWritten("Mar 1, 2026", "1 mars 2026", formats.day, date(2026, 3, 1))
        with freeze_time("2026-07-01"):
            self.assertEqual(formats.day(self.env, date(2026, 3, 1), True), "Mar 1")
        with freeze_time("2027-07-01"):
            day = formats.day(self.env, date(2026, 3, 1), True)
            self.assertEqual(day, "Mar 1, 2026")
        self.assertEqual(formats.day(self.env, False), "")

    def test_a_moment_is_of_the_readers_day(self):
        env = self.env(context={**self.env.context, "tz": "Asia/Tokyo"})
        late = datetime(2026, 3, 1, 23, 30)
        self.assertEqual(formats.day(env, late), "Mar 2, 2026")
