from odoo import Command
from odoo.tools import SQL

from .test_night import START, NightCommon

FIGURES = (
    "level",
    "revenue",
    "share",
    "group_partner_id",
    "group_share",
    "health",
    "health_basis",
    "health_known_parts",
    "health_parts",
    "rhythm_days",
    "first_touch_date",
    "last_reached_date",
    "next_touch_date",
)


class NewsCommon(NightCommon):
    """Two customers with large orders: what changes is seen, and nothing is due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Other")
        cls._order("2026-05-20", 90_000, partner=cls.other)
        cls._order("2026-05-20", 120_000)
        cls.ada = cls._dossier("Ada", "decides")
        cls.touch = cls._touch(
            "2026-06-14", partner_ids=[Command.set(cls.ada.partner_id.ids)]
        )

    def assertNews(self, act):
        """What somebody does changes figures, and no refresh of all finds any more."""
        self._settle()
        before = self._read_figures()
        act()
        self._pass(START)
        figures, people = self._read_figures(), self._read_people()
        self.assertNotEqual((figures, people), before)
        self._prove(START)
        self.assertEqual((self._read_figures(), self._read_people()), (figures, people))

    def _read_figures(self):
        accounts = self.Account.with_context(active_test=False).search(
            [("company_id", "=", self.company.id)], order="id"
        )
        return accounts.read(FIGURES, load=None)

    def _read_people(self):
        """Return when people were met, which the proof itself does not compare."""
        query = "SELECT id, last_touch_date, next_touch_date FROM kam_stakeholder"
        return self.env.execute_query(SQL(f"{query} ORDER BY id"))
